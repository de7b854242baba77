/* SPDX-License-Identifier: MIT */
#include "sandbox/record_old.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "sandbox/clusters.h"
#include "sandbox/documents.h"
#include "sandbox/pools.h"
#include "sandbox/tasks.h"

bool record_take_old(struct cluster *k, const struct ack_json *record)
{
	static const char *const texts[] = {
		"task_id", "request_id", "error_code", "error_message"};
	struct task *t = calloc(1, sizeof(*t));
	int64_t number;

	k->tasks = calloc(1, sizeof(struct task *));
	if (!t || !k->tasks) {
		free(t);
		return false;
	}
	k->tasks[k->ntasks++] = t;
	k->open++;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		if (!ack_json_get_string(record, texts[i]))
			return false;
	if (!ack_json_integer(ack_json_get(record, "duration_ms"), &number) ||
		!ack_json_boolean(ack_json_get(record, "stuck"), &t->stuck))
		return false;
	snprintf(k->state, sizeof(k->state), "initial");
	k->updated_ms = k->created_ms;
	k->listed_ms = document_integer(record, "listed_ms", k->created_ms);
	t->kind = &task_kinds[TASK_CREATE];
	t->cluster = k;
	t->begun_ms = k->created_ms;
	t->duration_ms = number;
	snprintf(t->id, sizeof(t->id), "%s",
		ack_json_get_string(record, "task_id"));
	snprintf(t->request_id, sizeof(t->request_id), "%s",
		ack_json_get_string(record, "request_id"));
	snprintf(t->error_code, sizeof(t->error_code), "%s",
		ack_json_get_string(record, "error_code"));
	snprintf(t->error_message, sizeof(t->error_message), "%s",
		ack_json_get_string(record, "error_message"));
	return pools_from_values(k, t) == 0;
}
