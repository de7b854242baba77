/* SPDX-License-Identifier: MIT */
/* Texts with a special form: names, IDs, versions, networks, secrets. */
#include <errno.h>
#include <inttypes.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/length.h"
#include "base/text.h"
#include "params/cidr.h"
#include "params/params.h"
#include "params/scalars.h"
#include "params/types.h"

static int check_chars(
	const struct ack_param *p, struct ack_span s, struct ack_error *e)
{
	int64_t chars = (int64_t)ack_span_chars(s);

	if (!ack_span_printable(s))
		return ack_error_set(e, EINVAL, p->name,
			"the value holds a control character; it is one line "
			"of text");
	if (p->max && (chars < p->min || chars > p->max))
		return ack_error_set(e, EINVAL, p->name,
			"the value has %" PRId64 " characters; %" PRId64
			" to %" PRId64 " are right",
			chars, p->min, p->max);
	return 0;
}

static int string_parse(const struct ack_param *p, const char *text, size_t len,
	struct ack_buf *out, struct ack_error *e)
{
	int ret = check_chars(p, (struct ack_span){text, len}, e);

	if (!ret)
		ack_buf_put(out, text, len);
	return ret;
}

/*
 * Chinese characters: U+4E00 to U+9FFF, what Unicode calls CJK Unified
 * Ideographs, without its extensions. In UTF-8 these are the sequences from
 * e4 b8 80 to e9 bf bf.
 */
static bool is_chinese(const char *text, size_t len)
{
	const unsigned char *c = (const unsigned char *)text;

	return len >= 3 && c[0] >= 0xe4 && c[0] <= 0xe9 &&
	       (c[0] > 0xe4 || c[1] >= 0xb8);
}

static bool is_name(struct ack_span s)
{
	for (size_t i = 0; i < s.len;) {
		if (is_chinese(s.text + i, s.len - i))
			i += 3;
		else if (ack_span_only((struct ack_span){s.text + i, 1}, "-"))
			i++;
		else
			return false;
	}
	return s.len > 0 && s.text[0] != '-';
}

static int name_parse(const struct ack_param *p, const char *text, size_t len,
	struct ack_buf *out, struct ack_error *e)
{
	struct ack_span s = {text, len};

	if (!is_name(s))
		return ack_error_set(e, EINVAL, p->name,
			"%s is not a name: letters, digits, Chinese "
			"characters and -, not beginning with -",
			ack_span_quote(s).text);
	return string_parse(p, text, len, out, e);
}

static int id_parse(const struct ack_param *p, const char *text, size_t len,
	struct ack_buf *out, struct ack_error *e)
{
	struct ack_span s = ack_span_trim((struct ack_span){text, len});
	int ret = ack_check_id(p, s, e);

	if (!ret)
		ack_buf_put(out, s.text, s.len);
	return ret;
}

static bool is_number(struct ack_span s)
{
	if (s.len == 0 || s.len > 3)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		if (s.text[i] < '0' || s.text[i] > '9')
			return false;
	}
	return true;
}

/* 1.32.1 or 1.32.1-aliyun.1 */
static bool is_version(struct ack_span s)
{
	struct ack_span patch, rest = s;

	if (!is_number(ack_span_cut(&rest, ".")) ||
		!is_number(ack_span_cut(&rest, ".")))
		return false;
	patch = ack_span_cut(&rest, "-");
	if (!is_number(patch))
		return false;
	if (!rest.text)
		return true;
	return ack_span_is(ack_span_cut(&rest, "."), "aliyun") &&
	       is_number(rest);
}

static int version_parse(const struct ack_param *p, const char *text,
	size_t len, struct ack_buf *out, struct ack_error *e)
{
	struct ack_span s = ack_span_trim((struct ack_span){text, len});

	if (!is_version(s))
		return ack_error_set(e, EINVAL, p->name,
			"%s is not a version such as %s",
			ack_span_quote(s).text, p->type->example);
	ack_buf_put(out, s.text, s.len);
	return 0;
}

/* example.com: labels of small letters, digits and - between them */
static bool is_domain(struct ack_span s)
{
	struct ack_span rest = s;

	while (rest.text) {
		struct ack_span label = ack_span_cut(&rest, ".");

		if (label.len == 0 || label.len > 63 ||
			!ack_span_only_lower(label, "-") ||
			label.text[0] == '-' ||
			label.text[label.len - 1] == '-')
			return false;
	}
	return s.len > 0 && s.len <= 253;
}

static int domain_parse(const struct ack_param *p, const char *text, size_t len,
	struct ack_buf *out, struct ack_error *e)
{
	struct ack_span s = ack_span_trim((struct ack_span){text, len});

	if (!is_domain(s))
		return ack_error_set(e, EINVAL, p->name,
			"%s is not a domain such as %s: small letters, digits "
			"and - between dots",
			ack_span_quote(s).text, p->type->example);
	ack_buf_put(out, s.text, s.len);
	return 0;
}

static bool is_private(struct ack_cidr net)
{
	static const struct ack_cidr ranges[] = {
		{0x0a000000, 8},
		{0xac100000, 12},
		{0xc0a80000, 16},
	};

	for (size_t i = 0; i < LENGTH(ranges); i++) {
		if (ack_cidr_within(net, ranges[i]))
			return true;
	}
	return false;
}

static int cidr_parse(const struct ack_param *p, const char *text, size_t len,
	struct ack_buf *out, struct ack_error *e)
{
	struct ack_span s = ack_span_trim((struct ack_span){text, len});
	char copy[sizeof("255.255.255.255/32")] = "";
	const char *fault;
	struct ack_cidr net;

	if (s.len < sizeof(copy))
		memcpy(copy, s.text, s.len);
	fault = ack_cidr_parse(copy, &net);
	if (fault)
		return ack_error_set(e, EINVAL, p->name, "%s %s",
			ack_span_quote(s).text, ack_text(fault));
	if (!is_private(net))
		return ack_error_set(e, EINVAL, p->name,
			"%s does not lie within a private network: "
			"10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16",
			ack_span_quote(s).text);
	if (net.bits < p->min || net.bits > p->max)
		return ack_error_set(e, EINVAL, p->name,
			"%s has the prefix length %u; %" PRId64 " to %" PRId64
			" are right",
			ack_span_quote(s).text, net.bits, p->min, p->max);
	ack_buf_put(out, s.text, s.len);
	return 0;
}

/* The sentences never hold the password, nor a part of it. */
static int password_parse(const struct ack_param *p, const char *text,
	size_t len, struct ack_buf *out, struct ack_error *e)
{
	enum { UPPER = 1, LOWER = 2, DIGIT = 4, SPECIAL = 8 };
	unsigned kinds = 0;

	for (size_t i = 0; i < len; i++) {
		char c = text[i];

		if (c < 0x20 || c > 0x7e)
			return ack_error_set(e, EINVAL, p->name,
				"a password is one line of ASCII letters, "
				"digits and special characters");
		if (c >= 'A' && c <= 'Z')
			kinds |= UPPER;
		else if (c >= 'a' && c <= 'z')
			kinds |= LOWER;
		else
			kinds |= c >= '0' && c <= '9' ? DIGIT : SPECIAL;
	}
	if ((int64_t)len < p->min || (int64_t)len > p->max)
		return ack_error_set(e, EINVAL, p->name,
			"a password has %" PRId64 " to %" PRId64 " characters",
			p->min, p->max);
	if (__builtin_popcount(kinds) < 3)
		return ack_error_set(e, EINVAL, p->name,
			"a password needs at least three of: capitals, small "
			"letters, digits, special characters");
	ack_buf_put(out, text, len);
	return 0;
}

#define TEXT_TYPE(type, text, unit)               \
	const struct ack_type ack_type_##type = { \
		.name = #type,                    \
		.example = text,                  \
		.bounds = unit,                   \
		.shape = "string",                \
		.parse = type##_parse,            \
		.wire = ack_text_wire,            \
		.unwire = ack_text_unwire,        \
	}

TEXT_TYPE(string, "text", "characters");
TEXT_TYPE(name, "test", "characters");
TEXT_TYPE(id, "cn-beijing", NULL);
TEXT_TYPE(version, "1.32.1-aliyun.1", NULL);
TEXT_TYPE(domain, "cluster.local", NULL);
TEXT_TYPE(cidr, "172.20.0.0/16", "prefix length");
TEXT_TYPE(password, "correct-Horse-7", "characters");
