/* SPDX-License-Identifier: MIT */
#include "base/span.h"

#include <stdio.h>
#include <string.h>

#include "base/length.h"

#define QUOTE_MAX 40

struct ack_span ack_span_of(const char *text)
{
	return (struct ack_span){text ? text : "", text ? strlen(text) : 0};
}

bool ack_span_is(struct ack_span s, const char *text)
{
	return s.len == strlen(text) && !memcmp(s.text, text, s.len);
}

bool ack_span_starts(struct ack_span s, const char *text)
{
	size_t len = strlen(text);

	return s.len >= len && !memcmp(s.text, text, len);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

struct ack_span ack_span_trim(struct ack_span s)
{
	while (s.len > 0 && is_blank(s.text[0])) {
		s.text++;
		s.len--;
	}
	while (s.len > 0 && is_blank(s.text[s.len - 1]))
		s.len--;
	return s;
}

struct ack_span ack_span_cut(struct ack_span *rest, const char *ends)
{
	struct ack_span piece = {rest->text, 0};

	while (piece.len < rest->len && !strchr(ends, piece.text[piece.len]))
		piece.len++;
	if (piece.len == rest->len) {
		*rest = (struct ack_span){NULL, 0};
	} else {
		rest->text += piece.len + 1;
		rest->len -= piece.len + 1;
	}
	return piece;
}

static bool only(struct ack_span s, bool capitals, const char *also)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.text[i];

		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
			continue;
		if (capitals && c >= 'A' && c <= 'Z')
			continue;
		if (!c || !strchr(also, c))
			return false;
	}
	return true;
}

bool ack_span_only(struct ack_span s, const char *also)
{
	return only(s, true, also);
}

bool ack_span_only_lower(struct ack_span s, const char *also)
{
	return only(s, false, also);
}

bool ack_span_printable(struct ack_span s)
{
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.text[i];

		if (c < 0x20 || c == 0x7f)
			return false;
		if (c == 0xc2 && i + 1 < s.len &&
			(unsigned char)s.text[i + 1] < 0xa0)
			return false;
	}
	return true;
}

size_t ack_span_chars(struct ack_span s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++)
		n += (s.text[i] & 0xc0) != 0x80;
	return n;
}

struct ack_quote ack_span_quote(struct ack_span s)
{
	struct ack_quote q;
	size_t len = s.len;

	if (len > QUOTE_MAX) {
		len = QUOTE_MAX;
		while (len > 0 && (s.text[len] & 0xc0) == 0x80)
			len--;
	}
	snprintf(q.text, sizeof(q.text), "\"%.*s%s\"", (int)len, s.text,
		len < s.len ? "..." : "");
	return q;
}

size_t ack_utf8_next(const char *text, size_t len)
{
	/* What may follow a first byte; the second byte has its own range. */
	static const struct {
		unsigned char first, last, low, high, more;
	} forms[] = {
		{0x00, 0x7f, 0x00, 0x00, 0},
		{0xc2, 0xdf, 0x80, 0xbf, 1},
		{0xe0, 0xe0, 0xa0, 0xbf, 2},
		{0xe1, 0xec, 0x80, 0xbf, 2},
		{0xed, 0xed, 0x80, 0x9f, 2},
		{0xee, 0xef, 0x80, 0xbf, 2},
		{0xf0, 0xf0, 0x90, 0xbf, 3},
		{0xf1, 0xf3, 0x80, 0xbf, 3},
		{0xf4, 0xf4, 0x80, 0x8f, 3},
	};
	const unsigned char *p = (const unsigned char *)text;

	if (len == 0)
		return ACK_UTF8_SHORT;
	for (size_t i = 0; i < LENGTH(forms); i++) {
		if (p[0] < forms[i].first || p[0] > forms[i].last)
			continue;
		for (size_t k = 1; k <= forms[i].more; k++) {
			unsigned low = k == 1 ? forms[i].low : 0x80;
			unsigned high = k == 1 ? forms[i].high : 0xbf;

			if (k >= len)
				return ACK_UTF8_SHORT;
			if (p[k] < low || p[k] > high)
				return 0;
		}
		return forms[i].more + 1u;
	}
	return 0;
}
