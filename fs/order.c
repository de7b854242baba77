/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "cluster.h"
#include "commit.h"
#include "error.h"
#include "order.h"

int order_open(const struct cluster *c, struct ack_error *e)
{
	if (cluster_committing(c))
		return ack_error_set(e, EBUSY, NULL,
			"a commit is under way; wait for it to end");
	return 0;
}

static bool is_yes(const struct cluster *c, const char *text, size_t len)
{
	static const char *const words[] = {
		"1", "y", "yes", "true", "on", "commit"};

	while (len && strchr(" \t\r\n", text[len - 1]))
		len--;
	while (len && (*text == ' ' || *text == '\t')) {
		text++;
		len--;
	}
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (len == strlen(words[i]) && !memcmp(text, words[i], len))
			return true;
	return len == strlen(c->name) && !memcmp(text, c->name, len);
}

int order_commit(struct cluster *c, const char *text, size_t len,
	struct waiter *w, struct ack_error *e)
{
	if (!is_yes(c, text, len))
		return ack_error_set(e, EINVAL, "commit",
			"write 1, or the name %s, to create the cluster; it "
			"costs money, so no other word will do",
			c->name);
	if (c->state == COURSE_DRAFT)
		return commit_begin(c, w, e);
	if (cluster_committing(c))
		return order_open(c, e);
	if (c->state == COURSE_UNKNOWN)
		return ack_error_set(e, EEXIST, NULL,
			"this was sent already and may have been executed; "
			"nothing is sent again");
	return ack_error_set(e, EEXIST, NULL,
		"this was committed already: the cluster is %s", c->cluster_id);
}
