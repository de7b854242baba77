/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "buf.h"
#include "client.h"
#include "cluster.h"
#include "draft.h"
#include "error.h"
#include "fleet.h"
#include "saved.h"
#include "types.h"

/* Serial 0 is the mount itself: its root, schema/ and the like. */
#define FIRST_SERIAL 1

static int compare_name(const void *a, const void *b)
{
	return strcmp(((const struct cluster *)a)->name,
		((const struct cluster *)b)->name);
}

static int compare_serial(const void *a, const void *b)
{
	uint64_t x = ((const struct cluster *)a)->serial;
	uint64_t y = ((const struct cluster *)b)->serial;

	return (x > y) - (x < y);
}

static struct cluster *found(void *node)
{
	return node ? *(struct cluster **)node : NULL;
}

struct cluster *fleet_by_name(const struct fleet *f, const char *name)
{
	struct cluster key = {.name = (char *)(uintptr_t)name};

	return found(tfind(&key, (void *const *)&f->by_name, compare_name));
}

struct cluster *fleet_by_serial(const struct fleet *f, uint64_t serial)
{
	struct cluster key = {.serial = serial};

	return found(tfind(&key, (void *const *)&f->by_serial, compare_serial));
}

static int name_check(
	const struct fleet *f, const char *name, struct ack_error *e)
{
	struct ack_buf canon = ACK_BUF_INIT(ACK_VALUE_MAX);
	int ret = ack_param_parse(&ack_cluster_table.rows[ACK_P_name], name,
		strlen(name), &canon, e);

	/* what the type forgives in a file, such as a line end, is no part of
	 * a name */
	if (!ret && strcmp(ack_buf_text(&canon), name))
		ret = ack_error_set(e, EINVAL, "name",
			"a directory name has no blanks or line ends around "
			"it");
	ack_buf_release(&canon);
	if (!ret && fleet_by_name(f, name))
		ret = ack_error_set(e, EEXIST, "name",
			"there is a directory of that name already");
	return ret;
}

static int enlist(struct fleet *f, struct cluster *c)
{
	if (!tsearch(c, &f->by_name, compare_name))
		return -ENOMEM;
	if (tsearch(c, &f->by_serial, compare_serial))
		return 0;
	tdelete(c, &f->by_name, compare_name);
	return -ENOMEM;
}

struct cluster *fleet_restore(struct fleet *f, const char *name)
{
	struct cluster *c = calloc(1, sizeof(*c));

	if (c)
		c->name = strdup(name);
	if (!c || !c->name || fleet_by_name(f, name))
		goto fail;
	c->fleet = f;
	c->serial = FIRST_SERIAL + f->last_serial++;
	c->created = c->changed = time_now_ns();
	if (enlist(f, c))
		goto fail;
	f->count++;
	return c;
fail:
	cluster_free(c);
	return NULL;
}

void fleet_discard(struct fleet *f, struct cluster *c)
{
	tdelete(c, &f->by_name, compare_name);
	tdelete(c, &f->by_serial, compare_serial);
	f->count--;
	cluster_free(c);
}

struct cluster *fleet_create(
	struct fleet *f, const char *name, struct ack_error *e)
{
	struct cluster *c;

	if (name_check(f, name, e))
		return NULL;
	c = fleet_restore(f, name);
	if (!c) {
		ack_error_set(e, ENOMEM, NULL, "out of memory");
		return NULL;
	}
	if (saved_put(c, false, e)) {
		fleet_discard(f, c);
		return NULL;
	}
	return c;
}

int fleet_remove(struct fleet *f, struct cluster *c, struct ack_error *e)
{
	int ret;

	if (cluster_committing(c))
		return ack_error_set(e, EBUSY, NULL,
			"a commit is under way; wait for it to end");
	if (c->state != COURSE_DRAFT)
		return ack_error_set(e, EPERM, NULL,
			"there is a cluster behind this directory, or there "
			"may be one; rmdir never deletes a cluster");
	ret = saved_remove(c, c->name, e);
	if (ret)
		return ret;
	fleet_discard(f, c);
	return 0;
}

static bool set_name(struct fleet *f, struct cluster *c, char *name)
{
	tdelete(c, &f->by_name, compare_name);
	c->name = name;
	return tsearch(c, &f->by_name, compare_name);
}

int fleet_rename(struct fleet *f, struct cluster *c, const char *name,
	struct ack_error *e)
{
	char *copy, *old = c->name;
	struct ack_error ignored;
	int ret = cluster_editable(c, NULL, e);

	if (!ret)
		ret = name_check(f, name, e);
	if (ret)
		return ret;
	copy = strdup(name);
	if (!copy)
		return ack_error_set(e, ENOMEM, NULL, "out of memory");
	if (!set_name(f, c, copy))
		ret = ack_error_set(e, ENOMEM, NULL, "out of memory");
	/* the old record goes last: a crash leaves two drafts, never none */
	if (!ret)
		ret = saved_put(c, true, e);
	if (!ret)
		ret = saved_remove(c, old, e);
	if (ret) {
		saved_remove(c, copy, &ignored);
		/* the node just freed makes room for the old name again */
		set_name(f, c, old);
		free(copy);
		return ret;
	}
	free(old);
	cluster_touch(c);
	return 0;
}

struct making {
	const struct cluster *but;
	const char *name;
	struct cluster *found;
};

static void find_making(struct cluster *c, void *arg)
{
	struct making *m = arg;

	if (c != m->but &&
		(cluster_committing(c) || c->state == COURSE_UNKNOWN) &&
		!strcmp(cluster_name(c), m->name))
		m->found = c;
}

struct cluster *fleet_making(
	const struct fleet *f, const struct cluster *but, const char *name)
{
	struct making m = {but, name, NULL};

	fleet_walk(f, find_making, &m);
	return m.found;
}

struct with_id {
	const char *id;
	struct cluster *found;
};

static void find_id(struct cluster *c, void *arg)
{
	struct with_id *w = arg;

	if (!strcmp(c->cluster_id, w->id))
		w->found = c;
}

struct cluster *fleet_by_id(const struct fleet *f, const char *cluster_id)
{
	struct with_id w = {cluster_id, NULL};

	fleet_walk(f, find_id, &w);
	return w.found;
}

struct walk {
	void (*visit)(struct cluster *c, void *arg);
	void *arg;
};

static void walk_node(const void *node, VISIT which, void *closure)
{
	struct walk *w = closure;

	if (which == postorder || which == leaf)
		w->visit(*(struct cluster *const *)node, w->arg);
}

void fleet_walk(const struct fleet *f,
	void (*visit)(struct cluster *c, void *arg), void *arg)
{
	struct walk w = {visit, arg};

	twalk_r(f->by_name, walk_node, &w);
}

int64_t fleet_service_time(const struct fleet *f)
{
	return time(NULL) + ack_client_clock_offset(f->client);
}

void fleet_fail(struct fleet *f, const struct ack_error *e)
{
	struct ack_buf text = ACK_BUF_INIT(32768);

	free(f->error);
	f->error = NULL;
	if (e && e->err) {
		ack_error_text(e, &text);
		f->error = ack_buf_steal(&text);
	}
	ack_buf_release(&text);
}

static void free_node(void *node)
{
	cluster_free(node);
}

static void keep_node(void *node)
{
	(void)node;
}

void fleet_release(struct fleet *f)
{
	ack_timer_cancel(f->events, &f->poll);
	tdestroy(f->by_serial, keep_node);
	tdestroy(f->by_name, free_node);
	free(f->error);
	f->by_name = f->by_serial = f->error = NULL;
}
