/* SPDX-License-Identifier: MIT */
/*
 * `ackfs run SOURCE -- COMMAND`: a mount for one command, in a mount namespace
 * that only the two of them have, where the kernel allows that.
 */
#ifndef RUN_H
#define RUN_H

struct ack_error;
struct mount;
struct options;

/* What env(1) and timeout(1) exit with when they fail themselves. */
#define RUN_FAILED 125

/*
 * Makes the mountpoint, and a child that is to mount on it: there it returns
 * the descriptor that the child reports on, as a daemon does. The caller's
 * process stays behind, starts the command when the mount answers, and exits
 * with its status. A negative errno: nothing has been started.
 */
int run_begin(struct mount *m, struct options *o, struct ack_error *e);

/* Takes the mountpoint away, which is not mounted on any more. */
void run_end(const struct options *o);

#endif
