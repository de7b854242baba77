/* SPDX-License-Identifier: MIT */
#include "actions/order.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "actions/change.h"
#include "actions/commit.h"
#include "actions/digest.h"
#include "actions/draft.h"
#include "actions/resolve.h"
#include "actions/steps.h"
#include "base/error.h"
#include "base/length.h"
#include "base/text.h"
#include "client/client.h"
#include "client/sign.h"
#include "cloud/story.h"
#include "model/fleet.h"
#include "model/intent.h"
#include "model/kind.h"
#include "model/object.h"
#include "model/waiter.h"

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

static bool among(const char *const *words, const char *text, size_t len)
{
	while (*words && !is(*words, text, len))
		words++;
	return *words;
}

/* A name that says no is no order. */
static bool is_name_an_order(const struct object *o)
{
	static const char *const no[] = {"0", "n", "no", "false", "off"};

	for (size_t i = 0; i < LENGTH(no); i++)
		if (!strcasecmp(no[i], o->name))
			return false;
	return true;
}

static bool is_digest(const char *text, size_t len)
{
	return len == ACK_SHA256_HEX - 1 &&
	       strspn(text, "0123456789abcdef") >= len;
}

bool order_is_yes(const char *text, size_t len)
{
	static const char *const yes[] = {
		"1", "y", "yes", "true", "on", "commit", NULL};

	return among(yes, text, len);
}

static enum order_word word_of(
	const struct object *o, const char *text, size_t len)
{
	if (order_is_yes(text, len))
		return ORDER_YES;
	if (is(o->name, text, len) && is_name_an_order(o))
		return ORDER_NAME;
	return is_digest(text, len) ? ORDER_DIGEST : ORDER_NONE;
}

const char *order_stronger(const struct object *o)
{
	return ack_text(word_of(o, o->name, strlen(o->name)) == ORDER_NAME
				? "write the name of the directory, or what "
				  "digest says, into commit"
				: "write what digest says into commit");
}

/* A pool can be asked for only where its cluster is known to be. */
static int parent_ready(const struct object *o, struct ack_error *e)
{
	if (!o->parent || object_exists(o->parent))
		return 0;
	return ack_error_set(
		e, EPERM, NULL, "the cluster of this node pool does not exist");
}

static int create(struct object *o, const char *digest, struct waiter *w,
	struct ack_error *e)
{
	int ret = parent_ready(o, e);

	if (!ret && *digest)
		ret = digest_compare(o, digest, e);
	if (!ret)
		ret = commit_begin(o, w, e);
	return ret ? ret : NODE_LATER;
}

static int begin(struct object *o, enum order_word word, const char *digest,
	struct waiter *w, struct ack_error *e)
{
	int ret;

	if (object_whole(o, e))
		return -e->err;
	if (o->state == COURSE_DRAFT)
		return create(o, digest, w, e);
	if (object_committing(o) || o->change)
		return order_open(o, e);
	if (o->state == COURSE_UNKNOWN)
		return ack_error_set(e, EEXIST, NULL,
			"this was sent already and may have been executed; "
			"nothing is sent again");
	object_idle_over(o);
	if (!steps_wanted(o) && !*digest) {
		/* it is as it was to be; why it failed stays in `error` */
		if (!story_ended_badly(o))
			object_fail(o, NULL);
		return 0;
	}
	ret = change_begin(o, word, digest, w, e);
	return ret ? ret : NODE_LATER;
}

int order_commit(struct object *o, const char *text, size_t len,
	struct waiter *w, struct ack_error *e)
{
	char digest[ACK_SHA256_HEX] = "";
	enum order_word word;

	order_trim(&text, &len);
	word = word_of(o, text, len);
	if (word == ORDER_DIGEST)
		snprintf(digest, sizeof(digest), "%.*s", (int)len, text);
	if (word == ORDER_NONE)
		return ack_error_set(e, EINVAL, "commit",
			"write 1, %s%s%sor what digest says, to carry out what "
			"plan says; this costs money, so no other word is "
			"accepted",
			is_name_an_order(o) ? ack_text("the name ") : "",
			is_name_an_order(o) ? o->name : "",
			is_name_an_order(o) ? ack_text(", ") : "");
	return begin(o, word, digest, w, e);
}

static void described(
	void *arg, const struct ack_answer *answer, const struct ack_error *e)
{
	struct resolve *r = arg;
	struct object *o = r->a.object;
	struct waiters waiters;
	struct identity i = {NULL};
	ACK_UNSET struct ack_error failure;
	struct ids ids = {.id = r->id};

	ack_error_copy(&failure, e);
	r->a.call = NULL;
	r->adopting = false;
	/* r may be gone before they are answered */
	waiters_move(&waiters, &r->a.waiters);
	o->kind->identify(answer->json, &i);
	if (!failure.err)
		kind_check(o->kind, r->id, answer->json, &failure);
	if (!failure.err && (!i.name || strcmp(i.name, o->intent->name)))
		ack_error_set(&failure, EINVAL, "adopt",
			"the %s %s is named %s, not %s", kind_noun(o->kind),
			r->id, i.name ? i.name : "nothing", o->intent->name);
	if (failure.err) {
		r->a.who = (struct audit_caller){0};
		object_fail(o, &failure);
		resolve_later(r, RESOLVE_FIRST_MS);
		waiters_wake(&waiters, -failure.err);
	} else {
		commit_happen(o, EVENT_ADOPT, &ids, NULL);
		commit_wait(o, &waiters);
	}
}

int order_adopt_open(const struct object *o, struct ack_error *e)
{
	if (o->resolve && o->resolve->adopting)
		return ack_error_set(e, EBUSY, "adopt",
			"an ID is being looked at; wait for the answer");
	return 0;
}

int order_adopt(struct object *o, const char *text, size_t len,
	struct waiter *w, struct ack_error *e)
{
	struct resolve *r = o->resolve;
	struct audit_caller who = {w ? w->uid : 0, w ? w->pid : 0};
	struct object *other;
	struct ack_error given_up;
	char word[64];
	struct ack_request ask = kind_request(o, o->kind->describe);

	order_trim(&text, &len);
	/* no word is that long or holds a NUL, at which it would seem to end */
	if (len >= sizeof(word) || memchr(text, '\0', len))
		len = 0;
	snprintf(word, sizeof(word), "%.*s", (int)len, text);
	if (o->state != COURSE_UNKNOWN || !r)
		return ack_error_set(e, EPERM, "adopt",
			"the outcome of this commit is known already; there is "
			"nothing to adopt");
	if (r->adopting)
		return order_adopt_open(o, e);
	if (!strcmp(word, "none")) {
		r->a.who = who;
		ack_error_set(&given_up, ECANCELED, NULL,
			"a user wrote none into adopt: no %s was made. This is "
			"a draft again",
			kind_noun(o->kind));
		commit_happen(o, EVENT_GIVE_UP, NULL, &given_up);
		return 0;
	}
	if (!o->kind->id_valid(word))
		return ack_error_set(e, EINVAL, "adopt",
			"write the ID of the %s (%s), or none if you are sure "
			"that it does not exist",
			kind_noun(o->kind), ack_text(o->kind->id_form));
	other = fleet_by_id(o->fleet, word);
	if (other && other->kept)
		return ack_error_set(e, EEXIST, "adopt",
			"the %s %s is that of the directory %s",
			kind_noun(o->kind), word, other->name);
	ack_timer_cancel(o->fleet->events, &r->timer);
	named_drop(&r->list);
	snprintf(r->id, sizeof(r->id), "%s", word);
	r->a.who = who;
	r->empty = 0; /* the two lists would stand too close */
	ask.ids[o->parent ? 1 : 0] = r->id;
	r->a.call = ack_ask(o->fleet->client, &ask, described, r, e);
	if (!r->a.call) {
		r->a.who = (struct audit_caller){0};
		resolve_later(r, RESOLVE_FIRST_MS);
		return -e->err;
	}
	r->adopting = true;
	waiter_wait(w, &r->a.waiters);
	return NODE_LATER;
}
