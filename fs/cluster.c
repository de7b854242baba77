/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "buf.h"
#include "client.h"
#include "cluster.h"
#include "commit.h"
#include "error.h"
#include "fleet.h"
#include "intent.h"
#include "node.h"
#include "outcome.h"
#include "resolve.h"
#include "scratch.h"

int64_t time_now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

static bool bit(const uint64_t *set, unsigned n)
{
	return set[n / 64] >> n % 64 & 1;
}

const char *cluster_name(const struct cluster *c)
{
	const char *name = ack_values_get(&c->values, ACK_P_name, NULL);

	return name ? name : c->name;
}

const char *cluster_state_word(const struct cluster *c)
{
	return c->state == COURSE_EXISTS ? c->word
					 : course_state_name(c->state);
}

bool cluster_committing(const struct cluster *c)
{
	return c->state > COURSE_DRAFT && c->state < COURSE_UNKNOWN;
}

bool cluster_hidden(const struct cluster *c, unsigned row)
{
	return bit(c->hidden, row);
}

void cluster_hide(struct cluster *c, unsigned row, bool hide)
{
	c->hidden[row / 64] &= ~(1ull << row % 64);
	c->hidden[row / 64] |= (uint64_t)hide << row % 64;
}

void cluster_touch_row(struct cluster *c, unsigned row)
{
	if (!bit(c->told, row))
		return;
	c->told[row / 64] &= ~(1ull << row % 64);
	c->fleet->forget(c->fleet->forget_arg, node_ino(c->serial, row));
}

void cluster_touch(struct cluster *c)
{
	c->changed = time_now_ns();
	for (unsigned row = 0; c->told[0] && row < NODE_PARAMS; row++)
		cluster_touch_row(c, row);
}

void cluster_touch_params(struct cluster *c)
{
	cluster_touch(c);
	for (unsigned row = NODE_PARAMS; row < CLUSTER_ROWS; row++)
		cluster_touch_row(c, row);
}

void cluster_enter(struct cluster *c, enum course_state state, const char *word)
{
	/* what rm hid of a draft is wanted again from here on */
	if (state != COURSE_DRAFT)
		c->hidden[0] = 0;
	c->state = state;
	strncpy(c->word, word, sizeof(c->word) - 1);
	cluster_touch_params(c);
}

void cluster_fail(struct cluster *c, const struct ack_error *e)
{
	struct ack_buf text = ACK_BUF_INIT(32768);
	struct ack_error told;

	if (e && e->err) {
		told = *e;
		/* no later refusal may hide what there is to do */
		if (c->state == COURSE_UNKNOWN && c->intent && !*told.hint)
			outcome_advise(c, &told);
		ack_error_text(&told, &text);
	} else if (!c->error) {
		return;
	}
	free(c->error);
	c->error = text.len ? ack_buf_steal(&text) : NULL;
	ack_buf_release(&text);
	cluster_touch(c);
}

void cluster_free(struct cluster *c)
{
	if (!c)
		return;
	commit_drop(c);
	resolve_stop(c);
	ack_call_drop(c->look);
	intent_free(c->intent);
	scratch_free_all(c);
	ack_values_release(&c->values);
	free(c->error);
	free(c->name);
	free(c);
}
