/* SPDX-License-Identifier: MIT */
#include "owner.h"

#include <errno.h>
#include <unistd.h>

#include "error.h"
#include "files.h"
#include "fleet.h"
#include "node.h"
#include "params.h"

int owner_check(const struct node *n, uid_t caller, struct ack_error *e)
{
	const struct owner *o = &n->fleet->owner;
	bool secret = n->param ? n->object && n->param->flags & ACK_SECRET
			       : node_has(n, NODE_SECRET | NODE_ACT);

	if (!secret || caller == o->uid || caller == getuid())
		return 0;
	return ack_error_set(e, EACCES, node_name(n),
		"this is for user %ld alone, whose mount it is; user %ld "
		"opened it",
		(long)o->uid, (long)caller);
}
