/* SPDX-License-Identifier: MIT */
#include "fleet_fixture.h"

#include <stdio.h>
#include <string.h>

#include "model/scratch.h"
#include "params/params.h"

static void test_names(void **state)
{
	static const char *const yes[] = {".num_of_nodes.swp",
		".num_of_nodes.swpx", ".x.swo", ".x.swx~", "num_of_nodes~",
		"4913", "sedAbC123", ".#x", "#x#", ".num_of_nodes.AbC123",
		".x.tmp", "x.tmp", "tmpabcdefgh", ".goutputstream-ABC",
		".nfs0001", "XXOLIbdw", "num_of_nodes.oWC1dls",
		"num_of_nodes.orig", "num_of_nodes.rej", "num_of_nodesH8LUgc",
		"request.jsonabcde1", "tags123456",
		/* what is around a whole name */
		"num_of_nodes.l0D96Y", "num_of_nodes.new", "num_of_nodes.12345",
		"num_of_nodes.gawk.XyZ123", ".ansible_tmpx1y2num_of_nodes",
		"num_of_nodes___jb_tmp___", "num_of_nodes.5f1c.partial",
		"num_of_nodes.dpkg-new", ".num_of_nodes20261201-12-x1",
		"num_of_nodeslegacy", "num_of_nodesAbC12", "tags.bak",
		"num_of_nodesAbC1234", "num_of_nodesAbC-12", "tags-new",
		"kubernetes_version2", "new_num_of_nodes", ".tags.unison.tmp",
		"name___jb_tmp___", "tags_BACKUP_12345", "nameab_d0fgh",
		".ansible_tmp_1b2c3dname", "num_of_nodes.TMP",
		"request.json.1234567890", "~name",
		/* what has nothing of the other's */
		"tmp.a1B2c3D4e5", "tmp-12345", ".tmpAbC123", "d2utmpAbC123",
		"mlr-in-place-123", "1234567890", "5036", "phpAbC123",
		"tmpAbC123", "tmp12345-0.txt", "jl_AbCdEfGhIj",
		"qt_temp.AbCdEf", "temp1234567890", "fileAbC123",
		"file2a4e5f6b7c8d", ".merge_file_AbC123", "20261201-123-abcdef",
		"__salt.tmp.x", ".fuse_hidden0001"};
	static const char *const no[] = {"", "x", "num_of_nodes", "sedAbC12",
		"sed", "x.swp", ".x.AbC12", ".x", "tmp", ".git", "~x",
		"desktop.ini", ".DS_Store", "a.json", "AbC123", "otherAbC123",
		/* mistyped, or the names of other tools */
		"num_of_node", "num_of_nodess", "_num_of_nodes", "vpcid_",
		"cluster_name", "k8s_name", "name_v2", "filesystem", "filename",
		"temp_dir", "hostname", "tagsx", "name_prefix", "node_tags",
		"tag", "nodes", "request.jso",
		/* parameters of something else */
		"desired_size", "system_disk_size", "runtime_version"};
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
