/* SPDX-License-Identifier: MIT */
/* Who waits for a file to change. */
#include "cloud/follow.h"
#include "fuse/handle.h"
#include "fuse/ops.h"
#include "model/fleet.h"

void ops_poll(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi,
	struct fuse_pollhandle *ph)
{
	struct handle *h = (void *)fi->fh;

	(void)ino;
	if (ph) {
		if (h->poll)
			fuse_pollhandle_destroy(h->poll);
		h->poll = ph;
		follow_soon(h->fleet);
	}
	fuse_reply_poll(req, handle_poll(h));
}

void ops_notify(void *session, struct handle *h)
{
	(void)session;
	if (!h->poll)
		return;
	fuse_lowlevel_notify_poll(h->poll);
	fuse_pollhandle_destroy(h->poll);
	h->poll = NULL;
}
