/* SPDX-License-Identifier: MIT */
#include "order.h"

#include <errno.h>
#include <string.h>

#include "change.h"
#include "commit.h"
#include "draft.h"
#include "error.h"
#include "kind.h"
#include "node.h"
#include "object.h"
#include "removal.h"
#include "steps.h"
#include "word.h"

int order_open(const struct object *o, struct ack_error *e)
{
	if (object_committing(o) || o->change)
		return ack_error_set(e, EBUSY, NULL,
			"a commit is under way; wait for it to end");
	return 0;
}

void order_trim(const char **text, size_t *len)
{
	while (*len && memchr(" \t\r\n", (*text)[*len - 1], 4))
		--*len;
	while (*len && (**text == ' ' || **text == '\t')) {
		++*text;
		--*len;
	}
}

static bool is(const char *word, const char *text, size_t len)
{
	return len == strlen(word) && !memcmp(text, word, len);
}

static bool is_yes(const struct object *o, const char *text, size_t len)
{
	static const char *const words[] = {
		"1", "y", "yes", "true", "on", "commit"};

	order_trim(&text, &len);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (is(words[i], text, len))
			return true;
	return is(o->name, text, len);
}

/* A pool can be asked for only where its cluster is known to be. */
static int parent_ready(const struct object *o, struct ack_error *e)
{
	if (!o->parent || object_exists(o->parent))
		return 0;
	return ack_error_set(
		e, EPERM, NULL, "the cluster of this node pool does not exist");
}

static int begin(struct object *o, struct waiter *w, struct ack_error *e)
{
	if (object_whole(o, e))
		return -e->err;
	if (o->state == COURSE_DRAFT)
		return parent_ready(o, e) ? -e->err : commit_begin(o, w, e);
	if (object_committing(o) || o->change)
		return order_open(o, e);
	if (o->state == COURSE_UNKNOWN)
		return ack_error_set(e, EEXIST, NULL,
			"this was sent already and may have been executed; "
			"nothing is sent again");
	if (steps_wanted(o))
		return change_begin(o, w, e);
	return ack_error_set(e, EEXIST, NULL,
		"this was committed already, and nothing was edited since: "
		"the %s is %s",
		o->kind->noun, o->id);
}

int order_commit(struct object *o, const char *text, size_t len,
	struct waiter *w, struct ack_error *e)
{
	int ret;

	if (!is_yes(o, text, len))
		return ack_error_set(e, EINVAL, "commit",
			"write 1, or the name %s, to carry out what plan "
			"says; it costs money, so no other word will do",
			o->name);
	ret = begin(o, w, e);
	return ret ? ret : NODE_LATER;
}

int order_delete(struct object *o, const char *text, size_t len,
	struct waiter *w, struct ack_error *e)
{
	int ret = removal_check(o, e);

	order_trim(&text, &len);
	if (!ret && !is(o->id, text, len))
		ret = ack_error_set(e, EINVAL, "delete",
			"write the ID of the %s, %s, to delete it; nothing "
			"else will do",
			o->kind->noun, o->id);
	if (!ret)
		ret = order_open(o, e);
	if (!ret && word_is(o->word, "deleting"))
		ret = ack_error_set(
			e, EBUSY, "delete", "it is being deleted already");
	if (!ret)
		ret = change_delete(o, w, e);
	return ret ? ret : NODE_LATER;
}
