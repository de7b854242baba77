/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "base/error.h"
#include "base/text.h"
#include "client/client.h"
#include "keys/keyring.h"
#include "keys/whose.h"
#include "model/fleet.h"
#include "model/log.h"
#include "mount/keys.h"
#include "state/keybook.h"

/* how long a mount waits for the STS before it goes on without */
#define SOON_MS 1000

struct wait {
	struct ack_watch signals;
	bool ended, late;
};

static void tell(struct keys *k, const struct ack_credentials *c)
{
	struct fleet *f = k->fleet;
	bool other = strcmp(f->warning, c->warning) != 0;

	if (*f->source && strcmp(f->source, c->source) != 0)
		log_line(LOG_NOTICE, "the keys come from another place now: %s",
			c->source);
	snprintf(f->source, sizeof(f->source), "%s", c->source);
	snprintf(f->warning, sizeof(f->warning), "%s", c->warning);
	f->expires = c->expires;
	*f->renewal = '\0';
	ack_key_id_mask(c->key_id, f->key_id);
	if (other && *f->warning)
		log_line(LOG_WARNING, "%s", f->warning);
}

static void use(struct keys *k)
{
	struct fleet *f = k->fleet;

	tell(k, &k->first);
	snprintf(k->used, sizeof(k->used), "%s", k->first.key_id);
	snprintf(k->place, sizeof(k->place), "%s", k->first.identity);
	k->used_until = k->first.expires;
	if (k->standing == KEYS_REJECTED) {
		log_line(LOG_NOTICE, "the keys are those of this mount again");
		fleet_fail(f, NULL);
	}
	k->standing = KEYS_USED;
	*f->rejected = '\0';
	ack_client_set_credentials(f->client, &k->first);
}

static void reject(struct keys *k, const struct ack_error *why)
{
	struct fleet *f = k->fleet;

	if (strcmp(f->rejected, why->message) != 0)
		log_line(LOG_ERR, "%s", why->message);
	k->standing = KEYS_REJECTED;
	ack_error_copy(&k->rejection, why);
	snprintf(f->rejected, sizeof(f->rejected), "%.511s", why->message);
	fleet_fail(f, why);
	ack_credentials_release(&k->first);
	ack_client_keys_stay(f->client, why);
}

/* Whose the newest are is known as far as it can be now. */
static void settle(struct keys *k)
{
	struct fleet *f = k->fleet;
	struct ack_error e;
	int ret = 0;

	if (!*k->account) {
		k->standing = KEYS_DOUBTFUL;
		tell(k, &k->first);
		return;
	}
	if (!*f->account)
		ret = k->claim(k->claim_arg, k->account, &e);
	else if (strcmp(f->account, k->account) != 0)
		ret = ack_account_differs(&e, "these keys belong", k->account,
			"this mount", f->account, "mount again");
	if (ret)
		reject(k, &e);
	else
		use(k);
}

/* As far as that needs no question. */
static bool is_known(struct keys *k)
{
	const struct ack_credentials *c = &k->first;
	const struct fleet *f = k->fleet;
	char account[ACK_ACCOUNT_MAX];

	if (strcmp(k->used, c->key_id) == 0)
		strcpy(k->account, f->account);
	else if (keybook_find(k->book, k->whose ? f->sts.host : NULL, c->key_id,
			 account))
		strcpy(k->account, account);
	else if (k->whose)
		*k->account = '\0';
	else if (*f->account &&
		 (!*k->place || strcmp(k->place, c->identity) == 0))
		strcpy(k->account, f->account);
	else
		strcpy(k->account, c->identity);
	return *k->account;
}

/* Calls that wait for the answer end with the reason. */
static void unanswered(struct keys *k, const struct ack_error *e)
{
	struct ack_error why;

	if (!k->fleet->client)
		return;
	ack_error_copy(&why, e);
	if (!*e->code)
		snprintf(why.message, sizeof(why.message),
			ack_text("the account of these keys is not known yet: "
				 "%.4500s"),
			e->message);
	ack_client_keys_stay(k->fleet->client, &why);
}

static void judge(struct keys *k)
{
	ACK_UNSET struct ack_error e;

	if (!is_known(k) && ack_whose_ask(k->whose, &k->first, &e))
		unanswered(k, &e);
	if (k->fleet->client)
		settle(k);
}

static void answered(void *arg, const char *account, const struct ack_error *e)
{
	struct keys *k = arg;

	if (e->err == EKEYEXPIRED && !k->renewed) {
		k->renewed = true;
		if (ack_keyring_renew(k->ring))
			return;
	}
	if (e->err) {
		unanswered(k, e);
		return;
	}
	k->renewed = false;
	strcpy(k->account, account);
	/* others come before these could be seen again */
	if (!k->first.token)
		keybook_add(
			k->book, k->fleet->sts.host, k->first.key_id, account);
	if (k->fleet->client)
		settle(k);
}

void keys_use(struct keys *k)
{
	settle(k);
}

static void got(void *arg, struct ack_credentials *c)
{
	struct keys *k = arg;

	ack_credentials_move(&k->first, c);
	if (k->fleet->client)
		judge(k);
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
	/* else the answer settles it for those that wait */
	if (!ack_whose_asking(k->whose))
		ack_client_keys_stay(f->client, e);
}

static void signalled(void *arg, uint32_t what)
{
	struct wait *w = arg;

	(void)what;
	w->ended = true;
}

static void too_late(void *arg)
{
	((struct wait *)arg)->late = true;
}

/*
 * Until nobody is asked any more, or for `ms`, unless that is 0. Nobody watches
 * signals yet, and the end of this program by one would leave a program behind
 * that gives keys.
 */
static int wait_for_keys(struct keys *k, struct ack_events *events, int64_t ms)
{
	struct wait w = {.signals = {.ready = signalled, .arg = &w}};
	struct ack_timer timer = {.fire = too_late, .arg = &w};
	sigset_t set, old;
	int ret;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, &old);
	w.signals.fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	ret = w.signals.fd < 0 ? -errno
			       : ack_watch_set(events, &w.signals, EPOLLIN);
	if (ms)
		ack_timer_set(events, &timer, ms);
	else if (!ret)
		ack_keyring_search(k->ring);
	while (!ret && !w.ended && !w.late &&
		(ack_keyring_asking(k->ring) || ack_whose_asking(k->whose)))
		ret = ack_events_turn(events);
	if (w.ended)
		ret = -EINTR;
	ack_timer_cancel(events, &timer);
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
	ret = wait_for_keys(k, fleet->events, 0);
	k->error = NULL;
	if (ret)
		return ack_error_set(e, -ret, NULL,
			"the search for credentials ended: %s", strerror(-ret));
	strcpy(k->region, k->first.region);
	strcpy(k->endpoint, k->first.endpoint);
	strcpy(k->endpoint_type, k->first.endpoint_type);
	return -e->err;
}

int keys_judge(struct keys *k, const struct ack_client_config *config, int book,
	struct ack_error *e)
{
	struct ack_client_config sts = *config;
	int ret = 0;

	k->book = book;
	sts.endpoint = &k->fleet->sts;
	if (*k->fleet->sts.url) {
		k->whose = ack_whose_new(&sts, answered, k, e);
		if (!k->whose)
			return -e->err;
	}
	judge(k);
	if (ack_whose_asking(k->whose))
		ret = wait_for_keys(k, k->fleet->events, SOON_MS);
	return ret ? ack_error_set(e, -ret, NULL,
			     "the search for credentials ended: %s",
			     strerror(-ret))
		   : 0;
}

void keys_reload(struct keys *k)
{
	if (k->ring)
		ack_keyring_search(k->ring);
}

/* Temporary ones end by themselves; until then those of the same place, which
 * were judged, need not wait for the judgement of their successors. */
static bool serve_yet(const struct keys *k)
{
	return k->used_until > time(NULL) &&
	       strcmp(k->place, k->first.identity) == 0;
}

int keys_check(void *arg, struct ack_error *e)
{
	struct keys *k = arg;
	int ret = 0;

	if (k->ring)
		ack_keyring_check(k->ring);
	if (k->standing == KEYS_REJECTED) {
		ack_error_copy(e, &k->rejection);
		return -e->err;
	}
	if (k->standing == KEYS_USED)
		return 0;
	if (!ack_whose_asking(k->whose))
		ret = ack_whose_ask(k->whose, &k->first, e);
	if (serve_yet(k))
		return 0;
	return ret ? ret : ACK_KEYS_LATER;
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
	ack_whose_free(k->whose);
	k->whose = NULL;
	ack_credentials_release(&k->first);
}
