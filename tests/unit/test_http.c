/* SPDX-License-Identifier: MIT */
/* Requests that get an answer, and those that are never made. */
#include "http_fixture.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void test_answer(void **state)
{
	static const struct server_step steps[] = {
		{"HTTP/1.1 202 Accepted\r\nContent-Type: text/x\r\n"
		 "Date: Fri, 02 Jan 2026 03:04:05 GMT\r\n"
		 "x-acs-retry-after: 1500\r\nContent-Length: 5\r\n\r\nhello",
			SERVER_KEEP},
		{"HTTP/1.1 204 None\r\nx-acs-retry-after: soon\r\n\r\n",
			SERVER_KEEP},
		{"HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n"
		 "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
			SERVER_KEEP},
		{SERVER_REPLY("200", "0", ""), SERVER_KEEP},
	};
	struct server *s = server_start(steps, LENGTH(steps));
	struct result r;

	(void)state;
	run(server_port(s), "POST", "body", 5000, &r);
	assert_int_equal(r.reply.err, 0);
	assert_true(r.reply.left);
	assert_int_equal(r.reply.status, 202);
	assert_string_equal(r.body, "hello");
	assert_string_equal(r.type, "text/x");
	assert_int_equal(r.reply.date, 1767323045);
	assert_int_equal(r.reply.retry_after_ms, 1500);

	run(server_port(s), "GET", NULL, 5000, &r);
	assert_int_equal(r.reply.status, 204);
	assert_string_equal(r.body, "");
	assert_string_equal(r.type, "");
	assert_int_equal(r.reply.date, 0);
	assert_int_equal(r.reply.retry_after_ms, -1);

	run(server_port(s), "PUT", "{}", 5000, &r);
	assert_string_equal(r.body, "abcde");
	run(server_port(s), "POST", NULL, 5000, &r);

	assert_int_equal(server_stop(s), 4);
	assert_int_equal(server_connections(s), 1);
	const char *got = server_request(s, 0);
	assert_int_equal(
		strncmp(got, "POST /a/../b?c=%20 HTTP/1.1\r\n", 29), 0);
	assert_non_null(strstr(got, "\r\nX-One: 1\r\n"));
	assert_non_null(strstr(got, "\r\nX-Empty:\r\n"));
	assert_non_null(strstr(got, "\r\nUser-Agent: unit/1\r\n"));
	assert_non_null(strstr(got, "\r\nContent-Length: 4\r\n"));
	assert_non_null(strstr(got, "\r\n\r\nbody"));
	assert_null(strcasestr(got, "Expect:"));
	assert_int_equal(strncmp(server_request(s, 1), "GET ", 4), 0);
	assert_null(strcasestr(server_request(s, 1), "Content-"));
	assert_int_equal(strncmp(server_request(s, 2), "PUT ", 4), 0);
	got = server_request(s, 3);
	assert_non_null(strstr(got, "\r\nContent-Length: 0\r\n"));
	assert_null(strcasestr(got, "Content-Type"));
	server_free(s);
}

static void test_redirect(void **state)
{
	struct server_step step = {.then = SERVER_CLOSE};
	static const struct server_step bait = {
		SERVER_REPLY("200", "2", "{}"), SERVER_CLOSE};
	struct server *other = server_start(&bait, 1);
	char reply[128];

	(void)state;
	snprintf(reply, sizeof(reply),
		"HTTP/1.1 307 X\r\nLocation: http://127.0.0.1:%u/\r\n"
		"Content-Length: 0\r\n\r\n",
		server_port(other));
	step.reply = reply;
	struct server *s = server_start(&step, 1);
	struct result r;
	run(server_port(s), "POST", "x", 5000, &r);
	assert_int_equal(r.reply.err, 0);
	assert_int_equal(r.reply.status, 307);
	server_stop(s);
	server_free(s);
	assert_int_equal(server_stop(other), 0);
	server_free(other);
}

static void test_refused(void **state)
{
	static const struct ack_header bad = {"X", "a\r\nY: b"};
	static const struct {
		const char *url;
		const struct ack_header *header;
	} rows[] = {
		{"ftp://127.0.0.1/", NULL},
		{"file:///etc/passwd", NULL},
		{"127.0.0.1:80", NULL},
		{"http://example.com/", NULL},
		{"http://10.0.0.1/", NULL},
		{"https://user:secret@example.com/", NULL},
		{"http://127.0.0.1:1/", &bad},
	};
	struct result result = {0};
	struct ack_error e;

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		const struct ack_http_request r = {
			.method = "GET",
			.url = rows[i].url,
			.headers = rows[i].header,
			.nheaders = rows[i].header ? 1 : 0,
			.connect_timeout_ms = 100,
			.timeout_ms = 100,
		};

		if (ack_http_start(http, &r, done, &result, &e))
			fail_msg("started: %s", rows[i].url);
		assert_int_equal(e.err, EINVAL);
		assert_null(strstr(e.message, "secret"));
	}
	assert_int_equal(result.calls, 0);
	assert_null(getenv("SSLKEYLOGFILE"));
}

static void test_cancel(void **state)
{
	static const struct server_step hang = {NULL, SERVER_HANG};
	static const struct server_step answer = {
		SERVER_REPLY("200", "2", "{}"), SERVER_KEEP};
	struct server *s = server_start(&hang, 1);
	struct server *other = server_start(&answer, 1);
	struct ack_transfer *t[3];
	struct result r = {0}, answered;
	struct ack_error e;
	char url[64];

	(void)state;
	snprintf(url, sizeof(url), "http://127.0.0.1:%u/", server_port(s));
	const struct ack_http_request request = {
		.method = "GET",
		.url = url,
		.connect_timeout_ms = 60000,
		.timeout_ms = 60000,
	};
	for (int i = 0; i < 3; i++) {
		t[i] = ack_http_start(http, &request, done, &r, &e);
		assert_non_null(t[i]);
	}
	ack_http_cancel(t[1]);
	/* They are under way when a later one has its answer. How many turns
	 * that takes depends on the version of libcurl. */
	run(server_port(other), "GET", NULL, 5000, &answered);
	assert_int_equal(answered.reply.status, 200);
	ack_http_cancel(t[0]);
	ack_http_cancel(NULL);
	/* The third ends with the ack_http, in teardown. */
	assert_int_equal(r.calls, 0);
	server_stop(other);
	server_free(other);
	server_stop(s);
	server_free(s);
}

static void test_ca(void **state)
{
	struct ack_http_config config = {.user_agent = "unit/1"};
	struct ack_error e;

	(void)state;
	config.ca = "/nonexistent/ca.pem";
	assert_null(ack_http_new(&ev, &config, &e));
	assert_int_equal(e.err, ENOENT);
	assert_string_equal(e.param, "ca");
	config.ca = "/proc/self";
	assert_null(ack_http_new(&ev, &config, &e));
	assert_int_equal(e.err, EINVAL);
	assert_non_null(strstr(e.message, "rehash"));
	assert_non_null(strstr(ack_http_version(), "libcurl/"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_answer),
		CASE(test_redirect),
		CASE(test_refused),
		CASE(test_cancel),
		CASE(test_ca),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
