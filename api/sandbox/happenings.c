/* SPDX-License-Identifier: MIT */
#include "sandbox/happenings.h"

#include "sandbox/tasks.h"

/* How it ended, or where it stands. */
static const struct ending {
	const char *level, *reason, *message;
} endings[] = {
	[TASK_PAUSED] = {"warning", "paused", "The task is paused"},
	[TASK_SUCCESS] = {"info", "success", "The task has succeeded"},
	[TASK_CANCELED] = {"warning", "canceled", "The task was canceled"},
};

bool happening_get(const struct task *t, const struct standing *p, int index,
	struct happening *h)
{
	int begun = p->stage < t->kind->count ? p->stage + 1 : t->kind->count;

	if (index < begun) {
		const struct stage *stage = &t->kind->stages[index];

		*h = (struct happening){task_stage_ms(t, index), "info",
			stage->name, stage->doing};
		return true;
	}
	if (index > begun || p->state == TASK_RUNNING)
		return false;
	h->ms = p->updated_ms;
	if (p->state == TASK_FAILED) {
		h->level = "error";
		h->reason = t->error_code;
		h->message = t->error_message;
	} else {
		h->level = endings[p->state].level;
		h->reason = endings[p->state].reason;
		h->message = endings[p->state].message;
	}
	return true;
}
