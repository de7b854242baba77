/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "body.h"
#include "buf.h"
#include "client.h"
#include "cluster.h"
#include "commit.h"
#include "error.h"
#include "fleet.h"
#include "node.h"
#include "scratch.h"
#include "types.h"

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
	switch (c->state) {
	case CLUSTER_DRAFT:
		return "draft";
	case CLUSTER_COMMITTING:
		return "committing";
	case CLUSTER_UNKNOWN:
		return "unknown";
	case CLUSTER_EXISTS:
		break;
	}
	return c->word;
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

void cluster_enter(
	struct cluster *c, enum cluster_state state, const char *word)
{
	c->state = state;
	strncpy(c->word, word, sizeof(c->word) - 1);
	cluster_touch_params(c);
}

int cluster_editable(
	const struct cluster *c, const char *param, struct ack_error *e)
{
	switch (c->state) {
	case CLUSTER_DRAFT:
		return 0;
	case CLUSTER_COMMITTING:
		return ack_error_set(e, EBUSY, param,
			"a commit is under way; wait for it to end");
	case CLUSTER_UNKNOWN:
		return ack_error_set(e, EPERM, param,
			"a cluster may have been made from this draft, so it "
			"must "
			"stay as it was sent");
	case CLUSTER_EXISTS:
		break;
	}
	return ack_error_set(e, EPERM, param,
		"the cluster exists; this cannot be changed any more");
}

bool cluster_param_there(const struct cluster *c, unsigned row)
{
	return !bit(c->gone, row);
}

int cluster_put(struct cluster *c, unsigned row, const char *text)
{
	int ret = ack_values_set(&c->values, row, text ? text : "",
		text ? strlen(text) : 0, time_now_ns());

	if (ret)
		return ret;
	c->gone[row / 64] &= ~(1ull << row % 64);
	cluster_touch_row(c, NODE_PARAMS + row);
	cluster_fail(c, NULL);
	cluster_touch(c);
	return 0;
}

int cluster_write(struct cluster *c, unsigned row, const char *text, size_t len,
	struct ack_error *e)
{
	const struct ack_param *p = &ack_cluster_table.rows[row];
	struct ack_buf canon = ACK_BUF_INIT(ACK_VALUE_MAX + 1);
	int ret = cluster_editable(c, p->name, e);

	if (!ret)
		ret = ack_param_parse(p, text, len, &canon, e);
	if (!ret && cluster_put(c, row, ack_buf_text(&canon)))
		ret = ack_error_set(e, ENOMEM, p->name, "out of memory");
	ack_buf_release(&canon);
	return ret;
}

int cluster_param_remove(struct cluster *c, unsigned row)
{
	int ret = cluster_put(c, row, NULL);

	if (!ret)
		c->gone[row / 64] |= 1ull << row % 64;
	return ret;
}

/*
 * What a body leaves out on purpose is kept: secrets, which request.json
 * never shows. A name that another directory has already is not taken over,
 * so that `cp a/request.json b/request.json` makes b, not a second a.
 */
static int import_adjust(struct cluster *c, struct ack_values *v)
{
	const char *name = ack_values_get(v, ACK_P_name, NULL);
	const struct cluster *other = name ? fleet_by_name(c->fleet, name)
					   : NULL;
	int ret = 0;

	if (name && (!strcmp(name, c->name) || (other && other != c)))
		ret = ack_values_set(v, ACK_P_name, "", 0, time_now_ns());
	for (unsigned row = 0; !ret && row < ACK_P_COUNT; row++) {
		const char *old = ack_values_get(&c->values, row, NULL);

		if (!old || !(ack_cluster_table.rows[row].flags & ACK_SECRET) ||
			ack_values_get(v, row, NULL))
			continue;
		ret = ack_values_set(v, row, old, strlen(old),
			ack_values_time(&c->values, row));
	}
	return ret;
}

int cluster_import(
	struct cluster *c, const char *text, size_t len, struct ack_error *e)
{
	struct ack_values v = ACK_VALUES_INIT;
	int ret = cluster_editable(c, "request.json", e);

	if (!ret)
		ret = ack_body_parse(
			&ack_cluster_table, text, len, time_now_ns(), &v, e);
	if (!ret && import_adjust(c, &v))
		ret = ack_error_set(e, ENOMEM, NULL, "out of memory");
	if (ret) {
		ack_values_release(&v);
		return ret;
	}
	ack_values_release(&c->values);
	c->values = v;
	memset(c->gone, 0, sizeof(c->gone));
	cluster_fail(c, NULL);
	cluster_touch_params(c);
	return 0;
}

static int fill_in(struct ack_values *v, unsigned row, const char *text)
{
	if (ack_values_get(v, row, NULL))
		return 0;
	return ack_values_set(v, row, text, strlen(text), time_now_ns());
}

int cluster_effective(const struct cluster *c, struct ack_values *out)
{
	int ret = ack_values_copy(out, &c->values);

	if (!ret)
		ret = fill_in(out, ACK_P_name, c->name);
	if (!ret)
		ret = fill_in(out, ACK_P_region_id, c->fleet->endpoint.region);
	return ret;
}

void cluster_fail(struct cluster *c, const struct ack_error *e)
{
	struct ack_buf text = ACK_BUF_INIT(32768);

	if (e && e->err)
		ack_error_text(e, &text);
	else if (!c->error)
		return;
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
	ack_call_drop(c->look);
	scratch_free_all(c);
	ack_values_release(&c->values);
	free(c->error);
	free(c->cluster_id);
	free(c->request_id);
	free(c->task_id);
	free(c->name);
	free(c);
}
