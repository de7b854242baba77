/* SPDX-License-Identifier: MIT */
#include "tree/access.h"

#include <errno.h>

#include "base/error.h"
#include "model/fleet.h"
#include "tree/files.h"
#include "tree/node.h"

bool access_alone(const struct node *n)
{
	return node_is_secret(n) || node_has(n, NODE_ACT);
}

int access_check(const struct node *n, uid_t caller, struct ack_error *e)
{
	const struct owner *o = &n->fleet->owner;

	if (!access_alone(n) || owner_is(o, caller))
		return 0;
	return ack_error_set(e, EACCES, node_name(n),
		"only user %ld, the owner of the mount, may do this; user %ld "
		"tried",
		(long)o->uid, (long)caller);
}
