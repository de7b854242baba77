/* SPDX-License-Identifier: MIT */
#include "http/flight.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "http/http.h"
#include "http/proxy.h"

#define HEADERS_MAX (64u << 10) /* bytes, of a request or an answer */

/* Control characters in a header would begin another one. */
static bool header_valid(const struct ack_header *h)
{
	if (!*h->name || strpbrk(h->name, ": \t"))
		return false;
	for (const char *p = h->name; *p; p++) {
		if (*p < 0x20 || *p == 0x7f)
			return false;
	}
	for (const char *p = h->value; *p; p++) {
		if ((*p > 0 && *p < 0x20 && *p != '\t') || *p == 0x7f)
			return false;
	}
	return true;
}

/* libcurl: "Name;" goes without a value, "Name:" does not go at all. */
static void put_header(
	struct ack_buf *lines, const char *name, const char *value)
{
	ack_buf_puts(lines, name);
	ack_buf_puts(lines, !value ? ":" : *value ? ": " : ";");
	if (value)
		ack_buf_puts(lines, value);
	ack_buf_putc(lines, '\0');
}

int ack_flight_init(struct ack_flight *x, const struct ack_http_request *r,
	bool plain_http, struct ack_error *e)
{
	*x = (struct ack_flight){
		.has_body = r->body || strcmp(r->method, "POST") == 0,
		.connect_timeout_ms = r->connect_timeout_ms,
		.timeout_ms = r->timeout_ms,
	};
	ack_buf_init(&x->headers, HEADERS_MAX);
	ack_buf_init(&x->body, r->len);
	x->body.secret = true;
	ack_buf_init(&x->answer, ACK_HTTP_BODY_MAX);
	int err = ack_url_parse(r->url, &x->url, e);
	if (err)
		return err;
	if (!x->url.https && !x->url.loopback && !plain_http && !r->plain_http)
		return ack_error_set(e, EINVAL, NULL,
			"http:// is allowed to this machine only; %s needs "
			"https://, or the option plain_http",
			x->url.host);
	/* Not sent: the wait for a 100, and a type that nobody asked for. */
	put_header(&x->headers, "Expect", NULL);
	if (!r->body)
		put_header(&x->headers, "Content-Type", NULL);
	for (size_t i = 0; i < r->nheaders; i++) {
		if (!header_valid(&r->headers[i]))
			return ack_error_set(e, EINVAL, NULL,
				"the header %s holds a character that must "
				"not be sent",
				r->headers[i].name);
		put_header(
			&x->headers, r->headers[i].name, r->headers[i].value);
	}
	if (r->body)
		ack_buf_put(&x->body, r->body, r->len);
	return ack_buf_status(&x->body) || ack_buf_status(&x->headers)
		       ? ack_error_memory(e, NULL)
		       : 0;
}

void ack_flight_release(struct ack_flight *x)
{
	ack_buf_release(&x->headers);
	ack_buf_release(&x->body);
	ack_buf_release(&x->answer);
}

size_t ack_flight_body(char *data, size_t one, size_t len, void *arg)
{
	struct ack_flight *x = arg;

	(void)one;
	if (len > x->answer.max - x->answer.len)
		x->too_large = true;
	ack_buf_put(&x->answer, data, len);
	return x->answer.failed ? 0 : len;
}

size_t ack_flight_header(char *line, size_t one, size_t len, void *arg)
{
	struct ack_flight *x = arg;

	(void)line, (void)one;
	x->header_bytes += len;
	if (x->header_bytes > HEADERS_MAX)
		x->too_large = true;
	return x->too_large ? 0 : len;
}

int64_t ack_flight_millis(const char *text)
{
	char *end;
	long long ms = strtoll(text, &end, 10);

	return end != text && ms >= 0 ? ms : -1;
}

static const char network[] = "check the network, the endpoint and the region";
static const char certificates[] =
	"-o ca= names a file or directory of certificates to trust";

/* clang-format off */
static const struct {
	int err;
	bool detail;   /* the library's own words help */
	bool hopeless; /* another try would end in the same way */
	const char *text, *hint;
} failures[ACK_FAILURES] = {
	[ACK_FAIL_OTHER] = { EPROTO, true, false,
		"the request failed", NULL },
	[ACK_FAIL_NAME] = { EHOSTUNREACH, false, false,
		"its name cannot be resolved", network },
	[ACK_FAIL_PROXY_NAME] = { EHOSTUNREACH, true, false,
		"the name of the proxy cannot be resolved", network },
	[ACK_FAIL_CONNECT] = { ECONNREFUSED, false, false,
		"no connection", network },
	[ACK_FAIL_PROXY] = { ECONNREFUSED, true, false,
		"the proxy does not let the connection through", network },
	[ACK_FAIL_CERTIFICATE] = { EPROTO, true, true,
		"its certificate cannot be trusted", certificates },
	[ACK_FAIL_CA] = { EPROTO, true, true,
		"the certificates to trust cannot be read", certificates },
	[ACK_FAIL_TLS] = { EPROTO, true, false,
		"TLS cannot be set up", NULL },
	[ACK_FAIL_CLOSED] = { EPROTO, false, false,
		"the connection was closed before an answer came", NULL },
	[ACK_FAIL_BROKEN] = { EPROTO, false, false,
		"the connection broke before the answer was complete", NULL },
	[ACK_FAIL_SHORT] = { EPROTO, false, false,
		"the answer ends in the middle", NULL },
	[ACK_FAIL_TOO_LARGE] = { EPROTO, false, true,
		"the answer is too large", NULL },
	[ACK_FAIL_NOT_HTTP] = { EPROTO, false, true,
		"the answer is not HTTP", NULL },
	[ACK_FAIL_MEMORY] = { ENOMEM, false, false,
		"out of memory", NULL },
	[ACK_FAIL_TIMEOUT] = { ETIMEDOUT, false, false,
		NULL /* by stage */, NULL },
};
/* clang-format on */

static void explain_timeout(
	const struct ack_flight *x, enum ack_stage stage, struct ack_error *e)
{
	static const char *const stages[] = {
		[ACK_STAGE_NAME] = "its name was not resolved",
		[ACK_STAGE_CONNECT] = "the host did not take the connection",
		[ACK_STAGE_TLS] = "TLS was not set up",
	};
	const char *what = stages[stage];
	long ms = x->timeout_ms;

	if (x->departures)
		what = x->header_bytes ? "the answer was not complete"
				       : "no answer came";
	else if (x->connect_timeout_ms < ms)
		ms = x->connect_timeout_ms;
	/* A try that came late has an odd time left: tenths will do. */
	long tenths = ms > 100 ? (ms + 50) / 100 : 1;
	ack_error_set(e, ETIMEDOUT, NULL, "%s: %s within %g s", x->url.host,
		ack_text(what), (double)tenths / 10);
	if (!x->departures)
		ack_error_hint(e, "%s", ack_text(network));
}

/* Nothing of the request got beyond the proxy that the environment names. */
static void blame_proxy(const struct ack_flight *x, struct ack_error *e)
{
	ACK_UNSET struct ack_error failure;
	struct ack_proxy p;

	if (x->departures || x->url.loopback || !x->url.https ||
		!ack_proxy_find(x->url.host, &p))
		return;
	ack_error_copy(&failure, e);
	ack_error_set(e, failure.err, NULL, "%s; the way there is the proxy %s",
		failure.message, p.host);
	ack_error_hint(e,
		"check the proxy %s, which the variable %s names; to do "
		"without it, unset that, or name the host in no_proxy",
		p.host, p.variable);
}

static void explain(struct ack_flight *x, enum ack_failure why,
	enum ack_stage stage, int os_errno, struct ack_error *e)
{
	if (x->answer.failed)
		why = ACK_FAIL_MEMORY;
	/* libcurl calls a header line without an end "out of memory", too. */
	else if (why == ACK_FAIL_MEMORY && x->header_bytes > 0)
		why = ACK_FAIL_TOO_LARGE;
	if (x->too_large)
		why = ACK_FAIL_TOO_LARGE;
	/* No answer was waited for yet, but that of a proxy. */
	if (!x->departures &&
		(why == ACK_FAIL_CLOSED || why == ACK_FAIL_BROKEN))
		why = ACK_FAIL_PROXY;
	if (why == ACK_FAIL_TIMEOUT) {
		explain_timeout(x, stage, e);
		return;
	}
	x->hopeless = failures[why].hopeless;
	int err = failures[why].err;
	const char *detail = failures[why].detail ? x->detail : "";
	if (why == ACK_FAIL_CONNECT && os_errno > 0) {
		err = os_errno;
		detail = strerror(err);
	}
	ack_error_set(e, err, NULL, "%s: %s%s%s%s", x->url.host,
		ack_text(failures[why].text), *detail ? " (" : "", detail,
		*detail ? ")" : "");
	if (failures[why].hint)
		ack_error_hint(e, "%s", ack_text(failures[why].hint));
}

void ack_flight_explain(struct ack_flight *x, enum ack_failure why,
	enum ack_stage stage, int os_errno, struct ack_error *e)
{
	explain(x, why, stage, os_errno, e);
	if (e->err != ENOMEM)
		blame_proxy(x, e);
}
