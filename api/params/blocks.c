/* SPDX-License-Identifier: MIT */
/* Texts of many lines: certificates in PEM, and anything in base64. */
#include <errno.h>
#include <string.h>

#include "base/buf.h"
#include "base/error.h"
#include "params/params.h"
#include "params/scalars.h"
#include "params/types.h"

#define BEGIN  "-----BEGIN "
#define END    "-----END "
#define DASHES "-----"
#define BASE64 "+/="

struct pem {
	const struct ack_param *param;
	struct ack_span label; /* of the block being read; text NULL: none */
	struct ack_error *e;
};

static bool ends(struct ack_span s, const char *text)
{
	size_t len = strlen(text);

	return s.len >= len && !memcmp(s.text + s.len - len, text, len);
}

/* Whether a line that stops here may go on as `text`. */
static bool may_become(struct ack_span s, const char *text)
{
	return s.len < strlen(text) && !memcmp(s.text, text, s.len);
}

/* CERTIFICATE, of -----BEGIN CERTIFICATE----- */
static struct ack_span label_of(struct ack_span line, const char *start)
{
	struct ack_span label = {line.text + strlen(start), line.len};

	label.len -= strlen(start) + strlen(DASHES);
	return label;
}

static bool is_border(struct ack_span line, const char *start)
{
	return ack_span_starts(line, start) && ends(line, DASHES) &&
	       line.len > strlen(start) + strlen(DASHES);
}

static int begin(struct pem *m, struct ack_span line)
{
	if (!is_border(line, BEGIN))
		return ack_error_set(m->e, EINVAL, m->param->name,
			"%s does not begin a certificate in PEM: "
			"-----BEGIN CERTIFICATE-----",
			ack_span_quote(line).text);
	m->label = label_of(line, BEGIN);
	if (ends(m->label, "PRIVATE KEY"))
		return ack_error_set(m->e, EINVAL, m->param->name,
			"a private key does not belong here, where everybody "
			"can read it");
	return 0;
}

static int go_on(struct pem *m, struct ack_span line)
{
	struct ack_span label;

	if (!is_border(line, END)) {
		if (ack_span_only(line, BASE64))
			return 0;
		return ack_error_set(m->e, EINVAL, m->param->name,
			"%s is not a line of base64 in a PEM block",
			ack_span_quote(line).text);
	}
	label = label_of(line, END);
	if (label.len != m->label.len ||
		memcmp(label.text, m->label.text, label.len) != 0)
		return ack_error_set(m->e, EINVAL, m->param->name,
			"%s does not end what has begun",
			ack_span_quote(line).text);
	m->label = (struct ack_span){0};
	return 0;
}

/* The last line may be one that is not whole yet. */
static bool is_cut(const struct pem *m, struct ack_span line)
{
	const char *start = m->label.text ? END : BEGIN;

	return may_become(line, start) ||
	       (ack_span_starts(line, start) && !is_border(line, start));
}

static int pem_parse(const struct ack_param *p, const char *text, size_t len,
	struct ack_buf *out, struct ack_error *e)
{
	struct pem m = {.param = p, .e = e};
	struct ack_span rest = {text, len};
	int ret = 0;

	while (rest.text && !ret) {
		struct ack_span line = ack_span_trim(ack_span_cut(&rest, "\n"));

		if (line.len == 0)
			continue;
		if (!rest.text && is_cut(&m, line))
			return -EAGAIN;
		ret = m.label.text ? go_on(&m, line) : begin(&m, line);
		if (out->len > 0)
			ack_buf_putc(out, '\n');
		ack_buf_put(out, line.text, line.len);
	}
	return ret || !m.label.text ? ret : -EAGAIN;
}

/* As base64(1) prints it, over many lines; kept on one. */
static int base64_parse(const struct ack_param *p, const char *text, size_t len,
	struct ack_buf *out, struct ack_error *e)
{
	struct ack_span rest = {text, len};

	while (rest.text) {
		struct ack_span part = ack_span_cut(&rest, " \t\r\n");

		if (!ack_span_only(part, BASE64))
			return ack_error_set(e, EINVAL, p->name,
				"%s is not base64, which base64 -w0 makes",
				ack_span_quote(part).text);
		ack_buf_put(out, part.text, part.len);
	}
	size_t pad = strcspn(ack_buf_text(out), "=");

	if (out->len % 4 != 0 || out->len - pad > 2 ||
		strspn(ack_buf_text(out) + pad, "=") != out->len - pad)
		return ack_error_set(e, EINVAL, p->name,
			"the base64 is not whole: its length is %zu, and = is "
			"right at its end only",
			out->len);
	return 0;
}

/* Programs may write either in separate blocks: hence `list`. */
const struct ack_type ack_type_pem = {
	.name = "pem",
	.example = "-----BEGIN CERTIFICATE-----\nTWFkZSB1cA==\n"
		   "-----END CERTIFICATE-----",
	.list = true,
	.shape = "string",
	.parse = pem_parse,
	.wire = ack_text_wire,
	.unwire = ack_text_unwire,
};

const struct ack_type ack_type_base64 = {
	.name = "base64",
	.example = "IyEvYmluL3NoCg==",
	.list = true,
	.shape = "string",
	.parse = base64_parse,
	.wire = ack_text_wire,
	.unwire = ack_text_unwire,
};
