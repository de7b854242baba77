/* SPDX-License-Identifier: MIT */
#include "mount/claim.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>
#include <time.h>

#include "base/error.h"
#include "base/text.h"
#include "client/credentials.h"
#include "keys/whose.h"
#include "model/log.h"
#include "mount/mount.h"
#include "mount/options.h"

#define NAME_MOST    640
#define ENDING_TRIES 100 /* of 20 ms each */

/*
 * state_open() before the mount answers. umount(8) returns before the daemon
 * has written everything and ended, so a mount right after it waits for a
 * moment.
 */
static int open_free(
	struct state *s, const char *dir, const char *name, struct ack_error *e)
{
	static const struct timespec soon = {.tv_nsec = 20000000};
	int ret = state_open(s, dir, name, e);

	for (int i = 0; ret == -EBUSY && i < ENDING_TRIES; i++) {
		state_release(s);
		nanosleep(&soon, NULL);
		ack_error_clear(e);
		ret = state_open(s, dir, name, e);
	}
	return ret;
}

/* The name of a default state directory, for an account or for keys. */
static void put_name(const struct mount *m, const char *whose, char *name)
{
	snprintf(name, NAME_MOST, "%s_%s_%s", m->fleet.endpoint.host,
		m->fleet.endpoint.region, whose);
}

/* Where no STS was asked when it was made, a directory has the keys' name. */
static bool is_of_keys(const struct mount *m, const char *whose)
{
	const struct ack_credentials *c = &m->keys.first;

	return !strcmp(whose, c->identity) ||
	       (c->key_id && !strcmp(whose, c->key_id));
}

/* The directory has a name for its account, or none yet. */
static int belongs(struct mount *m, struct ack_error *e)
{
	const char *is = m->state.account;
	char *wanted = m->fleet.account;
	char what[512];

	if (*is && !*wanted && ack_account_valid(is)) {
		strcpy(wanted, is);
		return 0;
	}
	if (!*is || !strcmp(is, wanted) ||
		(!ack_account_valid(is) &&
			(is_of_keys(m, is) || m->options->account)))
		return *wanted ? state_mark(&m->state, wanted, e) : 0;
	snprintf(what, sizeof(what),
		ack_text("the state directory %.400s belongs"), m->state.path);
	if (!*wanted || !ack_account_valid(is) || !ack_account_valid(wanted))
		return ack_account_differs(e, what, is, "these keys", wanted,
			"if both are one account, give its number with -o "
			"account=; otherwise choose another directory with -o "
			"state=");
	return ack_account_differs(e, what, is, "these keys", wanted,
		"choose another with -o state=, or use keys of that account");
}

/* The lists of another region would prove all that is in it absent. */
static int is_here(struct mount *m, struct ack_error *e)
{
	const char *here = m->fleet.endpoint.region, *is = m->state.region;

	if (!*is || !strcmp(is, here))
		return state_mark_region(&m->state, here, e);
	return ack_error_set(e, EINVAL, NULL,
		"the state directory %.400s belongs to the region %s, this "
		"mount to %s; choose another with -o state=, or mount %s",
		m->state.path, is, here, is);
}

/* Those that mounts with these keys had before their account was known. */
static int former(const struct mount *m, char names[2][NAME_MOST])
{
	const struct ack_credentials *c = &m->keys.first;
	int n = 0;

	if (*c->identity)
		put_name(m, c->identity, names[n++]);
	if (c->key_id && strcmp(c->identity, c->key_id))
		put_name(m, c->key_id, names[n++]);
	return n;
}

/* True when it has become `name`, or cannot (`e`). */
static bool take_over(
	struct mount *m, const char *old, const char *name, struct ack_error *e)
{
	const char *is = m->state.account;

	ack_error_clear(e);
	if (!state_exists(old) || !strcmp(old, name))
		return false;
	if (state_exists(name)) {
		log_line(LOG_WARNING,
			"state that was kept for these keys before their "
			"account was known is not shown: %s; mount it with -o "
			"state= to see it",
			old);
		return false;
	}
	if (open_free(&m->state, NULL, old, e))
		return true;
	if (!*is || !strcmp(is, m->fleet.account) || is_of_keys(m, is)) {
		if (!state_rename(&m->state, name, e))
			log_line(LOG_NOTICE,
				"the state that was kept for these keys is "
				"that of their account now: %s",
				m->state.path);
		return true;
	}
	/* an account that had this profile, or this role, before */
	state_release(&m->state);
	m->state.lock = -1;
	m->state.path = NULL;
	return false;
}

static int open_default(struct mount *m, struct ack_error *e)
{
	char name[NAME_MOST], old[2][NAME_MOST];
	int n = former(m, old);

	if (!*m->fleet.account)
		return open_free(&m->state, NULL,
			n > 1 && !state_exists(old[0]) && state_exists(old[1])
				? old[1]
				: old[0],
			e);
	put_name(m, m->fleet.account, name);
	for (int i = 0; i < n; i++)
		if (take_over(m, old[i], name, e))
			return -e->err;
	return open_free(&m->state, NULL, name, e);
}

/* The account's own directory in the place of one in which nothing is. */
static int change_places(struct mount *m, const char *name, struct ack_error *e)
{
	struct state old = m->state, own;
	ACK_UNSET struct ack_error again;
	int ret = state_open(&own, NULL, name, e);

	if (!ret && *own.account && strcmp(own.account, m->fleet.account))
		ret = ack_account_differs(e, "the state directory belongs",
			own.account, "these keys", m->fleet.account,
			"mount again with -o state=");
	if (ret) {
		state_release(&own);
		return ret;
	}
	mount_unload(m);
	m->state = own;
	ret = mount_load(m, e);
	if (!ret) {
		state_remove(&old);
		state_release(&old);
		return 0;
	}
	mount_unload(m);
	state_release(&own);
	m->state = old;
	if (mount_load(m, &again))
		mount_unload(m);
	return ret;
}

static int both_have_drafts(
	struct mount *m, const char *name, struct ack_error *e)
{
	return ack_error_set(e, EEXIST, NULL,
		"the directories of this mount were made before its account "
		"was known, in the state directory %.300s, and the account has "
		"%.200s already; nothing is sent: mount again, and the others "
		"with -o state=%.200s",
		m->state.path, name, m->state.path);
}

/* Whose the keys are becomes known while the mount is there. */
static int claim(void *arg, const char *account, struct ack_error *e)
{
	struct mount *m = arg;
	struct fleet *f = &m->fleet;
	char name[NAME_MOST];
	int ret = 0;

	snprintf(f->account, sizeof(f->account), "%s", account);
	put_name(m, account, name);
	if (!m->options->state && !state_exists(name))
		ret = state_rename(&m->state, name, e);
	else if (!m->options->state && f->clusters.count)
		ret = both_have_drafts(m, name, e);
	else if (!m->options->state)
		ret = change_places(m, name, e);
	if (!ret)
		ret = state_mark(&m->state, account, e);
	if (ret)
		*f->account = '\0';
	return ret;
}

int claim_begin(struct mount *m, struct ack_error *e)
{
	const struct options *o = m->options;
	const struct ack_client_config client = mount_client(m);
	const char *pin = o->account ? o->account : "";
	struct keys *k = &m->keys;
	int ret = o->state ? open_free(&m->state, o->state, "", e) : 0;

	if (ret)
		return ret;
	m->beside = o->state ? openat(m->state.lock, ".",
				       O_RDONLY | O_DIRECTORY | O_CLOEXEC)
			     : state_beside(e);
	if (m->beside < 0)
		return o->state ? ack_error_set(e, errno, NULL,
					  "the state directory %s: %s",
					  m->state.path, strerror(errno))
				: -e->err;
	snprintf(m->fleet.account, sizeof(m->fleet.account), "%s", pin);
	k->claim = claim;
	k->claim_arg = m;
	ret = keys_judge(k, &client, m->beside, e);
	if (ret)
		return ret;
	if (*pin && *k->account && strcmp(pin, k->account))
		return ack_account_differs(e, "these keys belong", k->account,
			"the mount", pin, "as account= says");
	if (!*pin)
		strcpy(m->fleet.account, k->account);
	if (!o->state)
		ret = open_default(m, e);
	if (!ret)
		ret = is_here(m, e);
	return ret ? ret : belongs(m, e);
}

int claim_sandbox(struct mount *m, struct ack_error *e)
{
	int ret = open_free(&m->state, m->options->state, "sandbox", e);

	strcpy(m->keys.account, "ack-sandbox");
	strcpy(m->fleet.account, "ack-sandbox");
	return ret ? ret : belongs(m, e);
}
