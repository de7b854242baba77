/* SPDX-License-Identifier: MIT */
#include "keys/source.h"

#include <stdio.h>
#include <string.h>

#include "base/length.h"
#include "base/variable.h"
#include "keys/inquiry.h"

/* SERVICE.md, Key sources, in this order; a set is taken whole, never mixed. */
static const struct {
	const char *key_id, *key_secret, *token;
} sets[] = {
	{"ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
		"ALIBABA_CLOUD_SECURITY_TOKEN"},
	{"ALIBABACLOUD_ACCESS_KEY_ID", "ALIBABACLOUD_ACCESS_KEY_SECRET",
		"ALIBABACLOUD_SECURITY_TOKEN"},
	{"ALICLOUD_ACCESS_KEY_ID", "ALICLOUD_ACCESS_KEY_SECRET",
		"ALICLOUD_SECURITY_TOKEN"},
	{"ALICLOUD_ACCESS_KEY", "ALICLOUD_SECRET_KEY",
		"ALICLOUD_SECURITY_TOKEN"},
	{"ACCESS_KEY_ID", "ACCESS_KEY_SECRET", "SECURITY_TOKEN"},
};

void ack_source_environment(struct ack_inquiry *q)
{
	size_t i = 0, n = LENGTH(sets);

	while (i < n && (!ACK_VARIABLE(sets[i].key_id) ||
				!ACK_VARIABLE(sets[i].key_secret)))
		i++;
	if (i == n) {
		ack_buf_printf(&q->why, "%s is not set",
			ACK_VARIABLE(sets[0].key_id) ? sets[0].key_secret
						     : sets[0].key_id);
		ack_inquiry_failed(q);
		return;
	}
	if (ack_credentials_take(&q->keys, ACK_VARIABLE(sets[i].key_id),
		    ACK_VARIABLE(sets[i].key_secret),
		    ACK_VARIABLE(sets[i].token), &q->why) < 0) {
		/* who set them means them, not keys of another account */
		q->only = true;
		ack_inquiry_failed(q);
		return;
	}
	snprintf(q->keys.identity, sizeof(q->keys.identity), "%.160s",
		q->keys.key_id);
	snprintf(q->keys.source, sizeof(q->keys.source), "environment%s%s%s",
		i ? " (" : "", i ? sets[i].key_id : "", i ? ")" : "");
	ack_inquiry_found(q);
}
