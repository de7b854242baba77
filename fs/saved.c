/* SPDX-License-Identifier: MIT */
#include "saved.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#include "buf.h"
#include "error.h"
#include "fleet.h"
#include "json.h"
#include "kind.h"
#include "log.h"
#include "node.h"
#include "object.h"
#include "params.h"
#include "record.h"

#define LINE_MOST (4u << 20)
#define LINE_KEPT 4096

/* A node pool stands in the record of its cluster. */
static struct object *root_of(struct object *o)
{
	return o->parent ? o->parent : o;
}

/* The number of a line is the first that it says. Its memory is kept for the
 * next one, unless it is a lot. */
static struct ack_buf *begin_line(struct saved *s)
{
	struct ack_buf *line = &s->line;

	if (line->cap > LINE_KEPT)
		ack_buf_release(line);
	ack_buf_clear(line);
	line->max = LINE_MOST;
	ack_buf_puts(line, "{\"line\":");
	ack_buf_decimal(line, s->journal.last + 1);
	ack_buf_putc(line, ',');
	return line;
}

/* `root`: what the line is about, if that is still there. */
static int add_line(struct fleet *f, struct object *root, struct ack_error *e)
{
	struct saved *s = f->saved;
	int ret = ack_buf_status(&s->line);

	ret = ret ? ack_error_set(e, ENOMEM, NULL, "out of memory")
		  : journal_add(&s->journal, ack_buf_text(&s->line),
			    s->line.len, e);
	if (ret)
		return ret;
	s->journal.last++;
	if (root)
		root->line = s->journal.last;
	checkpoint_soon(f, false);
	return 0;
}

static int put_whole(struct object *o, const char *was, struct ack_error *e)
{
	struct ack_buf *line;
	struct object *root = root_of(o);
	bool kept = o->kept, root_kept = root->kept;
	int ret;

	/* what is not kept is left out of the record */
	o->kept = root->kept = true;
	if (!o->fleet->saved)
		return 0;
	line = begin_line(o->fleet->saved);
	if (was) {
		ack_buf_puts(line, "\"was\":");
		ack_json_quote(was, line);
		ack_buf_putc(line, ',');
	}
	ack_buf_puts(line, "\"record\":");
	line->failed |= record_write(root, line) != 0;
	ack_buf_putc(line, '}');
	ret = add_line(o->fleet, root, e);
	if (ret) {
		root->kept = root_kept;
		o->kept = kept;
	}
	return ret;
}

int saved_put(struct object *o, struct ack_error *e)
{
	return put_whole(o, NULL, e);
}

int saved_put_value(struct object *o, unsigned row, struct ack_error *e)
{
	struct ack_buf *line;
	struct object *root = root_of(o);

	if (!o->fleet->saved)
		return 0;
	if (!o->kept || !root->kept)
		return saved_put(o, e);
	/* never on disk */
	if (o->kind->table->rows[row].flags & ACK_SECRET)
		return 0;
	line = begin_line(o->fleet->saved);
	ack_buf_puts(line, "\"directory\":");
	ack_json_quote(root->name, line);
	if (o->parent) {
		ack_buf_puts(line, ",\"nodepool\":");
		ack_json_quote(o->name, line);
	}
	ack_buf_puts(line, ",\"values\":{");
	record_write_value(o, row, line);
	ack_buf_puts(line, "}}");
	return add_line(o->fleet, root, e);
}

int saved_sync(struct object *o, struct waiter *w)
{
	struct object *root = root_of(o);

	if (!o->fleet->saved || root->line == root->saved)
		return 0;
	journal_sync(&o->fleet->saved->journal, w);
	return w ? NODE_LATER : 0;
}

/* The line may be lost in a power cut, and the directory with it come back;
 * without the line it would come back in any case. */
static int remove_root(struct object *o, struct ack_error *e)
{
	struct ack_buf *line;
	struct saved *s = o->fleet->saved;
	int ret = 0;

	if (o->line != o->saved) {
		line = begin_line(s);
		ack_buf_puts(line, "\"gone\":");
		ack_json_quote(o->name, line);
		ack_buf_putc(line, '}');
		ret = add_line(o->fleet, NULL, e);
	}
	return ret ? ret : store_remove(&s->store, o->name, e);
}

int saved_remove(struct object *o, struct ack_error *e)
{
	int ret;

	if (!o->fleet->saved || !o->kept)
		return 0;
	if (!o->parent)
		return remove_root(o, e);
	o->kept = false;
	ret = saved_put(o->parent, e);
	o->kept |= ret != 0;
	return ret;
}

/* A record under a name that nothing has any more. */
struct leftover {
	struct waiter synced;
	struct fleet *fleet;
	char name[];
};

/* Not before the line that replaces it is safe: a power cut might leave
 * neither. */
static void remove_leftover(struct waiter *w, int err)
{
	struct leftover *l = (struct leftover *)w;
	ACK_UNSET struct ack_error e;

	if (!err && !fleet_by_name(l->fleet, l->name) &&
		store_remove(&l->fleet->saved->store, l->name, &e))
		log_line(LOG_WARNING, "%s", e.message);
	free(l);
}

int saved_renamed(struct object *o, const char *old, struct ack_error *e)
{
	size_t size = strlen(old) + 1;
	struct leftover *l;
	int ret = put_whole(o, o->parent ? NULL : old, e);

	if (ret || o->parent || !o->fleet->saved)
		return ret;
	/* without memory the next mount removes it */
	l = calloc(1, sizeof(*l) + size);
	if (!l)
		return 0;
	l->synced.done = remove_leftover;
	l->fleet = o->fleet;
	memcpy(l->name, old, size);
	journal_sync(&o->fleet->saved->journal, &l->synced);
	return 0;
}
