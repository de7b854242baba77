/* SPDX-License-Identifier: MIT */
/*
 * A growing text with a ceiling. Failing to grow is remembered, so a writer
 * may check once, at the end. Whatever it held is wiped when it moves or
 * goes: texts with secrets pass through here. One that waits with them is
 * marked as secret before anything is put in, and cannot be stolen from.
 */
#ifndef ACK_BUF_H
#define ACK_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ack_buf {
	char *data; /* NUL-terminated whenever len > 0; NULL when empty */
	size_t len;
	size_t cap;
	size_t max;  /* len never exceeds it */
	bool failed; /* something did not fit, or memory ran out */
	bool secret; /* its text lies in the vault */
};

#define ACK_BUF_INIT(limit)    \
	{                      \
		.max = (limit) \
	}

void ack_buf_init(struct ack_buf *b, size_t max);

/* Wipes and frees; the buffer is empty and usable afterwards. */
void ack_buf_release(struct ack_buf *b);

/* Empties the text but keeps the memory (wiped). */
void ack_buf_clear(struct ack_buf *b);

void ack_buf_put(struct ack_buf *b, const void *data, size_t len);
void ack_buf_puts(struct ack_buf *b, const char *text);
void ack_buf_putc(struct ack_buf *b, char c);
void ack_buf_printf(struct ack_buf *b, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

void ack_buf_decimal(struct ack_buf *b, uint64_t value); /* in digits */

/* 0, or -ENOMEM when anything was lost on the way. */
int ack_buf_status(const struct ack_buf *b);

/* Whether both are whole, and say the same. */
bool ack_buf_same(const struct ack_buf *a, const struct ack_buf *b);

/* The text, never NULL. */
const char *ack_buf_text(const struct ack_buf *b);

/* Hands the text to the caller, who frees it; NULL when b failed. */
char *ack_buf_steal(struct ack_buf *b);

#endif
