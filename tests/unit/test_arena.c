/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <stdint.h>
#include <string.h>

#include "base/arena.h"

static void test_takes(void **state)
{
	static const size_t sizes[] = {1, 16, 17, 64, 2000, 70000, 0, 3};
	struct ack_arena a = {NULL};
	unsigned char *all[80];

	(void)state;
	for (unsigned i = 0; i < 80; i++) {
		size_t size = sizes[i % 8];

		all[i] = ack_arena_take(&a, size);
		assert_non_null(all[i]);
		assert_int_equal((uintptr_t)all[i] % _Alignof(max_align_t), 0);
		memset(all[i], (int)i, size);
	}
	for (unsigned i = 0; i < 80; i++)
		for (size_t at = 0; at < sizes[i % 8]; at++)
			assert_int_equal(all[i][at], i);
	ack_arena_free(&a);
	assert_null(a.chunks);
	ack_arena_free(&a);
}

static void test_no_memory(void **state)
{
	struct ack_arena a = {NULL};

	(void)state;
	for (size_t less = 0; less < 100; less++)
		assert_null(ack_arena_take(&a, SIZE_MAX - less));
	assert_non_null(ack_arena_take(&a, 1));
	assert_null(ack_arena_take(&a, (size_t)PTRDIFF_MAX + 1));
	ack_arena_free(&a);
}

static void test_lies_in_itself(void **state)
{
	struct ack_arena a = {NULL}, *inside;

	(void)state;
	inside = ack_arena_take(&a, sizeof(*inside));
	assert_non_null(inside);
	*inside = a;
	ack_arena_free(inside);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_takes),
		cmocka_unit_test(test_no_memory),
		cmocka_unit_test(test_lies_in_itself),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
