/* SPDX-License-Identifier: MIT */
#include "base/text.h"
#include "keys/source.h"

#include <string.h>

#include "base/json.h"
#include "base/variable.h"
#include "http/http.h"
#include "keys/inquiry.h"

/* The CLI insists on a Code of "Success", the SDKs know none: no other then. */
static void answered(struct ack_inquiry *q, const struct ack_http_reply *r,
	const struct ack_error *e)
{
	struct ack_json *root = ack_inquiry_answer(q, r, e);
	const char *code = ack_json_get_string(root, "Code");

	if (root && code && strcmp(code, "Success") != 0)
		ack_buf_puts(&q->why, ack_text("its Code is not Success"));
	if (root && (!code || strcmp(code, "Success") == 0))
		ack_inquiry_take(q, root, &ack_key_names, r->date);
	else
		ack_inquiry_failed(q);
	ack_json_free(root);
}

/* The URI itself is not shown: its query may hold a secret. */
void ack_uri_ask(struct ack_inquiry *q, const char *uri)
{
	const struct ack_http_request r = {.method = "GET", .url = uri};

	ack_inquiry_ask(q, &r, answered);
}

void ack_source_uri(struct ack_inquiry *q)
{
	const char *uri = ACK_VARIABLE("ALIBABA_CLOUD_CREDENTIALS_URI");

	if (!uri) {
		ack_buf_puts(&q->why,
			ack_text("ALIBABA_CLOUD_CREDENTIALS_URI is not set"));
		ack_inquiry_failed(q);
		return;
	}
	strcpy(q->keys.source, "credentials URI");
	strcpy(q->keys.identity, "credentials-uri");
	ack_uri_ask(q, uri);
}
