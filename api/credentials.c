/* SPDX-License-Identifier: MIT */
#include "credentials.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "error.h"
#include "source.h"
#include "wipe.h"

/* Keys travel in headers: printable ASCII without blanks. */
static bool key_valid(const char *text)
{
	for (; *text; text++) {
		if (*text <= ' ' || *text >= 0x7f)
			return false;
	}
	return true;
}

int ack_credentials_take(struct ack_credentials *c, const char *key_id,
	const char *key_secret, const char *token, struct ack_buf *why)
{
	if (!key_id || !*key_id || !key_secret || !*key_secret) {
		ack_buf_printf(why, "the AccessKey %s is not set",
			key_id && *key_id ? "secret" : "ID");
		return -ENOENT;
	}
	if (!token)
		token = "";
	if (!key_valid(key_id) || !key_valid(key_secret) || !key_valid(token)) {
		ack_buf_puts(why, "a key holds a blank or a character that "
				  "no key has");
		return -ENOENT;
	}
	c->key_id = strdup(key_id);
	c->key_secret = strdup(key_secret);
	c->token = *token ? strdup(token) : NULL;
	if (!c->key_id || !c->key_secret || (*token && !c->token))
		return -ENOMEM;
	return 0;
}

static int load_environment(struct ack_credentials *c,
	const struct ack_credential_options *o, struct ack_buf *why)
{
	const char *id = getenv("ALIBABA_CLOUD_ACCESS_KEY_ID");
	const char *secret = getenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET");

	if (o->profile) {
		ack_buf_puts(why, "not asked: a profile was named");
		return -ENOENT;
	}
	if (!id || !*id || !secret || !*secret) {
		ack_buf_printf(why, "ALIBABA_CLOUD_ACCESS_KEY_%s is not set",
			id && *id ? "SECRET" : "ID");
		return -ENOENT;
	}
	strcpy(c->source, "environment");
	return ack_credentials_take(
		c, id, secret, getenv("ALIBABA_CLOUD_SECURITY_TOKEN"), why);
}

/* In the order of the official SDKs. */
static const struct ack_source sources[] = {
	{"environment", load_environment},
	{"aliyun CLI", ack_source_cli},
};

int ack_credentials_load(struct ack_credentials *c,
	const struct ack_credential_options *o, struct ack_error *e)
{
	struct ack_buf why = ACK_BUF_INIT(8192);
	int err = -ENOENT;

	*c = (struct ack_credentials){0};
	ack_error_set(e, ENOKEY, NULL, "no credentials were found");
	ack_error_hint(e,
		"set ALIBABA_CLOUD_ACCESS_KEY_ID and "
		"ALIBABA_CLOUD_ACCESS_KEY_SECRET, or run `aliyun configure`");
	for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]); i++) {
		err = sources[i].load(c, o, &why);
		if (err != -ENOENT)
			break;
		ack_error_more(
			e, "%s: %s", sources[i].name, ack_buf_text(&why));
		ack_credentials_release(c);
		ack_buf_release(&why);
	}
	ack_buf_release(&why);
	if (err == 0) {
		ack_error_clear(e);
		return 0;
	}
	ack_credentials_release(c);
	if (err != -ENOENT)
		ack_error_set(e, -err, NULL, "cannot load credentials: %s",
			strerror(-err));
	return -e->err;
}

void ack_credentials_release(struct ack_credentials *c)
{
	ack_wipe_text(c->key_id);
	ack_wipe_text(c->key_secret);
	ack_wipe_text(c->token);
	*c = (struct ack_credentials){0};
}

void ack_key_id_mask(const char *key_id, char out[32])
{
	size_t len = key_id ? strlen(key_id) : 0;

	if (len < 12)
		snprintf(out, 32, "%s", len ? "****" : "");
	else
		snprintf(out, 32, "%.4s****%s", key_id, key_id + len - 4);
}
