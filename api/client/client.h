/* SPDX-License-Identifier: MIT */
/*
 * The service's calls, typed, signed and asynchronous (SERVICE.md, Calls).
 * Every call ends in exactly one callback unless it is dropped first.
 */
#ifndef ACK_CLIENT_H
#define ACK_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "client/sign.h"

struct ack_buf;
struct ack_call;
struct ack_client;
struct ack_credentials;
struct ack_endpoint;
struct ack_error;
struct ack_events;
struct ack_http;
struct ack_json;

/* What became of a request that changes something. */
enum ack_outcome {
	ACK_DONE,    /* 2xx, a complete answer of the right form */
	ACK_REFUSED, /* the service said no in its own words */
	ACK_UNSENT,  /* not a byte has left */
	ACK_UNKNOWN, /* it may have been executed */
};

struct ack_client_stats {
	uint64_t calls;     /* tries that were sent */
	uint64_t retries;   /* those of them that were not the first */
	uint64_t throttled; /* those that the service turned away as too many */
	uint64_t errors;    /* calls that failed in the end */
	int64_t failed_ms;  /* ack_now_ms() of the last of them */
	char failure[512];  /* what it said; "": there was none */
};

#define ACK_KEYS_LATER 1

struct ack_client_config {
	struct ack_events *events;
	struct ack_http *http;
	const struct ack_endpoint *endpoint; /* must outlive the client */
	long connect_timeout_ms;
	long timeout_ms;  /* of one call, or page, with its retries */
	long patience_ms; /* more of it for the answer to one that creates */
	double qps;       /* the most paced calls a second; 0: no limit */

	/*
	 * Who keeps the keys fresh (keyring.h), or NULL: is asked before each
	 * try is signed whether the client's keys may sign it; and is asked for
	 * others, once a call, when the service calls them expired. The call
	 * waits for others if that returns true. Either may call
	 * ack_client_set_credentials().
	 *
	 * keys_check: 0, they may; ACK_KEYS_LATER, that is not known yet, and
	 * the call waits; a negative errno with `e` filled, they may not, and
	 * the call ends with that.
	 */
	int (*keys_check)(void *arg, struct ack_error *e);
	bool (*keys_renew)(void *arg);
	void *keys_arg;
};

struct ack_client *ack_client_new(
	const struct ack_client_config *config, struct ack_error *e);
/* Drops every call; not from inside a callback. */
void ack_client_free(struct ack_client *c);

/*
 * Takes the keys over from *c, which is empty afterwards. Calls that wait for
 * other keys go on with them.
 */
void ack_client_set_credentials(
	struct ack_client *cl, struct ack_credentials *c);

/*
 * There are no others: calls that wait for them end as the service refused
 * them, and those that were never sent end with `why`.
 */
void ack_client_keys_stay(struct ack_client *cl, const struct ack_error *why);

const struct ack_client_stats *ack_client_stats(const struct ack_client *c);

/*
 * Seconds to add to this machine's clock for the service's, as the Date of
 * its last answer has it; 0 before the first.
 */
int64_t ack_client_clock_offset(const struct ack_client *c);

/*
 * Ends the caller's interest: no callback comes any more. NULL is fine; so is
 * the call whose callback is running.
 */
void ack_call_drop(struct ack_call *call);

/* Every call of calls.def: ACK_CALL_DescribeClusterDetail, … */
enum ack_action {
#define ACK_CALL(action, ...) ACK_CALL_##action,
#include "client/calls.def"
#undef ACK_CALL
	ACK_ACTIONS
};

#define ACK_REQUEST_IDS     2
#define ACK_REQUEST_QUERIES 6

struct ack_request {
	enum ack_action action;
	const char *ids[ACK_REQUEST_IDS]; /* the {} of its path, in order */
	/* those with a value are sent, spelled as in SERVICE.md, Calls */
	struct ack_query query[ACK_REQUEST_QUERIES];
	const char *body; /* JSON; NULL: none */
	size_t len;
	const struct ack_endpoint
		*endpoint; /* outlives it; NULL: the client's */
	/* Browsing and polling: waits for its turn below the client's `qps`;
	 * its time limit begins when it is sent. */
	bool paced;
	bool patient; /* of those, after what somebody waits for */
};

/* What a user needs the permission to a call for. */
enum ack_purpose {
	ACK_TO_LOOK,    /* browsing, and each of the others */
	ACK_TO_CREATE,  /* clusters and node pools */
	ACK_TO_CHANGE,  /* what exists, and to delete it */
	ACK_TO_OPERATE, /* tasks, upgrades, addons, kubeconfigs */
	ACK_PURPOSES
};

enum ack_purpose ack_action_purpose(enum ack_action action);

/* What RAM calls it, after "cs:"; NULL for a call of another service. */
const char *ack_action_name(enum ack_action action);

/* "PUT /api/v2/clusters/c01…": what would be sent, for people. */
void ack_request_text(const struct ack_request *r, struct ack_buf *out);

struct ack_answer {
	/* of a change that was tried more than once: of all the tries */
	enum ack_outcome outcome;
	/* NULL when e->err is set, and it may be so when a change was answered
	 * by nothing but its status */
	const struct ack_json *json;
	const char *request_id; /* "" if not known */
};

/* `e` is 0 for ACK_DONE, else says what happened. Valid in the call only. */
typedef void (*ack_answer_fn)(
	void *arg, const struct ack_answer *answer, const struct ack_error *e);

/*
 * Begins a call that reads, or that changes what twice would be the same; all
 * of `r` is copied. NULL and `e` filled when it cannot even start: -EINVAL for
 * what cannot be an ID, or no memory.
 */
struct ack_call *ack_ask(struct ack_client *c, const struct ack_request *r,
	ack_answer_fn done, void *arg, struct ack_error *e);

struct ack_created {
	enum ack_outcome outcome;
	/* of what was made, a cluster or a node pool; "" if not known */
	const char *id, *request_id, *task_id;
	int64_t signed_at; /* the date of the last try, seconds since 1970 */
};

/* `e` is 0 for ACK_DONE, else says what happened. Valid in the call only. */
typedef void (*ack_created_fn)(
	void *arg, const struct ack_created *r, const struct ack_error *e);

/*
 * CreateCluster or CreateClusterNodePool; what may have been executed is never
 * sent again. NULL and `e` filled when it cannot even start (nothing has left
 * then).
 */
struct ack_call *ack_create(struct ack_client *c, const struct ack_request *r,
	ack_created_fn done, void *arg, struct ack_error *e);

/*
 * GET /regions/{region}/clusters: calls back with `clusters` of one page
 * after the other (more is true), and a last time with the end (more is
 * false, page NULL). `name` filters, fuzzily (SERVICE.md, Lists):
 * compare yourself; NULL: all. `paced` and `endpoint` are as in a request.
 */
typedef void (*ack_list_fn)(void *arg, const struct ack_json *page, bool more,
	const struct ack_error *e);
struct ack_call *ack_list_clusters(struct ack_client *c,
	const struct ack_endpoint *endpoint, const char *name, bool paced,
	ack_list_fn done, void *arg, struct ack_error *e);

/*
 * From inside the last such callback: whether the list held still while it was
 * read. The number of its elements that the service says must not change from
 * page to page, and so many must have come; else it may lack some that are
 * there, and proves nothing of what it does not have.
 */
bool ack_list_whole(const struct ack_call *call);

/* GET /clusters/{cluster_id}/nodepools, likewise; it has one page. */
struct ack_call *ack_list_nodepools(struct ack_client *c,
	const struct ack_endpoint *endpoint, const char *cluster_id,
	const char *name, bool paced, ack_list_fn done, void *arg,
	struct ack_error *e);

/* True for c followed by 32 lower-case hex digits (SERVICE.md, Identifiers and
 * times). */
bool ack_cluster_id_valid(const char *id);

/* The same for np: a node pool. */
bool ack_nodepool_id_valid(const char *id);

#endif
