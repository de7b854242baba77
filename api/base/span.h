/* SPDX-License-Identifier: MIT */
/* A piece of somebody's text, without a NUL behind it. */
#ifndef ACK_SPAN_H
#define ACK_SPAN_H

#include <stdbool.h>
#include <stddef.h>

struct ack_span {
	const char *text;
	size_t len;
};

/* All of a C string; NULL is an empty one. */
struct ack_span ack_span_of(const char *text);

bool ack_span_is(struct ack_span s, const char *text);
bool ack_span_starts(struct ack_span s, const char *text);

/* Without blanks (space, tab, and the CR of a CRLF) around it. */
struct ack_span ack_span_trim(struct ack_span s);

/*
 * Cuts the piece before the first byte of `ends` off *rest, which moves
 * behind that byte; *rest becomes empty, with text NULL, after the last.
 */
struct ack_span ack_span_cut(struct ack_span *rest, const char *ends);

/* Only ASCII letters, digits, and the bytes of `also`; true when empty. */
bool ack_span_only(struct ack_span s, const char *also);
/* The same without capitals. */
bool ack_span_only_lower(struct ack_span s, const char *also);

/* No control characters (C0, DEL, C1); the text is well-formed UTF-8. */
bool ack_span_printable(struct ack_span s);

/* The characters (not bytes) of well-formed UTF-8. */
size_t ack_span_chars(struct ack_span s);

/*
 * The text for an error: in double quotes, at most 40 bytes of it. Its
 * memory lasts to the end of the expression: ack_span_quote(s).text.
 */
struct ack_quote {
	char text[48];
};

struct ack_quote ack_span_quote(struct ack_span s);

/* UTF-8 as RFC 3629 has it: no surrogates, no overlong forms. */

#define ACK_UTF8_SHORT ((size_t)-1)

/*
 * The bytes of the character at `text`, 1 to 4. 0: malformed.
 * ACK_UTF8_SHORT: right so far, but `len` ends within it (len 0 too).
 */
size_t ack_utf8_next(const char *text, size_t len);

#endif
