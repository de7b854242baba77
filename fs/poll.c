/* SPDX-License-Identifier: MIT */
/*
 * Follows clusters that are on their way to somewhere. Nothing is asked
 * while all of them rest.
 */
#include <string.h>
#include <syslog.h>

#include "client.h"
#include "cluster.h"
#include "error.h"
#include "fleet.h"
#include "json.h"
#include "log.h"
#include "saved.h"

#define POLL_FIRST_MS 10000
#define POLL_MOST_MS  30000

/* States that do not change by themselves (ack-api.md 2.3). */
static const char *const resting[] = {"running", "failed", "inactive",
	"unavailable", "deleted", "delete_failed", "stopped", "disconnected"};

static bool on_the_way(const struct cluster *c)
{
	if (c->state != COURSE_EXISTS)
		return false;
	for (size_t i = 0; i < sizeof(resting) / sizeof(resting[0]); i++)
		if (!strcmp(c->word, resting[i]))
			return false;
	return true;
}

static bool is_word(const char *word)
{
	return word && *word &&
	       strlen(word) < sizeof(((struct cluster *)0)->word) &&
	       !word[strspn(word, "abcdefghijklmnopqrstuvwxyz_")];
}

/* A failure is no action of the user's, so it is logged, once, and the next
 * look may do better. */
static void looked(
	void *arg, const struct ack_json *answer, const struct ack_error *e)
{
	struct cluster *c = arg;
	struct fleet *f = c->fleet;
	const char *word = ack_json_get_string(answer, "state");
	struct ack_error unsaved;

	c->look = NULL;
	if (e->err && !f->poll_failed)
		log_line(LOG_WARNING, "the state of %s is not known: %s",
			c->name, e->message);
	f->poll_failed = e->err;
	if (e->err || !is_word(word) || !strcmp(word, c->word))
		return;
	cluster_enter(c, COURSE_EXISTS, word);
	if (saved_put(c, false, &unsaved))
		log_line(LOG_WARNING, "%s: %s", c->name, unsaved.message);
}

static void look(struct cluster *c, void *arg)
{
	struct ack_request r = {.action = ACK_CALL_DescribeClusterDetail,
		.ids = {c->cluster_id},
		.paced = true};
	struct ack_error e;
	bool *busy = arg;

	if (!on_the_way(c))
		return;
	*busy = true;
	if (c->look)
		return;
	c->look = ack_ask(c->fleet->client, &r, looked, c, &e);
	if (!c->look)
		log_line(LOG_WARNING, "%s: %s", c->name, e.message);
}

static void poll_fire(void *arg)
{
	struct fleet *f = arg;
	bool busy = false;

	fleet_walk(f, look, &busy);
	f->poll_ms += f->poll_ms / 2;
	if (f->poll_ms > POLL_MOST_MS)
		f->poll_ms = POLL_MOST_MS;
	if (busy)
		ack_timer_set(f->events, &f->poll, f->poll_ms);
}

void fleet_poll_soon(struct fleet *f)
{
	f->poll_ms = POLL_FIRST_MS;
	f->poll.fire = poll_fire;
	f->poll.arg = f;
	ack_timer_set(f->events, &f->poll, f->poll_ms);
}
