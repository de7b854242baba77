/* SPDX-License-Identifier: MIT */
/*
 * usage: both-forms <VALUES
 *
 * VALUES is a JSON object: the text of each parameter's file by its name.
 * Prints the body of CreateCluster in both forms, {"classic":...,
 * "nodepools":...}; ends with 1 and a sentence when a text is refused.
 */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/json.h"
#include "params/body.h"
#include "params/types.h"
#include "params/values.h"

static int take(struct ack_values *v, const struct ack_json *n)
{
	const struct ack_table *t = &ack_cluster_table;
	const char *text = ack_json_string(n);
	struct ack_buf canon = ACK_BUF_INIT(1u << 20);
	struct ack_error e;
	int row = ack_table_find(t, ack_json_key(n));
	int ret = -1;

	if (row < 0 || !text)
		fprintf(stderr, "%s: no parameter, or no text\n",
			ack_json_key(n));
	else if (ack_param_parse(&t->rows[row], text, strlen(text), &canon, &e))
		fprintf(stderr, "%s: %s\n", e.param, e.message);
	else
		ret = ack_values_set(
			v, (unsigned)row, canon.data, canon.len, 0);
	ack_buf_release(&canon);
	return ret;
}

static int print(const struct ack_values *v)
{
	struct ack_buf out = ACK_BUF_INIT(1u << 20);
	int ret;

	ack_buf_puts(&out, "{\"classic\":");
	ack_body_build(&ack_cluster_table, v, ACK_CLASSIC, true, false, &out);
	ack_buf_puts(&out, ",\"nodepools\":");
	ack_body_build(&ack_cluster_table, v, ACK_NODEPOOLS, true, false, &out);
	ack_buf_puts(&out, "}");
	ret = ack_buf_status(&out);
	puts(ack_buf_text(&out));
	ack_buf_release(&out);
	return ret;
}

int main(void)
{
	static char text[1u << 20];
	struct ack_values v = ACK_VALUES_INIT;
	size_t where, len = fread(text, 1, sizeof(text), stdin);
	int ret = 0;

	ack_json_setup();
	struct ack_json *root = ack_json_parse(text, len, &where);
	if (!ack_json_is_object(root)) {
		fprintf(stderr, "usage: both-forms <VALUES\n");
		return 2;
	}
	for (const struct ack_json *n = ack_json_first(root); n && !ret;
		n = ack_json_next(n))
		ret = take(&v, n);
	if (!ret)
		ret = print(&v);
	ack_json_free(root);
	ack_values_release(&v);
	return ret ? 1 : 0;
}
