/* SPDX-License-Identifier: MIT */
#include "keys/rpc.h"

#include "base/buf.h"

#define TEXT_MAX (1u << 18)

int ack_rpc_string_to_sign(
	const struct ack_query *all, size_t n, struct ack_buf *out)
{
	struct ack_buf sorted = ACK_BUF_INIT(TEXT_MAX);
	int err = ack_canonical_query(all, n, &sorted);

	ack_buf_puts(out, "POST&%2F&");
	ack_percent_encode(ack_buf_text(&sorted), out);
	if (err == 0)
		err = ack_buf_status(&sorted);
	if (err == 0)
		err = ack_buf_status(out);
	ack_buf_release(&sorted);
	return err;
}

int ack_rpc_signature(const struct ack_query *all, size_t n,
	const char *key_secret, char out[ACK_HMAC_SHA1_BASE64])
{
	struct ack_buf text = ACK_BUF_INIT(TEXT_MAX);
	struct ack_buf key = ACK_BUF_INIT(1024);
	int err = ack_rpc_string_to_sign(all, n, &text);

	ack_buf_printf(&key, "%s&", key_secret);
	if (err == 0)
		err = ack_buf_status(&key);
	if (err == 0)
		err = ack_hmac_sha1_base64(
			ack_buf_text(&key), ack_buf_text(&text), out);
	ack_buf_release(&key);
	ack_buf_release(&text);
	return err;
}
