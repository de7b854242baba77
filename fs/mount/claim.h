/* SPDX-License-Identifier: MIT */
/*
 * Whose a mount is, and which state directory it has for that: one for each
 * endpoint, region and account. It is decided when the mount starts, or, when
 * the STS did not answer then, as soon as it does, and before anything else is
 * sent; until then the mount has a directory that is named after its keys.
 */
#ifndef CLAIM_H
#define CLAIM_H

struct ack_error;
struct mount;

/* Keys are there, and the endpoint is known: judges them, and opens m->state.
 * -EKEYREJECTED when it, or -o account=, is of another account. */
int claim_begin(struct mount *m, struct ack_error *e);

/* The same for a sandbox that is started along with the mount. */
int claim_sandbox(struct mount *m, struct ack_error *e);

#endif
