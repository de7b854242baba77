/* SPDX-License-Identifier: MIT */
/* Any JSON: what is printed is read again as the same, on one line or more. */
#include "fuzz.h"

#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"

void fuzz_begin(void)
{
}

/* Every question that can be asked of a node. */
static void ask(const struct ack_json *n)
{
	int64_t integer = 0;
	bool boolean;

	if (ack_json_integer(n, &integer))
		MUST(integer > -(INT64_C(1) << 53) && integer < INT64_C(1)
									<< 53);
	MUST(!!ack_json_number(n) == ack_json_is_number(n));
	if (ack_json_string(n))
		MUST(!ack_json_number(n) && !ack_json_boolean(n, &boolean));
	MUST(!ack_json_get(n, "") || ack_json_is_object(n));
	for (n = ack_json_first(n); n; n = ack_json_next(n))
		ask(n);
}

static void print(
	const char *text, size_t len, bool pretty, struct ack_buf *out)
{
	size_t where;
	struct ack_json *root = ack_json_parse(text, len, &where);

	MUST(root);
	ack_json_print(root, pretty, out);
	MUST(!ack_buf_status(out));
	ack_json_free(root);
}

void fuzz_one(struct ack_span input)
{
	struct ack_buf line = ACK_BUF_INIT(1u << 20);
	struct ack_buf pretty = ACK_BUF_INIT(1u << 20);
	struct ack_buf again = ACK_BUF_INIT(1u << 20);
	size_t where;
	struct ack_json *root = ack_json_parse(input.text, input.len, &where);

	if (!root) {
		MUST(where <= input.len);
		return;
	}
	ask(root);
	ack_json_print(root, false, &line);
	ack_json_print(root, true, &pretty);
	ack_json_free(root);
	MUST(!strchr(ack_buf_text(&line), '\n'));
	print(pretty.data, pretty.len, false, &again);
	MUST(!strcmp(ack_buf_text(&line), ack_buf_text(&again)));
	ack_buf_clear(&again);
	print(line.data, line.len, true, &again);
	MUST(!strcmp(ack_buf_text(&pretty), ack_buf_text(&again)));
	ack_buf_release(&line);
	ack_buf_release(&pretty);
	ack_buf_release(&again);
}
