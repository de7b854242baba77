/* SPDX-License-Identifier: MIT */
/*
 * In which order what is written reaches the disk. A power cut
 * (tests/durable) finds most of what could be missing, but not that of a
 * directory: XFS and ext4 put its entries there with what was synced.
 */
#include "fleet_fixture.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "draft.h"
#include "json.h"

static char calls[4096]; /* one for each: a letter, a blank */

/* Also from the thread, but never from both at once. */
static void note(const char *word)
{
	size_t len = strlen(calls);

	snprintf(calls + len, sizeof(calls) - len, "%s ", word);
}

int __real_fsync(int fd);
int __wrap_fsync(int fd);
int __wrap_fsync(int fd)
{
	struct stat st;

	note(fstat(fd, &st) || S_ISREG(st.st_mode) ? "file" : "directory");
	return __real_fsync(fd);
}

int __real_fdatasync(int fd);
int __wrap_fdatasync(int fd);
int __wrap_fdatasync(int fd)
{
	note("data");
	return __real_fdatasync(fd);
}

int __real_renameat(int from, const char *old, int to, const char *name);
int __wrap_renameat(int from, const char *old, int to, const char *name);
int __wrap_renameat(int from, const char *old, int to, const char *name)
{
	note(strcmp(old, "journal") ? "rename" : "rotate");
	return __real_renameat(from, old, to, name);
}

int __real_unlinkat(int dir, const char *name, int flags);
int __wrap_unlinkat(int dir, const char *name, int flags);
int __wrap_unlinkat(int dir, const char *name, int flags)
{
	if (!strcmp(name, "journal.old"))
		note("drop");
	return __real_unlinkat(dir, name, flags);
}

static void synced(struct waiter *w, int err)
{
	(void)w;
	assert_int_equal(err, 0);
	note("told");
}

/* An edit, and whoever called fsync(2) for it. */
static void edit(struct fixture *x, struct object *o, const char *nodes)
{
	struct waiter w = {.done = synced};
	struct ack_error e;

	assert_int_equal(
		object_write(o, ACK_P_num_of_nodes, nodes, strlen(nodes), &e),
		0);
	assert_int_equal(saved_sync(o, &w), NODE_LATER);
	fixture_settle(x);
}

static void calls_were(const char *wanted)
{
	assert_string_equal(calls, wanted);
	*calls = '\0';
}

static void test_order(void **state)
{
	struct fixture *x = *state;
	struct object *o = fixture_draft(x, "a");

	/* the directory of a journal that is new, once */
	*calls = '\0';
	edit(x, o, "1");
	calls_were("data directory told ");
	edit(x, o, "2");
	calls_were("data told ");
	/* a record before its name, all names before the journal goes */
	fixture_draft(x, "b");
	checkpoint_begin(&x->fleet);
	fixture_settle(x);
	calls_were("rotate file rename file rename directory drop ");
	edit(x, o, "3");
	calls_were("data directory told ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			test_order, fixture_setup, fixture_teardown),
	};

	ack_json_setup();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
