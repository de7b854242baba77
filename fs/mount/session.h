/* SPDX-License-Identifier: MIT */
/* The mount as the kernel sees it, from the options. */
#ifndef SESSION_H
#define SESSION_H

struct ack_error;
struct mount;

/* Returns when the mount answers; `reload` is for SIGHUP. */
int session_start(
	struct mount *m, void (*reload)(void *mount), struct ack_error *e);

/* Mounts, and gives the descriptor to the service manager, for a process that
 * may do less: its mountpoint is /dev/fd/3 then. */
int session_hand_over(struct mount *m, struct ack_error *e);

#endif
