/* SPDX-License-Identifier: MIT */
/* What would be on disk of a directory: the next mount has to understand it. */
#include <string.h>

#include "buf.h"
#include "error.h"
#include "ground.h"
#include "json.h"
#include "record.h"

#define TEXT_MAX (8u << 20)

int ground_read(struct object *o, struct ack_span text, struct ack_error *e)
{
	size_t where;
	struct ack_json *j = ack_json_parse(text.text, text.len, &where);
	int ret = j ? record_read(o, j, e) : -1;

	if (!j)
		ack_error_set(e, 1, NULL, "no JSON from byte %zu on", where);
	ack_json_free(j);
	return ret;
}

void ground_keep(struct object *o, void *arg)
{
	struct ack_buf text = ACK_BUF_INIT(TEXT_MAX);
	struct ack_events events = {.epoll = -1};
	struct fleet next = {.events = &events, .audit = -1};
	struct object *again = fleet_restore(&next, NULL, o->name);
	struct ack_error e;

	(void)arg;
	MUST(again && !record_write(o, &text));
	/* one line, and nothing that a terminal would obey */
	MUST(strlen(text.data) == text.len && fuzz_plain(text.data));
	MUST(!strchr(text.data, '\n'));
	if (ground_read(again, (struct ack_span){text.data, text.len}, &e))
		fuzz_broken(__FILE__, __LINE__, e.message);
	fleet_release(&next);
	ack_buf_release(&text);
}
