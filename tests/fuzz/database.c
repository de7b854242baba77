/* SPDX-License-Identifier: MIT */
/*
 * A database that is not what a mount has written: the first piece is SQL that
 * changes one, the second has lines of an offset and a byte (in hexadecimal),
 * which spoil its file. It is refused with a reason, or what is read of it can
 * be shown and kept.
 */
#include "fuzz.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/error.h"
#include "disk.h"
#include "ground.h"
#include "kept.h"
#include "tree/node.h"
#include "wire.h"

#define TEXT_MAX   (8u << 20)
#define SIZE_MAX_  (1 << 20)
#define STEPS_MOST 200000

static struct ground ground;
static char empty[SIZE_MAX_], file[SIZE_MAX_];
static size_t size;

static size_t take_file(const struct disk *d, char *into)
{
	int fd = openat(d->state.lock, "ackfs.db", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? 0 : read(fd, into, SIZE_MAX_);

	if (fd >= 0)
		close(fd);
	return n > 0 ? (size_t)n : 0;
}

void fuzz_begin(void)
{
	struct disk *d = disk_empty();
	struct ack_error e;

	ground_make(&ground);
	ground_begin(&ground, true);
	MUST(!disk_open(d, &ground.fleet, &e));
	disk_close(d, &ground.fleet);
	ground_end(&ground);
	size = take_file(d, empty);
	MUST(size && size < SIZE_MAX_);
}

static int stop(void *arg)
{
	(void)arg;
	return 1;
}

/* What is about other files, or has no end, is no test. */
static int judge(void *arg, int what, const char *a, const char *b,
	const char *c, const char *d)
{
	(void)arg, (void)b, (void)c, (void)d;
	if (what == SQLITE_PRAGMA)
		return strcmp(a, "user_version") ? SQLITE_DENY : SQLITE_OK;
	return what == SQLITE_ATTACH || what == SQLITE_DETACH ? SQLITE_DENY
							      : SQLITE_OK;
}

static void change(struct ack_span piece)
{
	char *sql = fuzz_copy(piece);
	sqlite3 *c;

	MUST(!sqlite3_open(":memory:", &c));
	MUST(!sqlite3_deserialize(c, "main", (unsigned char *)file,
		(sqlite3_int64)size, SIZE_MAX_, 0));
	sqlite3_limit(c, SQLITE_LIMIT_LENGTH, 1 << 16);
	sqlite3_set_authorizer(c, judge, NULL);
	sqlite3_progress_handler(c, STEPS_MOST, stop, NULL);
	sqlite3_exec(c, sql, NULL, NULL, NULL);
	sqlite3_exec(c, "COMMIT", NULL, NULL, NULL);
	sqlite3_int64 n = 0;
	sqlite3_serialize(c, "main", &n, SQLITE_SERIALIZE_NOCOPY);
	size = n > 0 && n <= SIZE_MAX_ ? (size_t)n : size;
	sqlite3_close(c);
	free(sql);
}

static void spoil(struct ack_span piece)
{
	while (piece.len) {
		char *line = fuzz_copy(ack_span_cut(&piece, "\n")), *rest;
		unsigned long at = strtoul(line, &rest, 10);

		if (at < size && *rest)
			file[at] = (char)strtoul(rest, NULL, 16);
		free(line);
	}
}

/* Every file of a directory. */
static void show(const struct node *n, const char *name, void *arg)
{
	struct ack_buf text = ACK_BUF_INIT(TEXT_MAX);
	struct stat st;

	(void)arg;
	MUST(*name && !strchr(name, '/'));
	node_stat(n, 0, &st);
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
	size_t before = size;
	struct disk *d = disk_empty();
	struct ack_error e;
	int ret;

	memcpy(file, empty, size);
	/* as a closed one: a copy in memory has no log */
	file[18] = file[19] = 1;
	change(fuzz_piece(&input));
	spoil(fuzz_piece(&input));
	disk_put(d, file, size);
	size = before;
	ground_begin(&ground, true);
	ret = disk_open(d, &ground.fleet, &e);
	if (ret)
		fuzz_failure(ret, &e);
	disk_close(d, &ground.fleet);
	if (!ret) {
		wire_load((struct ack_span){NULL, 0});
		ground_run(&ground);
		ground_look(&ground, whole);
		objects_walk(&ground.fleet.clusters, show_object, NULL);
	}
	ground_end(&ground);
}
