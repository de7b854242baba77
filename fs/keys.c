/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <syslog.h>
#include <unistd.h>

#include "client.h"
#include "error.h"
#include "fleet.h"
#include "keys.h"
#include "keyring.h"
#include "log.h"

struct wait {
	struct ack_watch signals;
	bool ended;
};

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
		ack_error_copy(k->error, e);
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

static void signalled(void *arg, uint32_t what)
{
	struct wait *w = arg;

	(void)what;
	w->ended = true;
}

/*
 * Nobody watches signals yet, and the end of this program by one would leave
 * a program behind that gives keys.
 */
static int wait_for_keys(struct keys *k, struct ack_events *events)
{
	struct wait w = {.signals = {.ready = signalled, .arg = &w}};
	sigset_t set, old;
	int ret;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, &old);
	w.signals.fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	ret = w.signals.fd < 0 ? -errno
			       : ack_watch_set(events, &w.signals, EPOLLIN);
	if (!ret)
		ack_keyring_search(k->ring);
	while (!ret && !w.ended && ack_keyring_asking(k->ring))
		ret = ack_events_turn(events);
	if (w.ended)
		ret = -EINTR;
	ack_watch_set(events, &w.signals, 0);
	if (w.signals.fd >= 0)
		close(w.signals.fd);
	/* One that came stays pending, and must not end us before the clean
	 * end that it asks for. */
	if (!w.ended)
		sigprocmask(SIG_SETMASK, &old, NULL);
	return ret;
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
	int ret;

	k->fleet = fleet;
	k->error = e;
	ack_error_clear(e);
	k->ring = ack_keyring_new(&config, e);
	if (!k->ring)
		return -e->err;
	ret = wait_for_keys(k, fleet->events);
	k->error = NULL;
	if (ret)
		return ack_error_set(e, -ret, NULL,
			"the search for credentials ended: %s", strerror(-ret));
	strcpy(k->region, k->first.region);
	strcpy(k->endpoint, k->first.endpoint);
	strcpy(k->endpoint_type, k->first.endpoint_type);
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
