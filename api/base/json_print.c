/* SPDX-License-Identifier: MIT */
/* JSON as text: one line for the wire, two blanks a level for a person. */
#include "base/json.h"

#include "base/buf.h"

/* A C1 control, U+0080 to U+009F: a terminal obeys them as it obeys ESC. */
static bool is_c1(const char *text)
{
	/* a text may end behind the first byte, cut off */
	return (unsigned char)text[0] == 0xc2 &&
	       (unsigned char)text[1] >= 0x80 && (unsigned char)text[1] < 0xa0;
}

static void print_string(const char *text, struct ack_buf *out)
{
	static const char escapes[32] = {
		['\b'] = 'b',
		['\f'] = 'f',
		['\n'] = 'n',
		['\r'] = 'r',
		['\t'] = 't',
	};
	const char *done = text; /* what is before it has been put */

	ack_buf_putc(out, '"');
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c >= 0x20 && c != 0x7f && c != '"' && c != '\\' &&
			!is_c1(text))
			continue;
		ack_buf_put(out, done, (size_t)(text - done));
		if (is_c1(text))
			c = (unsigned char)*++text;
		done = text + 1;
		if (c == '"' || c == '\\')
			ack_buf_printf(out, "\\%c", c);
		else if (c < 0x20 && escapes[c])
			ack_buf_printf(out, "\\%c", escapes[c]);
		else
			ack_buf_printf(out, "\\u%04x", c);
	}
	ack_buf_put(out, done, (size_t)(text - done));
	ack_buf_putc(out, '"');
}

static void print_line_end(unsigned level, struct ack_buf *out)
{
	ack_buf_putc(out, '\n');
	for (unsigned i = 0; i < level; i++)
		ack_buf_puts(out, "  ");
}

/* `level` counts from 1 for an indented text; 0: one line. */
static void print_value(
	const struct ack_json *n, unsigned level, struct ack_buf *out)
{
	bool object = ack_json_is_object(n), truth;

	if (object || ack_json_is_array(n)) {
		const struct ack_json *child = ack_json_first(n);
		bool indent = level && child;

		ack_buf_putc(out, object ? '{' : '[');
		while (child) {
			if (indent)
				print_line_end(level, out);
			if (object) {
				print_string(ack_json_key(child), out);
				ack_buf_puts(out, level ? ": " : ":");
			}
			print_value(child, level ? level + 1 : 0, out);
			child = ack_json_next(child);
			if (child)
				ack_buf_putc(out, ',');
		}
		if (indent)
			print_line_end(level - 1, out);
		ack_buf_putc(out, object ? '}' : ']');
	} else if (ack_json_string(n)) {
		print_string(ack_json_string(n), out);
	} else if (ack_json_number(n)) {
		ack_buf_puts(out, ack_json_number(n));
	} else if (ack_json_boolean(n, &truth)) {
		ack_buf_puts(out, truth ? "true" : "false");
	} else {
		ack_buf_puts(out, "null");
	}
}

void ack_json_print(const struct ack_json *n, bool pretty, struct ack_buf *out)
{
	print_value(n, pretty ? 1 : 0, out);
}

void ack_json_quote(const char *text, struct ack_buf *out)
{
	ack_buf_putc(out, '"');
	while (*text) {
		size_t plain = 0;

		while ((unsigned char)text[plain] >= ' ' &&
			text[plain] != '"' && text[plain] != '\\')
			plain++;
		ack_buf_put(out, text, plain);
		text += plain;
		if (*text)
			ack_buf_printf(out, "\\u%04x", (unsigned char)*text++);
	}
	ack_buf_putc(out, '"');
}
