/* SPDX-License-Identifier: MIT */
#include "base/json_scan.h"

#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/span.h"

/* cJSON copies a number into 64 bytes and stumbles over longer ones. */
#define NUMBER_MAX 63

/* Every function leaves `pos` at the fault when it returns false. */
struct scan {
	const char *text;
	size_t len, pos;
	size_t left; /* values that there may be yet */
	unsigned depth;
	struct ack_buf *numbers;
};

/* The byte at pos, or -1 at the end: a NUL in the text is not the end. */
static int peek(const struct scan *s)
{
	return s->pos < s->len ? (unsigned char)s->text[s->pos] : -1;
}

static bool take(struct scan *s, int c)
{
	if (peek(s) != c)
		return false;
	s->pos++;
	return true;
}

static void skip_space(struct scan *s)
{
	int c = peek(s);

	for (; c >= 0 && c <= ' '; c = peek(s)) {
		if (c != ' ' && c != '\t' && c != '\n' && c != '\r')
			return;
		s->pos++;
	}
}

static bool is_digit(int c)
{
	return c >= '0' && c <= '9';
}

static bool scan_word(struct scan *s, const char *word)
{
	for (; *word; word++) {
		if (!take(s, *word))
			return false;
	}
	return true;
}

static bool scan_digits(struct scan *s)
{
	if (!is_digit(peek(s)))
		return false;
	while (is_digit(peek(s)))
		s->pos++;
	return true;
}

static bool scan_number(struct scan *s)
{
	size_t start = s->pos;

	take(s, '-');
	if (!take(s, '0') && !scan_digits(s))
		return false;
	if (take(s, '.') && !scan_digits(s))
		return false;
	if (peek(s) == 'e' || peek(s) == 'E') {
		s->pos++;
		if (!take(s, '+'))
			take(s, '-');
		if (!scan_digits(s))
			return false;
	}
	if (s->pos - start > NUMBER_MAX) {
		s->pos = start + NUMBER_MAX;
		return false;
	}
	const struct ack_json_digits digits = {start, s->pos - start};
	ack_buf_put(s->numbers, &digits, sizeof(digits));
	return true;
}

static bool scan_hex4(struct scan *s, unsigned *value)
{
	*value = 0;
	for (int i = 0; i < 4; i++) {
		int c = peek(s);

		if (is_digit(c))
			c -= '0';
		else if (c >= 'a' && c <= 'f')
			c -= 'a' - 10;
		else if (c >= 'A' && c <= 'F')
			c -= 'A' - 10;
		else
			return false;
		*value = *value << 4 | (unsigned)c;
		s->pos++;
	}
	return true;
}

/* Behind the backslash. A surrogate must have its other half. */
static bool scan_escape(struct scan *s)
{
	size_t start = s->pos;
	unsigned unit, low;
	int c = peek(s);

	if (c < 0 || c == 0 || !strchr("\"\\/bfnrtu", c))
		return false;
	s->pos++;
	if (c != 'u')
		return true;
	if (!scan_hex4(s, &unit))
		return false;
	if (unit == 0 || (unit >= 0xdc00 && unit <= 0xdfff)) {
		s->pos = start;
		return false;
	}
	if (unit < 0xd800 || unit > 0xdbff)
		return true;
	if (!take(s, '\\') || !take(s, 'u'))
		return false;
	start = s->pos;
	if (!scan_hex4(s, &low))
		return false;
	if (low < 0xdc00 || low > 0xdfff) {
		s->pos = start;
		return false;
	}
	return true;
}

/* What needs no look in a string: ASCII but for quotes, backslashes and
 * control characters. Most of a text is that. */
static bool is_plain(char c)
{
	return c >= ' ' && c != '"' && c != '\\' && (unsigned char)c < 0x80;
}

/* Eight at a time: the highest bit of a byte is set where it is one of those,
 * and sometimes in the one behind. */
static bool all_plain(const char *text)
{
	const uint64_t one = UINT64_MAX / 0xff, high = one * 0x80;
	uint64_t x;

	memcpy(&x, text, sizeof(x));
	return !((x | (x - one * ' ') | ((x ^ one * '"') - one) |
			 ((x ^ one * '\\') - one)) &
		 high);
}

static void skip_plain(struct scan *s)
{
	const char *at = s->text + s->pos, *end = s->text + s->len;

	while (end - at >= 8 && all_plain(at))
		at += 8;
	while (at < end && is_plain(*at))
		at++;
	s->pos = (size_t)(at - s->text);
}

static bool scan_string(struct scan *s)
{
	if (!take(s, '"'))
		return false;
	for (skip_plain(s); !take(s, '"'); skip_plain(s)) {
		if (take(s, '\\')) {
			if (!scan_escape(s))
				return false;
			continue;
		}
		size_t n = ack_utf8_next(s->text + s->pos, s->len - s->pos);
		if (n == ACK_UTF8_SHORT)
			s->pos = s->len;
		if (n == ACK_UTF8_SHORT || n == 0 || peek(s) < 0x20)
			return false;
		s->pos += n;
	}
	return true;
}

static bool scan_value(struct scan *s);

/* An array, or with `keys` an object. */
static bool scan_members(struct scan *s, char close, bool keys)
{
	if (s->depth == ACK_JSON_DEPTH)
		return false;
	s->depth++;
	s->pos++;
	skip_space(s);
	if (!take(s, close)) {
		do {
			skip_space(s);
			if (keys) {
				if (!scan_string(s))
					return false;
				skip_space(s);
				if (!take(s, ':'))
					return false;
				skip_space(s);
			}
			if (!scan_value(s))
				return false;
			skip_space(s);
		} while (take(s, ','));
		if (!take(s, close))
			return false;
	}
	s->depth--;
	return true;
}

static bool scan_value(struct scan *s)
{
	if (!s->left)
		return false;
	s->left--;
	switch (peek(s)) {
	case '{':
		return scan_members(s, '}', true);
	case '[':
		return scan_members(s, ']', false);
	case '"':
		return scan_string(s);
	case 't':
		return scan_word(s, "true");
	case 'f':
		return scan_word(s, "false");
	case 'n':
		return scan_word(s, "null");
	default:
		return scan_number(s);
	}
}

bool ack_json_scan(const char *text, size_t len, size_t most, size_t *where,
	struct ack_buf *numbers)
{
	struct scan s = {
		.text = text, .len = len, .left = most, .numbers = numbers};

	skip_space(&s);
	bool ok = scan_value(&s);
	if (ok)
		skip_space(&s);
	*where = s.pos;
	return ok && s.pos == len;
}
