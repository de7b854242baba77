/* SPDX-License-Identifier: MIT */
/* The nonces that have been used, for as long as one could be replayed. */
#ifndef SANDBOX_NONCES_H
#define SANDBOX_NONCES_H

#include <stddef.h>
#include <stdint.h>
#include "client/sign.h"

struct nonce {
	char sum[ACK_SHA256_HEX];
	int64_t until; /* 0: an empty slot */
};

struct nonces {
	struct nonce *slots;
	size_t used, size; /* size is a power of two */
};

/* 0 and remembered for `keep_ms`; -EEXIST; or -ENOMEM. */
int nonces_use(
	struct nonces *n, const char *nonce, int64_t now_ms, int64_t keep_ms);
void nonces_release(struct nonces *n);

#endif
