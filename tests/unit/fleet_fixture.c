/* SPDX-License-Identifier: MIT */
#include "fleet_fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "actions/commit.h"
#include "actions/naming.h"
#include "actions/resolve.h"
#include "base/buf.h"
#include "client/client.h"
#include "http/http.h"
#include "kept.h"
#include "mount/parts.h"
static void forget(void *arg, uint64_t ino)
{
	(void)arg;
	(void)ino;
}

static void notify(void *arg, struct handle *h)
{
	(void)arg;
	(void)h;
}

int fixture_open(struct fixture *x)
{
	int ret = saved_open(&x->saved, &x->fleet, &x->state, &x->why);

	if (!ret)
		resolve_resume(&x->fleet);
	return ret;
}

int fixture_begin(struct fixture *x, int (*open)(struct fixture *x))
{
	struct ack_http_config http = {.user_agent = "test"};
	struct ack_client_config client = {.events = &x->events,
		.endpoint = &x->fleet.endpoint,
		.connect_timeout_ms = 1000,
		.timeout_ms = 1000};
	struct ack_error e;

	x->begun = true;
	memset(&x->fleet, 0, sizeof(x->fleet));
	assert_int_equal(ack_events_init(&x->events, &e), 0);
	assert_int_equal(state_open(&x->state, x->dir, "", &e), 0);
	memset(&x->saved, 0, sizeof(x->saved));
	assert_int_equal(ack_endpoint_init(&x->fleet.endpoint,
				 "http://127.0.0.1:9", "cn-beijing", -1, &e),
		0);
	x->http = client.http = ack_http_new(&x->events, &http, &e);
	assert_non_null(x->http);
	x->fleet.client = ack_client_new(&client, &e);
	assert_non_null(x->fleet.client);
	x->fleet.events = &x->events;
	x->fleet.audit = -1;
	parts_give(&x->fleet);
	x->fleet.settle_ms = x->fleet.tries_ms = 1000;
	x->fleet.forget = forget;
	x->fleet.notify = notify;
	/* a server here has an answer for each request that it expects */
	x->fleet.roles.asked = true;
	return open(x);
}

void fixture_end(struct fixture *x)
{
	if (!x->begun)
		return;
	x->begun = false;
	fleet_release(&x->fleet);
	ack_client_free(x->fleet.client);
	ack_http_free(x->http);
	saved_close(&x->saved);
	state_release(&x->state);
	ack_events_release(&x->events);
}

int fixture_setup(void **state)
{
	struct fixture *x = calloc(1, sizeof(*x));

	assert_non_null(x);
	/* in memory, where syncing takes no time */
	snprintf(x->dir, sizeof(x->dir), "%s/ackfs-unit-XXXXXX",
		access("/dev/shm", W_OK) ? "/tmp" : "/dev/shm");
	assert_non_null(mkdtemp(x->dir));
	assert_int_equal(fixture_begin(x, fixture_open), 0);
	*state = x;
	return 0;
}

int fixture_teardown(void **state)
{
	struct fixture *x = *state;
	char command[128];

	fixture_end(x);
	snprintf(command, sizeof(command), "rm -rf %s", x->dir);
	assert_int_equal(system(command), 0);
	free(x);
	return 0;
}

void fixture_again(struct fixture *x)
{
	fixture_end(x);
	assert_int_equal(fixture_begin(x, fixture_open), 0);
}

__attribute__((format(printf, 1, 2))) static void shell(const char *format, ...)
{
	char command[256];
	va_list ap;

	va_start(ap, format);
	vsnprintf(command, sizeof(command), format, ap);
	va_end(ap);
	assert_int_equal(system(command), 0);
}

void fixture_kill(struct fixture *x)
{
	shell("rm -rf %s.copy && cp -a %s %s.copy", x->dir, x->dir, x->dir);
	fixture_end(x);
	shell("rm -rf %s && mv %s.copy %s", x->dir, x->dir, x->dir);
	assert_int_equal(fixture_begin(x, fixture_open), 0);
}

void fixture_sql(struct fixture *x, const char *sql)
{
	char path[128];
	sqlite3 *db;

	snprintf(path, sizeof(path), "%s/ackfs.db", x->dir);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	if (sqlite3_exec(db, sql, NULL, NULL, NULL))
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

char *fixture_kept(struct fixture *x)
{
	struct ack_buf text = ACK_BUF_INIT(16u << 20);

	kept_text(&x->fleet, &text);
	ack_buf_putc(&text, '\n');
	return ack_buf_steal(&text);
}

void fixture_check_kept(struct fixture *x)
{
	char *before = fixture_kept(x), *after;

	fixture_again(x);
	after = fixture_kept(x);
	assert_string_equal(before, after);
	free(before);
	free(after);
}

long fixture_size(const struct fixture *x, const char *file)
{
	struct stat st;

	return fstatat(x->state.lock, file, &st, AT_SYMLINK_NOFOLLOW)
		       ? -1
		       : (long)st.st_size;
}

static void nothing(void *arg)
{
	(void)arg;
}

void fixture_turn(struct fixture *x)
{
	struct ack_timer now = {.fire = nothing};

	ack_timer_set(&x->events, &now, 0);
	assert_int_equal(ack_events_turn(&x->events), 0);
	ack_timer_cancel(&x->events, &now);
}

void fixture_settle(struct fixture *x)
{
	while (x->saved.sync.busy || x->saved.checkpoint.busy)
		assert_int_equal(ack_events_turn(&x->events), 0);
}

void fixture_exists(struct fixture *x, struct object *o, const struct ids *ids)
{
	object_become(o, COURSE_KEEPING);
	commit_keep(o, ids);
	fixture_settle(x);
	assert_int_equal(o->state, COURSE_EXISTS);
}

struct object *fixture_draft(struct fixture *x, const char *name)
{
	struct ack_error e;
	struct object *o = naming_create(&x->fleet, NULL, name, &e);

	assert_non_null(o);
	return o;
}

struct node fixture_node(struct object *o, const char *name)
{
	struct node dir, n;

	node_of_object(o, &dir);
	assert_int_equal(node_lookup(&dir, name, &n), 0);
	return n;
}

const char *fixture_value(struct object *o, unsigned row)
{
	return ack_values_get(&o->values, row, NULL);
}
