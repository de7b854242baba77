/* SPDX-License-Identifier: MIT */
/* Records of the first ack-sandbox, whose clusters did nothing but come up. */
#ifndef SANDBOX_RECORD_OLD_H
#define SANDBOX_RECORD_OLD_H

#include <stdbool.h>

struct ack_json;
struct cluster;

/* What it had beside ID, time and request. False: it is none, or no memory. */
bool record_take_old(struct cluster *k, const struct ack_json *record);

#endif
