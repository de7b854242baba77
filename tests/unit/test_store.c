/* SPDX-License-Identifier: MIT */
#include "fleet_fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "buf.h"

/* What was loaded, `name=text` and a blank each; and what was told. */
static char loaded[4096], told[4096];

/* A text that begins with `bad` is refused. */
static int take(void *arg, const char *name, const char *text, size_t len,
	struct ack_error *e)
{
	size_t at = strlen(loaded);

	(void)arg;
	if (!strncmp(text, "bad", 3))
		return ack_error_set(e, EINVAL, NULL, "%s is bad", text);
	snprintf(loaded + at, sizeof(loaded) - at, "%s=%.*s ", name, (int)len,
		text);
	return 0;
}

static void tell(void *arg, const char *sentence)
{
	size_t at = strlen(told);

	(void)arg;
	snprintf(told + at, sizeof(told) - at, "%s\n", sentence);
}

static void load(struct fixture *x)
{
	struct ack_error e;

	*loaded = *told = '\0';
	assert_int_equal(store_load(&x->saved.store, take, tell, NULL, &e), 0);
}

static int put(struct fixture *x, const char *name, const char *text)
{
	int ret = store_write(&x->saved.store, name, text, strlen(text));

	return ret ? ret : store_rename(&x->saved.store, name);
}

static void test_put_and_load(void **state)
{
	struct fixture *x = *state;

	load(x);
	assert_string_equal(loaded, "");
	assert_int_equal(put(x, "b", "1"), 0);
	assert_int_equal(put(x, "a", "2"), 0);
	assert_int_equal(put(x, "a", "3"), 0);
	assert_int_equal(put(x, "c", ""), 0);
	assert_int_equal(store_sync(&x->saved.store), 0);
	load(x);
	assert_string_equal(loaded, "a=3 b=1 c= ");
	assert_string_equal(told, "");
	assert_true(fixture_has(x, "b.json"));
	assert_int_equal(fixture_files(x), 3);
}

/* Until it is renamed, the old one stands. */
static void test_two_steps(void **state)
{
	struct fixture *x = *state;

	assert_int_equal(put(x, "a", "1"), 0);
	assert_int_equal(store_write(&x->saved.store, "a", "2", 1), 0);
	load(x);
	assert_string_equal(loaded, "a=1 ");
	assert_false(fixture_has(x, "a.new"));
	assert_int_equal(store_rename(&x->saved.store, "a"), -ENOENT);
	assert_int_equal(store_write(&x->saved.store, "a", "2", 1), 0);
	store_forget(&x->saved.store, "a");
	assert_false(fixture_has(x, "a.new"));
	assert_int_equal(put(x, "a", "3"), 0);
	load(x);
	assert_string_equal(loaded, "a=3 ");
}

static void test_remove(void **state)
{
	struct fixture *x = *state;
	struct ack_error e;

	assert_int_equal(put(x, "a", "1"), 0);
	assert_int_equal(store_remove(&x->saved.store, "a", &e), 0);
	assert_int_equal(fixture_files(x), 0);
	assert_int_equal(store_remove(&x->saved.store, "a", &e), 0);
}

static void test_set_aside(void **state)
{
	struct fixture *x = *state;
	static const char *const strange[] = {
		"bad.json", "notes", ".json", ".hidden", "x.JSON", "x.json~"};
	char aside[64];

	for (size_t i = 0; i < LENGTH(strange); i++)
		fixture_write(x, strange[i], "bad");
	assert_int_equal(mkdirat(x->saved.store.dir, "dir.json", 0700), 0);
	assert_int_equal(mkfifoat(x->saved.store.dir, "fifo.json", 0600), 0);
	assert_int_equal(
		symlinkat("/etc/passwd", x->saved.store.dir, "link.json"), 0);
	fixture_write(x, "left.new", "half");
	load(x);
	assert_string_equal(loaded, "");
	for (size_t i = 0; i < LENGTH(strange); i++) {
		snprintf(aside, sizeof(aside), "%s.0.damaged", strange[i]);
		assert_true(fixture_has(x, aside));
	}
	assert_true(fixture_has(x, "dir.json.0.damaged"));
	assert_true(fixture_has(x, "fifo.json.0.damaged"));
	assert_true(fixture_has(x, "link.json.0.damaged"));
	assert_false(fixture_has(x, "left.new"));
	assert_int_equal(fixture_files(x), LENGTH(strange) + 3);
	load(x);
	assert_string_equal(told, "");
	fixture_write(x, "bad.json", "bad2");
	load(x);
	assert_true(fixture_has(x, "bad.json.1.damaged"));
	assert_true(fixture_has(x, "bad.json.0.damaged"));
}

static void test_long_names(void **state)
{
	struct fixture *x = *state;
	char name[NAME_MAX + 2];
	struct ack_error e;

	memset(name, 'n', sizeof(name));
	name[NAME_MAX - 5] = '\0';
	assert_int_equal(put(x, name, "1"), 0);
	load(x);
	assert_int_equal(strlen(loaded), NAME_MAX - 5 + 3);
	name[NAME_MAX - 5] = 'n';
	name[NAME_MAX - 4] = '\0';
	assert_int_equal(put(x, name, "1"), -ENAMETOOLONG);
	assert_int_equal(
		store_remove(&x->saved.store, name, &e), -ENAMETOOLONG);
}

/* A disk that takes no more: the old record stands, no remains. */
static void test_no_room(void **state)
{
	struct fixture *x = *state;
	struct rlimit old, none;
	char big[8192];

	memset(big, 'b', sizeof(big));
	big[sizeof(big) - 1] = '\0';
	assert_int_equal(put(x, "a", "old"), 0);
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	none = old;
	none.rlim_cur = 4096; /* half of it fits */
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
	assert_int_equal(put(x, "a", big), -EFBIG);
	assert_int_equal(put(x, "new", big), -EFBIG);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	assert_int_equal(fixture_files(x), 1);
	load(x);
	assert_string_equal(loaded, "a=old ");
}

static void test_planted(void **state)
{
	struct fixture *x = *state;
	struct stat st;
	struct ack_error e;

	/* where the next write would go */
	assert_int_equal(
		symlinkat("/tmp/ackfs-unit-none", x->saved.store.dir, "a.new"),
		0);
	assert_int_equal(put(x, "a", "1"), 0);
	assert_int_equal(access("/tmp/ackfs-unit-none", F_OK), -1);
	assert_int_equal(
		fstatat(x->saved.store.dir, "a.json", &st, AT_SYMLINK_NOFOLLOW),
		0);
	assert_true(S_ISREG(st.st_mode));
	assert_int_equal(st.st_mode & 0777, 0600);
	/* a link in place of the directory of the records */
	store_close(&x->saved.store);
	assert_int_equal(
		renameat(x->state.lock, "clusters", x->state.lock, "moved"), 0);
	assert_int_equal(symlinkat("moved", x->state.lock, "clusters"), 0);
	assert_true(store_open(&x->saved.store, &x->state, &e) < 0);
	assert_int_equal(unlinkat(x->state.lock, "clusters", 0), 0);
	assert_int_equal(store_open(&x->saved.store, &x->state, &e), 0);
}

static void test_locked(void **state)
{
	struct fixture *x = *state;
	struct state second;
	struct ack_error e;

	assert_int_equal(state_open(&second, x->dir, "", &e), -EBUSY);
	assert_non_null(strstr(e.message, x->dir));
	state_release(&second);
}

#define CASE(test) \
	cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_put_and_load),
		CASE(test_two_steps),
		CASE(test_remove),
		CASE(test_set_aside),
		CASE(test_long_names),
		CASE(test_no_room),
		CASE(test_planted),
		CASE(test_locked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
