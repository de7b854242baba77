/* SPDX-License-Identifier: MIT */
/* Is a request signed as the service demands (SERVICE.md, Signature)? */
#ifndef SANDBOX_VERIFY_H
#define SANDBOX_VERIFY_H

#include <stdbool.h>
#include <stdint.h>
#include "sandbox/nonces.h"

struct exchange;

#define KEY_MAX 128

struct verifier {
	char key_id[KEY_MAX], key_secret[KEY_MAX];
	struct nonces nonces;
};

/*
 * True when the request may pass; its nonce is used up then. Otherwise the
 * exchange has its answer, a refusal.
 */
bool verify_request(struct verifier *v, struct exchange *x, int64_t now_ms);

#endif
