/* SPDX-License-Identifier: MIT */
/* What is held for local users other than the owner, and how much at most. */
#include "fleet_fixture.h"

#include <errno.h>
#include <fcntl.h>

#include "actions/draft.h"
#include "base/buf.h"
#include "fuse/handle.h"
#include "fuse/listing.h"
#include "fuse/shared.h"
#include "model/guest.h"
#include "model/waiter.h"
#include "tree/files.h"

#define OWNER 1000
#define BOB   2000
#define EVE   3000

static int setup(void **state)
{
	int ret = fixture_setup(state);
	struct fixture *x = *state;

	x->fleet.owner.uid = OWNER;
	return ret;
}

/* How often it goes well, up to 9999; *err is what ended it, *g the guest. */
static int most(struct fixture *x, uid_t uid, enum guest_thing what, int *err,
	struct guest **g)
{
	struct guest *found;
	int n = 0;

	while (n < 9999 &&
		!(*err = guest_enter(&x->fleet, uid, what, &found))) {
		*g = found;
		n++;
	}
	return n;
}

static void leave(struct guest *g, enum guest_thing what, int n)
{
	while (n-- > 0)
		guest_leave(g, what);
}

#define GUESTS 4

static void test_limits(void **state)
{
	static const struct {
		enum guest_thing what;
		int most, err;
	} rows[] = {
		{GUEST_FILES, 1024, -EMFILE},
		{GUEST_WAITS, 256, -EAGAIN},
		{GUEST_FETCHES, 16, -EAGAIN},
	};
	struct fixture *x = *state;
	struct guest *all[GUESTS + 1], *none = NULL;
	int err;

	for (size_t i = 0; i < LENGTH(rows); i++) {
		enum guest_thing what = rows[i].what;

		/* nothing is counted for these */
		assert_int_equal(most(x, OWNER, what, &err, &none), 9999);
		assert_int_equal(most(x, 0, what, &err, &none), 9999);
		assert_null(none);
		/* one takes nothing away from another, many from one more */
		for (uid_t u = 0; u < GUESTS; u++) {
			assert_int_equal(most(x, BOB + u, what, &err, &all[u]),
				rows[i].most);
			assert_int_equal(err, rows[i].err);
		}
		assert_int_equal(
			guest_enter(&x->fleet, BOB + GUESTS, what, &none),
			rows[i].err);
		assert_null(none);
		assert_int_equal(guest_enter(&x->fleet, OWNER, what, &none), 0);
		leave(all[0], what, 1);
		assert_int_equal(
			most(x, BOB + GUESTS, what, &err, &all[GUESTS]), 1);
		leave(all[GUESTS], what, 1);
		leave(all[0], what, rows[i].most - 1);
		for (uid_t u = 1; u < GUESTS; u++)
			leave(all[u], what, rows[i].most);
		assert_null(x->fleet.guests.by_uid);
	}
}

static struct handle *opens(
	struct fixture *x, struct object *o, uid_t uid, const char *name)
{
	struct waiter w = {.uid = uid};
	struct node n = fixture_node(o, name);
	struct handle *h = NULL;

	(void)x;
	assert_int_equal(handle_open(&n, O_RDONLY, &w, &h), 0);
	return h;
}

static size_t bytes(const struct handle *h)
{
	return h->guest ? h->guest->held[GUEST_BYTES] : 0;
}

/* A text is charged to one of its readers, and to the next when that one goes;
 * what the owner reads, too, costs nothing. */
static void test_payer(void **state)
{
	struct fixture *x = *state;
	struct object *o = fixture_draft(x, "test");
	struct handle *bob, *again, *eve, *owner;
	struct ack_error e;
	size_t cost;

	assert_int_equal(object_write(o, ACK_P_num_of_nodes, "3", 1, &e), 0);
	bob = opens(x, o, BOB, "num_of_nodes");
	cost = bob->shared->text.cap;
	again = opens(x, o, BOB, "num_of_nodes");
	eve = opens(x, o, EVE, "num_of_nodes");
	assert_int_equal(bytes(bob), cost);
	assert_int_equal(bytes(eve), 0);
	handle_release(bob);
	handle_release(again);
	assert_int_equal(bytes(eve), cost);
	owner = opens(x, o, OWNER, "num_of_nodes");
	handle_release(eve);
	assert_int_equal(x->fleet.guests.held[GUEST_BYTES], 0);
	bob = opens(x, o, BOB, "num_of_nodes");
	assert_int_equal(bytes(bob), 0);
	handle_release(owner);
	assert_int_equal(bytes(bob), cost);
	handle_release(bob);
	assert_null(x->fleet.guests.by_uid);
}

/* Each text is another, so none is shared: what they hold stays bounded, and
 * the owner opens more. */
static void test_bytes(void **state)
{
	struct fixture *x = *state;
	struct object *o = fixture_draft(x, "test");
	struct handle *handles[1024], *own;
	struct ack_buf text = ACK_BUF_INIT(40000);
	size_t n = 0;
	int ret = 0;

	while (!ret && n < LENGTH(handles)) {
		ack_buf_clear(&text);
		ack_buf_printf(&text, "%*zu", 39999, n);
		handles[n] = opens(x, o, BOB, "num_of_nodes");
		ret = handle_opened(handles[n++], &text);
	}
	assert_int_equal(ret, -EMFILE);
	assert_in_range(n, 100, 250);
	assert_in_range(x->fleet.guests.held[GUEST_BYTES], 7u << 20, 8u << 20);
	own = opens(x, o, OWNER, "num_of_nodes");
	assert_int_equal(handle_opened(own, &text), 0);
	handle_release(own);
	/* one who has nothing gets what is large */
	ack_buf_release(&text);
	ack_buf_init(&text, 20u << 20);
	ack_buf_printf(&text, "%*zu", 9 << 20, n);
	own = opens(x, o, EVE, "num_of_nodes");
	own->text.max = text.max;
	assert_int_equal(handle_opened(own, &text), 0);
	handle_release(own);
	ack_buf_release(&text);
	while (n)
		handle_release(handles[--n]);
	assert_null(x->fleet.guests.by_uid);
}

/* The same names are there once; others are charged. */
static void test_listings(void **state)
{
	struct fixture *x = *state;
	struct listing *all[1200], *own;
	struct node root;
	size_t n = 0;
	int ret = 0;

	fixture_draft(x, "a");
	assert_int_equal(node_get(&x->fleet, ROW_CLUSTERS, &root), 0);
	while (!ret && n < LENGTH(all)) {
		ret = listing_open(&root, BOB, &all[n]);
		n += !ret;
	}
	assert_int_equal(ret, -EMFILE);
	assert_int_equal(n, 1024);
	assert_ptr_equal(all[0]->names, all[n - 1]->names);
	assert_in_range(x->fleet.guests.held[GUEST_BYTES], 100, 8192);
	assert_int_equal(listing_open(&root, OWNER, &own), 0);
	fixture_draft(x, "b");
	assert_int_equal(listing_rewind(all[0], &root), 0);
	assert_int_equal(all[0]->names->count, own->names->count + 1);
	listing_free(own);
	while (n)
		listing_free(all[--n]);
	assert_null(x->fleet.guests.by_uid);
}

#define CASE(test) \
	cmocka_unit_test_setup_teardown(test, setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_limits),
		CASE(test_payer),
		CASE(test_bytes),
		CASE(test_listings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
