/* SPDX-License-Identifier: MIT */
/* Files and directories that are read when memory is short. */
#include "failing.h"

#include <errno.h>
#include <fcntl.h>

#include "actions/draft.h"
#include "base/json.h"
#include "fleet_fixture.h"
#include "fuse/handle.h"
#include "fuse/listing.h"
#include "model/address.h"
#include "tree/files.h"
static void show(const struct node *child, const char *name, void *arg)
{
	struct handle *h = NULL;
	const char *data;
	size_t len;
	int *ret = arg;

	(void)name;
	if (*ret || node_is_dir(child) || !(node_mode(child) & 0400) ||
		(child->file && (child->file->fetch || child->file->wait)))
		return;
	*ret = handle_open(child, O_RDONLY, NULL, &h);
	if (*ret)
		return;
	if (!node_has(child, NODE_STREAM))
		*ret = handle_read(h, 0, 4096, NULL, &data, &len);
	handle_release(h);
}

/* Every file of the directory can be read, or not. */
static int show_all(void *arg)
{
	int ret = 0;

	failing_begin();
	node_list(arg, show, &ret);
	failing_end();
	return ret;
}

static int list(void *arg)
{
	struct listing *l;
	int ret;

	failing_begin();
	ret = listing_open(arg, 65534, &l);
	failing_end();
	if (ret)
		return ret;
	assert_true(l->names->count > 3);
	listing_free(l);
	return 0;
}

static void test_reading(void **state)
{
	unsigned rows[] = {ROW_ROOT, ROW_SCHEMA, ROW_OBJECT};
	struct fixture *x = *state;
	struct object *o = fixture_draft(x, "a");
	struct ack_error e;
	struct node dir;

	assert_int_equal(object_write(o, ACK_P_tags, "a=b\nc=d", 7, &e), 0);
	for (size_t i = 0; i < LENGTH(rows); i++) {
		uint64_t serial = rows[i] == ROW_OBJECT ? o->serial : 0;

		assert_int_equal(
			node_get(&x->fleet, node_ino(serial, rows[i]), &dir),
			0);
		every_allocation("cat *", show_all, &dir);
		every_allocation("ls", list, &dir);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			test_reading, fixture_setup, fixture_teardown),
	};

	ack_json_setup();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
