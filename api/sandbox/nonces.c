/* SPDX-License-Identifier: MIT */
/*
 * An open hash table. A nonce is kept as its digest: any length fits, and
 * the digest's first digits are the hash.
 */
#include "sandbox/nonces.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The slot that holds `sum`, or the empty one where it belongs. */
static struct nonce *find(const struct nonces *n, const char *sum)
{
	char head[17] = "";

	memcpy(head, sum, 16);
	size_t i = (size_t)strtoull(head, NULL, 16);
	for (;; i++) {
		struct nonce *slot = &n->slots[i & (n->size - 1)];

		if (slot->until == 0 || strcmp(slot->sum, sum) == 0)
			return slot;
	}
}

/* Makes room, and forgets what has become too old to matter. */
static int grow(struct nonces *n, int64_t now_ms)
{
	struct nonces bigger = {NULL};
	size_t living = 0;

	for (size_t i = 0; i < n->size; i++)
		living += n->slots[i].until > now_ms;
	bigger.size = 1024;
	while (bigger.size < living * 2)
		bigger.size *= 2;
	bigger.slots = calloc(bigger.size, sizeof(*bigger.slots));
	if (!bigger.slots)
		return -ENOMEM;
	for (size_t i = 0; i < n->size; i++)
		if (n->slots[i].until > now_ms) {
			*find(&bigger, n->slots[i].sum) = n->slots[i];
			bigger.used++;
		}
	free(n->slots);
	*n = bigger;
	return 0;
}

int nonces_use(
	struct nonces *n, const char *nonce, int64_t now_ms, int64_t keep_ms)
{
	char sum[ACK_SHA256_HEX];

	if (n->used >= n->size / 4 * 3 && grow(n, now_ms) < 0)
		return -ENOMEM;
	ack_sha256_hex(nonce, strlen(nonce), sum);
	struct nonce *slot = find(n, sum);
	if (slot->until > now_ms)
		return -EEXIST;
	if (slot->until == 0) {
		memcpy(slot->sum, sum, sizeof(slot->sum));
		n->used++;
	}
	slot->until = now_ms + keep_ms;
	return 0;
}

void nonces_release(struct nonces *n)
{
	free(n->slots);
	*n = (struct nonces){NULL};
}
