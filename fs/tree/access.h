/* SPDX-License-Identifier: MIT */
/* Who may read secrets, and give orders, in a mount. */
#ifndef ACCESS_H
#define ACCESS_H

#include <stdbool.h>
#include <sys/types.h>

struct ack_error;
struct node;

/* A secret, or a place for orders. */
bool access_alone(const struct node *n);

/*
 * Secrets are read and written, and orders given, by the owner and by the user
 * who mounted it: with allow_other the kernel lets root pass every mode. 0, or
 * -EACCES with a sentence.
 */
int access_check(const struct node *n, uid_t caller, struct ack_error *e);

#endif
