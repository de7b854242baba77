/* SPDX-License-Identifier: MIT */
/*
 * Keeps numbered records as a mount does, and says so on standard output
 * once each is told to be safe; or reads them back.
 *
 *	writer DIR write ROUNDS	prints `safe NAME NUMBER`, or `loose …` for
 *				what the end of the process leaves alone
 *	writer DIR read		prints `there NAME NUMBER`, or `damaged …`
 *
 * `counter` is one record that is replaced over and over, `single-N` each a
 * record of its own, and `draft` is put without fsync, and made safe in
 * every second round only.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "buf.h"
#include "error.h"
#include "state.h"
#include "store.h"

#define LINES 200 /* some blocks of a disk */

static void fail(const struct ack_error *e)
{
	fprintf(stderr, "writer: %s\n", e->message);
	exit(1);
}

static void record_text(struct ack_buf *out, const char *name, int number)
{
	for (int i = 0; i < LINES; i++)
		ack_buf_printf(out, "%s %d line %d\n", name, number, i);
}

static void say(const char *what, const char *name, int number)
{
	char line[64];
	int n = snprintf(line, sizeof(line), "%s %s %d\n", what, name, number);

	if (write(STDOUT_FILENO, line, (size_t)n) != n)
		exit(1);
}

static void put(struct store *s, const char *name, int number, bool durable)
{
	struct ack_buf text = ACK_BUF_INIT(65536);
	struct ack_error e;

	record_text(&text, name, number);
	if (store_put(s, name, ack_buf_text(&text), text.len, durable, &e))
		fail(&e);
	ack_buf_release(&text);
	say(durable ? "safe" : "loose", name, number);
}

static void write_records(struct store *s, int rounds)
{
	struct ack_error e;
	char name[32];

	for (int i = 1; i <= rounds; i++) {
		put(s, "draft", i, false);
		if (i % 2) {
			if (store_sync(s, "draft", &e))
				fail(&e);
			say("safe", "draft", i);
		}
		put(s, "counter", i, true);
		snprintf(name, sizeof(name), "single-%d", i);
		put(s, name, i, true);
	}
}

static int take(void *arg, const char *name, const char *text, size_t len,
	struct ack_error *e)
{
	struct ack_buf whole = ACK_BUF_INIT(65536);
	const char *digits = strchr(text, ' ');
	int number = digits ? (int)strtol(digits, NULL, 10) : 0;
	int ret = 0;

	(void)arg;
	record_text(&whole, name, number);
	if (whole.len == len && !memcmp(text, ack_buf_text(&whole), len))
		say("there", name, number);
	else
		ret = ack_error_set(e, 1, NULL, "%s is torn", name);
	ack_buf_release(&whole);
	return ret;
}

static void tell(void *arg, const char *sentence)
{
	(void)arg;
	printf("damaged %s\n", sentence);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	struct ack_error e;
	struct store store;
	struct state state;

	if (argc < 3)
		return 2;
	if (state_open(&state, argv[1], "", &e) ||
		store_open(&store, &state, &e))
		fail(&e);
	if (!strcmp(argv[2], "write"))
		write_records(&store, (int)strtol(argv[3], NULL, 10));
	else if (store_load(&store, take, tell, NULL, &e))
		fail(&e);
	store_close(&store);
	state_release(&state);
	return 0;
}
