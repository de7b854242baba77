/* SPDX-License-Identifier: MIT */
/*
 * The record of a directory, whose name the first line gives. One that is
 * taken can be shown, and is written as the record of the same directory.
 */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "error.h"
#include "files.h"
#include "ground.h"
#include "node.h"
#include "record.h"
#include "saved.h"
#include "wire.h"

#define TEXT_MAX (8u << 20)

static struct ground ground;

void fuzz_begin(void)
{
	ground_make(&ground);
}

/* A record, read into a directory of that name alone. */
static int again(const char *name, const struct ack_buf *text,
	struct ack_buf *out, struct ack_error *e)
{
	struct object *o = fleet_restore(&ground.fleet, NULL, name);
	int ret;

	MUST(o);
	ret = ground_read(
		o, (struct ack_span){ack_buf_text(text), text->len}, e);
	if (!ret)
		MUST(!record_write(o, out));
	fleet_discard(&ground.fleet, o);
	return ret;
}

static void write_twice(const char *name, struct ack_span input)
{
	struct ack_buf first = ACK_BUF_INIT(TEXT_MAX);
	struct ack_buf second = ACK_BUF_INIT(TEXT_MAX);
	struct ack_buf third = ACK_BUF_INIT(TEXT_MAX);
	struct ack_error e;

	ack_buf_put(&first, input.text, input.len);
	if (!again(name, &first, &second, &e)) {
		if (again(name, &second, &third, &e))
			fuzz_broken(__FILE__, __LINE__, e.message);
		MUST(!strcmp(ack_buf_text(&second), ack_buf_text(&third)));
	}
	ack_buf_release(&first);
	ack_buf_release(&second);
	ack_buf_release(&third);
}

/* Every file of a directory. */
static void show(const struct node *n, const char *name, void *arg)
{
	struct ack_buf text = ACK_BUF_INIT(TEXT_MAX);
	struct stat st;

	(void)arg;
	MUST(*name && !strchr(name, '/'));
	node_stat(n, &st);
	if (node_is_dir(n)) {
		node_list(n, show, NULL);
	} else {
		node_text(n, &text);
		MUST(!ack_buf_status(&text));
	}
	ack_buf_release(&text);
}

static void show_object(struct object *o, void *arg)
{
	struct node n;

	(void)arg;
	node_of_object(o, &n);
	node_list(&n, show, NULL);
	objects_walk(&o->pools, show_object, NULL);
}

void fuzz_one(struct ack_span input)
{
	const bool whole = fuzz_due(input);
	char *name = fuzz_copy(ack_span_cut(&input, "\n"));
	struct ack_error e;
	struct object *o;
	int ret;

	/* no file has another */
	if (*name && strlen(name) < 240 && !strchr(name, '/') &&
		strcmp(name, ".") != 0 && strcmp(name, "..") != 0) {
		ground_begin(&ground, true);
		if (whole)
			write_twice(name, input);
		o = fleet_restore(&ground.fleet, NULL, name);
		MUST(o);
		ret = ground_read(o, input, &e);
		if (ret) {
			fuzz_failure(ret, &e);
			fleet_discard(&ground.fleet, o);
		}
		saved_resume(&ground.fleet);
		wire_load((struct ack_span){NULL, 0});
		ground_run(&ground);
		ground_look(&ground, whole);
		objects_walk(&ground.fleet.clusters, show_object, NULL);
		ground_end(&ground);
	}
	free(name);
}
