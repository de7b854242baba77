/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/text.h"
#include "model/address.h"
#include "model/bases.h"
#include "model/fleet.h"
#include "model/kind.h"
#include "model/object.h"
#include "model/part.h"
#include "model/roles.h"
#include "params/types.h"
#include "params/values.h"
#include "state/saved.h"
#include "actions/draft.h"
#include "actions/whole.h"

/* What `check` says of a text that is not whole. */
#define CUT_TEXT                                                              \
	"the last text is not complete, so the old value stays, and nothing " \
	"is committed; write it whole, or discard it with rm"

int object_editable(
	const struct object *o, const char *param, struct ack_error *e)
{
	if (object_committing(o) || o->change)
		return ack_error_set(e, EBUSY, param,
			"a commit is under way; wait for it to end");
	if (o->state == COURSE_UNKNOWN)
		return ack_error_set(e, EPERM, param,
			"%s may have been made from this draft, so it must "
			"stay as it was sent",
			kind_a_noun(o->kind));
	return 0;
}

bool object_row_changes(const struct object *o, unsigned row)
{
	return o->kind->table->rows[row].change != ACK_FIXED;
}

static int set_fixed(const struct object *o, unsigned row, struct ack_error *e)
{
	const char *name = o->kind->table->rows[row].name;

	return ack_error_set(e, EPERM, name,
		"the %s exists, and its %s cannot be changed any more",
		kind_noun(o->kind), name);
}

int object_row_editable(
	const struct object *o, unsigned row, struct ack_error *e)
{
	int ret = object_editable(
		o, ack_param_file(&o->kind->table->rows[row]), e);

	if (ret || !object_exists(o) || object_row_changes(o, row))
		return ret;
	return set_fixed(o, row, e);
}

struct ack_values *object_written(struct object *o)
{
	return object_exists(o) ? &o->edits : &o->values;
}

static void swap(struct ack_values *a, struct ack_values *b)
{
	struct ack_values c = *a;

	*a = *b;
	*b = c;
}

int object_replace(struct object *o, struct ack_values *v,
	struct ack_values *bases, int row, struct ack_error *e)
{
	char *error = o->error;
	int ret;

	swap(object_written(o), v);
	if (bases)
		swap(&o->bases, bases);
	o->error = NULL;
	ret = row < 0 ? saved_put(o, e) : saved_put_value(o, (unsigned)row, e);
	if (ret) {
		swap(object_written(o), v);
		if (bases)
			swap(&o->bases, bases);
		o->error = error;
		return ret;
	}
	free(error);
	object_touch(o);
	roles_want(o);
	return 0;
}

/* An edit that says what is there already is not kept. */
static bool is_same(const struct object *o, unsigned row, const char *text)
{
	const char *is = ack_values_get(&o->values, row, NULL);

	/* an addon that is not named stays */
	if (o->kind->table->rows[row].change == ACK_ADDONS && (!text || !*text))
		return object_exists(o);
	return object_exists(o) && !strcmp(is ? is : "", text ? text : "");
}

int object_guard(const struct object *o, struct ack_values *v)
{
	const struct ack_table *table = o->kind->table;
	bool secret = false;

	for (unsigned row = 0; row < table->count && !secret; row++)
		secret = table->rows[row].flags & ACK_SECRET &&
			 ack_values_get(v, row, NULL);
	return ack_values_guard(v, secret);
}

static bool is_cut(const struct object *o, unsigned inode_row)
{
	return o->cut[inode_row / 64] >> inode_row % 64 & 1;
}

void object_cut(struct object *o, unsigned inode_row, bool cut)
{
	uint64_t *bits = &o->cut[inode_row / 64], bit = 1ull << inode_row % 64;

	if (!(*bits & bit) == !cut)
		return;
	*bits ^= bit;
	object_touch(o);
}

static const char *file_name(struct object *o, unsigned inode_row)
{
	PARTS_EACH (p, o->fleet, file_name)
		return p->file_name(o, inode_row);
	return NULL;
}

int object_whole(struct object *o, struct ack_error *e)
{
	ack_error_clear(e);
	for (unsigned row = 0; row < OBJECT_ROWS; row++) {
		const char *name = is_cut(o, row) ? file_name(o, row) : NULL;

		if (name)
			ack_error_about(e, EINVAL, name, CUT_TEXT);
	}
	return -e->err;
}

static int set_value(struct object *o, unsigned row, const char *text,
	bool hide, struct ack_error *e)
{
	struct ack_values v = ACK_VALUES_INIT, bases = ACK_VALUES_INIT;
	bool hidden = object_hidden(o, NODE_PARAMS + row);
	int ret = ack_values_copy(&v, object_written(o));

	if (!ret)
		ret = ack_values_copy(&bases, &o->bases);
	if (!ret && object_exists(o) && !object_edited(o, row))
		ret = bases_begin(o, row, &bases);
	if (!ret && is_same(o, row, text)) {
		ack_values_drop(&v, row);
		ack_values_drop(&bases, row);
	} else if (!ret) {
		ret = ack_values_set(&v, row, text ? text : "",
			text ? strlen(text) : 0, time_now_ns());
	}
	if (!ret && o->kind->table->rows[row].flags & ACK_SECRET)
		ret = object_guard(o, &v);
	object_hide(o, NODE_PARAMS + row, hide);
	ret = ret ? ack_error_memory(e, NULL)
		  : object_replace(o, &v, &bases, (int)row, e);
	if (ret)
		object_hide(o, NODE_PARAMS + row, hidden);
	else
		object_touch_row(o, NODE_PARAMS + row);
	if (!ret)
		object_cut(o, NODE_PARAMS + row, false);
	if (!ret && !o->parent && object_exists(o))
		bases_follow(o);
	ack_values_release(&bases);
	ack_values_release(&v);
	return ret;
}

int object_put(
	struct object *o, unsigned row, const char *text, struct ack_error *e)
{
	return set_value(o, row, text, false, e);
}

int object_param_remove(struct object *o, unsigned row, struct ack_error *e)
{
	if (!object_exists(o))
		return set_value(o, row, NULL, true, e);
	if (is_cut(o, NODE_PARAMS + row) && !object_edited(o, row)) {
		object_cut(o, NODE_PARAMS + row, false);
		return 0;
	}
	if (!object_edited(o, row))
		return ack_error_set(e, EPERM,
			ack_param_file(&o->kind->table->rows[row]),
			"there is no edit to discard, and rm does not delete "
			"anything in the cloud");
	return set_value(
		o, row, ack_values_get(&o->values, row, NULL), false, e);
}

static size_t count_items(const char *text)
{
	size_t count = *text != '\0';

	for (; *text; text++)
		count += *text == '\n';
	return count;
}

static bool has_item(const char *list, const char *item, size_t len)
{
	while (*list) {
		size_t at = strcspn(list, "\n");

		if (at == len && !memcmp(list, item, len))
			return true;
		list += at + (list[at] == '\n');
	}
	return false;
}

int object_compare(const struct ack_param *p, const char *is, const char *text)
{
	const char *item = text;

	if (!strcmp(is ? is : "", text))
		return 0;
	if (!is || !*text || !p->type->list)
		return -EPERM;
	while (*item) {
		size_t len = strcspn(item, "\n");

		if (!has_item(is, item, len))
			return -EPERM;
		item += len + (item[len] == '\n');
	}
	if (count_items(text) > count_items(is))
		return -EPERM;
	return count_items(text) == count_items(is) ? 0 : -EAGAIN;
}

/* What was not made here may be anything where the service does not say. */
static bool is_untold(const struct object *o, unsigned row)
{
	return !o->kind->table->rows[row].place[ACK_LIVE] &&
	       !*object_request_id(o) && !ack_values_get(&o->values, row, NULL);
}

/* True of what is taken without effect. */
bool object_idle(const struct object *o, unsigned row)
{
	return o->kind->table->rows[row].flags & ACK_SECRET ||
	       is_untold(o, row);
}

static void note_idle(struct object *o, unsigned row)
{
	o->idle[row / 64] |= 1ull << row % 64;
	object_touch(o);
}

static const char *idle_why(const struct object *o, unsigned row)
{
	if (!o->parent && row == ACK_P_extra_nodepools)
		return "so what was written of its other node pools has no "
		       "effect; write that into nodepools/NAME/request.json";
	return is_untold(o, row) ? "and the service does not say what it has "
				   "there, so what was written has no effect"
				 : "so what was written has no effect";
}

void object_idle_text(const struct object *o, struct ack_buf *out)
{
	for (unsigned row = 0; row < o->kind->table->count; row++)
		if (o->idle[row / 64] >> row % 64 & 1)
			ack_buf_printf(out, "warning: %s: the %s exists, %s\n",
				o->kind->table->rows[row].name,
				kind_noun(o->kind), ack_text(idle_why(o, row)));
}

void object_idle_over(struct object *o)
{
	memset(o->idle, 0, sizeof(o->idle));
	object_touch(o);
}

/* What cannot change may be written if it says what is there: a script that
 * makes something can be run again. */
static int confirm(
	struct object *o, unsigned row, const char *text, struct ack_error *e)
{
	const struct ack_param *p = &o->kind->table->rows[row];
	int ret = object_compare(
		p, ack_values_get(&o->values, row, NULL), text);

	if (ret && object_idle(o, row)) {
		note_idle(o, row);
		ret = 0;
	}
	if (ret == -EPERM)
		return set_fixed(o, row, e);
	if (ret)
		return ret;
	object_cut(o, NODE_PARAMS + row, false);
	object_fail(o, NULL);
	return 0;
}

bool object_fixed(const struct object *o, unsigned row)
{
	return object_exists(o) && !object_row_changes(o, row);
}

int object_write(struct object *o, unsigned row, const char *text, size_t len,
	struct ack_error *e)
{
	const struct ack_param *p = &o->kind->table->rows[row];
	struct ack_buf canon = ACK_BUF_INIT(ACK_VALUE_MAX + 1);
	int ret = object_editable(o, ack_param_file(p), e);

	canon.secret = p->flags & ACK_SECRET;
	if (!ret)
		ret = ack_param_parse(p, text, len, &canon, e);
	if (ret == -EINVAL && object_fixed(o, row))
		ret = set_fixed(o, row, e);
	if (!ret && object_fixed(o, row))
		ret = confirm(o, row, ack_buf_text(&canon), e);
	else if (!ret)
		ret = object_put(o, row, ack_buf_text(&canon), e);
	ack_buf_release(&canon);
	return ret;
}

int object_restore(
	struct object *o, const struct ack_values *values, struct ack_error *e)
{
	struct ack_values v = ACK_VALUES_INIT;
	int ret = ack_values_copy(&v, values);

	ret = ret ? ack_error_memory(e, NULL)
		  : object_replace(o, &v, NULL, -1, e);
	ack_values_release(&v);
	if (!ret)
		object_touch_params(o);
	return ret;
}

int object_effective(const struct object *o, struct ack_values *out)
{
	int ret = ack_values_copy(out, &o->values);

	if (!ret)
		ret = whole_cluster(o, out);
	return ret ? ret : o->kind->fill_in(o, out);
}
