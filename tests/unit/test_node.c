/* SPDX-License-Identifier: MIT */
#include "fleet_fixture.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "actions/commit.h"
#include "actions/draft.h"
#include "actions/naming.h"
#include "actions/resolve.h"
#include "base/buf.h"
#include "fuse/alias.h"
#include "fuse/handle.h"
#include "model/address.h"
#include "model/intent.h"
#include "model/scratch.h"
#include "tree/files.h"
#define ID "c0123456789abcdef0123456789abcdef"

static struct node root(struct fixture *x)
{
	struct node n;

	assert_int_equal(node_get(&x->fleet, ROW_ROOT, &n), 0);
	return n;
}

static struct node at(struct node dir, const char *name)
{
	struct node n;

	if (node_lookup(&dir, name, &n))
		fail_msg("no %s", name);
	return n;
}

static mode_t mode(struct object *o, const char *name)
{
	struct node n = fixture_node(o, name);

	return node_mode(&n) & 07777;
}

static bool there(struct object *o, const char *name)
{
	struct node dir, n;

	node_of_object(o, &dir);
	return !node_lookup(&dir, name, &n);
}

/* An address leads to the node that it came from, and to no other. */
static void visit(const struct node *child, const char *name, void *arg)
{
	struct node again;
	struct stat st, same;
	size_t *count = arg;

	(*count)++;
	assert_string_equal(node_name(child), name);
	assert_int_equal(node_get(child->fleet, child->ino, &again), 0);
	assert_ptr_equal(again.file, child->file);
	assert_ptr_equal(again.param, child->param);
	assert_ptr_equal(again.scratch, child->scratch);
	assert_ptr_equal(again.object, child->object);
	node_stat(child, handle_size(child), &st);
	node_stat(&again, handle_size(&again), &same);
	assert_int_equal(st.st_ino, child->ino);
	assert_memory_equal(&st, &same, sizeof(st));
	if (node_is_dir(child)) {
		node_list(child, visit, arg);
		return;
	}
	struct ack_buf text = ACK_BUF_INIT(1u << 20);

	node_text(child, &text);
	assert_int_equal(st.st_size, text.len);
	ack_buf_release(&text);
}

static void test_addresses(void **state)
{
	struct fixture *x = *state;
	struct object *o = fixture_draft(x, "test");
	struct node n = root(x);
	struct ack_error e;
	size_t count = 0;

	fixture_draft(x, "other");
	assert_int_equal(object_write(o, ACK_P_num_of_nodes, "3", 1, &e), 0);
	assert_int_equal(
		object_write(o, ACK_P_login_password, "Test@1900x", 10, &e), 0);
	ack_buf_puts(&scratch_create(o, "x~")->text, "text");
	node_list(&n, visit, &count);
	assert_true(count > 3 * ACK_P_COUNT);
	count = 0;
	n = at(root(x), "schema");
	node_list(&n, visit, &count);
	/* nodepool/ and what it holds */
	assert_int_equal(count, ACK_P_COUNT + 1 + ACK_POOL_P_COUNT);
}

static void test_nowhere(void **state)
{
	struct fixture *x = *state;
	struct object *o = fixture_draft(x, "test");
	static const uint64_t rows[] = {0, 63, NODE_PARAMS + ACK_P_COUNT, 255,
		256, 511, 512, 600, 1023};
	uint64_t serial = o->serial;
	struct ack_error e;
	struct node n;

	for (size_t i = 0; i < LENGTH(rows); i++) {
		unsigned row = (unsigned)rows[i];

		assert_int_equal(node_get(&x->fleet, node_ino(serial, row), &n),
			-ENOENT);
		if (row == 255 || row >= NODE_SCRATCH)
			assert_int_equal(
				node_get(&x->fleet, node_ino(0, row), &n),
				-ENOENT);
	}
	/* rows of another place */
	assert_int_equal(
		node_get(&x->fleet, node_ino(serial, ROW_ROOT), &n), -ENOENT);
	assert_int_equal(
		node_get(&x->fleet, node_ino(0, ROW_OBJECT), &n), -ENOENT);
	assert_int_equal(
		node_get(&x->fleet, node_ino(serial + 1, ROW_OBJECT), &n),
		-ESTALE);
	assert_int_equal(
		node_get(&x->fleet, node_ino(1ull << 45, ROW_OBJECT), &n),
		-ESTALE);
	/* an alias is no other inode */
	assert_int_equal(
		node_get(&x->fleet,
			alias_number(node_ino(serial, ROW_OBJECT), 255), &n),
		0);
	assert_int_equal(n.ino, node_ino(serial, ROW_OBJECT));
	/* a serial is never used again */
	assert_int_equal(naming_remove(o, &e), 0);
	assert_int_equal(
		node_get(&x->fleet, node_ino(serial, ROW_OBJECT), &n), -ESTALE);
	assert_true(fixture_draft(x, "test")->serial > serial);
}

static void test_lookup(void **state)
{
	struct fixture *x = *state;
	struct object *o = fixture_draft(x, "test");
	struct node n = root(x), found;
	struct object *o2;

	found = at(n, "clusters");
	assert_true(node_is_maker(&found, &o2));
	assert_null(o2);
	assert_ptr_equal(at(at(n, "clusters"), "test").object, o);
	assert_null(at(at(n, "schema"), "num_of_nodes").object);
	assert_int_equal(node_lookup(&n, "test", &found), -ENOENT);
	assert_int_equal(node_lookup(&n, "num_of_nodes", &found), -ENOENT);
	assert_int_equal(node_lookup(&n, "", &found), -ENOENT);
	assert_int_equal(node_lookup(&n, "commit", &found), -ENOENT);
	n = at(n, "clusters");
	assert_int_equal(node_lookup(&n, "no such", &found), -ENOENT);
	n = fixture_node(o, "state");
	assert_int_equal(node_lookup(&n, "x", &found), -ENOTDIR);
	assert_false(there(o, "README"));
	assert_false(there(o, "schema"));
	assert_false(there(o, "num_of_node"));
}

/* Which files there are, and who may do what with them, in each state. */
static void test_states(void **state)
{
	struct fixture *x = *state;
	struct object *o = fixture_draft(x, "test");
	struct ids ids = {ID, "R", ""};
	struct ack_error e;

	assert_int_equal(mode(o, "num_of_nodes"), 0644);
	assert_int_equal(mode(o, "login_password"), 0600);
	assert_int_equal(mode(o, "request.json"), 0644);
	assert_int_equal(mode(o, "commit"), 0600);
	assert_int_equal(mode(o, "state"), 0444);
	assert_false(there(o, "adopt"));
	assert_false(there(o, "cluster_id"));

	o->intent = intent_new("test", false);
	object_become(o, COURSE_UNKNOWN);
	ack_error_set(&e, EINTR, NULL, "lost");
	commit_unknown(o, &e);
	assert_int_equal(mode(o, "adopt"), 0600);
	assert_int_equal(mode(o, "num_of_nodes"), 0444);
	assert_int_equal(mode(o, "login_password"), 0400);
	assert_int_equal(mode(o, "request.json"), 0444);
	assert_false(there(o, "cluster_id"));

	fixture_exists(x, o, &ids);
	assert_false(there(o, "adopt"));
	assert_int_equal(mode(o, "cluster_id"), 0444);
	assert_int_equal(mode(o, "request_id"), 0444);
	assert_false(there(o, "task_id")); /* it was not told */
	/* what can change, what cannot, and what makes sense only now */
	assert_int_equal(mode(o, "num_of_nodes"), 0644);
	assert_int_equal(mode(o, "container_cidr"), 0444);
	assert_int_equal(mode(o, "login_password"), 0400);
	assert_int_equal(mode(o, "delete"), 0600);
	assert_int_equal(mode(o, "delete_options"), 0644);
	assert_true(there(o, "events"));
	assert_true(there(o, "live"));
}

static void test_hidden(void **state)
{
	struct fixture *x = *state;
	struct object *o = fixture_draft(x, "test");
	struct node n = fixture_node(o, "num_of_nodes"), again;
	struct ack_error e;
	struct stat st;

	assert_int_equal(object_write(o, ACK_P_num_of_nodes, "3", 1, &e), 0);
	assert_int_equal(object_param_remove(o, ACK_P_num_of_nodes, &e), 0);
	assert_false(there(o, "num_of_nodes"));
	/* who has it open still reaches it */
	assert_int_equal(node_get(&x->fleet, n.ino, &again), 0);
	node_stat(&again, handle_size(&again), &st);
	assert_int_equal(st.st_nlink, 0);
	assert_int_equal(st.st_size, 0);
	assert_int_equal(object_put(o, ACK_P_num_of_nodes, "4", &e), 0);
	assert_true(there(o, "num_of_nodes"));
	node_stat(&again, handle_size(&again), &st);
	assert_int_equal(st.st_nlink, 1);
	assert_int_equal(st.st_size, 2);
}

static void test_secret(void **state)
{
	struct fixture *x = *state;
	struct object *o = fixture_draft(x, "test");
	struct node n = fixture_node(o, "login_password");
	struct ack_buf text = ACK_BUF_INIT(1000);
	struct ack_error e;
	struct stat st;

	assert_int_equal(
		object_write(o, ACK_P_login_password, "Test@1900x", 10, &e), 0);
	node_text(&n, &text);
	assert_int_equal(text.len, 0);
	node_stat(&n, handle_size(&n), &st);
	assert_int_equal(st.st_size, 0);
	ack_buf_release(&text);
}

#define CASE(test) \
	cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_addresses),
		CASE(test_nowhere),
		CASE(test_lookup),
		CASE(test_states),
		CASE(test_hidden),
		CASE(test_secret),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
