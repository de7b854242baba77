/* SPDX-License-Identifier: MIT */
#include "sandbox/tasks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "sandbox/answer.h"
#include "sandbox/clock.h"
#include "sandbox/pools.h"
#include "sandbox/sandbox.h"

int64_t task_stage_ms(const struct task *t, int stage)
{
	int64_t parts = 0;

	for (int i = 0; i < stage; i++)
		parts += t->kind->stages[i].share;
	return t->begun_ms + t->lost_ms + t->duration_ms * parts / 100;
}

bool task_is_sound(const struct task *t)
{
	return !t->stuck && t->error_code[0] == '\0';
}

void task_look(const struct task *t, int64_t now_ms, struct standing *p)
{
	bool fails = t->error_code[0] != '\0';
	int last = task_is_sound(t) ? t->kind->count : t->kind->fatal;
	int64_t end = task_stage_ms(t, last + fails);
	/* One that is canceled while it is paused has come no further. */
	int64_t stop = t->paused_ms ? t->paused_ms : t->canceled_ms;

	if (stop && stop < now_ms)
		now_ms = stop;
	p->stage = 0;
	while (p->stage < last && now_ms >= task_stage_ms(t, p->stage + 1))
		p->stage++;
	p->updated_ms = task_stage_ms(t, p->stage);
	if (p->stage == t->kind->count)
		p->state = TASK_SUCCESS;
	else if (fails && now_ms >= end)
		p->state = TASK_FAILED;
	else if (t->canceled_ms)
		p->state = TASK_CANCELED;
	else
		p->state = t->paused_ms ? TASK_PAUSED : TASK_RUNNING;
	if (p->state == TASK_FAILED)
		p->updated_ms = end;
	else if (p->state == TASK_CANCELED)
		p->updated_ms = t->canceled_ms;
	else if (p->state == TASK_PAUSED)
		p->updated_ms = t->paused_ms;
}

const char *task_state_word(enum task_state state)
{
	static const char *const words[] = {
		[TASK_RUNNING] = "running",
		[TASK_PAUSED] = "paused",
		[TASK_SUCCESS] = "success",
		[TASK_FAILED] = "failed",
		[TASK_CANCELED] = "canceled",
	};

	return words[state];
}

bool task_is_over(enum task_state state)
{
	return state != TASK_RUNNING && state != TASK_PAUSED;
}

void task_free(struct task *t)
{
	if (!t)
		return;
	ack_json_free(t->parameters);
	free(t);
}

/* What goes wrong with it, as it was ordered. */
static void take_fault(
	struct sandbox *s, const struct exchange *x, struct task *t)
{
	const struct fault *f = NULL;

	if (t->kind == &task_kinds[TASK_DELETE])
		f = faults_take(&s->faults, FAULT_DELETE, x);
	if (!f)
		f = faults_take(&s->faults, FAULT_TASK, x);
	if (f)
		fault_play_task(f, t);
}

struct task *task_begin(struct sandbox *s, struct exchange *x,
	struct cluster *k, enum task_word word, struct pool *pool)
{
	struct task *t = calloc(1, sizeof(*t));
	char id[ACK_NONCE_HEX];

	if (!t || ack_nonce(id) < 0) {
		free(t);
		answer_broken(x);
		return NULL;
	}
	snprintf(t->id, sizeof(t->id), "T-%.24s", id);
	memcpy(t->request_id, x->request_id, sizeof(t->request_id));
	t->kind = &task_kinds[word];
	t->begun_ms = clock_ms();
	t->duration_ms = (int64_t)((double)t->kind->ms / s->speed);
	if (pool)
		memcpy(t->target, pool->id, sizeof(pool->id));
	take_fault(s, x, t);
	if (clusters_add_task(&s->clusters, k, t) < 0) {
		task_free(t);
		answer_broken(x);
		return NULL;
	}
	if (pool)
		pool->busy = t;
	return t;
}
