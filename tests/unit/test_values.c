/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "params/values.h"

static void set(struct ack_values *v, unsigned row, const char *text, int at)
{
	assert_int_equal(ack_values_set(v, row, text, strlen(text), at), 0);
}

static void test_empty(void **state)
{
	struct ack_values v = ACK_VALUES_INIT;

	(void)state;
	assert_null(ack_values_get(&v, 0, NULL));
	assert_int_equal(ack_values_time(&v, 0), 0);
	assert_int_equal(ack_values_next(&v, 0), -1);
	ack_values_release(&v);
	ack_values_release(&v);
}

static void test_order(void **state)
{
	static const unsigned order[] = {7, 3, 40, 0, 39, 8, 3, 7};
	struct ack_values v = ACK_VALUES_INIT;
	char text[32];
	size_t len;

	(void)state;
	for (size_t i = 0; i < LENGTH(order); i++) {
		snprintf(text, sizeof(text), "row %u, %zu", order[i], i);
		set(&v, order[i], text, (int)i + 1);
	}
	assert_string_equal(ack_values_get(&v, 7, &len), "row 7, 7");
	assert_int_equal(len, 8);
	assert_string_equal(ack_values_get(&v, 3, NULL), "row 3, 6");
	assert_int_equal(ack_values_time(&v, 3), 7);
	assert_string_equal(ack_values_get(&v, 40, NULL), "row 40, 2");
	assert_null(ack_values_get(&v, 1, NULL));
	assert_null(ack_values_get(&v, 41, NULL));

	static const int walk[] = {0, 3, 7, 8, 39, 40};
	unsigned from = 0;
	for (size_t i = 0; i < LENGTH(walk); i++) {
		assert_int_equal(ack_values_next(&v, from), walk[i]);
		from = (unsigned)walk[i] + 1;
	}
	assert_int_equal(ack_values_next(&v, from), -1);
	ack_values_release(&v);
}

static void test_unset_keeps_time(void **state)
{
	struct ack_values v = ACK_VALUES_INIT;

	(void)state;
	set(&v, 5, "a", 10);
	set(&v, 6, "b", 11);
	assert_int_equal(ack_values_set(&v, 5, NULL, 0, 12), 0);
	assert_null(ack_values_get(&v, 5, NULL));
	assert_int_equal(ack_values_time(&v, 5), 12);
	assert_int_equal(ack_values_next(&v, 0), 6);
	assert_string_equal(ack_values_get(&v, 6, NULL), "b");
	set(&v, 5, "c", 13);
	assert_string_equal(ack_values_get(&v, 5, NULL), "c");
	ack_values_release(&v);
}

/* The new text may lie in the block that goes. */
static void test_from_itself(void **state)
{
	struct ack_values v = ACK_VALUES_INIT;
	size_t len;

	(void)state;
	set(&v, 1, "one", 1);
	set(&v, 2, "two", 2);
	const char *text = ack_values_get(&v, 1, &len);
	assert_int_equal(ack_values_set(&v, 2, text, len, 3), 0);
	text = ack_values_get(&v, 2, &len);
	assert_int_equal(ack_values_set(&v, 2, text + 1, len - 1, 4), 0);
	assert_string_equal(ack_values_get(&v, 2, NULL), "ne");
	ack_values_release(&v);
}

static void test_copy(void **state)
{
	struct ack_values a = ACK_VALUES_INIT, b = ACK_VALUES_INIT;

	(void)state;
	set(&a, 4, "four", 44);
	set(&b, 9, "nine", 99);
	assert_int_equal(ack_values_copy(&b, &a), 0);
	ack_values_release(&a);
	assert_string_equal(ack_values_get(&b, 4, NULL), "four");
	assert_int_equal(ack_values_time(&b, 4), 44);
	assert_null(ack_values_get(&b, 9, NULL));
	assert_int_equal(ack_values_copy(&b, &a), 0);
	assert_int_equal(ack_values_next(&b, 0), -1);
	ack_values_release(&b);
}

static void test_large(void **state)
{
	struct ack_values v = ACK_VALUES_INIT;
	char *big = malloc(65536);
	size_t len;

	(void)state;
	assert_non_null(big);
	memset(big, 'x', 65536);
	assert_int_equal(ack_values_set(&v, 3, big, 65536, 1), 0);
	set(&v, 2, "small", 2);
	assert_memory_equal(ack_values_get(&v, 3, &len), big, 65536);
	assert_int_equal(len, 65536);
	assert_int_equal(ack_values_get(&v, 3, NULL)[len], 0);
	free(big);
	ack_values_release(&v);
}

#define ROWS 12

struct expected {
	int64_t time; /* 0: not touched */
	size_t len;
};

static void compare(const struct ack_values *v, const struct expected *all,
	const char *text)
{
	struct ack_values again = ACK_VALUES_INIT;
	int touched = ack_values_next_touched(v, 0);

	for (unsigned row = 0; row < ROWS; row++) {
		const struct expected *e = &all[row];
		size_t len = 0;
		const char *is = ack_values_get(v, row, &len);

		assert_int_equal(ack_values_time(v, row), e->time);
		assert_int_equal(len, e->len);
		assert_true(!is == !e->len);
		if (is) {
			assert_memory_equal(is, text + row, len);
			assert_int_equal(is[len], 0);
		}
		if (!e->time)
			continue;
		assert_int_equal(touched, row);
		touched = ack_values_next_touched(v, row + 1);
		assert_int_equal(ack_values_set(&again, row, text + row, e->len,
					 e->time),
			0);
	}
	assert_int_equal(touched, -1);
	/* whatever it has gone through, it is the same block */
	assert_int_equal(again.len, v->len);
	if (v->len)
		assert_memory_equal(again.block, v->block, v->len);
	ack_values_release(&again);
}

static void test_any_order(void **state)
{
	static const size_t lengths[] = {0, 1, 63, 64, 200, 8191, 8192, 20000};
	struct ack_values v = ACK_VALUES_INIT;
	struct expected all[ROWS] = {{0, 0}};
	char text[20000 + ROWS];
	unsigned dice = 7;

	(void)state;
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (char)('a' + i % 26);
	for (unsigned i = 0; i < 4000; i++) {
		unsigned row;

		dice = dice * 1103515245 + 12345;
		row = dice >> 16 & 15;
		if (row >= ROWS) {
			row -= 4;
			ack_values_drop(&v, row);
			all[row] = (struct expected){0, 0};
		} else {
			/* few times, so that neighbours often share one */
			all[row].time = 1 + (dice >> 24 & 1);
			all[row].len = lengths[dice >> 20 & 7];
			assert_int_equal(ack_values_set(&v, row, text + row,
						 all[row].len, all[row].time),
				0);
		}
		compare(&v, all, text);
	}
	ack_values_release(&v);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_unset_keeps_time),
		cmocka_unit_test(test_from_itself),
		cmocka_unit_test(test_copy),
		cmocka_unit_test(test_large),
		cmocka_unit_test(test_any_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
