/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/vault.h"
#include "http/reserve.h"
#include "params/values.h"

#if defined(__SANITIZE_ADDRESS__)
#define LOCKS_NOTHING 1 /* mlock(2) does nothing below its sanitizers */
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define LOCKS_NOTHING 1
#endif
#endif
#ifndef LOCKS_NOTHING
#define LOCKS_NOTHING 0
#endif

#define SECRET "correct-Horse-7"

static long locked_kib(void)
{
	FILE *status = fopen("/proc/self/status", "re");
	char line[256];
	long kib = -1;

	while (status && fgets(line, sizeof(line), status))
		sscanf(line, "VmLck: %ld", &kib);
	if (status)
		fclose(status);
	return kib;
}

static void test_wiped(void **state)
{
	char *text = ack_vault_copy(SECRET);

	(void)state;
	assert_true(ack_vault_holds(text));
	assert_string_equal(text, SECRET);
	ack_vault_free(text);
	/* the memory is still ours to look at */
	for (size_t i = 0; i < sizeof(SECRET); i++)
		assert_int_equal(text[i], 0);
	ack_vault_free(NULL);
	assert_false(ack_vault_holds(NULL));
}

/* Any order, any size: no block overlaps another, and all of it comes back. */
static void test_blocks(void **state)
{
	enum { COUNT = 200, ROUNDS = 20000 };
	unsigned char *blocks[COUNT] = {NULL};
	size_t sizes[COUNT] = {0}, most = 0;
	void *all;

	(void)state;
	srand(1);
	for (int round = 0; round < ROUNDS; round++) {
		int i = rand() % COUNT;

		for (size_t at = 0; blocks[i] && at < sizes[i]; at++)
			assert_int_equal(blocks[i][at], i);
		ack_vault_free(blocks[i]);
		sizes[i] = (size_t)(rand() % 900);
		blocks[i] = ack_vault_alloc(sizes[i]);
		assert_non_null(blocks[i]);
		assert_int_equal((uintptr_t)blocks[i] % 16, 0);
		memset(blocks[i], i, sizes[i]);
	}
	for (int i = 0; i < COUNT; i++)
		ack_vault_free(blocks[i]);
	for (size_t size = 1024; size <= 256u << 10; size += 1024) {
		all = ack_vault_alloc(size);
		if (ack_vault_holds(all))
			most = size;
		ack_vault_free(all);
	}
	assert_true(most >= 8u << 10);
}

/* What finds no room is there all the same. */
static void test_full(void **state)
{
	char *texts[600];
	int outside = 0;

	(void)state;
	for (size_t i = 0; i < LENGTH(texts); i++) {
		texts[i] = ack_vault_alloc(1000);
		assert_non_null(texts[i]);
		memset(texts[i], 'x', 1000);
		outside += !ack_vault_holds(texts[i]);
	}
	assert_true(outside > 0 && outside < (int)LENGTH(texts));
	for (size_t i = 0; i < LENGTH(texts); i++)
		ack_vault_free(texts[i]);
	texts[0] = ack_vault_alloc(1u << 20);
	assert_non_null(texts[0]);
	assert_false(ack_vault_holds(texts[0]));
	ack_vault_free(texts[0]);
}

/* A buffer stays there while it grows, and is as empty as any when it goes. */
static void test_buffer(void **state)
{
	struct ack_buf b = ACK_BUF_INIT(10000);

	(void)state;
	b.secret = true;
	for (int i = 0; i < 500; i++) {
		ack_buf_puts(&b, SECRET);
		assert_true(ack_vault_holds(b.data));
	}
	ack_buf_release(&b);
	assert_true(b.secret);
	ack_buf_puts(&b, SECRET);
	assert_true(ack_vault_holds(b.data));
	ack_buf_release(&b);
}

static void test_values(void **state)
{
	struct ack_values v = ACK_VALUES_INIT, copy = ACK_VALUES_INIT;

	(void)state;
	assert_int_equal(ack_values_guard(&v, true), 0);
	assert_int_equal(ack_values_set(&v, 3, SECRET, strlen(SECRET), 1), 0);
	assert_false(ack_vault_holds(v.block));
	assert_int_equal(ack_values_guard(&v, true), 0);
	assert_true(ack_vault_holds(v.block));
	assert_string_equal(ack_values_get(&v, 3, NULL), SECRET);
	assert_int_equal(ack_values_set(&v, 7, "x", 1, 1), 0);
	assert_true(ack_vault_holds(v.block));
	assert_int_equal(ack_values_copy(&copy, &v), 0);
	assert_true(ack_vault_holds(copy.block));
	ack_values_drop(&v, 3);
	assert_int_equal(ack_values_guard(&v, false), 0);
	assert_false(ack_vault_holds(v.block));
	assert_string_equal(ack_values_get(&v, 7, NULL), "x");
	assert_string_equal(ack_values_get(&copy, 3, NULL), SECRET);
	ack_values_release(&v);
	ack_values_release(&copy);
}

/* In a process of its own, whose limit is `most` bytes: what is locked then. */
static long locked_within(rlim_t most)
{
	struct rlimit limit = {most, most};
	int status;
	pid_t pid = fork();

	if (!pid) {
		char *text;

		if (setrlimit(RLIMIT_MEMLOCK, &limit) ||
			(!geteuid() && (setgid(65534) || setuid(65534))))
			_exit(200);
		text = ack_vault_copy(SECRET);
		_exit(text && !strcmp(text, SECRET) ? (int)locked_kib() / 16
						    : 201);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status) * 16L;
}

/* First of all, while this process has not made its own. */
static void test_limits(void **state)
{
	(void)state;
	if (LOCKS_NOTHING) {
		print_message("below a sanitizer mlock(2) does nothing\n");
		skip();
	}
	assert_int_equal(locked_kib(), 0);
	assert_int_equal(locked_within(0), 0);
	assert_int_equal(locked_within(64u << 10), 64);
	assert_int_equal(locked_within(256u << 10), 256);
}

/* libcurl's buffers of what it sends, and nothing else of libcurl's. */
static void test_sent(void **state)
{
	static const struct {
		size_t size;
		bool held;
	} rows[] = {
		{16384, false},
		{ACK_RESERVE_SECRET - 1, false},
		{ACK_RESERVE_SECRET, true},
		{ACK_RESERVE_SECRET + 64, true},
		{ACK_RESERVE_SECRET + 65, false},
		{32768, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t size = rows[i].size;
		char *one = ack_reserve_malloc(size);
		char *zeros = ack_reserve_calloc(size / 2, 2);

		assert_non_null(one);
		assert_int_equal(ack_vault_holds(one), rows[i].held);
		for (size_t at = 0; at < size / 2 * 2; at++)
			assert_int_equal(zeros[at], 0);
		memset(one, 7, size);
		ack_reserve_free(one);
		ack_reserve_free(zeros);
	}
	assert_null(ack_reserve_calloc(SIZE_MAX / 2, 3));

	char *text = ack_reserve_malloc(ACK_RESERVE_SECRET);
	memcpy(text, SECRET, sizeof(SECRET));
	char *moved = ack_reserve_realloc(text, 2 * ACK_RESERVE_SECRET);
	assert_false(ack_vault_holds(moved));
	assert_string_equal(moved, SECRET);
	for (size_t i = 0; i < sizeof(SECRET); i++)
		assert_int_equal(text[i], 0);
	ack_reserve_free(moved);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_wiped),
		cmocka_unit_test(test_blocks),
		cmocka_unit_test(test_sent),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_buffer),
		cmocka_unit_test(test_values),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
