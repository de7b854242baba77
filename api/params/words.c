/* SPDX-License-Identifier: MIT */
/* Lists of words, of IDs, and of hosts. */
#include <errno.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/json.h"
#include "params/lists.h"
#include "params/params.h"
#include "params/scalars.h"
#include "params/types.h"

static int word_item(const struct ack_list *l, const struct ack_param *p,
	struct ack_span text, struct ack_buf *line, struct ack_buf *identity,
	struct ack_error *e)
{
	(void)l;
	if (text.len == 0 || !ack_span_only(text, "._-"))
		return ack_error_set(e, EINVAL, p->name,
			"%s is not a word such as %s: letters, digits, . _ -",
			ack_span_quote(text).text,
			p->example ? p->example : p->type->example);
	ack_buf_put(line, text.text, text.len);
	ack_buf_put(identity, text.text, text.len);
	return p->choices ? ack_check_choice(p, text, e) : 0;
}

/* A name, with * in front if wanted, or an address of either kind. */
static int host_item(const struct ack_list *l, const struct ack_param *p,
	struct ack_span text, struct ack_buf *line, struct ack_buf *identity,
	struct ack_error *e)
{
	struct ack_span rest = text;

	(void)l;
	if (ack_span_starts(rest, "*.")) {
		rest.text += 2;
		rest.len -= 2;
	}
	if (rest.len == 0 || text.len > 253 || !ack_span_only(rest, ".-:"))
		return ack_error_set(e, EINVAL, p->name,
			"%s is neither a host's name nor an address",
			ack_span_quote(text).text);
	ack_buf_put(line, text.text, text.len);
	ack_buf_put(identity, text.text, text.len);
	return 0;
}

static int id_item(const struct ack_list *l, const struct ack_param *p,
	struct ack_span text, struct ack_buf *line, struct ack_buf *identity,
	struct ack_error *e)
{
	int ret = ack_check_id(p, text, e);

	(void)l;
	ack_buf_put(line, text.text, text.len);
	ack_buf_put(identity, text.text, text.len);
	return ret;
}

static const struct ack_list words = {.words = true, .item = word_item};
static const struct ack_list ids = {.words = true, .item = id_item};
static const struct ack_list hosts = {.words = true, .item = host_item};

static struct ack_json *words_wire(const struct ack_param *p, const char *text)
{
	struct ack_json *array = ack_json_array();
	struct ack_span rest = ack_span_of(text);

	(void)p;
	while (array && rest.text) {
		struct ack_span word = ack_span_cut(&rest, "\n");
		struct ack_buf copy = ACK_BUF_INIT(ACK_VALUE_MAX);

		ack_buf_put(&copy, word.text, word.len);
		if (ack_buf_status(&copy) ||
			ack_json_add_string(array, NULL, ack_buf_text(&copy))) {
			ack_json_free(array);
			array = NULL;
		}
		ack_buf_release(&copy);
	}
	return array;
}

const struct ack_type ack_type_words = {
	.name = "words",
	.example = "ecs.g7.xlarge",
	.list = true,
	.bounds = "items",
	.shape = "[string]",
	.items = &words,
	.parse = ack_list_parse,
	.wire = words_wire,
	.unwire = ack_list_unwire,
	.read = ack_list_read,
};

const struct ack_type ack_type_ids = {
	.name = "ids",
	.example = "vsw-2ze48rkq464rsdts1abcd",
	.list = true,
	.bounds = "items",
	.shape = "[string]",
	.items = &ids,
	.parse = ack_list_parse,
	.wire = words_wire,
	.unwire = ack_list_unwire,
	.read = ack_list_read,
};

const struct ack_type ack_type_hosts = {
	.name = "hosts",
	.example = "api.example.com",
	.list = true,
	.bounds = "items",
	.shape = "[string]",
	.items = &hosts,
	.parse = ack_list_parse,
	.wire = words_wire,
	.unwire = ack_list_unwire,
	.read = ack_list_read,
};
