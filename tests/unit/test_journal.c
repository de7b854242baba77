/* SPDX-License-Identifier: MIT */
#include "fleet_fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "draft.h"

/* The file of the state directory; its length, -1: not there. */
static long size_of(const struct fixture *x, const char *file)
{
	int fd = openat(x->state.lock, file, O_RDONLY);
	long size = fd < 0 ? -1 : lseek(fd, 0, SEEK_END);

	if (fd >= 0)
		close(fd);
	return size;
}

static void append(const struct fixture *x, const char *file, const char *text)
{
	int fd = openat(
		x->state.lock, file, O_WRONLY | O_APPEND | O_CREAT, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

static struct object *named(struct fixture *x, const char *name)
{
	return fleet_by_name(&x->fleet, name);
}

static void set(struct object *o, unsigned row, const char *text)
{
	struct ack_error e;

	assert_int_equal(object_write(o, row, text, strlen(text), &e), 0);
}

static void check_nodes(struct fixture *x, const char *name, const char *nodes)
{
	struct object *o = named(x, name);

	assert_non_null(o);
	if (nodes)
		assert_string_equal(
			fixture_value(o, ACK_P_num_of_nodes), nodes);
	else
		assert_null(fixture_value(o, ACK_P_num_of_nodes));
}

static void checkpoint(struct fixture *x)
{
	checkpoint_begin(&x->fleet);
	fixture_settle(x);
}

/* What has happened to a directory is there again: from the journal, from the
 * records, and from records and a journal. */
static void test_again(void **state)
{
	for (unsigned when = 0; when < 8; when++) {
		struct fixture *x = *state;
		struct object *o = fixture_draft(x, "a");
		struct ack_error e;

		fixture_draft(x, "b");
		set(o, ACK_P_num_of_nodes, "3");
		if (when & 1)
			checkpoint(x);
		set(o, ACK_P_num_of_nodes, "4");
		set(o, ACK_P_tags, "k=\"v\\\nl=m");
		assert_int_equal(object_param_remove(o, ACK_P_taints, &e), 0);
		if (when & 2)
			checkpoint(x);
		assert_int_equal(fleet_remove(&x->fleet, named(x, "b"), &e), 0);
		assert_int_equal(fleet_rename(&x->fleet, o, "c", &e), 0);
		fixture_draft(x, "a");
		set(o, ACK_P_num_of_nodes, "5");
		if (when & 4)
			checkpoint(x);
		set(o, ACK_P_snat_entry, "true");
		fixture_again(x);
		assert_int_equal(x->fleet.clusters.count, 2);
		check_nodes(x, "c", "5");
		check_nodes(x, "a", NULL);
		o = named(x, "c");
		assert_string_equal(
			fixture_value(o, ACK_P_tags), "k=\"v\\\nl=m");
		assert_string_equal(fixture_value(o, ACK_P_snat_entry), "true");
		assert_true(object_hidden(o, NODE_PARAMS + ACK_P_taints));
		assert_false(object_hidden(o, NODE_PARAMS + ACK_P_tags));
		fixture_teardown(state);
		fixture_setup(state);
	}
}

/* Afterwards the records have all of it, and the journal nothing. */
static void test_checkpoint(void **state)
{
	struct fixture *x = *state;

	set(fixture_draft(x, "a"), ACK_P_num_of_nodes, "3");
	fixture_draft(x, "b");
	assert_false(fixture_has(x, "a.json"));
	checkpoint(x);
	assert_true(fixture_has(x, "a.json"));
	assert_true(fixture_has(x, "b.json"));
	assert_int_equal(fixture_files(x), 2);
	assert_int_equal(size_of(x, "journal"), 0);
	assert_int_equal(size_of(x, "journal.old"), -1);
	fixture_again(x);
	check_nodes(x, "a", "3");
	check_nodes(x, "b", NULL);
}

/* What is done while it goes on is not lost, nor is what goes meanwhile. */
static void test_meanwhile(void **state)
{
	struct fixture *x = *state;
	struct ack_error e;

	set(fixture_draft(x, "a"), ACK_P_num_of_nodes, "3");
	fixture_draft(x, "b");
	fixture_draft(x, "c");
	checkpoint_begin(&x->fleet);
	set(named(x, "a"), ACK_P_num_of_nodes, "4");
	assert_int_equal(fleet_remove(&x->fleet, named(x, "b"), &e), 0);
	assert_int_equal(fleet_rename(&x->fleet, named(x, "c"), "d", &e), 0);
	fixture_settle(x);
	assert_false(fixture_has(x, "b.json"));
	assert_false(fixture_has(x, "c.json"));
	fixture_again(x);
	assert_int_equal(x->fleet.clusters.count, 2);
	check_nodes(x, "a", "4");
	check_nodes(x, "d", NULL);
}

/* The end of the process in the middle of one: both parts are read, and the
 * next one finishes it. */
static void test_cut_short(void **state)
{
	struct fixture *x = *state;

	set(fixture_draft(x, "a"), ACK_P_num_of_nodes, "3");
	checkpoint_begin(&x->fleet);
	set(named(x, "a"), ACK_P_num_of_nodes, "4");
	set(fixture_draft(x, "b"), ACK_P_num_of_nodes, "5");
	fixture_again(x);
	assert_true(size_of(x, "journal.old") > 0);
	check_nodes(x, "a", "4");
	check_nodes(x, "b", "5");
	checkpoint(x);
	assert_int_equal(size_of(x, "journal.old"), -1);
	fixture_again(x);
	check_nodes(x, "a", "4");
	check_nodes(x, "b", "5");
}

struct told {
	struct waiter w;
	int calls, err;
};

static void told_done(struct waiter *w, int err)
{
	struct told *t = (struct told *)w;

	t->calls++;
	t->err = err;
}

static void test_sync(void **state)
{
	struct fixture *x = *state;
	struct object *o = fixture_draft(x, "a");
	struct told t[3] = {0};

	for (int i = 0; i < 3; i++) {
		t[i].w.done = told_done;
		assert_int_equal(saved_sync(o, &t[i].w), NODE_LATER);
		assert_int_equal(t[i].calls, 0);
	}
	/* one who leaves is not told */
	waiter_leave(&t[1].w);
	fixture_settle(x);
	assert_int_equal(t[0].calls, 1);
	assert_int_equal(t[1].calls, 0);
	assert_int_equal(t[2].calls, 1);
	assert_int_equal(t[0].err, 0);
	checkpoint(x);
	assert_int_equal(saved_sync(o, &t[0].w), 0);
	/* who waits when the fleet goes is told */
	set(o, ACK_P_num_of_nodes, "3");
	assert_int_equal(saved_sync(o, &t[0].w), NODE_LATER);
	fixture_again(x);
	assert_int_equal(t[0].calls, 2);
	assert_int_equal(t[0].err, -EINTR);
}

/* A disk that takes no more: the value stays as it was, half a line goes. */
static void test_no_room(void **state)
{
	struct fixture *x = *state;
	struct object *o = fixture_draft(x, "a");
	struct rlimit old, none;
	struct ack_error e;
	long size;

	set(o, ACK_P_num_of_nodes, "3");
	size = size_of(x, "journal");
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	none = old;
	none.rlim_cur = (rlim_t)size + 20;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
	assert_int_equal(
		object_write(o, ACK_P_num_of_nodes, "4", 1, &e), -ENOSPC);
	assert_non_null(strstr(e.message, "state directory"));
	assert_null(fleet_create(&x->fleet, NULL, "b", &e));
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	assert_int_equal(size_of(x, "journal"), size);
	check_nodes(x, "a", "3");
	set(o, ACK_P_tags, "k=v");
	fixture_again(x);
	assert_int_equal(x->fleet.clusters.count, 1);
	check_nodes(x, "a", "3");
	assert_string_equal(fixture_value(named(x, "a"), ACK_P_tags), "k=v");
}

/* What is damaged is set aside from there on, and what follows is kept. */
static void test_damaged(void **state)
{
	static const char *const bad[] = {"nonsense\n",
		"{\"line\":99}nonsense\n", "{\"line\":\"99\"}\n",
		"{\"line\":99,\"record\":{}}\n",
		"{\"line\":99,\"record\":{\"directory\":\"x\"}}\n",
		("{\"line\":99,\"directory\":\"a\",\"values\":"
		 "{\"num_of_nodes\":{\"text\":\"many\",\"time\":1}}}\n")};

	for (size_t i = 0; i < LENGTH(bad); i++) {
		struct fixture *x = *state;

		set(fixture_draft(x, "a"), ACK_P_num_of_nodes, "3");
		append(x, "journal", bad[i]);
		append(x, "journal", "{\"line\":100,\"gone\":\"a\"}\n");
		fixture_again(x);
		check_nodes(x, "a", "3");
		assert_non_null(strstr(x->fleet.error, "journal.0.damaged"));
		assert_true(
			size_of(x, "journal.0.damaged") > (long)strlen(bad[i]));
		set(named(x, "a"), ACK_P_num_of_nodes, "4");
		fixture_again(x);
		check_nodes(x, "a", "4");
		assert_null(x->fleet.error);
		fixture_teardown(state);
		fixture_setup(state);
	}
}

/* A line without its end was not acknowledged. */
static void test_torn(void **state)
{
	struct fixture *x = *state;

	set(fixture_draft(x, "a"), ACK_P_num_of_nodes, "3");
	append(x, "journal", "{\"line\":99,\"gone\":\"a\"}");
	fixture_again(x);
	check_nodes(x, "a", "3");
	assert_null(x->fleet.error);
	set(named(x, "a"), ACK_P_num_of_nodes, "4");
	fixture_again(x);
	check_nodes(x, "a", "4");
}

/* Not a file of ours: set aside, and the mount starts. */
static void test_planted(void **state)
{
	struct fixture *x = *state;

	fixture_draft(x, "a");
	checkpoint(x);
	assert_int_equal(unlinkat(x->state.lock, "journal", 0), 0);
	assert_int_equal(
		symlinkat("/tmp/ackfs-unit-none", x->state.lock, "journal"), 0);
	assert_int_equal(mkfifoat(x->state.lock, "journal.old", 0600), 0);
	fixture_again(x);
	assert_non_null(strstr(x->fleet.error, "journal"));
	assert_int_equal(access("/tmp/ackfs-unit-none", F_OK), -1);
	set(named(x, "a"), ACK_P_num_of_nodes, "4");
	checkpoint(x);
	fixture_again(x);
	check_nodes(x, "a", "4");
}

/* A secret is neither in it nor in the records. */
static void test_secret(void **state)
{
	struct fixture *x = *state;
	struct object *o = fixture_draft(x, "a");
	long size = size_of(x, "journal");

	set(o, ACK_P_login_password, "Test@1900x");
	assert_int_equal(size_of(x, "journal"), size);
}

#define CASE(test) \
	cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_again),
		CASE(test_checkpoint),
		CASE(test_meanwhile),
		CASE(test_cut_short),
		CASE(test_sync),
		CASE(test_no_room),
		CASE(test_damaged),
		CASE(test_torn),
		CASE(test_planted),
		CASE(test_secret),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
