/* SPDX-License-Identifier: MIT */
/*
 * A call under way. client.c makes it of a request; call_create.c, call_list.c
 * and client.c know what an answer means; call_sign.c signs and sends one try
 * of it; call.c makes the tries, counts, and knows no call by name; pace.c
 * makes those wait that browsing and polling cause.
 */
#ifndef ACK_CALL_H
#define ACK_CALL_H

#include <stdbool.h>
#include <sys/queue.h>
#include "base/buf.h"
#include "base/event.h"
#include "client/client.h"
#include "client/credentials.h"
#include "client/pace.h"
#include "client/retry.h"
#include "client/sign.h"
#include "http/http.h"

/* A row of calls.def. */
struct ack_call_row {
	const char *action; /* also of RAM: cs:DescribeClusterDetail */
	enum ack_kind kind;
	enum ack_purpose purpose;
	const char *method, *path;
	const char *version; /* NULL: that of ACK */
	bool array;          /* is its answer, not an object */
};

extern const struct ack_call_row ack_call_rows[ACK_ACTIONS];

struct ack_client {
	struct ack_client_config config;
	struct ack_credentials keys;
	struct ack_credentials past; /* keys that an answer may yet quote */
	unsigned key_set;            /* counts what keys has held */
	struct ack_client_stats stats;
	int64_t clock_offset; /* seconds to add when signing */
	int64_t clock_seen;   /* the same, as the last answer's Date has it */
	LIST_HEAD(, ack_call) calls;
	struct ack_pace pace;
};

struct ack_call {
	struct ack_client *client;
	LIST_ENTRY(ack_call) others;
	struct ack_transfer *transfer; /* NULL between two */
	bool calling_back, dropped;
	bool paced;
	struct ack_pace_turn turn; /* while it waits for its own */

	/* Of the request under way: */
	struct ack_timer timer; /* set between two tries */
	unsigned tries;
	bool unclear;           /* one of them may have been executed */
	int64_t deadline;       /* ack_now_ms(); 0: it has yet to begin; */
	int64_t until;          /* and by the clock, seconds */
	int64_t signed_at;      /* the date of the last try, seconds */
	bool clock_set;         /* for the service's, once */
	bool keys_asked;        /* for others, once */
	bool keys_awaited;      /* the timer stands for them */
	bool keys_stay;         /* there are none */
	unsigned key_set;       /* that the last try was signed with */
	struct ack_error *last; /* why there is another try, or NULL */
	enum ack_ending last_ending;

	enum ack_kind kind;
	bool array;
	const char *method, *action, *version;
	struct ack_buf path; /* percent-encoded */
	struct ack_query query[ACK_REQUEST_QUERIES];
	unsigned nquery;
	struct ack_buf values; /* of the query, as it was asked */
	const struct ack_endpoint *endpoint;
	bool has_body;
	struct ack_buf body;

	/*
	 * The end of a request, after its last try: it ends the call or sends
	 * the next request. e->err is 0 when the ending is ACK_END_ANSWERED.
	 */
	void (*finished)(struct ack_call *call, enum ack_ending ending,
		const struct ack_http_reply *r, const struct ack_error *e);
	union {
		ack_created_fn created;
		ack_answer_fn answer;
		ack_list_fn list;
	} done;
	void *arg;

	/* Of a page of a list, also of the first, which stands for the list: */
	struct ack_call *list; /* NULL: it is the list itself */
	char page_number[16];
	unsigned page;
	bool arrived; /* its text waits in `body` for the pages before */
	/* Of a list: */
	LIST_HEAD(, ack_call) pages; /* the others that are under way */
	LIST_ENTRY(ack_call) other_pages;
	unsigned asked, planned; /* the last page so far, and to be */
	unsigned delivered;
	/* of the last page that was delivered */
	char first_id[64], last_id[64];
	int64_t seen;
	int64_t total; /* as the last page has it; -1: not known */
	bool moved;    /* the pages do not fit together */
};

/* A call that has yet to be sent; NULL and `e` filled without memory, or
 * -EINVAL for what cannot be an ID. */
struct ack_call *ack_call_new(
	struct ack_client *c, const struct ack_request *r, struct ack_error *e);

/* Sends it for the first time, NULL too; NULL where that fails: it is gone. */
struct ack_call *ack_call_begin(struct ack_call *call, void *arg,
	int (*send)(struct ack_call *call, struct ack_error *e),
	struct ack_error *e);

/*
 * Begins a request: its first try, and those that follow within the time
 * limit; each of a paced one when its turn has come. 0 or a negative errno;
 * then nothing has left.
 */
int ack_call_send(struct ack_call *call, struct ack_error *e);

/*
 * Signs the call with a fresh date and nonce and starts a transfer of at most
 * `timeout_ms`, whose end is `ended`. 0, or ACK_KEYS_LATER or a negative errno;
 * then nothing has left.
 */
int ack_call_try(struct ack_call *call, int64_t timeout_ms, ack_http_done ended,
	struct ack_error *e);

/* An answer of the form that the call has, which the caller frees, or `e` is
 * filled. */
struct ack_json *ack_call_answer(const struct ack_call *call,
	enum ack_ending ending, const struct ack_http_reply *r,
	const struct ack_error *why, struct ack_error *e);

/* Wakes the calls that wait for keys; with `why`, in vain. */
void ack_call_keys_settled(struct ack_client *c, const struct ack_error *why);

/* What its timer calls, for the next try, and its turn, for any. */
void ack_call_again(void *arg);
void ack_call_turn(void *arg);

/* Another call for the same, that has yet to be sent; NULL: no memory. */
struct ack_call *ack_call_copy(const struct ack_call *of, struct ack_error *e);

/* Ends the pages that are under way, but for the first. */
void ack_call_end_pages(struct ack_call *list);

/* Ends the call; it is gone unless it is in its own callback. */
void ack_call_end(struct ack_call *call);

/* Puts stars for the secret wherever the error quotes it, or begins to; NULL
 * is fine. */
void ack_call_redact(struct ack_error *e, const char *secret);

/* Counts a failure, and makes sure that it quotes no secret. */
void ack_call_failed(struct ack_call *call, struct ack_error *e);

#endif
