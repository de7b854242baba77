/* SPDX-License-Identifier: MIT */
/* The signature of RPC requests, which the STS takes (SERVICE.md, RPC
 * signature). */
#ifndef ACK_RPC_H
#define ACK_RPC_H

#include <stddef.h>
#include "client/sign.h"

struct ack_buf;

/*
 * What is signed of a POST: all parameters, those of the query and those of
 * the form, in any order. 0 or -ENOMEM.
 */
int ack_rpc_string_to_sign(
	const struct ack_query *all, size_t n, struct ack_buf *out);

/* The value of the parameter Signature, not yet percent-encoded. */
int ack_rpc_signature(const struct ack_query *all, size_t n,
	const char *key_secret, char out[ACK_HMAC_SHA1_BASE64]);

#endif
