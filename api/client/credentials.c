/* SPDX-License-Identifier: MIT */
#include "client/credentials.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "base/text.h"
#include "base/vault.h"

/* Keys travel in headers: printable ASCII without blanks; and no key has
 * quotation marks, which some readers of such files take off. */
static const char *oddity(char c)
{
	switch (c) {
	case '"':
	case '\'':
		return "a quotation mark: write it without";
	case ' ':
	case '\t':
		return "a blank; a comment needs a line for itself";
	case '\r':
	case '\n':
		return "the end of a line";
	default:
		return "a character that no key has";
	}
}

static bool key_valid(const char *text, const char *what, struct ack_buf *why)
{
	for (; *text; text++) {
		if (*text > ' ' && *text < 0x7f && *text != '"' &&
			*text != '\'')
			continue;
		ack_buf_printf(why, "%s holds %s", ack_text(what),
			ack_text(oddity(*text)));
		return false;
	}
	return true;
}

static void release_keys(struct ack_credentials *c)
{
	ack_vault_free(c->key_id);
	ack_vault_free(c->key_secret);
	ack_vault_free(c->token);
	c->key_id = c->key_secret = c->token = NULL;
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
	if (!key_valid(key_id, "the AccessKey ID", why) ||
		!key_valid(key_secret, "the AccessKey secret", why) ||
		!key_valid(token, "the security token", why))
		return -ENOENT;
	release_keys(c);
	c->key_id = strdup(key_id);
	c->key_secret = ack_vault_copy(key_secret);
	c->token = *token ? ack_vault_copy(token) : NULL;
	c->expires = 0;
	if (!c->key_id || !c->key_secret || (*token && !c->token)) {
		why->failed = true;
		return -ENOMEM;
	}
	return 0;
}

int ack_credentials_copy(
	struct ack_credentials *to, const struct ack_credentials *from)
{
	struct ack_buf why = ACK_BUF_INIT(256);
	int ret = ack_credentials_take(
		to, from->key_id, from->key_secret, from->token, &why);

	ack_buf_release(&why);
	return ret;
}

void ack_credentials_expire(
	struct ack_credentials *c, const char *text, int64_t date)
{
	struct tm tm = {0};
	const char *end = text ? strptime(text, "%Y-%m-%dT%H:%M:%S", &tm)
			       : NULL;
	int64_t ahead = date > 0 ? date - time(NULL) : 0;

	c->expires = 0;
	if (!end)
		return;
	if (*end == '.') {
		do
			end++;
		while (isdigit((unsigned char)*end));
	}
	if (strcmp(end, "Z") == 0 || strcmp(end, "+00:00") == 0)
		c->expires = timegm(&tm) - ahead;
}

void ack_credentials_move(
	struct ack_credentials *to, struct ack_credentials *from)
{
	ack_credentials_release(to);
	*to = *from;
	*from = (struct ack_credentials){0};
}

void ack_credentials_release(struct ack_credentials *c)
{
	release_keys(c);
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

void ack_credentials_left(int64_t expires, char out[64])
{
	int64_t left = expires - time(NULL);

	if (expires == 0)
		strcpy(out, "");
	else if (left <= 0)
		snprintf(out, 64, "%s", ack_text(", expired"));
	else if (left < 120)
		snprintf(out, 64, ack_text(", expires in %d s"), (int)left);
	else if (left < INT64_C(120) * 60)
		snprintf(out, 64, ack_text(", expires in %d min"),
			(int)(left / 60));
	else
		snprintf(out, 64, ack_text(", expires in %lld h"),
			(long long)(left / 3600));
}
