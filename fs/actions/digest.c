/* SPDX-License-Identifier: MIT */
#include "actions/digest.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "actions/draft.h"
#include "actions/steps.h"
#include "base/buf.h"
#include "base/error.h"
#include "client/sign.h"
#include "model/bases.h"
#include "model/fleet.h"
#include "model/kind.h"
#include "model/object.h"
#include "model/scale.h"
#include "params/body.h"
#include "params/types.h"

#define TEXT_MAX (4u << 20)

/* Its length before it: so no two sets of texts make the same whole. */
static void put(struct ack_buf *all, const char *text)
{
	ack_buf_printf(all, "%zu:", text ? strlen(text) + 1 : 0);
	ack_buf_puts(all, text ? text : "");
}

/*
 * Of a secret what nobody can try out: its digest with a key that only this
 * mount knows, and that ends with it.
 */
static void put_secret(
	struct ack_buf *all, const struct object *o, const char *secret)
{
	struct ack_buf text = ACK_BUF_INIT(ACK_VALUE_MAX + 64);
	char hex[ACK_SHA256_HEX];
	struct fleet *f = o->fleet;

	text.secret = true;
	if (!*f->digest_key)
		all->failed |= ack_nonce(f->digest_key) != 0;
	ack_buf_puts(&text, f->digest_key);
	ack_buf_puts(&text, secret);
	ack_buf_puts(&text, f->digest_key);
	all->failed |= ack_buf_status(&text) ||
		       ack_sha256_hex(ack_buf_text(&text), text.len, hex);
	put(all, hex);
	ack_buf_release(&text);
}

static void put_secrets(
	struct ack_buf *all, const struct object *o, const struct ack_values *v)
{
	const struct ack_table *t = o->kind->table;

	for (unsigned row = 0; row < t->count; row++) {
		const char *text = ack_values_get(v, row, NULL);

		if (!text || !(t->rows[row].flags & ACK_SECRET))
			continue;
		put(all, t->rows[row].name);
		put_secret(all, o, text);
	}
}

static void put_request(struct ack_buf *all, const struct step_request *s)
{
	struct ack_buf text = ACK_BUF_INIT(65536);

	ack_request_text(&s->r, &text);
	put(all, ack_buf_text(&text));
	all->failed |= text.failed;
	ack_buf_release(&text);
	for (unsigned i = 0; i < ACK_REQUEST_QUERIES; i++) {
		put(all, s->r.query[i].value ? s->r.query[i].name : NULL);
		put(all, s->r.query[i].value);
	}
	put(all, ack_buf_text(&s->body));
}

static void put_edits(struct ack_buf *all, const struct object *o)
{
	int row = ack_values_next_touched(&o->edits, 0);

	for (; row >= 0;
		row = ack_values_next_touched(&o->edits, (unsigned)row + 1)) {
		unsigned r = (unsigned)row;
		const struct ack_param *p = &o->kind->table->rows[r];

		if (!steps_cover(o, r) || p->flags & ACK_SECRET)
			continue;
		put(all, p->name);
		put(all, bases_get(o, r));
		put(all, ack_values_get(&o->edits, r, NULL));
	}
}

static void put_call(struct ack_buf *all, const struct object *o,
	const struct step *step, unsigned nth, bool pools)
{
	struct step_request s;

	step_request_init(&s);
	s.nth = nth;
	all->failed |= step->compose(o, &s) != 0;
	put(all, step->action);
	if (pools || !*s.pool)
		put_request(all, &s);
	step_request_release(&s);
}

/* `pools`: with the pool that changes and its number, as far as it is known. */
static void put_change(struct ack_buf *all, const struct object *o, bool pools)
{
	for (unsigned i = 0; i < nsteps; i++)
		for (unsigned n = 0, most = step_calls(&steps[i], o); n < most;
			n++)
			put_call(all, o, &steps[i], n, pools);
	put_edits(all, o);
	put_secrets(all, o, &o->edits);
}

static void put_create(struct ack_buf *all, const struct object *o)
{
	struct ack_values v = ACK_VALUES_INIT;
	struct ack_buf body = ACK_BUF_INIT(1u << 20);

	if (object_effective(o, &v) ||
		ack_body_build(o->kind->table, &v, kind_form(o, &v), false,
			false, &body))
		all->failed = true;
	put(all, o->parent ? o->parent->id : o->fleet->endpoint.region);
	put(all, ack_buf_text(&body));
	put_secrets(all, o, &v);
	ack_buf_release(&body);
	ack_values_release(&v);
}

/* "": there is nothing to do. 0 or -ENOMEM. */
static int digest(const struct object *o, bool pools, char out[ACK_SHA256_HEX])
{
	struct ack_buf all = ACK_BUF_INIT(TEXT_MAX);
	int ret;

	*out = '\0';
	put(&all, o->fleet->endpoint.url);
	put(&all, o->id);
	if (o->state == COURSE_DRAFT) {
		put_create(&all, o);
	} else if (object_exists(o) && steps_wanted(o)) {
		put_change(&all, o, pools);
	} else {
		ack_buf_release(&all);
		return 0;
	}
	ret = ack_buf_status(&all);
	if (!ret)
		ret = ack_sha256_hex(ack_buf_text(&all), all.len, out);
	ack_buf_release(&all);
	return ret;
}

int digest_compare(
	const struct object *o, const char *given, struct ack_error *e)
{
	char now[ACK_SHA256_HEX];

	if (digest(o, true, now))
		return ack_error_memory(e, NULL);
	if (!strcmp(now, given))
		return 0;
	/* it may be from before the node pools were known */
	if (digest(o, false, now))
		return ack_error_memory(e, NULL);
	if (!strcmp(now, given))
		return 0;
	ack_error_set(e, ESTALE, "commit",
		"that is not the digest of what a commit would send now; "
		"nothing was sent");
	ack_error_hint(e, "read plan, then digest, and write that");
	return -ESTALE;
}

void show_digest(struct fleet *f, struct object *o, struct ack_buf *out)
{
	struct scale s;
	bool known = o->parent || o->state == COURSE_DRAFT || scale_find(o, &s);
	char hex[ACK_SHA256_HEX];

	(void)f;
	if (digest(o, known, hex))
		out->failed = true;
	else if (*hex)
		ack_buf_printf(out, "%s\n", hex);
}
