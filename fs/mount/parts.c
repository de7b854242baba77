/* SPDX-License-Identifier: MIT */
#include "mount/parts.h"

#include "actions/change.h"
#include "actions/commit.h"
#include "actions/resolve.h"
#include "base/length.h"
#include "cloud/follow.h"
#include "cloud/refresh.h"
#include "cloud/rest.h"
#include "cloud/story.h"
#include "cloud/twin.h"
#include "fuse/news.h"
#include "model/part.h"
#include "page/page.h"
#include "state/saved.h"
#include "tree/fetch.h"
#include "tree/kubeconfig.h"
#include "tree/node.h"

static void stop_saving(struct fleet *f)
{
	if (f->saved)
		saved_stop(f->saved);
}

/* In the order in which they end. */
static const struct part parts[] = {
	{.drop = commit_drop, .advise = commit_advise},
	{.drop = change_drop},
	{.drop = resolve_stop},
	{.drop = twin_free},
	{.stop = refresh_stop},
	{.stop = follow_stop},
	{.drop = fetch_drop, .stop = fetch_stop},
	{.drop = kubeconfig_drop},
	{.drop = story_free,
		.task = story_followed,
		.follow = story_begin,
		.recall = story_recall},
	{.changed = news_of,
		.said = news_watch,
		.watched = news_watched,
		.heard = news_heard,
		.polled = news_polled,
		.gone = news_end,
		.stop = news_stop},
	{.entered = rest_changed},
	{.file_name = node_file_name},
	{.release = stop_saving},
	{.release = page_release},
};

void parts_give(struct fleet *f)
{
	f->parts = parts;
	f->nparts = LENGTH(parts);
}
