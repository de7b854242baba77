/* SPDX-License-Identifier: MIT */
/* What the service says of something that exists. */
#include "params/body.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/json.h"
#include "base/length.h"
#include "base/span.h"
#include "params/path.h"
#include "params/scalars.h"
#include "params/types.h"
#include "params/values.h"

/* A row without what holds only for values that a person writes. */
static struct ack_param loosened(const struct ack_param *p)
{
	struct ack_param loose = *p;

	loose.flags |= ACK_OPEN | ACK_LENIENT;
	loose.prefix = NULL;
	loose.min = 0;
	loose.max = INT64_MAX;
	/* Without choices a number is a number, and checked as one. */
	if (p->type == &ack_type_integer)
		loose.choices = NULL;
	return loose;
}

/* What travels as text can stay text, whatever its form. */
static bool is_text(const struct ack_param *p, const struct ack_json *n)
{
	const char *text = ack_json_string(n);

	return text && *text && p->type->wire == ack_text_wire &&
	       strlen(text) <= ACK_VALUE_MAX &&
	       ack_span_printable(ack_span_of(text));
}

/* One item, as a list by itself; *lines gets its line. */
static int read_item(const struct ack_param *p, const struct ack_buf *list,
	struct ack_buf *lines)
{
	struct ack_buf line = ACK_BUF_INIT(SIZE_MAX / 2);
	ACK_UNSET struct ack_error e;
	int ret = ack_buf_status(list);

	if (!ret)
		ret = ack_param_parse(p, list->data, list->len, &line, &e);
	if (!ret && line.len > 0)
		ack_buf_printf(lines, "%s\n", ack_buf_text(&line));
	ack_buf_release(&line);
	return ret;
}

/* The items of a list that pass each by itself. */
static int read_items(const struct ack_param *p, const struct ack_json *list,
	struct ack_buf *out)
{
	struct ack_buf lines = ACK_BUF_INIT(SIZE_MAX / 2);
	struct ack_buf line = ACK_BUF_INIT(SIZE_MAX / 2);
	ACK_UNSET struct ack_error e;
	int ret = 0;

	if (!p->type->list || !ack_json_is_array(list))
		return -EINVAL;
	for (const struct ack_json *n = ack_json_first(list);
		n && ret != -ENOMEM; n = ack_json_next(n)) {
		ack_buf_clear(&line);
		ack_buf_puts(&line, "[");
		ack_json_print(n, false, &line);
		ack_buf_puts(&line, "]");
		ret = read_item(p, &line, &lines);
	}
	if (ret != -ENOMEM && !lines.failed)
		ret = ack_param_parse(p, lines.data, lines.len, out, &e);
	ack_buf_release(&lines);
	ack_buf_release(&line);
	return ret;
}

/* The canonical text of what stands there, nothing if it makes no sense. */
static int read_node(const struct ack_param *p, const struct ack_json *n,
	struct ack_buf *out)
{
	const struct ack_param loose = loosened(p);
	ACK_UNSET struct ack_error e;
	int ret;

	if (ack_json_is_null(n))
		return 0;
	ret = ack_param_read(&loose, n, out, &e);
	if (ret && ret != -ENOMEM)
		ret = read_items(&loose, n, out);
	if (ret && ret != -ENOMEM && is_text(p, n)) {
		ack_buf_puts(out, ack_json_string(n));
		ret = ack_buf_status(out);
	}
	return ret == -ENOMEM ? ret : 0;
}

/* Tags that the service keeps for itself are nobody's to see or change. */
static int drop_services(struct ack_buf *text)
{
	static const char *const theirs[] = {"acs:", "ack."};
	struct ack_buf own = ACK_BUF_INIT(SIZE_MAX / 2);
	struct ack_span rest = {ack_buf_text(text), text->len};

	while (rest.len > 0) {
		struct ack_span line = ack_span_cut(&rest, "\n");
		bool their = false;

		for (size_t i = 0; i < LENGTH(theirs); i++)
			their |= ack_span_starts(line, theirs[i]);
		if (!their)
			ack_buf_printf(&own, "%s%.*s", own.len ? "\n" : "",
				(int)line.len, line.text);
	}
	ack_buf_release(text);
	*text = own;
	return ack_buf_status(text);
}

static int keep(struct ack_values *v, unsigned row, const struct ack_buf *text,
	int64_t time)
{
	size_t len = 0;
	const char *old = ack_values_get(v, row, &len);

	if (len == text->len && (!len || !memcmp(old, text->data, len)))
		return 0;
	return ack_values_set(v, row, text->data, text->len, time);
}

static int read_row(const struct ack_table *t, unsigned row,
	const struct ack_json *answer, int64_t time, struct ack_values *v)
{
	const struct ack_param *p = &t->rows[row];
	const char *path = p->place[ACK_LIVE];
	struct ack_buf text = ACK_BUF_INIT(SIZE_MAX / 2);
	bool found = false;
	int ret = 0;

	for (; path && !text.len && !ret; path = ack_path_next(path)) {
		struct ack_step last;
		const struct ack_json *n = ack_path_locate(answer, path, &last);

		found |= n != NULL;
		if (n)
			ret = read_node(p, n, &text);
	}
	if (!ret &&
		(p->type == &ack_type_tags || p->type == &ack_type_node_tags))
		ret = drop_services(&text);
	if (!ret && found)
		ret = keep(v, row, &text, time);
	ack_buf_release(&text);
	return ret;
}

int ack_body_read(const struct ack_table *t, const struct ack_json *answer,
	int64_t time, struct ack_values *v)
{
	int ret = 0;

	for (unsigned i = 0; i < t->count && !ret; i++)
		ret = read_row(t, i, answer, time, v);
	return ret;
}

bool ack_body_tells(
	const struct ack_table *t, unsigned row, const struct ack_json *answer)
{
	const char *path = t->rows[row].place[ACK_LIVE];
	struct ack_step last;

	while (path && !ack_path_locate(answer, path, &last))
		path = ack_path_next(path);
	return path;
}

int ack_body_recall(
	const struct ack_param *p, const char *text, struct ack_buf *out)
{
	struct ack_json *n = p->type->wire(p, text);
	int ret = n ? read_node(p, n, out) : 0;

	ack_json_free(n);
	return ret;
}
