/* SPDX-License-Identifier: MIT */
/*
 * The list of clusters: fetched in the background when somebody looks and it
 * is older than `refresh=`, page by page, and laid over the directories.
 */
#ifndef REFRESH_H
#define REFRESH_H

#include <stdbool.h>
#include <stdint.h>

#include "state/log.h"

struct ack_buf;
struct ack_call;
struct ack_json;
struct fleet;
struct object;

struct refresh {
	int64_t max_age_ms;
	int64_t began, ended;  /* ack_now_ms() of the last; 0: never */
	int64_t complete;      /* the end of the last that was whole; 0: none */
	struct ack_call *call; /* under way */
	unsigned generation; /* of the list; object.seen is compared with it */
	struct log_trouble trouble;
	bool failed;           /* the last one; said once */
	struct ack_json *late; /* what waits for a name to become free */
};

/* Somebody looks: a new list, if the last one is too old. Never waits. */
void refresh_look(struct fleet *f);

/* A new list now, unless one is under way. */
void refresh_now(struct fleet *f);

void refresh_stop(struct fleet *f);

/* "12 s ago", for status. */
void refresh_age(const struct fleet *f, struct ack_buf *out);

#endif
