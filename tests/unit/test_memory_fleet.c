/* SPDX-License-Identifier: MIT */
/* Directories and what is kept of them when memory is short: what the
 * caller was told is what is there, now and after the next mount. */
#include "failing.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "actions/draft.h"
#include "actions/naming.h"
#include "base/json.h"
#include "cloud/live.h"
#include "fleet_fixture.h"
#include "actions/resolve.h"
#include "fuse/handle.h"
static void *fixture; /* as cmocka's *state */

static struct fixture *begin(void)
{
	assert_int_equal(fixture_setup(&fixture), 0);
	return fixture;
}

static void end(void)
{
	failing_end();
	fixture_teardown(&fixture);
}

static int write_param(struct object *o, const char *name, const char *text)
{
	struct node n = fixture_node(o, name);
	struct handle *h = NULL;
	int ret;

	failing_begin();
	ret = handle_open(&n, O_WRONLY | O_TRUNC, NULL, &h);
	if (!ret) {
		ret = handle_write(h, text, strlen(text), 0, NULL);
		handle_release(h);
	}
	failing_end();
	return ret < 0 ? ret : 0;
}

static int make(void *arg)
{
	struct fixture *x = begin();
	struct ack_error e;
	struct object *o;
	int ret = 0;

	(void)arg;
	failing_begin();
	o = naming_create(&x->fleet, NULL, "a", &e);
	failing_end();
	if (!o) {
		assert_null(fleet_by_name(&x->fleet, "a"));
		ret = -e.err;
	}
	fixture_check_kept(x);
	end();
	return ret;
}

static int put(void *arg)
{
	struct fixture *x = begin();
	struct object *o = fixture_draft(x, "a");
	int ret = write_param(o, "num_of_nodes", "3\n");

	(void)arg;
	if (!ret)
		ret = write_param(o, "tags", "a=b\nc=d\n");
	if (!ret)
		ret = write_param(o, "request.json", "{\"num_of_nodes\":4}");
	fixture_check_kept(x);
	end();
	return ret;
}

static int put_again(void *arg)
{
	struct fixture *x = begin();
	struct object *o = fixture_draft(x, "a");
	struct ack_error e;
	const char *value;
	int ret;

	(void)arg;
	assert_int_equal(object_write(o, ACK_P_num_of_nodes, "3", 1, &e), 0);
	ret = write_param(o, "num_of_nodes", "4\n");
	value = fixture_value(o, ACK_P_num_of_nodes);
	assert_non_null(value);
	assert_string_equal(value, ret ? "3" : "4");
	fixture_check_kept(x);
	end();
	return ret;
}

static int move_and_remove(void *arg)
{
	struct fixture *x = begin();
	struct object *o = fixture_draft(x, "a");
	struct ack_error e;
	int ret;

	(void)arg;
	assert_int_equal(object_write(o, ACK_P_num_of_nodes, "3", 1, &e), 0);
	failing_begin();
	ret = object_param_remove(o, ACK_P_taints, &e);
	if (!ret)
		ret = naming_rename(o, "b", &e);
	failing_end();
	assert_string_equal(o->name, fleet_by_name(&x->fleet, "b") ? "b" : "a");
	fixture_settle(x);
	fixture_check_kept(x);
	o = fleet_by_name(&x->fleet, ret ? "a" : "b");
	assert_true(!ret == !fleet_by_name(&x->fleet, "a"));
	if (ret)
		assert_non_null(fleet_by_name(&x->fleet, "a"));
	failing_begin();
	if (!ret)
		ret = naming_remove(o, &e);
	failing_end();
	fixture_check_kept(x);
	end();
	return ret;
}

/* What is not copied stays in the log. */
static int checkpoint(void *arg)
{
	struct fixture *x = begin();
	struct ack_error e;
	struct object *o = fixture_draft(x, "a");

	(void)arg;
	assert_int_equal(object_write(o, ACK_P_num_of_nodes, "3", 1, &e), 0);
	fixture_draft(x, "b");
	failing_begin();
	saved_checkpoint(&x->saved);
	fixture_settle(x);
	failing_end();
	fixture_check_kept(x);
	assert_int_equal(x->fleet.clusters.count, 2);
	end();
	return 0;
}

static int open_failing(struct fixture *x)
{
	struct ack_error e;
	int ret;

	failing_begin();
	ret = saved_open(&x->saved, &x->fleet, &x->state, &e);
	if (!ret)
		resolve_resume(&x->fleet);
	failing_end();
	assert_true(!ret || ret == -e.err);
	return ret;
}

/* All of it is read, or the mount says why not. */
static int mount_again(void *arg)
{
	struct fixture *x = begin();
	struct ack_error e;
	struct object *o = fixture_draft(x, "a");
	char *before, *after;
	int ret;

	(void)arg;
	assert_int_equal(object_write(o, ACK_P_tags, "a=b\nc=d", 7, &e), 0);
	fixture_draft(x, "b");
	saved_checkpoint(&x->saved);
	fixture_settle(x);
	assert_int_equal(object_write(o, ACK_P_num_of_nodes, "3", 1, &e), 0);
	fixture_draft(x, "c");
	before = fixture_kept(x);
	fixture_end(x);
	ret = fixture_begin(x, open_failing);
	after = fixture_kept(x);
	if (!ret)
		assert_string_equal(before, after);
	free(after);
	fixture_again(x);
	after = fixture_kept(x);
	assert_string_equal(before, after);
	free(before);
	free(after);
	end();
	return ret;
}

/* What the service says; what does not fit is told by the next list. */
static int live(void *arg)
{
	static const char text[] =
		"{\"cluster_id\":\"c0123456789abcdef0123456789abcdef\","
		"\"name\":\"test\",\"state\":\"running\",\"size\":3,"
		"\"vswitch_ids\":[\"vsw-1\"],"
		"\"tags\":[{\"key\":\"a\",\"value\":\"b\"}]}";
	struct fixture *x = begin();
	size_t where;
	struct ack_json *n = ack_json_parse(text, sizeof(text) - 1, &where);
	struct object *o;
	struct ack_error e;
	bool edited = false;

	(void)arg;
	for (int round = 0; round < 2; round++) {
		failing_begin();
		o = live_find(&x->fleet, NULL, n);
		if (o)
			live_take(o, n, ack_now_ms());
		if (o && !edited)
			edited = !object_write(
				o, ACK_P_num_of_nodes, "5", 1, &e);
		failing_end();
	}
	assert_non_null(o);
	assert_true(edited);
	assert_string_equal(fixture_value(o, ACK_P_num_of_nodes), "3");
	ack_json_free(n);
	fixture_check_kept(x);
	end();
	return 0;
}

static void test_changes(void **state)
{
	(void)state;
	every_allocation("mkdir", make, NULL);
	every_allocation("write", put, NULL);
	every_allocation("write over", put_again, NULL);
	every_allocation("rm, mv, rmdir", move_and_remove, NULL);
	every_allocation("checkpoint", checkpoint, NULL);
	every_allocation("mount", mount_again, NULL);
	every_allocation("a list of the service", live, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_changes),
	};

	ack_json_setup();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
