/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <syslog.h>

#include "buf.h"
#include "object.h"
#include "error.h"
#include "fleet.h"
#include "kind.h"
#include "log.h"
#include "outcome.h"
#include "record.h"
#include "resolve.h"
#include "saved.h"
#include "store.h"

#define RECORD_MAX (4u << 20)

/* A node pool stands in the record of its cluster. */
static struct object *root_of(struct object *o)
{
	return o->parent ? o->parent : o;
}

int saved_put(struct object *o, bool durable, struct ack_error *e)
{
	struct ack_buf text = ACK_BUF_INIT(RECORD_MAX);
	struct object *root = root_of(o);
	int ret;

	o->kept = root->kept = true;
	if (!o->fleet->store)
		return 0;
	ret = record_write(root, &text);
	ret = ret ? ack_error_set(e, -ret, NULL, "out of memory")
		  : store_put(o->fleet->store, root->name, ack_buf_text(&text),
			    text.len, durable, e);
	ack_buf_release(&text);
	return ret;
}

int saved_sync(struct object *o, struct ack_error *e)
{
	struct object *root = root_of(o);

	if (!o->fleet->store || !root->kept)
		return 0;
	return store_sync(o->fleet->store, root->name, e);
}

int saved_remove(struct object *o, struct ack_error *e)
{
	int ret;

	if (!o->fleet->store || !o->kept)
		return 0;
	if (!o->parent)
		return store_remove(o->fleet->store, o->name, e);
	o->kept = false;
	ret = saved_put(o->parent, true, e);
	o->kept |= ret != 0;
	return ret;
}

/* The old record goes last: a crash leaves two drafts, never none. */
int saved_renamed(struct object *o, const char *old, struct ack_error *e)
{
	struct ack_error ignored;
	int ret = saved_put(o, true, e);

	if (ret || o->parent || !o->fleet->store)
		return ret;
	ret = store_remove(o->fleet->store, old, e);
	if (ret)
		store_remove(o->fleet->store, o->name, &ignored);
	return ret;
}

static void look_into(struct object *o, void *arg)
{
	struct ack_error lost;

	objects_walk(&o->pools, look_into, arg);
	if (o->state == COURSE_UNKNOWN) {
		ack_error_set(&lost, EINTR, NULL,
			"ackfs ended before it knew what became of this "
			"commit");
		outcome_unknown(o, &lost);
		resolve_look(o);
	} else if (object_exists(o) && !kind_at_rest(o)) {
		follow_soon(o->fleet);
	}
}

static int take(void *arg, const char *name, const char *text, size_t len,
	struct ack_error *e)
{
	struct fleet *f = arg;
	struct object *o = fleet_restore(f, NULL, name);
	int ret;

	if (!o)
		return ack_error_set(e, ENOMEM, NULL, "out of memory");
	ret = record_read(o, text, len, e);
	if (ret)
		fleet_discard(f, o);
	else
		look_into(o, NULL);
	return ret;
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
