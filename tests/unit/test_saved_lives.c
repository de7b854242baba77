/* SPDX-License-Identifier: MIT */
/*
 * Lives at random: directories are made, filled in, renamed, removed, sent,
 * answered and edited, with checkpoints at any moment; the mount ends, or is
 * killed, and the next one finds what was there. ACKFS_LONG=1 lives longer.
 */
#include "fleet_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "actions/commit.h"
#include "actions/draft.h"
#include "actions/import.h"
#include "actions/naming.h"
#include "base/json.h"
#include "cloud/live.h"
#include "cloud/story.h"
#include "model/intent.h"
#include "model/kind.h"
static unsigned seed;

static unsigned pick(unsigned n)
{
	seed = seed * 1103515245 + 12345;
	return (seed >> 8) % n;
}

struct choice {
	unsigned left;
	struct object *found;
};

static void choose(struct object *o, void *arg)
{
	struct choice *c = arg;

	if (!c->left--)
		c->found = o;
}

static struct object *any(struct objects *list)
{
	struct choice c = {list->count ? pick((unsigned)list->count) : 0, NULL};

	objects_walk(list, choose, &c);
	return c.found;
}

static void make_id(char *out, size_t size, const char *prefix)
{
	snprintf(out, size, "%s%08x%08x%08x%08x", prefix, pick(1u << 24),
		pick(1u << 24), pick(1u << 24), pick(1u << 24));
}

static void write_one(struct object *o)
{
	static const char *const texts[] = {"3", "true", "a=b\nc=d", "vpc-1",
		"ecs.g7.xlarge", "x", "120", "k=v:NoSchedule", ""};
	unsigned row = pick(o->kind->table->count);
	const char *text = texts[pick(LENGTH(texts))];
	struct ack_error e;

	switch (pick(5)) {
	case 0:
		object_param_remove(o, row, &e);
		break;
	case 1:
		if (!object_row_editable(o, row, &e))
			object_put(o, row, NULL, &e);
		break;
	default:
		object_write(o, row, text, strlen(text), &e);
	}
}

static void import(struct object *o)
{
	static const char text[] =
		"{\"num_of_nodes\":4,\"tags\":[{\"key\":"
		"\"a\",\"value\":\"b\"}],\"vpcid\":\"vpc-2\"}";
	struct ack_error e;

	import_body(o, text, sizeof(text) - 1, &e);
}

/* Sent, and then answered in one way or another, or not. */
static void send(struct fixture *x, struct object *o)
{
	struct ids ids = {NULL, "R-1", "T-1"};
	struct ack_error e;
	char id[64];

	if (o->state != COURSE_DRAFT ||
		(o->parent && !object_exists(o->parent)))
		return;
	o->intent = intent_new(object_name(o), pick(2));
	assert_int_equal(saved_put(o, &e), 0);
	make_id(id, sizeof(id), o->parent ? "np" : "c");
	ids.id = id;
	switch (pick(3)) {
	case 0:
		fixture_exists(x, o, &ids);
		break;
	case 1:
		ack_error_set(&e, 5, NULL, "refused");
		commit_draft(o, &e);
		break;
	default:
		object_become(o, COURSE_UNKNOWN);
	}
}

static void list(struct fixture *x, struct object *o)
{
	char text[256];
	size_t where;
	struct ack_json *n;

	if (!object_exists(o) || o->parent)
		return;
	snprintf(text, sizeof(text),
		"{\"cluster_id\":\"%s\",\"name\":\"%s\",\"state\":\"%s\","
		"\"size\":%u,\"tags\":[{\"key\":\"t%u\",\"value\":\"x\"}]}",
		o->id, o->name, pick(2) ? "running" : "updating", pick(9),
		pick(9));
	n = ack_json_parse(text, strlen(text), &where);
	assert_non_null(n);
	o->since = 0;
	live_take(o, n, ack_now_ms());
	ack_json_free(n);
	(void)x;
}

static void step(struct fixture *x)
{
	struct object *o = any(&x->fleet.clusters), *p;
	struct ack_error e;
	char name[16];

	snprintf(name, sizeof(name), "d%u", pick(40));
	if (!o) {
		naming_create(&x->fleet, NULL, name, &e);
		return;
	}
	p = any(&o->pools);
	if (p && pick(2))
		o = p;
	switch (pick(16)) {
	case 0:
		naming_create(&x->fleet, NULL, name, &e);
		break;
	case 1:
		if (object_exists(o) && !o->parent)
			naming_create(&x->fleet, o, name, &e);
		break;
	case 2:
		naming_rename(o, name, &e);
		break;
	case 3:
		naming_remove(o, &e);
		break;
	case 4:
		import(o);
		break;
	case 5:
		send(x, o);
		break;
	case 6:
		list(x, o);
		break;
	case 7:
		saved_sync(o, NULL);
		saved_checkpoint(&x->saved);
		break;
	case 8:
		fixture_turn(x);
		break;
	case 9:
		if (object_exists(o) && !pick(4))
			live_gone(o);
		break;
	default:
		write_one(o);
	}
}

/* What is unknown is looked for, which says so in `error`, and no more. */
static void compare(struct fixture *x, unsigned life)
{
	char *before = fixture_kept(x), *after;

	if (life % 2)
		fixture_kill(x);
	else
		fixture_again(x);
	after = fixture_kept(x);
	for (size_t i = 0, line = 0; before[i] || after[i]; i++) {
		if (before[i] != after[i])
			fail_msg("life %u: %.200s\n, but then %.200s", life,
				before + line, after + line);
		line = before[i] == '\n' ? i + 1 : line;
	}
	assert_null(x->fleet.error);
	free(before);
	free(after);
}

static void test_lives(void **state)
{
	const char *longer = getenv("ACKFS_LONG");
	unsigned lives = longer ? 3000 : 60;

	for (unsigned life = 1; life <= lives; life++) {
		struct fixture *x = *state;

		seed = life;
		for (unsigned n = pick(60); n; n--)
			step(x);
		compare(x, life);
		if (life % 10)
			continue;
		fixture_teardown(state);
		fixture_setup(state);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			test_lives, fixture_setup, fixture_teardown),
	};

	ack_json_setup();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
