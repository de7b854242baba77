/* SPDX-License-Identifier: MIT */
/* Tags of a cluster: a list of {key, value} (SERVICE.md, Values; Tags). */
#ifndef SANDBOX_TAG_CALLS_H
#define SANDBOX_TAG_CALLS_H

struct ack_json;
struct objections;

#define TAGS_MAX 20

/* Checks a list as it was sent; `what` names it in the findings. */
void tag_set_check(
	const struct ack_json *list, const char *what, struct objections *f);

/* The one of that key, or NULL. */
const struct ack_json *tag_set_find(
	const struct ack_json *list, const char *key);

/* `list` with the tags of `more` set in it; NULL: no memory. */
struct ack_json *tag_set_with(
	const struct ack_json *list, const struct ack_json *more);
/* `list` without the tags of these keys, a list of strings. */
struct ack_json *tag_set_without(
	const struct ack_json *list, const struct ack_json *keys);

#endif
