/* SPDX-License-Identifier: MIT */
#include "http_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct ack_events ev;
struct ack_http *http;

void done(void *arg, const struct ack_http_reply *r, const struct ack_error *e)
{
	struct result *result = arg;

	result->calls++;
	result->reply = *r;
	result->error = *e;
	assert_int_equal(strlen(r->body), r->len);
	snprintf(result->body, sizeof(result->body), "%s", r->body);
	snprintf(result->type, sizeof(result->type), "%s", r->content_type);
}

int setup(void **state)
{
	const struct ack_http_config config = {.user_agent = "unit/1"};
	struct ack_error e;

	(void)state;
	setenv("http_proxy", "http://127.0.0.1:1", 1);
	setenv("all_proxy", "http://127.0.0.1:1", 1);
	setenv("SSLKEYLOGFILE", "/nonexistent/keys", 1);
	if (ack_events_init(&ev, &e) < 0)
		return -1;
	http = ack_http_new(&ev, &config, &e);
	return http ? 0 : -1;
}

int teardown(void **state)
{
	(void)state;
	ack_http_free(http);
	ack_events_release(&ev);
	return 0;
}

void run(unsigned port, const char *method, const char *body, long timeout_ms,
	struct result *result)
{
	static const struct ack_header headers[] = {
		{"X-One", "1"},
		{"X-Empty", ""},
	};
	char url[64];
	struct ack_error e;

	snprintf(url, sizeof(url), "http://127.0.0.1:%u/a/../b?c=%%20", port);
	const struct ack_http_request r = {
		.method = method,
		.url = url,
		.headers = headers,
		.nheaders = LENGTH(headers),
		.body = body,
		.len = body ? strlen(body) : 0,
		.connect_timeout_ms = 5000,
		.timeout_ms = timeout_ms,
		.shared = !body,
	};
	*result = (struct result){0};
	if (!ack_http_start(http, &r, done, result, &e))
		fail_msg("%s", e.message);
	assert_int_equal(result->calls, 0);
	while (result->calls == 0)
		assert_int_equal(ack_events_turn(&ev), 0);
	assert_int_equal(result->calls, 1);
	assert_int_equal(result->reply.err, -result->error.err);
}
