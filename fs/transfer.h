/* SPDX-License-Identifier: MIT */
/*
 * What changes a file without an open one: truncate(2), and rename(2)
 * between scratch files and parameters. Failures are told in `error`.
 */
#ifndef TRANSFER_H
#define TRANSFER_H

#include <sys/types.h>

struct node;

/* truncate(2): 0 unsets a parameter, other sizes cut its text. */
int transfer_truncate(const struct node *n, off_t size);

/*
 * rename(2) in a draft: from a scratch file onto a parameter or request.json
 * is a write. From a parameter to a scratch name it is -EXDEV, so that mv(1)
 * copies and removes: the kernel would go on using the parameter's inode
 * under the new name, and show its later values there.
 */
int transfer_rename(
	const struct node *from, const struct node *dir, const char *name);

#endif
