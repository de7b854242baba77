/* SPDX-License-Identifier: MIT */
/* Requests without an answer: did they leave, and what is said? */
#include "http_fixture.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/*
 * libcurl by itself would send the second POST again, on a new connection.
 */
static void test_no_repetition(void **state)
{
	static const struct server_step steps[] = {
		{SERVER_REPLY("200", "2", "{}"), SERVER_KEEP},
		{NULL, SERVER_CLOSE},
		{SERVER_REPLY("200", "2", "{}"), SERVER_KEEP},
	};
	static const struct {
		const char *method, *body;
	} rows[] = {{"POST", "two"}, {"PUT", "two"}, {"DELETE", NULL},
		{"GET", NULL}};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		struct server *s = server_start(steps, LENGTH(steps));
		struct result r;

		run(server_port(s), rows[i].method, rows[i].body, 5000, &r);
		assert_int_equal(r.reply.err, 0);
		run(server_port(s), rows[i].method, rows[i].body, 5000, &r);
		assert_int_equal(r.error.err, EPROTO);
		assert_true(r.reply.left);
		assert_non_null(
			strstr(r.error.message, "closed before an answer"));
		if (server_stop(s) != 2)
			fail_msg("%s left twice", rows[i].method);
		server_free(s);
	}
}

static const struct {
	struct server_step step;
	int err;
	const char *says;
} failures[] = {
	{{NULL, SERVER_CLOSE}, EPROTO, "closed before an answer"},
	{{NULL, SERVER_HANG}, ETIMEDOUT, "no answer came within 0.2 s"},
	{{"HTTP/1.1 200 X\r\nContent-Length: 9\r\n\r\nabc", SERVER_CLOSE},
		EPROTO, "ends in the middle"},
	{{"HTTP/1.1 200 X\r\nContent-Length: 9\r\n\r\nabc", SERVER_HANG},
		ETIMEDOUT, "not complete within 0.2 s"},
	{{"HTTP/1.1 200 X\r\nContent-Length: 67108864\r\n\r\n", SERVER_HANG},
		EPROTO, "too large"},
	{{"HTTP/1.1 200 X\r\nX: a", SERVER_FLOOD}, EPROTO, "too large"},
	{{"garbage\r\n\r\n", SERVER_CLOSE}, EPROTO, "not HTTP"},
	{{"HTTP/1.1 2", SERVER_CLOSE}, EPROTO, ""},
};

static void test_failures(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(failures); i++) {
		struct server *s = server_start(&failures[i].step, 1);
		struct result r;
		long ms = failures[i].err == ETIMEDOUT ? 200 : 10000;

		run(server_port(s), "POST", "x", ms, &r);
		if (r.error.err != failures[i].err ||
			!strstr(r.error.message, failures[i].says))
			fail_msg("%zu: %s", i, r.error.message);
		assert_true(r.reply.left);
		bool hopeless = strstr(r.error.message, "too large") ||
				strstr(r.error.message, "not HTTP");
		assert_int_equal(r.reply.hopeless, hopeless);
		assert_int_equal(server_stop(s), 1);
		server_free(s);
	}
}

/* Without a Content-Length, only counting stops it. */
static void test_endless(void **state)
{
	static const struct server_step step = {
		"HTTP/1.1 200 X\r\n\r\nx", SERVER_FLOOD};
	struct server *s = server_start(&step, 1);
	struct result r;

	(void)state;
	run(server_port(s), "GET", NULL, 60000, &r);
	assert_int_equal(r.error.err, EPROTO);
	assert_non_null(strstr(r.error.message, "too large"));
	assert_true(r.reply.len <= ACK_HTTP_BODY_MAX);
	server_stop(s);
	server_free(s);
}

/* A port that nobody listens on, since it is bound only. */
static void test_unsent(void **state)
{
	struct sockaddr_in addr = {.sin_family = AF_INET};
	socklen_t len = sizeof(addr);
	struct result r;

	(void)state;
	addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&addr, len), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&addr, &len), 0);
	run(ntohs(addr.sin_port), "POST", "x", 5000, &r);
	assert_int_equal(r.error.err, ECONNREFUSED);
	assert_false(r.reply.left);
	assert_int_not_equal(strlen(r.error.hint), 0);
	close(fd);
}

/* A listener whose queue is full: connecting never ends. */
static void test_connect_timeout(void **state)
{
	struct sockaddr_in addr = {.sin_family = AF_INET};
	socklen_t len = sizeof(addr);
	int fillers[8];
	struct result r;

	(void)state;
	addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&addr, len), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&addr, &len), 0);
	assert_int_equal(listen(fd, 0), 0);
	for (size_t i = 0; i < LENGTH(fillers); i++) {
		fillers[i] = socket(
			AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
		connect(fillers[i], (struct sockaddr *)&addr, len);
	}
	run(ntohs(addr.sin_port), "POST", "x", 300, &r);
	assert_int_equal(r.error.err, ETIMEDOUT);
	assert_false(r.reply.left);
	if (!strstr(r.error.message, "did not take the connection within 0.3"))
		fail_msg("%s", r.error.message);
	for (size_t i = 0; i < LENGTH(fillers); i++)
		close(fillers[i]);
	close(fd);
}

/* A server that speaks no TLS: nothing of the request leaves. */
static void test_tls(void **state)
{
	static const struct server_step step = {
		"HTTP/1.1 400 X\r\n\r\n", SERVER_CLOSE};
	struct result r = {0};
	struct ack_error e;
	char url[64];

	(void)state;
	struct server *s = server_start(&step, 1);
	snprintf(url, sizeof(url), "https://127.0.0.1:%u/", server_port(s));
	const struct ack_http_request request = {
		.method = "POST",
		.url = url,
		.body = "x",
		.len = 1,
		.connect_timeout_ms = 200,
		.timeout_ms = 5000,
	};
	assert_non_null(ack_http_start(http, &request, done, &r, &e));
	while (r.calls == 0)
		assert_int_equal(ack_events_turn(&ev), 0);
	assert_false(r.reply.left);
	assert_int_equal(r.error.err, ETIMEDOUT);
	if (!strstr(r.error.message, "TLS was not set up within 0.2 s"))
		fail_msg("%s", r.error.message);
	server_stop(s);
	server_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_no_repetition),
		CASE(test_failures),
		CASE(test_endless),
		CASE(test_unsent),
		CASE(test_connect_timeout),
		CASE(test_tls),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
