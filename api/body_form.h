/* SPDX-License-Identifier: MIT */
/* What the writer and the reader of bodies must agree on. */
#ifndef ACK_BODY_FORM_H
#define ACK_BODY_FORM_H

#include <stddef.h>

/* 0 of these: the list of pools is empty. */
#define ACK_BODY_NODES "num_of_nodes"

struct ack_body_constant {
	const char *path;
	const char *text;
};

extern const struct ack_body_constant ack_body_constants[];
extern const size_t ack_body_constant_count;

#endif
