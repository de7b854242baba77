/* SPDX-License-Identifier: MIT */
#include "keys/keyring.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "base/event.h"
#include "keys/inquiry.h"

#define EARLY_MS (15 * 60 * 1000) /* before the end, and at most a quarter */
#define FIRST_MS 1000             /* of the waits after a failure */
#define MOST_MS  (60 * 1000)

struct ack_keyring {
	struct ack_keyring_config config;
	struct ack_inquiry q;
	struct ack_timer timer;
	struct ack_keyfiles files;
	int source; /* that served, or ACK_INQUIRY_ALL */
	char key_id[128];
	int64_t expires;   /* 0: nobody knows */
	int64_t early_ms;  /* before that */
	unsigned again;    /* seconds, when nobody knows */
	unsigned failures; /* in a row */
	bool must_tell;    /* the end of this inquiry */
	bool must_differ;  /* its keys, or it has failed */
};

static int64_t left_ms(const struct ack_keyring *k)
{
	return (k->expires - (int64_t)time(NULL)) * 1000;
}

/* Between half of the wait and all of it: many mounts may have one source. */
static int64_t backoff(unsigned failures)
{
	int64_t ms = MOST_MS;
	uint32_t random = 0;

	if (failures < 7 && (FIRST_MS << (failures - 1)) < MOST_MS)
		ms = FIRST_MS << (failures - 1);
	if (getrandom(&random, sizeof(random), GRND_NONBLOCK) < 0)
		random = 0;
	return ms / 2 + random % (ms / 2 + 1);
}

static void failed(struct ack_keyring *k, const struct ack_error *e)
{
	bool tell = k->must_tell || k->failures == 0;

	k->failures++;
	k->must_tell = k->must_differ = false;
	/* What never expires is asked for again only for a reason. */
	if (k->expires || k->again)
		ack_timer_set(
			k->config.events, &k->timer, backoff(k->failures));
	if (tell)
		k->config.failed(k->config.arg, e);
}

/* `same`: the service has yet to make others, which is no failure so far. */
static void plan(struct ack_keyring *k, bool same)
{
	int64_t left = left_ms(k), wait;

	ack_timer_cancel(k->config.events, &k->timer);
	if (k->expires && same && left <= k->early_ms) {
		ack_timer_set(
			k->config.events, &k->timer, backoff(++k->failures));
		return;
	}
	k->failures = 0;
	if (k->expires) {
		k->early_ms = left / 4 < EARLY_MS ? left / 4 : EARLY_MS;
		wait = left - k->early_ms;
		/* a source whose keys live for moments is not asked all the
		 * time */
		ack_timer_set(k->config.events, &k->timer,
			wait > FIRST_MS ? wait : FIRST_MS);
	} else if (k->again) {
		ack_timer_set(
			k->config.events, &k->timer, k->again * INT64_C(1000));
	}
}

/* The end of an inquiry. */
static void done(void *arg)
{
	struct ack_keyring *k = arg;
	struct ack_inquiry *q = &k->q;
	struct ack_credentials keys = {.key_id = NULL};

	if (q->error.err) {
		failed(k, &q->error);
		return;
	}
	bool same = k->source == q->source &&
		    strcmp(k->key_id, q->keys.key_id) == 0;
	if (same && k->must_differ) {
		struct ack_error e;

		ack_error_set(&e, EKEYEXPIRED, NULL,
			"the source of the keys has no others yet (%s)",
			q->keys.source);
		failed(k, &e);
		return;
	}
	ack_keyfiles_move(&k->files, &q->files);
	ack_credentials_move(&keys, &q->keys);
	same = same && keys.expires == k->expires;
	k->source = q->source;
	k->expires = keys.expires;
	k->again = keys.again;
	snprintf(k->key_id, sizeof(k->key_id), "%s", keys.key_id);
	k->must_tell = k->must_differ = false;
	plan(k, same);
	k->config.got(k->config.arg, &keys);
	ack_credentials_release(&keys);
}

static void ask_again(void *arg)
{
	struct ack_keyring *k = arg;

	if (!k->q.asking)
		ack_inquiry_start(&k->q, k->source);
}

struct ack_keyring *ack_keyring_new(
	const struct ack_keyring_config *config, struct ack_error *e)
{
	struct ack_keyring *k = calloc(1, sizeof(*k));

	if (!k) {
		ack_error_memory(e, NULL);
		return NULL;
	}
	k->config = *config;
	k->source = ACK_INQUIRY_ALL;
	k->timer = (struct ack_timer){.fire = ask_again, .arg = k};
	k->q.events = config->events;
	k->q.http = config->http;
	k->q.profile = config->profile;
	k->q.done = done;
	k->q.arg = k;
	return k;
}

void ack_keyring_free(struct ack_keyring *k)
{
	if (!k)
		return;
	ack_timer_cancel(k->config.events, &k->timer);
	ack_inquiry_stop(&k->q);
	ack_keyfiles_release(&k->files);
	free(k);
}

void ack_keyring_search(struct ack_keyring *k)
{
	k->must_tell = true;
	k->must_differ = false;
	ack_inquiry_start(&k->q, ACK_INQUIRY_ALL);
}

void ack_keyring_check(struct ack_keyring *k)
{
	if (k->q.asking || k->source == ACK_INQUIRY_ALL)
		return;
	bool overdue = k->expires && k->failures == 0 &&
		       left_ms(k) < k->early_ms;
	if (ack_keyfiles_changed(&k->files)) {
		k->failures = 0;
		overdue = true;
	}
	if (overdue)
		ack_inquiry_start(&k->q, k->source);
}

bool ack_keyring_renew(struct ack_keyring *k)
{
	char before[sizeof(k->key_id)];

	if (k->source == ACK_INQUIRY_ALL)
		return false;
	k->must_tell = k->must_differ = true;
	if (k->q.asking)
		return true;
	memcpy(before, k->key_id, sizeof(before));
	ack_inquiry_start(&k->q, k->source);
	return k->q.asking || strcmp(before, k->key_id) != 0;
}

bool ack_keyring_asking(const struct ack_keyring *k)
{
	return k->q.asking;
}
