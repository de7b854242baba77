/* SPDX-License-Identifier: MIT */
#include "keys/whose.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/json.h"
#include "base/text.h"
#include "client/client.h"
#include "client/credentials.h"

struct ack_whose {
	struct ack_client *client;
	struct ack_call *call;
	ack_whose_fn done;
	void *arg;
};

bool ack_account_valid(const char *text)
{
	size_t len = text ? strspn(text, "0123456789") : 0;

	return len && len < ACK_ACCOUNT_MAX && !text[len];
}

void ack_account_text(const char *account, struct ack_buf *out)
{
	char masked[32];

	if (!*account) {
		ack_buf_puts(out, ack_text("not known yet"));
	} else if (ack_account_valid(account)) {
		ack_buf_puts(out, account);
	} else if (strpbrk(account, "-:")) { /* no key ID */
		ack_buf_printf(out, "%s (no STS knows its number)", account);
	} else {
		ack_key_id_mask(account, masked);
		ack_buf_printf(out, "that of key %s (no STS knows its number)",
			masked);
	}
}

int ack_account_differs(struct ack_error *e, const char *what,
	const char *account, const char *other, const char *other_account,
	const char *advice)
{
	struct ack_buf one = ACK_BUF_INIT(512), two = ACK_BUF_INIT(512);

	ack_account_text(account, &one);
	ack_account_text(other_account, &two);
	ack_error_set(e, EKEYREJECTED, NULL,
		"%s to the account %s, %s to the account %s; %s",
		ack_text(what), ack_buf_text(&one), ack_text(other),
		ack_buf_text(&two), ack_text(advice));
	ack_buf_release(&one);
	ack_buf_release(&two);
	return -EKEYREJECTED;
}

struct ack_whose *ack_whose_new(const struct ack_client_config *config,
	ack_whose_fn done, void *arg, struct ack_error *e)
{
	struct ack_client_config own = *config;
	struct ack_whose *w = calloc(1, sizeof(*w));

	if (!w) {
		ack_error_memory(e, NULL);
		return NULL;
	}
	own.keys_check = NULL;
	own.keys_renew = NULL;
	w->done = done;
	w->arg = arg;
	w->client = ack_client_new(&own, e);
	if (w->client)
		return w;
	free(w);
	return NULL;
}

void ack_whose_free(struct ack_whose *w)
{
	if (!w)
		return;
	ack_client_free(w->client);
	free(w);
}

static void answered(
	void *arg, const struct ack_answer *a, const struct ack_error *e)
{
	struct ack_whose *w = arg;
	const char *account = ack_json_get_string(a->json, "AccountId");
	struct ack_error odd;

	w->call = NULL;
	if (!e->err && !ack_account_valid(account)) {
		ack_error_set(&odd, EPROTO, NULL,
			"the STS answers without the number of an account");
		e = &odd;
	}
	w->done(w->arg, e->err ? "" : account, e);
}

int ack_whose_ask(struct ack_whose *w, const struct ack_credentials *keys,
	struct ack_error *e)
{
	const struct ack_request r = {.action = ACK_CALL_GetCallerIdentity};
	struct ack_credentials copy = {.key_id = NULL};

	ack_call_drop(w->call);
	w->call = NULL;
	if (ack_credentials_copy(&copy, keys))
		return ack_error_memory(e, NULL);
	ack_client_set_credentials(w->client, &copy);
	w->call = ack_ask(w->client, &r, answered, w, e);
	return w->call ? 0 : -e->err;
}

bool ack_whose_asking(const struct ack_whose *w)
{
	return w && w->call;
}
