/* SPDX-License-Identifier: MIT */
/*
 * The file `accounts` beside state directories: which key IDs belong to which
 * account, as an STS has said, a line each. So a mount with a key that was seen
 * before needs no network to find its state directory. A key belongs to one
 * account for ever, so nothing is ever changed in it; there is no secret in it.
 */
#ifndef KEYBOOK_H
#define KEYBOOK_H

#include <stdbool.h>

#include "keys/whose.h"

/* `sts`: its host, which said so, or NULL: any. */
bool keybook_find(int dir, const char *sts, const char *key_id,
	char account[ACK_ACCOUNT_MAX]);

/* What cannot be written is asked again the next time. */
void keybook_add(
	int dir, const char *sts, const char *key_id, const char *account);

#endif
