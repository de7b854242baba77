/* SPDX-License-Identifier: MIT */
#include "params/scalars.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/json.h"
#include "base/length.h"
#include "base/text.h"
#include "params/params.h"
#include "params/types.h"

/* No number of 64 bits needs more; longer ones are not computed at all. */
#define DIGITS_MAX 18

static const char *same_but_case(
	const struct ack_param *p, struct ack_span word)
{
	for (const char *const *c = p->choices; *c; c++) {
		if (strlen(*c) == word.len &&
			!strncasecmp(*c, word.text, word.len))
			return *c;
	}
	return NULL;
}

static void put_choices(const struct ack_param *p, struct ack_buf *out)
{
	for (const char *const *c = p->choices; *c; c++)
		ack_buf_printf(out, "%s%s", c == p->choices ? "" : ", ", *c);
}

bool ack_choice_known(const struct ack_param *p, struct ack_span word)
{
	if (!p->choices)
		return true;
	for (const char *const *c = p->choices; *c; c++) {
		if (ack_span_is(word, *c))
			return true;
	}
	return false;
}

int ack_check_choice(
	const struct ack_param *p, struct ack_span word, struct ack_error *e)
{
	struct ack_buf list = ACK_BUF_INIT(512);
	int ret = -EINVAL;

	if (ack_choice_known(p, word))
		return 0;
	const char *meant = same_but_case(p, word);
	if (meant)
		return ack_error_set(e, EINVAL, p->name,
			"%s is not known; did you mean %s?",
			ack_span_quote(word).text, meant);
	put_choices(p, &list);
	if (!(p->flags & ACK_OPEN))
		ack_error_set(e, EINVAL, p->name, "%s is not one of: %s",
			ack_span_quote(word).text, ack_buf_text(&list));
	else if (word.len == 0 || word.len > 64 || !ack_span_only(word, "._-"))
		ack_error_set(e, EINVAL, p->name,
			"%s is not a word such as: %s",
			ack_span_quote(word).text, ack_buf_text(&list));
	else
		ret = 0;
	ack_buf_release(&list);
	return ret;
}

static bool all_digits(struct ack_span s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (s.text[i] < '0' || s.text[i] > '9')
			return false;
	}
	return s.len > 0;
}

int ack_check_id(
	const struct ack_param *p, struct ack_span id, struct ack_error *e)
{
	const char *prefix = p->prefix ? p->prefix : "";
	size_t skip = strlen(prefix);
	bool right = ack_span_starts(id, prefix) && id.len > skip &&
		     id.len <= 64;

	if (right) {
		struct ack_span rest = {id.text + skip, id.len - skip};

		right = ack_span_only_lower(rest, p->prefix ? "" : "-");
	}
	if (right)
		return 0;
	return ack_error_set(e, EINVAL, p->name,
		"%s is not an ID such as %s: %s%slower-case letters%s digits",
		ack_span_quote(id).text,
		p->example ? p->example : p->type->example, prefix,
		*prefix ? ack_text(" and then ") : "",
		ack_text(p->prefix ? " and" : ", - and"));
}

int ack_check_integer(const struct ack_param *p, struct ack_span s, int64_t min,
	int64_t max, struct ack_error *e)
{
	struct ack_span digits = s;
	bool negative = min < 0 && ack_span_starts(s, "-");
	int64_t value = 0;

	if (negative) {
		digits.text++;
		digits.len--;
	}
	if (all_digits(digits) && digits.text[0] == '0' &&
		(digits.len > 1 || negative))
		return ack_error_set(e, EINVAL, p->name,
			"%s is written with a needless %s in front; numbers "
			"are plain decimals here",
			ack_span_quote(s).text,
			ack_text(negative ? "sign" : "zero"));
	if (all_digits(digits) && digits.len <= DIGITS_MAX) {
		for (size_t i = 0; i < digits.len; i++)
			value = value * 10 + (digits.text[i] - '0');
		value = negative ? -value : value;
		if (value >= min && value <= max)
			return 0;
	}
	return ack_error_set(e, EINVAL, p->name,
		"%s is not a whole number from %" PRId64 " to %" PRId64,
		ack_span_quote(s).text, min, max);
}

static int integer_parse(const struct ack_param *p, const char *text,
	size_t len, struct ack_buf *out, struct ack_error *e)
{
	struct ack_span s = ack_span_trim((struct ack_span){text, len});

	bool zero = p->flags & ACK_ZERO && ack_span_is(s, "0");
	int ret = zero         ? 0
		  : p->choices ? ack_check_choice(p, s, e)
			       : ack_check_integer(p, s, p->min, p->max, e);

	if (!ret)
		ack_buf_put(out, s.text, s.len);
	return ret;
}

static struct ack_json *integer_wire(
	const struct ack_param *p, const char *text)
{
	return p->flags & ACK_WIRE_STRING ? ack_json_new_string(text)
					  : ack_json_new_number(text);
}

static int integer_unwire(const struct ack_param *p, const struct ack_json *n,
	struct ack_buf *out, struct ack_error *e)
{
	const char *text = ack_json_number(n);

	if (!text)
		text = ack_json_string(n);
	if (!text)
		return ack_error_set(
			e, EINVAL, p->name, "has to be a JSON number");
	ack_buf_puts(out, text);
	return 0;
}

static int boolean_parse(const struct ack_param *p, const char *text,
	size_t len, struct ack_buf *out, struct ack_error *e)
{
	static const struct {
		const char *word;
		bool value;
	} words[] = {
		{"true", true},
		{"1", true},
		{"yes", true},
		{"y", true},
		{"on", true},
		{"false", false},
		{"0", false},
		{"no", false},
		{"n", false},
		{"off", false},
	};
	struct ack_span s = ack_span_trim((struct ack_span){text, len});

	for (size_t i = 0; i < LENGTH(words); i++) {
		if (s.len != strlen(words[i].word) ||
			strncasecmp(s.text, words[i].word, s.len) != 0)
			continue;
		ack_buf_puts(out, words[i].value ? "true" : "false");
		return 0;
	}
	return ack_error_set(e, EINVAL, p->name,
		"%s is neither true nor false (1 0 yes no y n on off are "
		"right, too)",
		ack_span_quote(s).text);
}

static struct ack_json *boolean_wire(
	const struct ack_param *p, const char *text)
{
	(void)p;
	return ack_json_new_boolean(!strcmp(text, "true"));
}

static int boolean_unwire(const struct ack_param *p, const struct ack_json *n,
	struct ack_buf *out, struct ack_error *e)
{
	const char *text = ack_json_string(n);
	bool value;

	if (ack_json_boolean(n, &value))
		text = value ? "true" : "false";
	if (!text)
		return ack_error_set(
			e, EINVAL, p->name, "has to be true or false");
	ack_buf_puts(out, text);
	return 0;
}

static int choice_parse(const struct ack_param *p, const char *text, size_t len,
	struct ack_buf *out, struct ack_error *e)
{
	struct ack_span s = ack_span_trim((struct ack_span){text, len});
	int ret = ack_check_choice(p, s, e);

	if (!ret)
		ack_buf_put(out, s.text, s.len);
	return ret;
}

struct ack_json *ack_text_wire(const struct ack_param *p, const char *text)
{
	(void)p;
	return ack_json_new_string(text);
}

int ack_text_unwire(const struct ack_param *p, const struct ack_json *n,
	struct ack_buf *out, struct ack_error *e)
{
	const char *text = ack_json_string(n);

	if (!text)
		return ack_error_set(
			e, EINVAL, p->name, "has to be a JSON string");
	ack_buf_puts(out, text);
	return 0;
}

const struct ack_type ack_type_integer = {
	.name = "integer",
	.example = "3",
	.bounds = "range",
	.shape = "number",
	.parse = integer_parse,
	.wire = integer_wire,
	.unwire = integer_unwire,
};

const struct ack_type ack_type_boolean = {
	.name = "boolean",
	.example = "true",
	.shape = "boolean",
	.parse = boolean_parse,
	.wire = boolean_wire,
	.unwire = boolean_unwire,
};

const struct ack_type ack_type_choice = {
	.name = "choice",
	.shape = "string",
	.parse = choice_parse,
	.wire = ack_text_wire,
	.unwire = ack_text_unwire,
};
