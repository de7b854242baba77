/* SPDX-License-Identifier: MIT */
#include "base/buf.h"

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/vault.h"

void ack_buf_init(struct ack_buf *b, size_t max)
{
	*b = (struct ack_buf)ACK_BUF_INIT(max);
}

void ack_buf_release(struct ack_buf *b)
{
	bool secret = b->secret;

	ack_vault_free(b->data);
	ack_buf_init(b, b->max);
	b->secret = secret;
}

void ack_buf_clear(struct ack_buf *b)
{
	if (b->data)
		explicit_bzero(b->data, b->cap);
	b->len = 0;
	b->failed = false;
}

/*
 * Makes room for `more` bytes and a NUL. Not by realloc(): it may leave the
 * old text behind, unwiped.
 */
static bool reserve(struct ack_buf *b, size_t more)
{
	if (b->failed)
		return false;
	if (more > b->max - b->len || b->len + more == SIZE_MAX) {
		b->failed = true;
		return false;
	}
	size_t need = b->len + more + 1;
	if (need <= b->cap)
		return true;

	/* Powers of two up to the ceiling, never beyond: both texts are there
	 * while one is copied, and the last step must not cost three times as
	 * much as the ceiling. */
	size_t cap = 64;
	while (cap < need && cap <= SIZE_MAX / 2)
		cap *= 2;
	if (cap < need || cap >= b->max)
		cap = b->max < SIZE_MAX ? b->max + 1 : need;
	char *data = b->secret ? ack_vault_alloc(cap) : malloc(cap);
	if (!data) {
		b->failed = true;
		return false;
	}
	if (b->data) {
		memcpy(data, b->data, b->len + 1);
		ack_vault_free(b->data);
	}
	b->data = data;
	b->cap = cap;
	return true;
}

void ack_buf_put(struct ack_buf *b, const void *data, size_t len)
{
	if (len == 0 || !reserve(b, len))
		return;
	memcpy(b->data + b->len, data, len);
	b->len += len;
	b->data[b->len] = '\0';
}

void ack_buf_puts(struct ack_buf *b, const char *text)
{
	ack_buf_put(b, text, strlen(text));
}

void ack_buf_putc(struct ack_buf *b, char c)
{
	if (b->failed || b->len + 1 >= b->cap) {
		ack_buf_put(b, &c, 1);
		return;
	}
	b->data[b->len++] = c;
	b->data[b->len] = '\0';
}

void ack_buf_printf(struct ack_buf *b, const char *fmt, ...)
{
	size_t room = b->cap > b->len && !b->failed ? b->cap - b->len : 0;
	va_list ap;

	fmt = ack_text(fmt);
	va_start(ap, fmt);
	int n = vsnprintf(room ? b->data + b->len : NULL, room, fmt, ap);
	va_end(ap);
	if (n >= 0 && (size_t)n < room && (size_t)n <= b->max - b->len) {
		b->len += (size_t)n;
		return;
	}
	/* what was begun is no part of the text */
	if (room && b->data)
		b->data[b->len] = '\0';
	if (n < 0) {
		b->failed = true;
		return;
	}
	if (n == 0 || !reserve(b, (size_t)n))
		return;
	va_start(ap, fmt);
	vsnprintf(b->data + b->len, (size_t)n + 1, fmt, ap);
	va_end(ap);
	b->len += (size_t)n;
}

void ack_buf_decimal(struct ack_buf *b, uint64_t value)
{
	char digits[20], *first = digits + sizeof(digits);

	do
		*--first = (char)('0' + value % 10);
	while (value /= 10);
	ack_buf_put(b, first, (size_t)(digits + sizeof(digits) - first));
}

int ack_buf_status(const struct ack_buf *b)
{
	return b->failed ? -ENOMEM : 0;
}

const char *ack_buf_text(const struct ack_buf *b)
{
	return b->len > 0 ? b->data : "";
}

bool ack_buf_same(const struct ack_buf *a, const struct ack_buf *b)
{
	return !a->failed && !b->failed && a->len == b->len &&
	       !memcmp(ack_buf_text(a), ack_buf_text(b), a->len);
}

char *ack_buf_steal(struct ack_buf *b)
{
	char *text = NULL;

	if (!b->failed && (b->data || reserve(b, 0))) {
		b->data[b->len] = '\0';
		text = b->data;
		b->data = NULL;
	}
	ack_buf_release(b);
	return text;
}
