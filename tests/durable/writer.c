/* SPDX-License-Identifier: MIT */
/*
 * Keeps numbered drafts as a mount does, and says so on standard output once
 * each is told to be safe; or reads them back.
 *
 *	writer DIR write ROUNDS	prints `safe NAME NUMBER`, or `loose …` for
 *				what the end of the process leaves alone
 *	writer DIR read		prints `there NAME NUMBER`, or `damaged …`
 *
 * `counter` is one draft that is changed over and over, `single-N` each a
 * draft of its own, `moved-N` has another name before, and `draft` is edited,
 * and made safe in every second round only. A checkpoint goes on meanwhile.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "actions/draft.h"
#include "actions/naming.h"
#include "base/error.h"
#include "base/event.h"
#include "model/fleet.h"
#include "model/object.h"
#include "mount/parts.h"
#include "params/params.h"
#include "state/saved.h"
#include "state/state.h"

#define SIZE 8192
#define TAGS 20 /* of which two blocks of a disk are full */

static struct ack_events events;
static struct fleet fleet = {.audit = -1, .roles = {.asked = true}};
static struct saved saved;

static void fail(const struct ack_error *e)
{
	fprintf(stderr, "writer: %s\n", e->message);
	exit(1);
}

static void value_text(char out[SIZE], int number)
{
	size_t len = 0;

	for (int i = 0; i < TAGS; i++)
		len += (size_t)snprintf(out + len, SIZE - len,
			"%stag-%02d-%050d=round%d-%0118d", i ? "\n" : "", i, 0,
			number, 0);
}

static void say(const char *what, const char *name, int number)
{
	char line[64];
	int n = snprintf(line, sizeof(line), "%s %s %d\n", what, name, number);

	if (write(STDOUT_FILENO, line, (size_t)n) != n)
		exit(1);
}

static void turn(void)
{
	if (ack_events_turn(&events))
		exit(1);
}

static void synced(struct waiter *w, int err)
{
	*(int *)(w + 1) = err;
}

static void make_safe(struct object *o, const char *name, int number)
{
	struct {
		struct waiter w;
		int err;
	} wait = {{.done = synced}, 1};

	if (saved_sync(o, &wait.w))
		while (wait.err == 1)
			turn();
	else
		wait.err = 0;
	if (wait.err)
		exit(1);
	say("safe", name, number);
}

static struct object *edit(const char *name, int number)
{
	struct object *o = fleet_by_name(&fleet, name);
	struct ack_error e;
	char text[SIZE];

	value_text(text, number);
	if (!o)
		o = naming_create(&fleet, NULL, name, &e);
	if (!o || object_put(o, ACK_P_tags, text, &e))
		fail(&e);
	return o;
}

static void write_drafts(int rounds)
{
	char name[32], other[32];
	struct ack_error e;
	struct object *o;

	for (int i = 1; i <= rounds; i++) {
		o = edit("draft", i);
		say("loose", "draft", i);
		if (i % 2)
			make_safe(o, "draft", i);
		saved_checkpoint(&saved);
		make_safe(edit("counter", i), "counter", i);
		snprintf(name, sizeof(name), "single-%d", i);
		make_safe(edit(name, i), name, i);
		snprintf(other, sizeof(other), "before-%d", i);
		snprintf(name, sizeof(name), "moved-%d", i);
		o = edit(other, i);
		if (naming_rename(o, name, &e))
			fail(&e);
		make_safe(o, name, i);
		while (saved.checkpoint.busy || saved.sync.busy)
			turn();
	}
}

static void tell_draft(struct object *o, void *arg)
{
	const char *is = ack_values_get(&o->values, ACK_P_tags, NULL);
	const char *digits = is ? strstr(is, "round") : NULL;
	int number = digits ? (int)strtol(digits + 5, NULL, 10) : 0;
	char whole[SIZE];

	(void)arg;
	value_text(whole, number);
	if (is && !strcmp(is, whole))
		say("there", o->name, number);
	else if (is)
		printf("damaged %s\n", o->name);
}

static void no_forget(void *arg, uint64_t ino)
{
	(void)arg;
	(void)ino;
}

int main(int argc, char **argv)
{
	struct ack_error e;
	struct state state;

	if (argc < 3)
		return 2;
	fleet.events = &events;
	parts_give(&fleet);
	fleet.forget = no_forget;
	if (ack_events_init(&events, &e) ||
		state_open(&state, argv[1], "", &e) ||
		saved_open(&saved, &fleet, &state, &e))
		fail(&e);
	if (fleet.error)
		printf("damaged %s", fleet.error);
	if (!strcmp(argv[2], "write"))
		write_drafts((int)strtol(argv[3], NULL, 10));
	else
		objects_walk(&fleet.clusters, tell_draft, NULL);
	fflush(stdout);
	fleet_release(&fleet);
	saved_close(&saved);
	state_release(&state);
	ack_events_release(&events);
	return 0;
}
