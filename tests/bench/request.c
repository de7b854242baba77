/* SPDX-License-Identifier: MIT */
/* Requests as clients put them on the wire, whole or in chunks. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "endpoint.h"

/* The value of a header among the lines up to `end`, or NULL. */
static const char *header(const char *in, const char *end, const char *name)
{
	size_t len = strlen(name);

	while ((in = memmem(in, (size_t)(end - in), "\r\n", 2))) {
		in += 2;
		if (!strncasecmp(in, name, len))
			return in + len;
	}
	return NULL;
}

size_t request_length(const char *in, size_t got)
{
	const char *end = memmem(in, got, "\r\n\r\n", 4), *value;
	size_t len;

	if (!end)
		return 0;
	value = header(in, end, "content-length:");
	len = (size_t)(end - in) + 4 + (value ? strtoul(value, NULL, 10) : 0);
	if (header(in, end, "transfer-encoding:")) {
		end = memmem(end + 2, got - (size_t)(end + 2 - in),
			"\r\n0\r\n\r\n", 7);
		len = end ? (size_t)(end - in) + 7 : got + 1;
	}
	return len <= got ? len : 0;
}

static void take_chunks(struct exchange *x, char *body)
{
	size_t len;

	while ((len = strtoul(body, &body, 16))) {
		ack_buf_put(&x->body, body + 2, len);
		body += len + 4;
	}
}

int request_take(struct exchange *x, char *in, size_t len)
{
	char *body = (char *)memmem(in, len, "\r\n\r\n", 4) + 4, *line,
	     *rest = in + strcspn(in, "\r"), *colon, *uri = strchr(in, ' ');

	if (!uri || uri - in >= (long)sizeof(x->method))
		return -1;
	memcpy(x->method, in, (size_t)(uri - in));
	uri[1 + strcspn(uri + 1, " ")] = '\0';
	if (exchange_init(x, uri + 1) || target_parse(&x->target, x->uri))
		return -1;
	while ((line = rest + 2) < body - 2 &&
		x->nheaders < EXCHANGE_HEADERS_MAX) {
		rest = line + strcspn(line, "\r");
		*rest = '\0';
		colon = strchr(line, ':');
		if (!colon)
			return -1;
		*colon++ = '\0';
		x->headers[x->nheaders++] = (struct ack_header){
			line, colon + strspn(colon, " ")};
	}
	if (exchange_header(x, "transfer-encoding"))
		take_chunks(x, body);
	else
		ack_buf_put(&x->body, body, (size_t)(in + len - body));
	return 0;
}
