/* SPDX-License-Identifier: MIT */
/*
 * Why a task failed, as far as the service says: the task's own error, the
 * stage, and the last lines of the cluster's log, in `error`.
 */
#ifndef REASON_H
#define REASON_H

struct ack_json;
struct object;

/* `task` is what DescribeTaskInfo answered. */
void reason_of_task(struct object *o, const struct ack_json *task);

/* The same where no task says so: its state alone. What `error` says already
 * stays. */
void reason_of_state(struct object *o);

#endif
