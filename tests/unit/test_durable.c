/* SPDX-License-Identifier: MIT */
/*
 * In which order what is written reaches the disk, and who waits for it. A
 * power cut (tests/durable) finds most of what could be missing, but not that
 * of a directory: XFS and ext4 put its entries there with what was synced.
 */
#include "fleet_fixture.h"

#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "actions/draft.h"
#include "base/json.h"

static char calls[4096]; /* one for each: who, what, of which file */
static pthread_t loop;
static char last[512];
/* a checkpoint of the worker does not stop what the loop writes */
static pthread_mutex_t noting = PTHREAD_MUTEX_INITIALIZER;

static void note(const char *what, int fd)
{
	char link[64], path[256] = "", word[320];
	const char *name;
	size_t len;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	if (fd >= 0 && readlink(link, path, sizeof(path) - 1) < 0)
		return;
	name = strrchr(path, '/');
	name = !name                               ? ""
	       : !strncmp(name, "/ackfs-unit", 11) ? " directory"
	       : !strcmp(name, "/ackfs.db")        ? " database"
	       : !strcmp(name, "/ackfs.db-wal")    ? " log"
						   : NULL;
	if (!name)
		return;
	snprintf(word, sizeof(word), "%s%s%s, ",
		pthread_equal(loop, pthread_self()) ? "" : "worker ", what,
		name);
	pthread_mutex_lock(&noting);
	len = strlen(calls);
	/* several writes are one */
	if (strcmp(word, last) != 0 || strncmp(what, "write", 5) != 0)
		snprintf(calls + len, sizeof(calls) - len, "%s", word);
	snprintf(last, sizeof(last), "%s", word);
	pthread_mutex_unlock(&noting);
}

/* In place of the C library's, for SQLite, too. */
int fsync(int fd)
{
	note("sync", fd);
	return (int)syscall(SYS_fsync, fd);
}

int fdatasync(int fd)
{
	note("sync", fd);
	return (int)syscall(SYS_fdatasync, fd);
}

ssize_t pwrite64(int fd, const void *buf, size_t len, off64_t at);
ssize_t pwrite64(int fd, const void *buf, size_t len, off64_t at)
{
	note("write", fd);
	return syscall(SYS_pwrite64, fd, buf, len, at);
}

int ftruncate64(int fd, off64_t len);
int ftruncate64(int fd, off64_t len)
{
	note("cut", fd);
	return (int)syscall(SYS_ftruncate, fd, len);
}

static void synced(struct waiter *w, int err)
{
	(void)w;
	assert_int_equal(err, 0);
	note("told", -1);
}

static void put(struct object *o, const char *nodes)
{
	struct ack_error e;

	assert_int_equal(
		object_write(o, ACK_P_num_of_nodes, nodes, strlen(nodes), &e),
		0);
}

/* An edit, and whoever called fsync(2) for it. */
static void edit(struct fixture *x, struct object *o, const char *nodes)
{
	struct waiter w = {.done = synced};

	put(o, nodes);
	assert_int_equal(saved_sync(o, &w), NODE_LATER);
	fixture_settle(x);
}

static void calls_were(const char *wanted)
{
	assert_string_equal(calls, wanted);
	*calls = *last = '\0';
}

static void test_order(void **state)
{
	struct fixture *x = *state;
	struct object *o = fixture_draft(x, "a");

	/* the first one also makes sure of its name */
	saved_checkpoint(&x->saved);
	fixture_settle(x);
	*calls = *last = '\0';
	edit(x, o, "1");
	calls_were("write log, worker sync log, told, ");
	edit(x, o, "2");
	calls_were("write log, worker sync log, told, ");
	/* the log before the database, that before the log is empty */
	saved_checkpoint(&x->saved);
	fixture_settle(x);
	calls_were("worker sync log, worker write database, worker cut "
		   "database, worker sync database, cut log, ");
	edit(x, o, "3");
	calls_were("write log, worker sync log, told, ");
}

/* What is written meanwhile stays in the log, behind the rest. */
static void test_meanwhile(void **state)
{
	struct fixture *x = *state;
	struct object *o = fixture_draft(x, "a");
	/* readable as soon as the worker reports the end of its work */
	struct pollfd worker = {.fd = x->events.epoll, .events = POLLIN};

	saved_checkpoint(&x->saved);
	put(o, "1");
	*calls = *last = '\0';
	fixture_settle(x);
	assert_null(strstr(calls, "cut"));
	*calls = *last = '\0';
	put(o, "2");
	calls_were("write log, ");
	assert_true(fixture_size(x, "ackfs.db-wal") >= 32 + 3 * (24 + 1024));
	/* nor does it begin anew where it is when all is copied just then */
	saved_checkpoint(&x->saved);
	assert_int_equal(poll(&worker, 1, -1), 1);
	*calls = *last = '\0';
	put(o, "3");
	fixture_settle(x);
	calls_were("write log, ");
	saved_checkpoint(&x->saved);
	fixture_settle(x);
	assert_int_equal(fixture_size(x, "ackfs.db-wal"), 0);
	fixture_check_kept(x);
}

/* What is new is there after a power cut before anything is said of it. */
static void test_open_and_close(void **state)
{
	struct fixture *x = *state;
	char *end;

	put(fixture_draft(x, "a"), "1");
	fixture_end(x);
	*calls = *last = '\0';
	assert_int_equal(fixture_begin(x, fixture_open), 0);
	end = strstr(calls, "sync log, sync directory, ");
	assert_non_null(end);
	put(fleet_by_name(&x->fleet, "a"), "2");
	*calls = *last = '\0';
	fixture_end(x);
	calls_were("sync log, sync directory, write database, cut database, "
		   "sync database, ");
	assert_int_equal(fixture_begin(x, fixture_open), 0);
}

/* A log that grows under checkpoints that never catch up with it. */
static void test_bounded(void **state)
{
	struct fixture *x = *state;
	struct object *o = fixture_draft(x, "a");
	char nodes[16];
	long size, most = 0;

	for (int i = 0; i < 120000; i++) {
		snprintf(nodes, sizeof(nodes), "%d", i % 90);
		put(o, nodes);
		if (i % 64)
			continue;
		fixture_turn(x);
		size = fixture_size(x, "ackfs.db-wal");
		most = size > most ? size : most;
	}
	assert_true(most < 80 << 20);
	fixture_settle(x);
	fixture_check_kept(x);
}

#define CASE(test) \
	cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_order),
		CASE(test_meanwhile),
		CASE(test_open_and_close),
		CASE(test_bounded),
	};

	loop = pthread_self();
	ack_json_setup();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
