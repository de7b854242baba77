/* SPDX-License-Identifier: MIT */
#include "params/types.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/json.h"
#include "base/span.h"
#include "params/params.h"

bool ack_utf8_valid(const char *text, size_t len)
{
	for (size_t i = 0; i < len;) {
		size_t n = ack_utf8_next(text + i, len - i);

		if (n == 0 || n == ACK_UTF8_SHORT)
			return false;
		i += n;
	}
	return true;
}

const char *ack_param_shape(const struct ack_param *p)
{
	if (p->shape)
		return p->shape;
	return p->flags & ACK_WIRE_STRING ? "string" : p->type->shape;
}

static bool is_blank(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (!strchr(" \t\r\n", text[i]))
			return false;
	}
	return true;
}

int ack_param_parse(const struct ack_param *p, const char *text, size_t len,
	struct ack_buf *out, struct ack_error *e)
{
	if (len > ACK_VALUE_MAX)
		return ack_error_set(e, EFBIG, ack_param_file(p),
			"the value is larger than %d bytes", ACK_VALUE_MAX);
	if (len > 0 && memchr(text, '\0', len))
		return ack_error_set(e, EINVAL, ack_param_file(p),
			"the value holds a NUL byte; only text is right here");
	if (!ack_utf8_valid(text, len))
		return ack_error_set(e, EINVAL, ack_param_file(p),
			"the value is not well-formed UTF-8");
	if (len > 0 && text[len - 1] == '\n')
		len -= len > 1 && text[len - 2] == '\r' ? 2 : 1;
	if (is_blank(text, len))
		return 0;

	int ret = p->type->parse(p, text, len, out, e);
	if (!ret && ack_buf_status(out))
		ret = ack_error_memory(e, NULL);
	if (ret) {
		ack_buf_clear(out);
		snprintf(e->param, sizeof(e->param), "%s", ack_param_file(p));
	}
	return ret;
}

int ack_param_read(const struct ack_param *p, const struct ack_json *n,
	struct ack_buf *out, struct ack_error *e)
{
	struct ack_buf text = ACK_BUF_INIT(SIZE_MAX / 2);
	bool direct = p->type->read &&
		      (ack_json_is_array(n) || ack_json_is_object(n));
	int ret = direct ? p->type->read(p, n, out, e)
			 : p->type->unwire(p, n, &text, e);

	if (!ret && text.failed)
		ret = ack_error_memory(e, p->name);
	if (!ret && text.len + out->len > ACK_VALUE_MAX)
		ret = ack_error_set(e, EFBIG, p->name,
			"the value is larger than %d bytes", ACK_VALUE_MAX);
	if (!ret && text.len > 0)
		ret = p->type->parse(p, text.data, text.len, out, e);
	if (ret == -EAGAIN)
		ret = ack_error_set(e, EINVAL, p->name,
			"the JSON in this string is not closed");
	if (!ret && ack_buf_status(out))
		ret = ack_error_memory(e, p->name);
	if (ret)
		ack_buf_clear(out);
	ack_buf_release(&text);
	return ret;
}

void ack_param_line(
	const struct ack_param *p, const char *text, struct ack_buf *out)
{
	if (!text) {
		ack_buf_puts(out, "unset");
		return;
	}
	if (p->flags & ACK_SECRET) {
		ack_buf_puts(out, "(not shown)");
		return;
	}
	for (; *text; text++)
		ack_buf_putc(out, *text == '\n' ? ',' : *text);
}
