/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

static void test_grows(void **state)
{
	struct ack_buf b = ACK_BUF_INIT(1000);

	(void)state;
	assert_string_equal(ack_buf_text(&b), "");
	ack_buf_puts(&b, "one");
	ack_buf_putc(&b, ' ');
	ack_buf_put(&b, "two\0", 4);
	ack_buf_printf(&b, " %d", 3);
	assert_int_equal(b.len, 10);
	assert_memory_equal(b.data, "one two\0 3", 11);
	for (int i = 0; i < 99; i++)
		ack_buf_puts(&b, "0123456789");
	assert_int_equal(b.len, 1000);
	assert_int_equal(ack_buf_status(&b), 0);
	assert_int_equal(b.data[1000], '\0');
	ack_buf_release(&b);
	assert_null(b.data);
}

static void test_ceiling(void **state)
{
	struct ack_buf b = ACK_BUF_INIT(4);

	(void)state;
	ack_buf_puts(&b, "1234");
	assert_int_equal(ack_buf_status(&b), 0);
	ack_buf_putc(&b, '5');
	assert_int_equal(ack_buf_status(&b), -ENOMEM);
	assert_string_equal(ack_buf_text(&b), "1234");
	/* What came after a loss would read as if nothing was missing. */
	ack_buf_clear(&b);
	ack_buf_printf(&b, "%d", 12345);
	assert_int_equal(ack_buf_status(&b), -ENOMEM);
	assert_string_equal(ack_buf_text(&b), "");
	assert_null(ack_buf_steal(&b));
	ack_buf_puts(&b, "ok");
	assert_string_equal(ack_buf_text(&b), "ok");
	ack_buf_release(&b);
}

/* What it holds at the most counts while a long answer comes in. */
static void test_never_beyond_the_ceiling(void **state)
{
	const size_t max = 1 << 20;
	char piece[1009] = "";

	(void)state;
	for (size_t len = 1; len < sizeof(piece); len += 97) {
		struct ack_buf b = ACK_BUF_INIT(max);

		while (!b.failed) {
			size_t cap = b.cap;

			ack_buf_put(&b, piece, len);
			assert_true(b.cap <= max + 1);
			/* the last step leaves a text of half the ceiling */
			if (b.cap != cap && b.cap > max / 2)
				assert_true(cap <= max / 2);
		}
		ack_buf_release(&b);
	}
}

static void test_clear_wipes(void **state)
{
	struct ack_buf b = ACK_BUF_INIT(100);

	(void)state;
	ack_buf_puts(&b, "secret");
	ack_buf_clear(&b);
	assert_int_equal(b.len, 0);
	for (size_t i = 0; i < b.cap; i++)
		assert_int_equal(b.data[i], 0);
	assert_string_equal(ack_buf_text(&b), "");
	ack_buf_release(&b);
}

static void test_steal(void **state)
{
	struct ack_buf b = ACK_BUF_INIT(100);

	(void)state;
	char *text = ack_buf_steal(&b);
	assert_string_equal(text, "");
	free(text);
	ack_buf_puts(&b, "mine");
	text = ack_buf_steal(&b);
	assert_string_equal(text, "mine");
	free(text);
	assert_int_equal(b.len, 0);
	assert_int_equal(b.max, 100);
	ack_buf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_grows),
		cmocka_unit_test(test_ceiling),
		cmocka_unit_test(test_never_beyond_the_ceiling),
		cmocka_unit_test(test_clear_wipes),
		cmocka_unit_test(test_steal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
