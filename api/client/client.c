/* SPDX-License-Identifier: MIT */
#include "client/client.h"

#include <errno.h>
#include <stdlib.h>

#include "base/error.h"
#include "client/call.h"
#include "client/credentials.h"

struct ack_client *ack_client_new(
	const struct ack_client_config *config, struct ack_error *e)
{
	struct ack_client *c = calloc(1, sizeof(*c));

	if (!c) {
		ack_error_set(e, ENOMEM, NULL, "out of memory");
		return NULL;
	}
	c->config = *config;
	LIST_INIT(&c->calls);
	ack_pace_init(&c->pace, config->events, config->qps);
	return c;
}

void ack_client_free(struct ack_client *c)
{
	if (!c)
		return;
	while (!LIST_EMPTY(&c->calls))
		ack_call_end(LIST_FIRST(&c->calls));
	ack_pace_release(&c->pace);
	ack_credentials_release(&c->keys);
	ack_credentials_release(&c->past);
	free(c);
}

void ack_client_set_credentials(
	struct ack_client *cl, struct ack_credentials *c)
{
	ack_credentials_move(&cl->past, &cl->keys);
	if (LIST_EMPTY(&cl->calls))
		ack_credentials_release(&cl->past);
	ack_credentials_move(&cl->keys, c);
	cl->key_set++;
	ack_call_keys_settled(cl, NULL);
}

void ack_client_keys_stay(struct ack_client *cl, const struct ack_error *why)
{
	ack_call_keys_settled(cl, why);
}

const struct ack_client_stats *ack_client_stats(const struct ack_client *c)
{
	return &c->stats;
}

int64_t ack_client_clock_offset(const struct ack_client *c)
{
	return c->clock_seen;
}
