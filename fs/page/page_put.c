/* SPDX-License-Identifier: MIT */
#include "page/page_put.h"

#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "base/span.h"

#define REPLACEMENT "\xef\xbf\xbd"

static uint32_t code_point(const char *at, size_t n)
{
	uint32_t c = (unsigned char)*at;

	if (n == 1)
		return c;
	c &= 0x7fu >> n;
	for (size_t i = 1; i < n; i++)
		c = c << 6 | ((unsigned char)at[i] & 0x3f);
	return c;
}

static bool is_control(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0);
}

/* Marks that turn the direction of what follows, or cannot be seen. */
static bool is_mark(uint32_t c)
{
	return c == 0x61c || c == 0x200e || c == 0x200f ||
	       (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) ||
	       c == 0xfeff;
}

static bool is_noncharacter(uint32_t c)
{
	return (c & 0xfffe) == 0xfffe || (c >= 0xfdd0 && c <= 0xfdef);
}

static void put_ascii(struct ack_buf *out, char c)
{
	switch (c) {
	case '&':
		ack_buf_puts(out, "&amp;");
		break;
	case '<':
		ack_buf_puts(out, "&lt;");
		break;
	case '>':
		ack_buf_puts(out, "&gt;");
		break;
	case '"':
		ack_buf_puts(out, "&quot;");
		break;
	case '\'':
		ack_buf_puts(out, "&#39;");
		break;
	default:
		ack_buf_putc(out, c);
	}
}

void page_put(struct ack_buf *out, const char *text, size_t max)
{
	size_t len = strlen(text), n;
	uint32_t c;

	for (size_t i = 0; i < len; i += n) {
		n = ack_utf8_next(text + i, len - i);
		if (i && i + (n && n <= 4 ? n : 1) > max) {
			ack_buf_puts(out, "…");
			return;
		}
		if (!n || n == ACK_UTF8_SHORT) {
			ack_buf_puts(out, REPLACEMENT);
			n = 1;
			continue;
		}
		c = code_point(text + i, n);
		if (c == '\t' || c == '\n')
			ack_buf_putc(out, ' ');
		else if (is_control(c) || is_mark(c) || is_noncharacter(c))
			ack_buf_puts(out, REPLACEMENT);
		else if (n == 1)
			put_ascii(out, text[i]);
		else
			ack_buf_put(out, text + i, n);
	}
}

bool page_has(
	const struct ack_buf *out, size_t from, const char *text, size_t max)
{
	struct ack_buf as = ACK_BUF_INIT(1u << 16);
	bool has;

	page_put(&as, text, max);
	has = as.len && !as.failed && from < out->len &&
	      memmem(out->data + from, out->len - from, as.data, as.len);
	ack_buf_release(&as);
	return has;
}

void page_put_href(struct ack_buf *out, const char *name)
{
	for (; *name; name++) {
		unsigned char c = (unsigned char)*name;

		if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
			(c >= 'A' && c <= 'Z') || (c && strchr("-._~", c)))
			ack_buf_putc(out, (char)c);
		else
			ack_buf_printf(out, "%%%02X", c);
	}
}

void page_put_count(struct ack_buf *out, size_t n)
{
	if (n >= 1000) {
		page_put_count(out, n / 1000);
		ack_buf_printf(out, ",%03zu", n % 1000);
	} else {
		ack_buf_printf(out, "%zu", n);
	}
}
