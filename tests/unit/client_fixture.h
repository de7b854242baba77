/* SPDX-License-Identifier: MIT */
/* A client, and a scripted server that it talks to. */
#ifndef CLIENT_FIXTURE_H
#define CLIENT_FIXTURE_H

#include "unit.h"

#include "base/error.h"
#include "client/client.h"
#include "client/sign.h"
#include "server.h"

struct ack_events;
struct ack_json;

#define ID    "c0123456789abcdef0123456789abcdef"
#define KEY   "LTAI5tACKFSexample000001"
#define WORD  "ackfsExampleSecretKey0123456789"
#define TOKEN "CAISexampleSTSToken+/=="

/* A reply that ends with the connection; the body follows. */
#define ANSWER(status) "HTTP/1.1 " status " X\r\n\r\n"

extern struct ack_client *client;
extern struct server *server;

/* What the callbacks said, copied. */
struct got {
	unsigned calls, pages, clusters;
	enum ack_outcome outcome;
	char cluster_id[64], request_id[64], task_id[64];
	char name[64];
	struct ack_error error;
};
extern struct got got;

/* A reply after which no further try fits into the time of begin(). */
#define LAST_ANSWER(status) \
	"HTTP/1.1 " status " X\r\nx-acs-retry-after: 60000\r\n\r\n"

/* A server with these steps, and a client with keys but no token. */
void begin(const struct server_step *steps, size_t n);
/* The same, whose calls may take that long, not 10 s. */
void begin_within(const struct server_step *steps, size_t n, long timeout_ms);
void end(void);

void set_keys(const char *token);

void turn(void);
/* Turns for that long. */
void turn_for(int64_t ms);
/* Turns until that many calls have ended. */
void wait_for(unsigned calls);

/* CreateCluster with that body, which ends in created(); NULL: got.error. */
struct ack_call *create(const char *body);

/* A call that reads one thing by its ID. */
struct ack_call *ask(
	enum ack_action action, const char *id, ack_answer_fn done);

/* An ack_created_fn; its argument must be &got. */
void created(void *arg, const struct ack_created *r, const struct ack_error *e);

/* The value of a header in the text of a request, or NULL. */
const char *header(const char *request, const char *name, char out[512]);

/*
 * Signs what was received once more, from the names that it says it signed.
 */
void check_signature(const char *request, const char *method, const char *path,
	const struct ack_query *query, size_t nquery, const char *body);

#endif
