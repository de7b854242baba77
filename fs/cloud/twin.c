/* SPDX-License-Identifier: MIT */
#include "cloud/twin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/event.h"
#include "base/text.h"
#include "client/client.h"
#include "cloud/named.h"
#include "cloud/story.h"
#include "model/fleet.h"
#include "model/intent.h"
#include "model/kind.h"
#include "model/object.h"

/* A list may lag by 10 s (SERVICE.md, Lists); machines that began together
 * should not ask together. */
#define LOOK_MS   11000
#define SPREAD_MS 3000
#define LOOKS_MAX 3 /* of which all but the last have failed */
#define TWINS     4 /* that are reported */

struct twin {
	struct object *object;
	struct ack_timer timer;
	struct named list;
	struct intent *intent; /* until it is known */
	unsigned looks;
	char ids[TWINS][sizeof(((struct object *)0)->id)]; /* "": none */
};

static void put_line(
	const struct object *o, const char *id, char *out, size_t n)
{
	snprintf(out, n,
		ack_text("another %s named %s was made at the same time: %s; "
			 "one of the two is probably not wanted"),
		kind_noun(o->kind), object_name(o), id);
}

static void begin(void *arg)
{
	(void)arg;
}

/* What one list has shown is there, also if that list then fails. */
static void one(void *arg, const struct ack_json *n, const struct identity *i)
{
	struct twin *t = arg;
	struct object *o = t->object;
	char line[256];

	(void)n;
	if (!strcmp(i->id, o->id) || !o->kind->id_valid(i->id) ||
		!intent_covers(t->intent, i->created))
		return;
	for (unsigned k = 0; k < TWINS; k++) {
		if (!strcmp(t->ids[k], i->id))
			return;
		if (*t->ids[k])
			continue;
		snprintf(t->ids[k], sizeof(t->ids[k]), "%s", i->id);
		put_line(o, i->id, line, sizeof(line));
		story_tell(o, 0, "warning", "name", line);
		object_touch(o);
		return;
	}
}

static void set(struct twin *t)
{
	uint32_t random = 0;

	if (getrandom(&random, sizeof(random), GRND_NONBLOCK) < 0)
		random = 0;
	ack_timer_set(t->object->fleet->events, &t->timer,
		LOOK_MS + random % SPREAD_MS);
}

/* Nobody waits for it, so a failure is no more than another try. */
static void looked(void *arg, const struct ack_error *e)
{
	struct twin *t = arg;

	if (e->err && t->looks < LOOKS_MAX) {
		set(t);
	} else if (*t->ids[0]) {
		intent_free(t->intent);
		t->intent = NULL;
	} else {
		twin_free(t->object);
	}
}

static void look(void *arg)
{
	struct twin *t = arg;
	ACK_UNSET struct ack_error e;

	t->looks++;
	t->list = (struct named){.object = t->object,
		.name = t->intent->name,
		.paced = true,
		.begin = begin,
		.one = one,
		.end = looked,
		.arg = t};
	if (named_ask(&t->list, &e))
		looked(t, &e);
}

void twin_expect(struct object *o)
{
	struct twin *t = o->intent ? calloc(1, sizeof(*t)) : NULL;

	/* without memory nothing is looked for */
	if (!t)
		return;
	twin_free(o);
	o->twin = t;
	t->object = o;
	t->timer = (struct ack_timer){.fire = look, .arg = t};
	t->intent = o->intent;
	o->intent = NULL;
	set(t);
}

void twin_free(struct object *o)
{
	struct twin *t = o->twin;

	if (!t)
		return;
	o->twin = NULL;
	ack_timer_cancel(o->fleet->events, &t->timer);
	named_drop(&t->list);
	intent_free(t->intent);
	free(t);
}

static void forget(struct object *o, void *arg)
{
	const struct object *gone = arg;

	for (unsigned k = 0; o->twin && k < TWINS; k++) {
		if (strcmp(o->twin->ids[k], gone->id))
			continue;
		for (; k + 1 < TWINS; k++)
			strcpy(o->twin->ids[k], o->twin->ids[k + 1]);
		*o->twin->ids[k] = '\0';
		object_touch(o);
		return;
	}
}

void twin_gone(struct object *gone)
{
	if (*gone->id)
		objects_walk(
			fleet_below(gone->fleet, gone->parent), forget, gone);
}

void twin_text(const struct object *o, struct ack_buf *out)
{
	char line[256];

	for (unsigned k = 0; o->twin && k < TWINS && *o->twin->ids[k]; k++) {
		put_line(o, o->twin->ids[k], line, sizeof(line));
		ack_buf_printf(out, "warning: name: %s\n", line);
	}
}
