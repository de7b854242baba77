/* SPDX-License-Identifier: MIT */
#include "cloud/named.h"

#include <errno.h>
#include <string.h>

#include "base/error.h"
#include "base/json.h"
#include "client/client.h"
#include "model/kind.h"
#include "model/object.h"

#define LISTS_MAX 3

static int list(struct named *n, struct ack_error *e);

/* The service's match is fuzzy (SERVICE.md, Lists). */
static void take(struct named *n, const struct ack_json *page)
{
	for (const struct ack_json *one = ack_json_first(page); one;
		one = ack_json_next(one)) {
		struct identity i = {NULL};

		n->object->kind->identify(one, &i);
		n->unclear |= !i.name || !i.id || !*i.id;
		if (i.name && i.id && *i.id && !strcmp(i.name, n->name))
			n->one(n->arg, one, &i);
	}
}

static void not_known(const struct named *n, bool moved, struct ack_error *e)
{
	const struct kind *kind = n->object->kind;

	if (moved)
		ack_error_set(e, EAGAIN, NULL,
			"who has the name %s is not known: the list of %ss "
			"changed each of the %d times that it was read",
			n->name, kind_noun(kind), LISTS_MAX);
	else
		ack_error_set(e, EPROTO, NULL,
			"who has the name %s is not known: the list holds %s "
			"without a name or an ID",
			n->name, kind_a_noun(kind));
}

static void listed(void *arg, const struct ack_json *page, bool more,
	const struct ack_error *e)
{
	struct named *n = arg;
	ACK_UNSET struct ack_error failure;
	bool moved;

	if (more) {
		take(n, page);
		return;
	}
	moved = !ack_list_whole(n->call);
	n->call = NULL;
	ack_error_copy(&failure, e);
	if (!failure.err && moved && n->lists < LISTS_MAX && !list(n, &failure))
		return;
	if (!failure.err && (moved || n->unclear))
		not_known(n, moved, &failure);
	n->end(n->arg, &failure);
}

static int list(struct named *n, struct ack_error *e)
{
	n->lists++;
	n->unclear = false;
	n->begin(n->arg);
	n->call = n->object->kind->list(
		n->object, n->name, n->paced, listed, n, e);
	return n->call ? 0 : -e->err;
}

int named_ask(struct named *n, struct ack_error *e)
{
	n->lists = 0;
	return list(n, e);
}

void named_drop(struct named *n)
{
	ack_call_drop(n->call);
	n->call = NULL;
}
