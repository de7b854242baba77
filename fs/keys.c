/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>

#include "client.h"
#include "error.h"
#include "fleet.h"
#include "keys.h"
#include "keyring.h"
#include "log.h"

static void tell(struct keys *k, const struct ack_credentials *c)
{
	struct fleet *f = k->fleet;
	bool other = strcmp(f->warning, c->warning) != 0;

	if (*f->account && strcmp(f->account, c->source) != 0)
		log_line(LOG_NOTICE, "the keys come from another place now: %s",
			c->source);
	snprintf(f->account, sizeof(f->account), "%s", c->source);
	snprintf(f->warning, sizeof(f->warning), "%s", c->warning);
	f->expires = c->expires;
	*f->renewal = '\0';
	ack_key_id_mask(c->key_id, f->key_id);
	if (other && *f->warning)
		log_line(LOG_WARNING, "%s", f->warning);
}

void keys_use(struct keys *k)
{
	tell(k, &k->first);
	ack_client_set_credentials(k->fleet->client, &k->first);
}

static void got(void *arg, struct ack_credentials *c)
{
	struct keys *k = arg;

	ack_credentials_move(&k->first, c);
	if (k->fleet->client)
		keys_use(k);
}

static void failed(void *arg, const struct ack_error *e)
{
	struct keys *k = arg;
	struct fleet *f = k->fleet;

	if (!f->client) {
		*k->error = *e;
		return;
	}
	/* Where one source was asked, the list of what was tried is it. */
	size_t line = strcspn(e->more, "\n");
	bool one = line > 0 && (!e->more[line] || !e->more[line + 1]);
	snprintf(f->renewal, sizeof(f->renewal), "%.*s",
		one ? (int)line : (int)sizeof(f->renewal) - 1,
		one ? e->more : e->message);
	log_line(LOG_ERR, "no new keys: %s; the old ones stay", f->renewal);
	fleet_fail(f, e);
	ack_client_keys_stay(f->client);
}

int keys_find(struct keys *k, struct fleet *fleet, struct ack_http *http,
	const char *profile, struct ack_error *e)
{
	struct ack_keyring_config config = {.events = fleet->events,
		.http = http,
		.profile = profile,
		.got = got,
		.failed = failed,
		.arg = k};
	int ret = 0;

	k->fleet = fleet;
	k->error = e;
	ack_error_clear(e);
	k->ring = ack_keyring_new(&config, e);
	if (!k->ring)
		return -e->err;
	ack_keyring_search(k->ring);
	while (!ret && ack_keyring_asking(k->ring))
		ret = ack_events_turn(fleet->events);
	k->error = NULL;
	if (ret)
		return ack_error_set(e, -ret, NULL,
			"cannot wait for credentials: %s", strerror(-ret));
	return -e->err;
}

void keys_reload(struct keys *k)
{
	if (k->ring)
		ack_keyring_search(k->ring);
}

void keys_check(void *arg)
{
	const struct keys *k = arg;

	if (k->ring)
		ack_keyring_check(k->ring);
}

bool keys_renew(void *arg)
{
	const struct keys *k = arg;

	return k->ring && ack_keyring_renew(k->ring);
}

void keys_release(struct keys *k)
{
	ack_keyring_free(k->ring);
	k->ring = NULL;
	ack_credentials_release(&k->first);
}
