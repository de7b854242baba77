/* SPDX-License-Identifier: MIT */
#include "actions/activity.h"

#include "client/client.h"

void activity_begin(struct activity *a, struct object *o, struct waiter *w)
{
	a->object = o;
	a->who = (struct audit_caller){0};
	if (w)
		a->who = (struct audit_caller){w->uid, w->pid};
	waiter_wait(w, &a->waiters);
}

void activity_end(struct activity *a, int err)
{
	ack_call_drop(a->call);
	a->call = NULL;
	waiters_wake(&a->waiters, err);
}
