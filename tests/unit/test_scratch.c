/* SPDX-License-Identifier: MIT */
#include "fleet_fixture.h"

#include <stdio.h>
#include <string.h>

#include "params.h"
#include "scratch.h"

static void test_names(void **state)
{
	static const char *const yes[] = {".num_of_nodes.swp",
		".num_of_nodes.swpx", ".x.swo", ".x.swx~", "num_of_nodes~",
		"4913", "sedAbC123", ".#x", "#x#", ".num_of_nodes.AbC123",
		".x.tmp", "x.tmp", "tmpabcdefgh", ".goutputstream-ABC",
		".nfs0001", "XXOLIbdw", "num_of_nodes.oWC1dls",
		"num_of_nodes.orig", "num_of_nodes.rej", "num_of_nodesH8LUgc",
		"request.jsonabcde1", "tags123456"};
	static const char *const no[] = {"", "x", "num_of_nodes", "4914",
		"sedAbC12", "sed", "x.swp", ".x.AbC12", ".x", "tmp", ".git",
		"~x", "desktop.ini", ".DS_Store", "a.json",
		"num_of_nodeslegacy", "num_of_nodesAbC12",
		"num_of_nodesAbC1234", "num_of_nodesAbC-12",
		"kubernetes_version2", "AbC123", "otherAbC123"};
	char long_name[SCRATCH_NAME + 2];

	(void)state;
	for (size_t i = 0; i < LENGTH(yes); i++)
		if (!scratch_name(&ack_cluster_table, yes[i]))
			fail_msg("%s is one", yes[i]);
	for (size_t i = 0; i < LENGTH(no); i++)
		if (scratch_name(&ack_cluster_table, no[i]))
			fail_msg("%s is none", no[i]);
	memset(long_name, 'x', sizeof(long_name));
	long_name[SCRATCH_NAME - 2] = '~';
	long_name[SCRATCH_NAME - 1] = '\0';
	assert_true(scratch_name(&ack_cluster_table, long_name));
	long_name[SCRATCH_NAME - 2] = 'x';
	long_name[SCRATCH_NAME - 1] = '~';
	long_name[SCRATCH_NAME] = '\0';
	assert_false(scratch_name(&ack_cluster_table, long_name));
}

static void test_links(void **state)
{
	struct fixture *x = *state;
	struct object *o = fixture_draft(x, "test");
	struct scratch *s = scratch_create(o, "x~");
	unsigned slot = s->slot;

	assert_ptr_equal(scratch_find(o, "x~"), s);
	assert_ptr_equal(scratch_at(o, slot), s);
	s->links++; /* as when it is opened */
	scratch_unlink(o, s);
	assert_null(scratch_find(o, "x~"));
	assert_ptr_equal(scratch_at(o, slot), s);
	/* the name is free, the address is not */
	assert_int_not_equal(scratch_create(o, "x~")->slot, slot);
	scratch_put(o, s);
	assert_null(scratch_at(o, slot));
	assert_non_null(scratch_find(o, "x~"));
}

static void test_rename(void **state)
{
	struct fixture *x = *state;
	struct object *o = fixture_draft(x, "test");
	struct scratch *a = scratch_create(o, "a~");
	struct scratch *b = scratch_create(o, "a-longer-name~");

	scratch_rename(o, b, "b~");
	assert_string_equal(b->name, "b~");
	assert_null(scratch_find(o, "a-longer-name~"));
	scratch_rename(o, a, "a~");
	assert_ptr_equal(scratch_find(o, "a~"), a);
	scratch_rename(o, a, "b~"); /* in its place */
	assert_ptr_equal(scratch_find(o, "b~"), a);
	assert_null(scratch_find(o, "a~"));
	assert_null(a->next);
}

static void test_limit(void **state)
{
	struct fixture *x = *state;
	struct object *o = fixture_draft(x, "test");
	char name[16];

	for (int i = 0; i < SCRATCH_FILES; i++) {
		snprintf(name, sizeof(name), "%d~", i);
		assert_non_null(scratch_create(o, name));
	}
	assert_null(scratch_create(o, "more~"));
	scratch_unlink(o, scratch_find(o, "3~"));
	assert_non_null(scratch_create(o, "more~"));
	/* those that are open without a name count, too */
	scratch_find(o, "4~")->links++;
	scratch_unlink(o, scratch_find(o, "4~"));
	assert_null(scratch_create(o, "again~"));
	scratch_free_all(o);
	assert_null(o->scratch);
}

/* Editors' files are no part of the record. */
static void test_not_saved(void **state)
{
	struct fixture *x = *state;
	struct object *o = fixture_draft(x, "test");

	ack_buf_puts(&scratch_create(o, "x~")->text, "some text");
	fixture_again(x);
	assert_null(fleet_by_name(&x->fleet, "test")->scratch);
}

#define CASE(test) \
	cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		CASE(test_links),
		CASE(test_rename),
		CASE(test_limit),
		CASE(test_not_saved),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
