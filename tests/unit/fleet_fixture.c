/* SPDX-License-Identifier: MIT */
#include "fleet_fixture.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client.h"
#include "http.h"
#include "outcome.h"

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

static int open_saved(struct fixture *x)
{
	struct ack_error e;

	return saved_open(&x->saved, &x->fleet, &x->state, &e);
}

static int begin(struct fixture *x, int (*open)(struct fixture *x))
{
	struct ack_http_config http = {.user_agent = "test"};
	struct ack_client_config client = {.events = &x->events,
		.endpoint = &x->fleet.endpoint,
		.connect_timeout_ms = 1000,
		.timeout_ms = 1000};
	struct ack_error e;

	memset(&x->fleet, 0, sizeof(x->fleet));
	assert_int_equal(ack_events_init(&x->events, &e), 0);
	assert_int_equal(state_open(&x->state, x->dir, "", &e), 0);
	x->saved = (struct saved)SAVED_INIT;
	assert_int_equal(ack_endpoint_init(&x->fleet.endpoint,
				 "http://127.0.0.1:9", "cn-beijing", -1, &e),
		0);
	x->http = client.http = ack_http_new(&x->events, &http, &e);
	assert_non_null(x->http);
	x->fleet.client = ack_client_new(&client, &e);
	assert_non_null(x->fleet.client);
	x->fleet.events = &x->events;
	x->fleet.audit = -1;
	x->fleet.settle_ms = x->fleet.tries_ms = 1000;
	x->fleet.forget = forget;
	x->fleet.notify = notify;
	return open(x);
}

static void end(struct fixture *x)
{
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
	strcpy(x->dir, "/tmp/ackfs-unit-XXXXXX");
	assert_non_null(mkdtemp(x->dir));
	assert_int_equal(begin(x, open_saved), 0);
	*state = x;
	return 0;
}

int fixture_teardown(void **state)
{
	struct fixture *x = *state;
	char command[128];

	end(x);
	snprintf(command, sizeof(command), "rm -rf %s", x->dir);
	assert_int_equal(system(command), 0);
	free(x);
	return 0;
}

void fixture_again(struct fixture *x)
{
	assert_int_equal(fixture_again_with(x, open_saved), 0);
}

int fixture_again_with(struct fixture *x, int (*open)(struct fixture *x))
{
	end(x);
	return begin(x, open);
}

void fixture_settle(struct fixture *x)
{
	while (x->saved.journal.sync || x->saved.checkpoint.write)
		assert_int_equal(ack_events_turn(&x->events), 0);
}

void fixture_exists(struct fixture *x, struct object *o, const struct ids *ids)
{
	object_become(o, COURSE_KEEPING);
	outcome_keep(o, ids);
	fixture_settle(x);
	assert_int_equal(o->state, COURSE_EXISTS);
}

void fixture_write(struct fixture *x, const char *file, const char *text)
{
	int fd = openat(
		x->saved.store.dir, file, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

bool fixture_has(struct fixture *x, const char *file)
{
	return !faccessat(x->saved.store.dir, file, F_OK, AT_SYMLINK_NOFOLLOW);
}

size_t fixture_files(struct fixture *x)
{
	struct dirent **names;
	int n = scandirat(x->saved.store.dir, ".", &names, NULL, NULL);

	assert_true(n >= 2);
	for (int i = 0; i < n; i++)
		free(names[i]);
	free(names);
	return (size_t)n - 2;
}

struct object *fixture_draft(struct fixture *x, const char *name)
{
	struct ack_error e;
	struct object *o = fleet_create(&x->fleet, NULL, name, &e);

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
