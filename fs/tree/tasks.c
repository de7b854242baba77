/* SPDX-License-Identifier: MIT */
/* task and tasks of live/: what is under way, and what was. */
#include <string.h>

#include "base/error.h"
#include "base/json.h"
#include "base/length.h"
#include "cloud/story.h"
#include "model/kind.h"
#include "model/object.h"
#include "model/regions.h"
#include "model/word.h"
#include "tree/fetch.h"

static bool goes_on(const struct ack_json *task)
{
	return word_of_task(ack_json_get_string(task, "state")) == MEANS_MOVING;
}

/* The one that is followed. Of a cluster that moves without one it is looked
 * for among its tasks. */
static bool ask_task(struct fetch *f, struct ack_request *r)
{
	struct object *o = f->object;
	const char *id = story_followed(o);

	r->action = ACK_CALL_DescribeTaskInfo;
	r->ids[0] = id;
	if (id && *id)
		return !f->text.len;
	r->action = ACK_CALL_DescribeClusterTasks;
	r->ids[0] = o->id;
	return !f->step && !o->parent && !story_resting(o);
}

static void find_task(struct object *o, const struct ack_json *tasks)
{
	for (const struct ack_json *n = ack_json_first(tasks); n;
		n = ack_json_next(n)) {
		const char *id = ack_json_get_string(n, "task_id");

		if (id && goes_on(n)) {
			story_begin(o, id);
			break;
		}
	}
}

static int take_task(
	struct fetch *f, const struct ack_json *answer, struct ack_error *e)
{
	static const struct {
		const char *name, *key;
	} lines[] = {{"id", "task_id"}, {"kind", "task_type"},
		{"state", "state"}, {"stage", "current_stage"}};
	const char *id = story_followed(f->object);

	(void)e;
	if (!id || !*id) {
		find_task(f->object, ack_json_get(answer, "tasks"));
		return 0;
	}
	story_task(f->object, answer);
	if (!goes_on(answer))
		return 0;
	for (size_t i = 0; i < LENGTH(lines); i++) {
		ack_buf_printf(&f->text, "%s: ", lines[i].name);
		fetch_put(f, ack_json_get_string(answer, lines[i].key));
		ack_buf_putc(&f->text, '\n');
	}
	ack_buf_printf(&f->text, "percent: %u%%\n", story_percent(f->object));
	return 0;
}

const struct fetch_source fetch_task = {.ask = ask_task, .take = take_task};

static bool ask_tasks(struct fetch *f, struct ack_request *r)
{
	r->action = ACK_CALL_DescribeClusterTasks;
	return fetch_page(f, r, "page_number", "page_size");
}

static int take_tasks(
	struct fetch *f, const struct ack_json *answer, struct ack_error *e)
{
	static const char *const keys[] = {
		"task_id", "task_type", "state", "created"};
	const struct ack_json *tasks = ack_json_get(answer, "tasks");

	for (const struct ack_json *n = ack_json_first(tasks); n;
		n = ack_json_next(n)) {
		for (size_t i = 0; i < LENGTH(keys); i++) {
			fetch_put(f, ack_json_get_string(n, keys[i]));
			ack_buf_putc(&f->text, ' ');
		}
		fetch_put(f,
			goes_on(n) ? "-" : ack_json_get_string(n, "updated"));
		ack_buf_putc(&f->text, '\n');
	}
	return fetch_paged(f, tasks, ack_json_get(answer, "page_info"), e);
}

const struct fetch_source fetch_tasks = {.ask = ask_tasks, .take = take_tasks};
