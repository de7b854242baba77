/* SPDX-License-Identifier: MIT */
#include "http/flight.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "http/http.h"

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

int ack_exchange_init(struct ack_exchange *x, const struct ack_http_request *r,
	bool plain_http, struct ack_error *e)
{
	*x = (struct ack_exchange){
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
			"http:// is spoken with this machine only; %s needs "
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
		       ? ack_error_set(e, ENOMEM, NULL, "out of memory")
		       : 0;
}

void ack_exchange_release(struct ack_exchange *x)
{
	ack_buf_release(&x->headers);
	ack_buf_release(&x->body);
	ack_buf_release(&x->answer);
}

size_t ack_exchange_body(char *data, size_t one, size_t len, void *arg)
{
	struct ack_exchange *x = arg;

	(void)one;
	if (len > x->answer.max - x->answer.len)
		x->too_large = true;
	ack_buf_put(&x->answer, data, len);
	return x->answer.failed ? 0 : len;
}

size_t ack_exchange_header(char *line, size_t one, size_t len, void *arg)
{
	struct ack_exchange *x = arg;

	(void)line, (void)one;
	x->header_bytes += len;
	if (x->header_bytes > HEADERS_MAX)
		x->too_large = true;
	return x->too_large ? 0 : len;
}

int64_t ack_exchange_millis(const char *text)
{
	char *end;
	long long ms = strtoll(text, &end, 10);

	return end != text && ms >= 0 ? ms : -1;
}
