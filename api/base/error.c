/* SPDX-License-Identifier: MIT */
#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/text.h"

/* Room kept in `more` for the line that counts what did not fit. */
#define MORE_COUNT      "and %lu more\n"
#define MORE_COUNT_ROOM 32

void ack_error_copy(struct ack_error *to, const struct ack_error *from)
{
	/* a caller may pass on what it was given; strcpy(3) must not */
	if (to == from)
		return;
	to->err = from->err;
	to->http_status = from->http_status;
	strcpy(to->code, from->code);
	strcpy(to->param, from->param);
	strcpy(to->request_id, from->request_id);
	strcpy(to->message, from->message);
	strcpy(to->hint, from->hint);
	strcpy(to->more, from->more);
}

void ack_error_clear(struct ack_error *e)
{
	e->err = e->http_status = 0;
	*e->code = *e->param = *e->request_id = '\0';
	*e->message = *e->hint = *e->more = '\0';
}

/*
 * Makes `text` fit for one line of a terminal: line ends become blanks,
 * other control characters (C1 too) and malformed bytes question marks. A
 * character that was cut off at the end goes.
 */
static void clean(char *text)
{
	size_t len = strlen(text), out = 0, n;

	for (size_t i = 0; i < len; i += n) {
		unsigned char c = (unsigned char)text[i];

		n = ack_utf8_next(text + i, len - i);
		if (n == ACK_UTF8_SHORT)
			break;
		if (n == 0 || c < 0x20 || c == 0x7f ||
			(c == 0xc2 && (unsigned char)text[i + 1] < 0xa0)) {
			bool blank = c == '\n' || c == '\r' || c == '\t';

			text[out++] = blank ? ' ' : '?';
			n = n ? n : 1;
		} else {
			memmove(text + out, text + i, n);
			out += n;
		}
	}
	while (out > 0 && text[out - 1] == ' ')
		out--;
	text[out] = '\0';
}

/* An address that is cut leads somewhere else. */
static void drop_half_address(char *text)
{
	char *last = strrchr(text, ' '), *at;

	last = last ? last : text;
	at = strstr(last, "http://");
	if (!at)
		at = strstr(last, "https://");
	if (at && at > text)
		*at = '\0';
}

__attribute__((format(printf, 3, 0))) static void format(
	char *out, size_t size, const char *fmt, va_list ap)
{
	int n = vsnprintf(out, size, ack_text(fmt), ap);

	if (n < 0)
		out[0] = '\0';
	clean(out);
	if (n < (int)size)
		return;
	/* Making room for the dots may cut a character: clean once more. */
	if (strlen(out) > size - 4) {
		out[size - 4] = '\0';
		clean(out);
	}
	drop_half_address(out);
	strcpy(out + strlen(out), "...");
}

int ack_error_set(
	struct ack_error *e, int err, const char *param, const char *fmt, ...)
{
	/* The arguments may point into *e, so it is cleared last. */
	char message[sizeof(e->message)], name[sizeof(e->param)];
	va_list ap;

	va_start(ap, fmt);
	format(message, sizeof(message), fmt, ap);
	va_end(ap);
	snprintf(name, sizeof(name), "%s", param ? param : "");
	clean(name);

	ack_error_clear(e);
	e->err = err;
	strcpy(e->message, message);
	strcpy(e->param, name);
	return -err;
}

int ack_error_memory(struct ack_error *e, const char *param)
{
	return ack_error_set(e, ENOMEM, param, "out of memory");
}

void ack_error_hint(struct ack_error *e, const char *fmt, ...)
{
	char hint[sizeof(e->hint)] = "";
	va_list ap;

	if (fmt) {
		va_start(ap, fmt);
		format(hint, sizeof(hint), fmt, ap);
		va_end(ap);
	}
	strcpy(e->hint, hint);
}

static void count_one_more(struct ack_error *e)
{
	size_t len = strlen(e->more);
	unsigned long n = 0;
	char *last = e->more;

	for (size_t i = 0; i + 1 < len; i++) {
		if (e->more[i] == '\n')
			last = e->more + i + 1;
	}
	if (len == 0 || sscanf(last, MORE_COUNT, &n) != 1)
		last = e->more + len;
	snprintf(last, MORE_COUNT_ROOM, MORE_COUNT, n + 1);
}

void ack_error_more(struct ack_error *e, const char *fmt, ...)
{
	char line[sizeof(e->message) + 128];
	size_t len = strlen(e->more);
	va_list ap;

	va_start(ap, fmt);
	format(line, sizeof(line), fmt, ap);
	va_end(ap);
	if (len + strlen(line) + 2 + MORE_COUNT_ROOM > sizeof(e->more))
		count_one_more(e);
	else
		snprintf(e->more + len, sizeof(e->more) - len, "%s\n", line);
}

int ack_error_about(
	struct ack_error *e, int err, const char *param, const char *fmt, ...)
{
	char text[sizeof(e->message)];
	va_list ap;

	va_start(ap, fmt);
	format(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (!e->err)
		return ack_error_set(e, err, param, "%s: %s", param, text);
	ack_error_more(e, "%s: %s", param, text);
	return -e->err;
}

static void put_line(struct ack_buf *out, const char *key, const char *value)
{
	if (*value)
		ack_buf_printf(out, "%s: %s\n", key, value);
}

void ack_error_text(const struct ack_error *e, struct ack_buf *out)
{
	if (e->err == 0)
		return;
	ack_buf_printf(
		out, "%s\n", *e->message ? e->message : strerror(e->err));
	put_line(out, "code", e->code);
	put_line(out, "param", e->param);
	if (e->http_status)
		ack_buf_printf(out, "http_status: %d\n", e->http_status);
	put_line(out, "request_id", e->request_id);
	put_line(out, "hint", e->hint);
	ack_buf_puts(out, e->more);
}
