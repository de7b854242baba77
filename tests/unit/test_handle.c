/* SPDX-License-Identifier: MIT */
/*
 * What programs do to a parameter file, as rows of steps; after each row the
 * value, and what the steps answered.
 */
#include "fleet_fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "actions/draft.h"
#include "actions/naming.h"
#include "fuse/handle.h"
/* The steps of a row: what to do, the text, and what comes of it. */
struct step {
	char what; /* t truncate-open, w write-open, a append-open, r
		      read-open, = write at the end of the last, 0 write at
		      its start, 1 behind its first byte, | ftruncate to 0,
		      + to 100, s to the end of the last write or 1, c close */
	const char *text;
	int ret; /* 0: it is taken */
};

#define STEPS 8

static const struct row {
	const char *name; /* of the parameter */
	const char *before, *after;
	struct step steps[STEPS];
} rows[] = {
	/* echo 3 > f */
	{"num_of_nodes", NULL, "3", {{'t'}, {'=', "3\n"}, {'c'}}},
	/* echo 500 > f: the old value stays */
	{"num_of_nodes", "3", "3", {{'t'}, {'=', "500\n", -EINVAL}, {'c'}}},
	{"num_of_nodes", "3", "3", {{'t'}, {'=', "x", -EINVAL}, {'c'}}},
	/* : > f */
	{"num_of_nodes", "3", NULL, {{'t'}, {'c'}}},
	/* a shell opens without O_TRUNC to append, and writes nothing */
	{"num_of_nodes", "3", "3", {{'a'}, {'c'}}},
	{"num_of_nodes", "3", "3", {{'w'}, {'c'}}},
	/* a value in pieces: each state of it is judged as a whole */
	{"num_of_nodes", NULL, "12", {{'t'}, {'=', "1"}, {'=', "2"}, {'c'}}},
	{"num_of_nodes", "7", "7",
		{{'t'}, {'=', "1"}, {'=', "x", -EINVAL}, {'c'}}},
	/* at the start a new text begins, which the end of the old one is no
	 * part of; what follows it goes on */
	{"num_of_nodes", "12", "3", {{'w'}, {'0', "3"}, {'c'}}},
	{"num_of_nodes", "100", "42", {{'w'}, {'0', "4"}, {'=', "2"}, {'c'}}},
	{"snat_entry", "false", "true", {{'w'}, {'0', "true"}, {'c'}}},
	/* of a list the rest stays, unless it is no list then */
	{"vswitch_ids", "vsw-a\nvsw-b", "vsw-c\nvsw-b",
		{{'w'}, {'0', "vsw-c\n"}, {'c'}}},
	{"vswitch_ids", "vsw-abc\nvsw-d", "vsw-x",
		{{'w'}, {'0', "vsw-x\n"}, {'s', NULL, 0}, {'c'}}},
	/* after a refusal no part of an old text becomes a value, until a
	 * whole one has come */
	{"num_of_nodes", "100", "100",
		{{'w'}, {'0', "x", -EINVAL}, {'s', NULL, -EINVAL}, {'c'}}},
	{"num_of_nodes", "100", "100",
		{{'w'}, {'0', "x", -EINVAL}, {'1', "5", -EINVAL}, {'c'}}},
	{"num_of_nodes", "10", "10",
		{{'a'}, {'=', "x", -EINVAL}, {'=', "0", -EINVAL}, {'c'}}},
	{"num_of_nodes", "100", "5",
		{{'w'}, {'0', "x", -EINVAL}, {'0', "5\n"}, {'s'}, {'c'}}},
	/* ftruncate, then a value; ftruncate alone unsets */
	{"num_of_nodes", "12", "4", {{'w'}, {'|'}, {'0', "4\n"}, {'c'}}},
	{"num_of_nodes", "12", NULL, {{'w'}, {'|'}, {'c'}}},
	/* a good value replaces one written before by the same descriptor */
	{"num_of_nodes", NULL, "5",
		{{'t'}, {'=', "4"}, {'|'}, {'0', "5"}, {'c'}}},
	/* two descriptors */
	{"num_of_nodes", "1", "3",
		{{'t'}, {'=', "2"}, {'c'}, {'t'}, {'=', "3"}, {'c'}}},
	/* lists gather: line by line, as bash's printf writes */
	{"vswitch_ids", NULL, "vsw-a\nvsw-b",
		{{'t'}, {'=', "vsw-a\n"}, {'=', "vsw-b\n"}, {'c'}}},
	/* appended */
	{"vswitch_ids", "vsw-a", "vsw-a\nvsw-b",
		{{'a'}, {'=', "vsw-b\n"}, {'c'}}},
	/* a bad line: the value from before the descriptor comes back */
	{"vswitch_ids", "vsw-a", "vsw-a",
		{{'t'}, {'=', "vsw-b\n"}, {'=', "no such\n", -EINVAL}, {'c'}}},
	/* and what follows it is not taken either */
	{"vswitch_ids", "vsw-a", "vsw-a",
		{{'t'}, {'=', "vsw-b\n"}, {'=', "no such\n", -EINVAL},
			{'=', "vsw-c\n", -EINVAL}, {'c'}}},
	/* JSON in pieces */
	{"vswitch_ids", NULL, "vsw-a\nvsw-b",
		{{'t'}, {'=', "[\"vsw-a\","}, {'=', "\"vsw-b\"]\n"}, {'c'}}},
	/* JSON that never ends: the old value stays */
	{"vswitch_ids", "vsw-c", "vsw-c", {{'t'}, {'=', "[\"vsw-a\","}, {'c'}}},
	/* also when it had begun as a value */
	{"vswitch_ids", "vsw-c", "vsw-c",
		{{'t'}, {'=', "vsw-a\n"}, {'=', "[\"vsw-b\","}, {'c'}}},
	/* what was emptied begins anew: a bad text does not undo the one before
	 * it, nor what came before that */
	{"num_of_nodes", "1", "2",
		{{'w'}, {'0', "2"}, {'|'}, {'0', "3"}, {'=', "x", -EINVAL},
			{'c'}}},
	/* a size that is no text's: the old value stays */
	{"num_of_nodes", "7", "7",
		{{'t'}, {'=', "1"}, {'+', NULL, -EINVAL}, {'c'}}},
	/* one that is set before a text is none */
	{"num_of_nodes", "7", "5", {{'t'}, {'+'}, {'0', "5"}, {'c'}}},
	{"num_of_nodes", "7", "5", {{'w'}, {'|'}, {'+'}, {'0', "5"}, {'c'}}},
	{"num_of_nodes", "7", NULL, {{'t'}, {'+'}, {'c'}}},
	/* a secret, which reads as nothing */
	{"login_password", "Test@1900ackfs", NULL, {{'w'}, {'|'}, {'c'}}},
	/* nothing but a line end unsets */
	{"vswitch_ids", "vsw-c", NULL, {{'t'}, {'=', "\n"}, {'c'}}},
};

static int flags_of(char what)
{
	switch (what) {
	case 't':
		return O_WRONLY | O_TRUNC;
	case 'a':
		return O_WRONLY | O_APPEND;
	default:
		return O_WRONLY;
	}
}

static void play(struct object *o, const struct row *r, size_t number)
{
	struct node n = fixture_node(o, r->name);
	struct handle *h = NULL;
	off_t end = 0;

	for (size_t i = 0; i < STEPS && r->steps[i].what; i++) {
		const struct step *s = &r->steps[i];
		int ret = 0;

		switch (s->what) {
		case 'c':
			handle_release(h);
			h = NULL;
			break;
		case '|':
			ret = handle_truncate(h, 0);
			end = 0;
			break;
		case '+':
			ret = handle_truncate(h, 100);
			break;
		case 's':
			ret = handle_truncate(h, end ? end : 1);
			break;
		case '0':
		case '1':
			end = s->what - '0';
			/* fall through */
		case '=':
			ret = handle_write(
				h, s->text, strlen(s->text), end, NULL);
			if (!ret)
				end += (off_t)strlen(s->text);
			break;
		default:
			ret = handle_open(&n, flags_of(s->what), NULL, &h);
			end = 0;
		}
		if (ret != s->ret)
			fail_msg("row %zu, step %zu: %d, not %d", number, i,
				ret, s->ret);
	}
	assert_null(h);
}

static void test_rows(void **state)
{
	struct fixture *x = *state;
	struct object *o = fixture_draft(x, "test");

	for (size_t i = 0; i < LENGTH(rows); i++) {
		const struct row *r = &rows[i];
		unsigned row = (unsigned)ack_table_find(
			&ack_cluster_table, r->name);
		const char *got;
		struct ack_error e;

		assert_int_equal(object_put(o, row, r->before, &e), 0);
		object_fail(o, NULL);
		play(o, r, i);
		got = fixture_value(o, row);
		if (!got != !r->after || (got && strcmp(got, r->after)))
			fail_msg("row %zu: %s, not %s", i, got ? got : "-",
				r->after ? r->after : "-");
		/* and that is what the next mount reads */
		fixture_again(x);
		o = fleet_by_name(&x->fleet, "test");
		got = fixture_value(o, row);
		assert_false(!got != !r->after);
		if (got)
			assert_string_equal(got, r->after);
	}
}

static size_t read_at(
	struct handle *h, off_t off, size_t size, const char **data)
{
	size_t n;

	assert_int_equal(handle_read(h, off, size, NULL, data, &n), 0);
	return n;
}

static void read_is(struct handle *h, const char *text)
{
	const char *data = "";
	size_t n = read_at(h, 0, 4096, &data);

	assert_int_equal(n, strlen(text));
	assert_memory_equal(data, text, n);
}

/* A reader keeps the text that it opened. */
static void test_reader(void **state)
{
	struct fixture *x = *state;
	struct object *o = fixture_draft(x, "test");
	struct node n = fixture_node(o, "num_of_nodes");
	struct handle *old, *new;
	const char *data;
	struct ack_error e;

	assert_int_equal(object_write(o, ACK_P_num_of_nodes, "3", 1, &e), 0);
	assert_int_equal(handle_open(&n, O_RDONLY, NULL, &old), 0);
	assert_int_equal(object_write(o, ACK_P_num_of_nodes, "45", 2, &e), 0);
	assert_int_equal(handle_open(&n, O_RDONLY, NULL, &new), 0);
	read_is(old, "3\n");
	read_is(new, "45\n");
	assert_int_equal(read_at(new, 1, 1, &data), 1);
	assert_int_equal(*data, '5');
	assert_int_equal(read_at(new, 3, 10, &data), 0);
	assert_int_equal(read_at(new, 1ll << 62, 10, &data), 0);
	assert_int_equal(read_at(new, -1, 10, &data), 0);
	/* also when the directory has gone */
	assert_int_equal(naming_remove(o, &e), 0);
	read_is(old, "3\n");
	assert_int_equal(handle_write(old, "1", 1, 0, NULL), -ESTALE);
	assert_int_equal(handle_truncate(old, 0), -ESTALE);
	handle_release(old);
	handle_release(new);
	assert_true(LIST_EMPTY(&x->fleet.handles));
}

static void test_refused_opens(void **state)
{
	struct fixture *x = *state;
	struct object *o = fixture_draft(x, "test");
	struct node secret = fixture_node(o, "login_password");
	struct node state_file = fixture_node(o, "state");
	struct node number = fixture_node(o, "num_of_nodes");
	struct handle *h;

	struct node fixed = fixture_node(o, "container_cidr");

	/* what it holds is read by nobody, nor what was just written to it */
	assert_int_equal(handle_open(&secret, O_RDWR, NULL, &h), 0);
	assert_int_equal(handle_write(h, "Test@1900ackfs", 14, 0, NULL), 0);
	read_is(h, "");
	handle_release(h);
	assert_int_equal(handle_open(&secret, O_RDONLY, NULL, &h), 0);
	read_is(h, "");
	handle_release(h);
	assert_int_equal(handle_open(&state_file, O_WRONLY, NULL, &h), -EPERM);
	assert_int_equal(
		handle_open(&state_file, O_RDONLY | O_TRUNC, NULL, &h), -EPERM);
	object_become(o, COURSE_SENDING);
	assert_int_equal(handle_open(&number, O_WRONLY, NULL, &h), -EBUSY);
	object_become(o, COURSE_UNKNOWN);
	assert_int_equal(handle_open(&number, O_WRONLY, NULL, &h), -EPERM);
	object_become(o, COURSE_UNKNOWN);
	assert_int_equal(handle_open(&number, O_WRONLY, NULL, &h), -EPERM);
	object_become(o, COURSE_EXISTS);
	/* it takes what it says, and says nothing yet */
	assert_int_equal(handle_open(&fixed, O_WRONLY, NULL, &h), 0);
	assert_int_equal(handle_write(h, "10.0.0.0/16", 11, 0, NULL), -EPERM);
	assert_int_equal(handle_write(h, "\n", 1, 0, NULL), 0);
	handle_release(h);
	assert_int_equal(handle_open(&number, O_WRONLY, NULL, &h), 0);
	handle_release(h);
	object_become(o, COURSE_DRAFT);
	assert_true(LIST_EMPTY(&x->fleet.handles));
}

/* Opened as a draft, written when it is one no more. */
static void test_too_late(void **state)
{
	static const enum course_state states[] = {
		COURSE_ASKING, COURSE_SENDING, COURSE_UNKNOWN, COURSE_EXISTS};
	struct fixture *x = *state;
	struct object *o = fixture_draft(x, "test");
	struct node n = fixture_node(o, "num_of_nodes");
	struct ack_error e;

	assert_int_equal(object_write(o, ACK_P_num_of_nodes, "3", 1, &e), 0);
	for (size_t i = 0; i < LENGTH(states); i++) {
		struct handle *h, *emptied;

		assert_int_equal(
			handle_open(&n, O_WRONLY | O_TRUNC, NULL, &h), 0);
		assert_int_equal(
			handle_open(&n, O_WRONLY | O_TRUNC, NULL, &emptied), 0);
		object_become(o, states[i]);
		assert_true(handle_write(h, "4", 1, 0, NULL) < 0);
		handle_release(h);
		handle_release(emptied);
		assert_string_equal(fixture_value(o, ACK_P_num_of_nodes), "3");
		object_become(o, COURSE_DRAFT);
	}
	/* nor is what it wrote before taken back */
	for (size_t i = 0; i < LENGTH(states); i++) {
		struct handle *h;

		assert_int_equal(handle_open(&n, O_WRONLY, NULL, &h), 0);
		assert_int_equal(handle_write(h, "4", 1, 0, NULL), 0);
		o->state = states[i];
		assert_true(handle_write(h, "x", 1, 0, NULL) < 0);
		assert_string_equal(fixture_value(o, ACK_P_num_of_nodes), "4");
		assert_false(object_edited(o, ACK_P_num_of_nodes));
		o->state = COURSE_DRAFT;
		handle_release(h);
		assert_int_equal(
			object_write(o, ACK_P_num_of_nodes, "3", 1, &e), 0);
	}
}

static struct handle *opened(struct object *o, const char *name, int flags)
{
	struct node n = fixture_node(o, name);
	struct handle *h;

	assert_int_equal(handle_open(&n, flags, NULL, &h), 0);
	return h;
}

/* What another descriptor has put in place is no longer this one's to undo. */
static void test_two_writers(void **state)
{
	struct fixture *x = *state;
	struct object *o = fixture_draft(x, "test");
	struct handle *one = opened(o, "num_of_nodes", O_WRONLY | O_TRUNC);
	struct handle *two = opened(o, "num_of_nodes", O_WRONLY);

	assert_int_equal(handle_write(one, "1", 1, 0, NULL), 0);
	assert_int_equal(handle_write(two, "2", 1, 0, NULL), 0);
	assert_int_equal(handle_write(one, "x", 1, 1, NULL), -EINVAL);
	assert_string_equal(fixture_value(o, ACK_P_num_of_nodes), "2");
	/* also when it has written again in between */
	assert_int_equal(handle_write(one, "5", 1, 1, NULL), 0);
	assert_string_equal(fixture_value(o, ACK_P_num_of_nodes), "15");
	assert_int_equal(handle_write(one, "x", 1, 2, NULL), -EINVAL);
	assert_string_equal(fixture_value(o, ACK_P_num_of_nodes), "2");
	handle_release(one);
	handle_release(two);
}

/* Who reads the same has the same text; a writer has its own from then on, and
 * so has what was opened at another. */
static void test_shared(void **state)
{
	struct fixture *x = *state;
	struct object *o = fixture_draft(x, "test");
	struct handle *first, *second, *later, *writer;
	struct ack_error e;

	assert_int_equal(object_write(o, ACK_P_num_of_nodes, "3", 1, &e), 0);
	first = opened(o, "num_of_nodes", O_RDONLY);
	second = opened(o, "num_of_nodes", O_RDONLY);
	writer = opened(o, "num_of_nodes", O_RDWR);
	assert_ptr_equal(handle_text(first), handle_text(second));
	assert_ptr_equal(handle_text(first), handle_text(writer));
	assert_int_equal(handle_write(writer, "5", 1, 0, NULL), 0);
	later = opened(o, "num_of_nodes", O_RDONLY);
	read_is(first, "3\n");
	read_is(writer, "5");
	read_is(later, "5\n");
	assert_ptr_equal(handle_text(first), handle_text(second));
	handle_release(first);
	read_is(second, "3\n");
	handle_release(later);
	handle_release(writer);
	read_is(second, "3\n");
	handle_release(second);
}

/* The end is the value's, whoever wrote it. */
static void test_two_appenders(void **state)
{
	struct fixture *x = *state;
	struct object *o = fixture_draft(x, "test");
	struct handle *one = opened(
		o, "vswitch_ids", O_WRONLY | O_TRUNC | O_APPEND);
	struct handle *two = opened(o, "vswitch_ids", O_WRONLY | O_APPEND);

	assert_int_equal(handle_write(one, "vsw-a\n", 6, 0, NULL), 0);
	assert_int_equal(handle_write(two, "vsw-b\n", 6, 0, NULL), 0);
	assert_int_equal(handle_write(one, "vsw-c\n", 6, 6, NULL), 0);
	assert_string_equal(
		fixture_value(o, ACK_P_vswitch_ids), "vsw-a\nvsw-b\nvsw-c");
	handle_release(one);
	handle_release(two);
}

/* Neither a write nor a close brings back a name that rm took away. */
static void test_removed(void **state)
{
	struct fixture *x = *state;
	struct object *o = fixture_draft(x, "test");
	struct handle *written, *emptied, *unfinished;
	struct ack_error e;

	assert_int_equal(object_write(o, ACK_P_timeout_mins, "12", 2, &e), 0);
	written = opened(o, "timeout_mins", O_WRONLY);
	emptied = opened(o, "timeout_mins", O_WRONLY | O_TRUNC);
	unfinished = opened(o, "vswitch_ids", O_WRONLY | O_TRUNC);
	assert_int_equal(handle_write(unfinished, "[", 1, 0, NULL), 0);
	assert_int_equal(object_param_remove(o, ACK_P_timeout_mins, &e), 0);
	assert_int_equal(object_param_remove(o, ACK_P_vswitch_ids, &e), 0);
	assert_int_equal(handle_write(written, "3", 1, 0, NULL), -ENOENT);
	assert_int_equal(handle_truncate(written, 1), -ENOENT);
	assert_int_equal(handle_truncate(written, 0), -ENOENT);
	handle_release(written);
	handle_release(emptied);
	handle_release(unfinished);
	assert_true(object_hidden(o, NODE_PARAMS + ACK_P_timeout_mins));
	assert_true(object_hidden(o, NODE_PARAMS + ACK_P_vswitch_ids));
}

/* A block of 4096 bytes may end within a line, but those before it are whole
 * and judged; and what grows too large is taken back. */
static void test_blocks(void **state)
{
	struct fixture *x = *state;
	struct object *o = fixture_draft(x, "test");
	struct handle *h = opened(o, "tags", O_WRONLY | O_TRUNC);
	char *big = malloc(ACK_VALUE_MAX);

	assert_non_null(big);
	memset(big, 'v', ACK_VALUE_MAX);
	memcpy(big, "k=", 2);
	memcpy(big + 60, "\nm", 2);
	assert_int_equal(handle_write(h, big, 4096, 0, NULL), 0);
	big[1] = 'v';
	assert_int_equal(handle_write(h, big, 4096, 0, NULL), -EINVAL);
	handle_release(h);

	h = opened(o, "tags", O_WRONLY | O_TRUNC);
	memset(big, ' ', ACK_VALUE_MAX);
	memcpy(big, "k=v\n", 4);
	assert_int_equal(handle_write(h, big, ACK_VALUE_MAX, 0, NULL), 0);
	assert_string_equal(fixture_value(o, ACK_P_tags), "k=v");
	assert_int_equal(
		handle_write(h, big, 4096, ACK_VALUE_MAX, NULL), -EFBIG);
	assert_null(fixture_value(o, ACK_P_tags));
	handle_release(h);
	free(big);
}

static void test_sizes(void **state)
{
	struct fixture *x = *state;
	struct object *o = fixture_draft(x, "test");
	struct node n = fixture_node(o, "num_of_nodes");
	char *big = calloc(1, ACK_VALUE_MAX + 100);
	struct handle *h;

	assert_non_null(big);
	memset(big, '1', ACK_VALUE_MAX + 99);
	assert_int_equal(handle_open(&n, O_WRONLY | O_TRUNC, NULL, &h), 0);
	assert_int_equal(
		handle_write(h, big, ACK_VALUE_MAX + 99, 0, NULL), -EFBIG);
	assert_int_equal(handle_write(h, "1", 1, 1ll << 31, NULL), -EFBIG);
	assert_int_equal(handle_write(h, "1", 1, 1ll << 62, NULL), -EFBIG);
	assert_int_equal(handle_write(h, "1", 1, -1, NULL), -EFBIG);
	assert_int_equal(handle_truncate(h, 5), -EINVAL);
	handle_release(h);
	assert_int_equal(handle_open(&n, O_WRONLY | O_TRUNC, NULL, &h), 0);
	assert_int_equal(handle_truncate(h, 1ll << 40), -EFBIG);
	handle_release(h);
	assert_null(fixture_value(o, ACK_P_num_of_nodes));
	free(big);
}

#define CASE(test) \
	cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_rows),
		CASE(test_reader),
		CASE(test_refused_opens),
		CASE(test_too_late),
		CASE(test_two_writers),
		CASE(test_shared),
		CASE(test_two_appenders),
		CASE(test_removed),
		CASE(test_blocks),
		CASE(test_sizes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
