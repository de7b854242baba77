/* SPDX-License-Identifier: MIT */
/*
 * What changes a file without an open one: truncate(2), and rename(2)
 * between scratch files and parameters. Failures are reported in `error`.
 */
#ifndef TRANSFER_H
#define TRANSFER_H

#include <sys/types.h>

struct ack_error;
struct node;

/* Reports why a rename(2) failed, but not by EINVAL: mv(1) says of that one
 * that a directory cannot be moved into itself. */
int transfer_refused(const struct node *n, struct ack_error *e);

/* truncate(2): 0 unsets a parameter, other sizes cut its text. */
int transfer_truncate(const struct node *n, off_t size);

/*
 * rename(2) in a directory: from a scratch file onto a parameter or
 * request.json is a write. From one of those to a scratch name it makes a copy
 * and takes the name away; the value is unset only when the name is made anew,
 * as with a truncation, so that a tool that fails after its backup loses none.
 */
int transfer_rename(
	const struct node *from, const struct node *dir, const char *name);

#endif
