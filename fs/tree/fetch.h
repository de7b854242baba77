/* SPDX-License-Identifier: MIT */
/*
 * Files whose text the service is asked for when they are opened: those of
 * live/. An open of one that is being fetched shares its answer; it takes
 * at most as long as a call may, or each of its calls where one may be missed.
 */
#ifndef FETCH_H
#define FETCH_H

#include "actions/addons.h"
#include "base/buf.h"
#include "base/event.h"
#include "client/client.h"
#include "model/waiter.h"

struct fetch_source;
struct guest;
struct fleet;
struct node;
struct object;

struct fetch {
	struct fetch *next, **link;
	const struct fetch_source *source;
	struct fleet *fleet;
	struct object *object; /* NULL: of the whole account */
	struct waiters waiters;
	struct ack_call *call;
	struct ack_timer limit, pause;
	int64_t began;       /* ack_now_ms() */
	int64_t asked;       /* the last call; ack_now_ms() */
	unsigned step;       /* calls answered so far */
	unsigned pause_ms;   /* before the next one; of this answer alone */
	struct guest *guest; /* who began it; NULL: the owner */
	struct ack_buf text; /* of the file, so far */
	struct ack_buf body; /* of the call under way */
	struct addons_look addons;
	/* what a step leaves for the next */
	bool is_private; /* the API server has no public address */
	bool is_second;  /* of the two calls about one cluster, */
	uint64_t serial; /* which is this one, among many */
	bool is_first;   /* of an array: nothing was put there yet */
	unsigned seen;
	char minutes[16], page[16];
};

/* How a file gets its text; one row of fetch.c each. */
struct fetch_source {
	/* The one call about its cluster; or, */
	enum ack_action action;
	/* the next call; false: no call is left, the text is complete. */
	bool (*ask)(struct fetch *f, struct ack_request *r);
	/* Its answer: 0 or a negative errno, e filled. NULL: its text
	 * is the answer. */
	int (*take)(struct fetch *f, const struct ack_json *answer,
		struct ack_error *e);
	/* A call that failed is part of the text, or (false) ends the fetch, as
	 * it does where this is NULL. */
	bool (*missed)(struct fetch *f, const struct ack_error *e);
	/* for all of its calls together; 0: timeout= */
	int most_ms;
};

extern const struct fetch_source fetch_detail, fetch_nodes, fetch_nodepools,
	fetch_resources, fetch_versions, fetch_upgrades, fetch_account,
	fetch_kubeconfig, fetch_credential, fetch_kubeconfig_exec,
	fetch_kubeconfigs, fetch_task, fetch_tasks, fetch_addons,
	fetch_addons_offered, fetch_node_table, fetch_vulnerabilities,
	fetch_region_events, fetch_precheck;

/*
 * w->done comes later, with the text in w->answer while it runs. NODE_LATER,
 * or a negative errno when it cannot even begin.
 */
int fetch_begin(const struct node *n, struct waiter *w, struct ack_error *e);

/* Adds the service's words to the text, without what a terminal would obey;
 * NULL: a question mark. */
void fetch_put(struct fetch *f, const char *text);

/*
 * Of a list of a cluster, or of the region, that comes in pages: asks for the
 * next one, by the names that its call has for the number of a page and for its
 * size; false after the last. And takes note of the one that was answered; 0 or
 * -EPROTO.
 */
bool fetch_page(struct fetch *f, struct ack_request *r, const char *number,
	const char *size);
int fetch_paged(struct fetch *f, const struct ack_json *list,
	const struct ack_json *page, struct ack_error *e);

/* Waiters get -EINTR. */
void fetch_drop(struct object *o);
void fetch_stop(struct fleet *f);

#endif
