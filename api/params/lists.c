/* SPDX-License-Identifier: MIT */
#include "params/lists.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/json.h"
#include "params/params.h"
#include "params/types.h"

struct reader {
	const struct ack_list *list;
	const struct ack_param *param;
	const char *text; /* all of it */
	struct ack_buf *out;
	struct ack_buf identities; /* of all items so far, one a line */
	int64_t count;
	struct ack_error *e;
};

bool ack_list_is_json(struct ack_span s)
{
	return s.len > 0 && (s.text[0] == '[' || s.text[0] == '{');
}

int ack_list_refuse_json(const struct ack_param *p, const char *text,
	size_t where, struct ack_error *e)
{
	char place[ACK_JSON_PLACE];

	ack_json_place(text, where + 1, where, place);
	return ack_error_set(
		e, EINVAL, p->name, "the JSON is wrong at %s", place);
}

static int refuse_json(const struct reader *r, const char *where)
{
	return ack_list_refuse_json(
		r->param, r->text, (size_t)(where - r->text), r->e);
}

/* Whether an item before this one had the same identity. */
static bool is_known(const struct reader *r, const char *identity, size_t len)
{
	const char *at = r->identities.data;
	size_t left = r->identities.len;

	while (left > 0) {
		const char *end = memchr(at, '\n', left);

		if ((size_t)(end - at) == len && !memcmp(at, identity, len))
			return true;
		left -= (size_t)(end + 1 - at);
		at = end + 1;
	}
	return false;
}

static int count_item(struct reader *r)
{
	const struct ack_param *p = r->param;

	r->count++;
	if (r->list->single && r->count > 1)
		return ack_error_set(
			r->e, EINVAL, p->name, "there is more than one item");
	if (!r->list->single && p->max && r->count > p->max)
		return ack_error_set(r->e, EINVAL, p->name,
			"there are more than %" PRId64 " items", p->max);
	return 0;
}

static int keep_item(struct reader *r, const struct ack_buf *line,
	const struct ack_buf *identity)
{
	const char *known = ack_buf_text(identity);

	if (identity->len > 0 && is_known(r, known, identity->len))
		return ack_error_set(r->e, EINVAL, r->param->name,
			"%s is there twice",
			ack_span_quote(ack_span_of(known)).text);
	ack_buf_put(&r->identities, known, identity->len);
	ack_buf_putc(&r->identities, '\n');
	if (r->out->len > 0)
		ack_buf_putc(r->out, '\n');
	ack_buf_put(r->out, line->data, line->len);
	if (line->failed || identity->failed || r->identities.failed)
		return ack_error_memory(r->e, r->param->name);
	return 0;
}

/* One item: JSON when n is given, else its written form. */
static int read_item(
	struct reader *r, struct ack_span text, const struct ack_json *n)
{
	const struct ack_list *l = r->list;
	struct ack_buf line = ACK_BUF_INIT(2 * ACK_VALUE_MAX);
	struct ack_buf identity = ACK_BUF_INIT(2 * ACK_VALUE_MAX);
	const char *string = ack_json_string(n);
	int ret = count_item(r);

	if (!ret && n && !string && l->object && ack_json_is_object(n)) {
		ret = l->object(l, r->param, n, &line, &identity, r->e);
	} else if (!ret && n && !string) {
		ret = ack_error_set(r->e, EINVAL, r->param->name,
			l->object ? "the JSON list holds something that is "
				    "neither an object nor a string"
				  : "the JSON list holds something that is "
				    "not a string");
	} else if (!ret) {
		text = n ? ack_span_of(string) : text;
		ret = l->item(l, r->param, text, &line, &identity, r->e);
	}
	if (!ret)
		ret = keep_item(r, &line, &identity);
	ack_buf_release(&line);
	ack_buf_release(&identity);
	return ret;
}

static int read_values(struct reader *r, const struct ack_json *root)
{
	int ret = 0;

	if (!ack_json_is_array(root))
		return read_item(r, (struct ack_span){0}, root);
	for (const struct ack_json *n = ack_json_first(root); n && !ret;
		n = ack_json_next(n))
		ret = read_item(r, (struct ack_span){0}, n);
	return ret;
}

static bool begins_line(const char *text, size_t at)
{
	while (at > 0 && strchr(" \t\r", text[at - 1]))
		at--;
	return at == 0 || text[at - 1] == '\n';
}

/*
 * Reads the JSON value at the beginning of *rest, over as many lines as it
 * takes; it ends its line.
 */
static int read_json(struct reader *r, struct ack_span *rest)
{
	size_t end = rest->len, where = 0;
	struct ack_json *root = ack_json_parse(rest->text, end, &where);
	int ret;

	if (!root && where == end)
		return -EAGAIN;
	if (!root && where != ACK_JSON_NO_MEMORY) {
		/* The fault may be that more lines follow a whole value. */
		end = where;
		root = ack_json_parse(rest->text, end, &where);
	}
	if (!root && where == ACK_JSON_NO_MEMORY)
		return ack_error_memory(r->e, r->param->name);
	if (!root)
		return refuse_json(r, rest->text + end);
	if (end < rest->len && !begins_line(rest->text, end))
		ret = refuse_json(r, rest->text + end);
	else
		ret = read_values(r, root);
	ack_json_free(root);
	rest->text += end;
	rest->len -= end;
	return ret;
}

static int read_words(struct reader *r, struct ack_span line)
{
	int ret = 0;

	while (line.text && !ret) {
		struct ack_span word = ack_span_cut(&line, ", \t\r");

		if (word.len > 0)
			ret = read_item(r, word, NULL);
	}
	return ret;
}

static int read_all(struct reader *r, struct ack_span rest)
{
	int ret = 0;

	while (rest.text && !ret) {
		while (rest.len > 0 && strchr(" \t\r\n", rest.text[0])) {
			rest.text++;
			rest.len--;
		}
		if (ack_list_is_json(rest)) {
			ret = read_json(r, &rest);
			continue;
		}
		struct ack_span line = ack_span_trim(ack_span_cut(&rest, "\n"));
		if (r->list->words)
			ret = read_words(r, line);
		else if (line.len > 0)
			ret = read_item(r, line, NULL);
	}
	return ret;
}

/* With `text`, or what stands in JSON. */
static int read_list(const struct ack_param *p, struct ack_span text,
	const struct ack_json *n, struct ack_buf *out, struct ack_error *e)
{
	const struct ack_list *l = p->type->items;
	struct reader r = {
		.list = l, .param = p, .text = text.text, .out = out, .e = e};

	ack_buf_init(&r.identities, 4 * ACK_VALUE_MAX);
	int ret = n ? read_values(&r, n) : read_all(&r, text);
	if (!ret && !l->single && r.count > 0 && r.count < p->min)
		ret = ack_error_set(e, EINVAL, p->name,
			"there are fewer than %" PRId64 " items", p->min);
	ack_buf_release(&r.identities);
	return ret;
}

int ack_list_parse(const struct ack_param *p, const char *text, size_t len,
	struct ack_buf *out, struct ack_error *e)
{
	return read_list(p, (struct ack_span){text, len}, NULL, out, e);
}

int ack_list_read(const struct ack_param *p, const struct ack_json *n,
	struct ack_buf *out, struct ack_error *e)
{
	return read_list(p, (struct ack_span){NULL, 0}, n, out, e);
}

int ack_list_unwire(const struct ack_param *p, const struct ack_json *n,
	struct ack_buf *out, struct ack_error *e)
{
	const char *text = ack_json_string(n);

	if (text)
		ack_buf_puts(out, text);
	else if (ack_json_is_array(n) || ack_json_is_object(n))
		ack_json_print(n, false, out);
	else
		return ack_error_set(
			e, EINVAL, p->name, "has to be a JSON list or object");
	return 0;
}
