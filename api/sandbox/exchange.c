/* SPDX-License-Identifier: MIT */
#include "sandbox/exchange.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

int exchange_init(struct exchange *x, const char *uri)
{
	ack_buf_init(&x->body, EXCHANGE_BODY_MAX);
	ack_buf_init(&x->answer, EXCHANGE_ANSWER_MAX);
	x->uri = strdup(uri);
	return x->uri ? 0 : -ENOMEM;
}

void exchange_release(struct exchange *x)
{
	target_release(&x->target);
	ack_buf_release(&x->body);
	ack_buf_release(&x->answer);
	free(x->uri);
	x->uri = NULL;
}

const char *exchange_header(const struct exchange *x, const char *name)
{
	for (size_t i = 0; i < x->nheaders; i++)
		if (strcasecmp(x->headers[i].name, name) == 0)
			return x->headers[i].value;
	return NULL;
}

uint64_t exchange_size(const struct exchange *x)
{
	return x->answer.len > x->pad ? x->answer.len : x->pad;
}

ssize_t exchange_read(
	const struct exchange *x, uint64_t pos, char *out, size_t size)
{
	uint64_t end = x->cut ? x->cut : exchange_size(x);

	if (pos >= end)
		return x->cut ? -1 : 0;
	if (size > end - pos)
		size = (size_t)(end - pos);
	if (pos >= x->answer.len) {
		memset(out, ' ', size);
		return (ssize_t)size;
	}
	if (size > x->answer.len - pos)
		size = x->answer.len - (size_t)pos;
	memcpy(out, x->answer.data + pos, size);
	return (ssize_t)size;
}
