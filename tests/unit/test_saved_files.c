/* SPDX-License-Identifier: MIT */
/* The files of a state directory: whose they are, what is in them, and a disk
 * that takes no more. */
#include "fleet_fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "actions/draft.h"
#include "actions/import.h"
#include "actions/naming.h"
static int shell(const struct fixture *x, const char *command)
{
	char line[512];

	snprintf(line, sizeof(line), "cd %s && { %s; }", x->dir, command);
	return system(line);
}

static void set(struct object *o, unsigned row, const char *text)
{
	struct ack_error e;

	assert_int_equal(object_write(o, row, text, strlen(text), &e), 0);
}

static void check_nodes(struct fixture *x, const char *name, const char *nodes)
{
	struct object *o = fleet_by_name(&x->fleet, name);

	assert_non_null(o);
	assert_string_equal(fixture_value(o, ACK_P_num_of_nodes), nodes);
}

/* It is refused, with these words, and not a byte or a time changes. */
static void refused(struct fixture *x, int err, const char *why)
{
	assert_int_equal(shell(x, "{ find . -type f -printf '%p %m %s %T@\\n' "
				  "| sort; cat "
				  "ackfs.db* | md5sum; } >$PWD.before"),
		0);
	assert_int_equal(fixture_begin(x, fixture_open), err);
	if (!strstr(x->why.message, why))
		fail_msg("%s: %s", why, x->why.message);
	assert_non_null(strstr(x->why.message, "ackfs.db"));
	fixture_end(x);
	assert_int_equal(
		shell(x, "{ find . -type f -printf '%p %m %s %T@\\n' | sort; "
			 "cat ackfs.db* | md5sum; } | cmp - "
			 "$PWD.before && rm $PWD.before"),
		0);
}

/* A draft with 3 nodes, in a database that was closed, or not. */
static void made(struct fixture *x, bool closed)
{
	set(fixture_draft(x, "a"), ACK_P_num_of_nodes, "3");
	if (closed) {
		fixture_end(x);
		return;
	}
	assert_int_equal(shell(x, "cp -a $PWD $PWD.copy"), 0);
	fixture_end(x);
	assert_int_equal(shell(x, "rm -f ackfs.db*; mv $PWD.copy/ackfs.db* .; "
				  "rm -r $PWD.copy"),
		0);
}

/* The bytes of the format in the header; a log may have newer ones. */
static void put_format(struct fixture *x, const char *format)
{
	char command[128];

	snprintf(command, sizeof(command),
		"printf '\\0\\0\\0\\%s' | dd of=ackfs.db bs=1 seek=60 "
		"conv=notrunc status=none",
		format);
	assert_int_equal(shell(x, command), 0);
}

static void test_later(void **state)
{
	struct fixture *x = *state;
	struct stat before, after;

	made(x, true);
	put_format(x, "5");
	/* nor was anything there in between */
	assert_int_equal(stat(x->dir, &before), 0);
	refused(x, -EINVAL, "has the format 5, which a later ackfs wrote");
	assert_int_equal(stat(x->dir, &after), 0);
	assert_memory_equal(
		&before.st_mtim, &after.st_mtim, sizeof(before.st_mtim));
	put_format(x, "4");
	assert_int_equal(fixture_begin(x, fixture_open), 0);
	check_nodes(x, "a", "3");
	fixture_end(x);
	/* one that was killed has written it into its log alone */
	fixture_sql(x, "PRAGMA journal_mode=WAL");
	assert_int_equal(
		shell(x, "{ echo 'PRAGMA user_version=7;'; echo '.shell cp -a "
			 "ackfs.db ackfs.db-wal ..'; } | sqlite3 ackfs.db "
			 ">/dev/null && mkdir x && mv ../ackfs.db* . && rmdir "
			 "x"),
		0);
	refused(x, -EINVAL, "has the format 7");
	assert_int_equal(shell(x, "rm ackfs.db-wal"), 0);
	assert_int_equal(fixture_begin(x, fixture_open), 0);
	check_nodes(x, "a", "3");
}

/* Renamed elsewhere; what another one is called stays that one's. */
#define TEN  "生生生生生生生生生生"
#define LONG "x" TEN TEN TEN TEN TEN TEN
static void test_renamed(void **state)
{
	struct fixture *x = *state;

	fixture_end(x);
	fixture_sql(x,
		"INSERT INTO directories (id, name, renamed, record, cloud_id, "
		"state, created, changed) VALUES "
		"(70, 'a', '" LONG
		"', 'exists', 'c0123456789abcdef0123456789abcde0', "
		"'running', 1, 1), "
		"(71, '" LONG
		"', 'c', 'exists', 'c0123456789abcdef0123456789abcde1', "
		"'running', 1, 1), "
		"(72, 'c', NULL, 'exists', "
		"'c0123456789abcdef0123456789abcde2', "
		"'running', 1, 1), "
		"(73, 'd', 'c', 'exists', 'c0123456789abcdef0123456789abcde3', "
		"'running', 1, 1)");
	for (int i = 0; i < 2; i++) {
		assert_int_equal(fixture_begin(x, fixture_open), 0);
		assert_null(x->fleet.error);
		assert_int_equal(fleet_by_name(&x->fleet, LONG)->serial, 70);
		assert_int_equal(fleet_by_name(&x->fleet, LONG
					 "@c0123456789abcdef0123456789abcde1")
					 ->serial,
			71);
		assert_int_equal(fleet_by_name(&x->fleet, "c")->serial, 72);
		assert_int_equal(fleet_by_name(&x->fleet, "d")->serial, 73);
		fixture_end(x);
	}
	assert_int_equal(fixture_begin(x, fixture_open), 0);
}

/* Format 1, which knew neither what had failed nor events. */
static void test_earlier(void **state)
{
	struct fixture *x = *state;

	made(x, true);
	fixture_sql(x,
		"INSERT INTO directories (id, name, record, cloud_id, state, "
		"created, changed) VALUES "
		"(50, 'f', 'exists', 'c0123456789abcdef0123456789abcde0', "
		"'failed', 1, 1), "
		"(51, 'r', 'exists', 'c0123456789abcdef0123456789abcde1', "
		"'running', 1, 1); "
		"INSERT INTO receipts VALUES (50, 'R', 'T', 0), "
		"(51, 'R', 'T', 0); "
		"ALTER TABLE receipts DROP COLUMN failed; DROP TABLE events; "
		"ALTER TABLE directories DROP COLUMN renamed; "
		"PRAGMA user_version = 1");
	for (int i = 0; i < 2; i++) {
		assert_int_equal(fixture_begin(x, fixture_open), 0);
		check_nodes(x, "a", "3");
		assert_true(fleet_by_name(&x->fleet, "f")->receipt->failed);
		assert_false(fleet_by_name(&x->fleet, "r")->receipt->failed);
		assert_string_equal(
			object_task_id(fleet_by_name(&x->fleet, "r")), "T");
		fixture_end(x);
	}
	assert_int_equal(fixture_begin(x, fixture_open), 0);
	fixture_end(x);
	fixture_sql(x, "SELECT line FROM events");
	assert_int_equal(fixture_begin(x, fixture_open), 0);
}

static void test_damaged(void **state)
{
	static const char *const damages[] = {
		"echo hello >ackfs.db",
		"truncate -s 50 ackfs.db",
		"truncate -s -1024 ackfs.db",
		"printf x | dd of=ackfs.db bs=1 conv=notrunc status=none",
		"dd if=/dev/zero of=ackfs.db bs=1024 seek=1 count=1 "
		"conv=notrunc status=none",
		"head -c 4096 /dev/urandom | dd of=ackfs.db bs=1024 seek=2 "
		"conv=notrunc status=none",
		"sqlite3 ackfs.db 'DROP TABLE edits; VACUUM'",
		"sqlite3 ackfs.db 'ALTER TABLE intents DROP COLUMN date'",
		"echo hello >ackfs.db-wal && : >ackfs.db",
		"echo hello >ackfs.db-wal && rm ackfs.db",
	};

	for (size_t i = 0; i < LENGTH(damages); i++) {
		struct fixture *x = *state;

		made(x, true);
		assert_int_equal(shell(x, damages[i]), 0);
		refused(x, -EIO, "cannot be read");
		assert_non_null(strstr(x->why.hint, "sqlite3 ackfs.db"));
		assert_non_null(strstr(x->why.hint, ".recover"));
		fixture_teardown(state);
		fixture_setup(state);
	}
}

/* What the message says brings back what can be read. */
static void test_recovered(void **state)
{
	struct fixture *x = *state;
	char command[1024];
	const char *from, *to;

	made(x, true);
	assert_int_equal(
		shell(x,
			"sqlite3 ackfs.db 'CREATE TABLE zz (z); INSERT INTO "
			"zz VALUES (1)' && dd if=/dev/zero of=ackfs.db bs=1024 "
			"seek=$(($(stat -c %s ackfs.db) / 1024 - 1)) count=1 "
			"conv=notrunc status=none"),
		0);
	assert_int_equal(fixture_begin(x, fixture_open), -EIO);
	from = strstr(x->why.hint, "cd ");
	to = strstr(x->why.hint, "; then move");
	assert_true(from && to);
	snprintf(command, sizeof(command), "{ %.*s; } 2>/dev/null",
		(int)(to - from), from);
	fixture_end(x);
	assert_int_equal(system(command), 0);
	assert_int_equal(shell(x, "mkdir ../x.$$ && mv ackfs.db* ../x.$$ && rm "
				  "-r ../x.$$ && mv saved.db ackfs.db"),
		0);
	assert_int_equal(fixture_begin(x, fixture_open), 0);
	check_nodes(x, "a", "3");
	fixture_check_kept(x);
}

static void test_planted(void **state)
{
	static const char *const plants[] = {
		"mv %s x && ln -s x %s",
		"rm -f %s && mkfifo %s",
		"rm -f %s && mkdir %s",
		"ln -f %s x && : %s",
	};
	static const char *const names[] = {"ackfs.db", "ackfs.db-wal"};
	char command[128];

	for (size_t i = 0; i < LENGTH(plants) * LENGTH(names); i++) {
		struct fixture *x = *state;
		const char *name = names[i % LENGTH(names)];

		made(x, false);
		snprintf(command, sizeof(command), "chmod 755 .");
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		snprintf(command, sizeof(command), plants[i / LENGTH(names)],
			name, name);
#pragma GCC diagnostic pop
		assert_int_equal(shell(x, command), 0);
		assert_true(fixture_begin(x, fixture_open) < 0);
		fixture_teardown(state);
		fixture_setup(state);
	}
}

/* Also what it found open to others; SQLite's own journal is not believed. */
static void test_modes(void **state)
{
	struct fixture *x = *state;

	made(x, true);
	assert_int_equal(
		shell(x, "chmod 666 ackfs.db && mkfifo ackfs.db-journal"), 0);
	assert_true(fixture_begin(x, fixture_open) < 0);
	fixture_end(x);
	assert_int_equal(shell(x, "rm ackfs.db-journal"), 0);
	umask(0);
	assert_int_equal(fixture_begin(x, fixture_open), 0);
	set(fleet_by_name(&x->fleet, "a"), ACK_P_num_of_nodes, "4");
	umask(077);
	assert_int_equal(shell(x, "test \"$(stat -c %a ackfs.db ackfs.db-wal | "
				  "paste -sd' ')\" = '600 600'"),
		0);
	/* nothing else is there, such as a file of shared memory */
	assert_int_equal(shell(x, "test \"$(ls | paste -sd' ')\" = 'ackfs.db "
				  "ackfs.db-wal'"),
		0);
}

struct told {
	struct waiter w;
	int calls, err;
};

static void told_done(struct waiter *w, int err)
{
	struct told *t = (struct told *)w;

	t->calls++;
	t->err = err;
}

static void test_sync(void **state)
{
	struct fixture *x = *state;
	struct object *o = fixture_draft(x, "a");
	struct told t[3] = {0};

	for (int i = 0; i < 3; i++) {
		t[i].w.done = told_done;
		assert_int_equal(saved_sync(o, &t[i].w), NODE_LATER);
		assert_int_equal(t[i].calls, 0);
	}
	/* one who leaves is not told */
	waiter_leave(&t[1].w);
	fixture_settle(x);
	assert_int_equal(t[0].calls, 1);
	assert_int_equal(t[1].calls, 0);
	assert_int_equal(t[2].calls, 1);
	assert_int_equal(t[0].err, 0);
	/* what is on disk already, for itself or by a checkpoint */
	assert_int_equal(saved_sync(o, &t[0].w), 0);
	set(o, ACK_P_num_of_nodes, "2");
	saved_checkpoint(&x->saved);
	fixture_settle(x);
	assert_int_equal(saved_sync(o, &t[0].w), 0);
	/* who waits when the fleet goes is told */
	set(o, ACK_P_num_of_nodes, "3");
	assert_int_equal(saved_sync(o, &t[0].w), NODE_LATER);
	fixture_again(x);
	assert_int_equal(t[0].calls, 2);
	assert_int_equal(t[0].err, -EINTR);
}

static void limit(long size)
{
	static struct rlimit old;
	struct rlimit now;

	signal(SIGXFSZ, SIG_IGN);
	if (!old.rlim_max)
		assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	now = old;
	if (size)
		now.rlim_cur = (rlim_t)size;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &now), 0);
}

/* A disk that takes no more: the value stays as it was, half a page goes. */
static void test_no_room(void **state)
{
	struct fixture *x = *state;
	struct object *o = fixture_draft(x, "a");
	struct ack_error e;
	char *before;

	set(o, ACK_P_num_of_nodes, "3");
	before = fixture_kept(x);
	for (long more = 0; more < 2200; more += 200) {
		limit(fixture_size(x, "ackfs.db-wal") + more);
		for (int i = 0; i < 4; i++)
			if (object_write(o, ACK_P_num_of_nodes, "4", 1, &e))
				break;
		assert_int_equal(e.err, ENOSPC);
		assert_non_null(strstr(e.message, "state directory"));
		assert_null(naming_create(&x->fleet, NULL, "b", &e));
		assert_int_equal(e.err, ENOSPC);
		assert_int_equal(import_body(o, "{\"num_of_nodes\":9}", 18, &e),
			-ENOSPC);
		assert_int_equal(naming_rename(o, "b", &e), -ENOSPC);
		assert_int_equal(naming_remove(o, &e), -ENOSPC);
		assert_string_equal(o->name, "a");
		limit(0);
		set(o, ACK_P_num_of_nodes, "3");
	}
	free(before);
	fixture_check_kept(x);
	set(fleet_by_name(&x->fleet, "a"), ACK_P_tags, "k=v");
	fixture_kill(x);
	assert_int_equal(x->fleet.clusters.count, 1);
	check_nodes(x, "a", "3");
	assert_string_equal(
		fixture_value(fleet_by_name(&x->fleet, "a"), ACK_P_tags),
		"k=v");
}

/* Nor does a checkpoint find room: the log stays, and is tried again. */
static void test_no_room_below(void **state)
{
	struct fixture *x = *state;
	char name[16];

	for (int i = 0; i < 40; i++) {
		snprintf(name, sizeof(name), "d%d", i);
		set(fixture_draft(x, name), ACK_P_num_of_nodes, "3");
	}
	limit(fixture_size(x, "ackfs.db"));
	saved_checkpoint(&x->saved);
	fixture_settle(x);
	assert_true(x->saved.trouble.on);
	limit(0);
	assert_true(fixture_size(x, "ackfs.db-wal") > 0);
	saved_checkpoint(&x->saved);
	fixture_settle(x);
	assert_false(x->saved.trouble.on);
	assert_int_equal(fixture_size(x, "ackfs.db-wal"), 0);
	fixture_check_kept(x);
}

/* Of a version that was never released: not read, not touched, told. */
static void test_older(void **state)
{
	struct fixture *x = *state;

	fixture_end(x);
	assert_int_equal(
		shell(x, "mkdir clusters && echo '{}' >clusters/a.json && echo "
			 "x >journal"),
		0);
	assert_int_equal(fixture_begin(x, fixture_open), 0);
	assert_int_equal(x->fleet.clusters.count, 0);
	assert_non_null(strstr(x->fleet.error, x->dir));
	assert_non_null(strstr(x->fleet.error, "clusters"));
	assert_non_null(strstr(x->fleet.error, "journal"));
	assert_int_equal(
		shell(x, "grep -qx '{}' clusters/a.json && grep -qx x journal"),
		0);
}

/* A process that died before it had made its tables. */
static void test_half_made(void **state)
{
	struct fixture *x = *state;

	fixture_end(x);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(
			shell(x, i ? "rm ackfs.db && sqlite3 ackfs.db 'PRAGMA "
				     "journal_mode=WAL' >/dev/null"
				   : ": >ackfs.db"),
			0);
		assert_int_equal(fixture_begin(x, fixture_open), 0);
		set(fixture_draft(x, "a"), ACK_P_num_of_nodes, "3");
		fixture_check_kept(x);
		fixture_end(x);
	}
	assert_int_equal(fixture_begin(x, fixture_open), 0);
}

static void test_locked(void **state)
{
	struct fixture *x = *state;
	struct state second;
	struct ack_error e;

	assert_int_equal(state_open(&second, x->dir, "", &e), -EBUSY);
	assert_non_null(strstr(e.message, x->dir));
	state_release(&second);
	/* nor may another program change it meanwhile */
	set(fixture_draft(x, "a"), ACK_P_num_of_nodes, "3");
	assert_int_not_equal(
		shell(x, "sqlite3 ackfs.db 'DELETE FROM directories' "
			 "2>/dev/null"),
		0);
	/* but a copy tells people */
	assert_int_equal(
		shell(x, "mkdir c && cp ackfs.db* c && test $(sqlite3 "
			 "c/ackfs.db \"SELECT value FROM parameters WHERE "
			 "parameter = 'num_of_nodes'\") = 3 && rm -r c"),
		0);
}

#define CASE(test) \
	cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_later),
		CASE(test_earlier),
		CASE(test_renamed),
		cmocka_unit_test_setup_teardown(
			test_damaged, fixture_setup, fixture_teardown),
		CASE(test_recovered),
		CASE(test_planted),
		CASE(test_modes),
		CASE(test_sync),
		CASE(test_no_room),
		CASE(test_no_room_below),
		CASE(test_older),
		CASE(test_half_made),
		CASE(test_locked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
