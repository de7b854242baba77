/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <syslog.h>

#include "buf.h"
#include "cluster.h"
#include "error.h"
#include "fleet.h"
#include "log.h"
#include "outcome.h"
#include "record.h"
#include "resolve.h"
#include "saved.h"
#include "store.h"

#define RECORD_MAX (4u << 20)

int saved_put(struct cluster *c, bool durable, struct ack_error *e)
{
	struct ack_buf text = ACK_BUF_INIT(RECORD_MAX);
	int ret;

	if (!c->fleet->store)
		return 0;
	ret = record_write(c, &text);
	ret = ret ? ack_error_set(e, -ret, NULL, "out of memory")
		  : store_put(c->fleet->store, c->name, ack_buf_text(&text),
			    text.len, durable, e);
	ack_buf_release(&text);
	return ret;
}

int saved_sync(struct cluster *c, struct ack_error *e)
{
	return c->fleet->store ? store_sync(c->fleet->store, c->name, e) : 0;
}

int saved_remove(struct cluster *c, const char *name, struct ack_error *e)
{
	return c->fleet->store ? store_remove(c->fleet->store, name, e) : 0;
}

static int take(void *arg, const char *name, const char *text, size_t len,
	struct ack_error *e)
{
	struct fleet *f = arg;
	struct cluster *c = fleet_restore(f, name);
	struct ack_error lost;
	int ret;

	if (!c)
		return ack_error_set(e, ENOMEM, NULL, "out of memory");
	ret = record_read(c, text, len, e);
	if (ret) {
		fleet_discard(f, c);
		return ret;
	}
	if (c->state == COURSE_UNKNOWN) {
		ack_error_set(&lost, EINTR, NULL,
			"ackfs ended before it knew what became of this "
			"commit");
		outcome_unknown(c, &lost);
		resolve_look(c);
	} else if (c->state == COURSE_EXISTS) {
		fleet_poll_soon(f);
	}
	return 0;
}

static void tell(void *arg, const char *sentence)
{
	struct fleet *f = arg;
	struct ack_error e;

	log_line(LOG_WARNING, "%s", sentence);
	ack_error_set(&e, EINVAL, NULL, "%s", sentence);
	fleet_fail(f, &e);
}

int saved_load(struct fleet *f, struct ack_error *e)
{
	return f->store ? store_load(f->store, take, tell, f, e) : 0;
}
