/* SPDX-License-Identifier: MIT */
#include "params/path.h"

#include <string.h>

#include "base/json.h"
#include "base/span.h"

#define ENDS " ="

const char *ack_path_step(const char *path, struct ack_step *s)
{
	size_t len = strcspn(path, ".[" ENDS);

	*s = (struct ack_step){.index = 0};
	memcpy(s->key, path, len < ACK_PATH_KEY ? len : ACK_PATH_KEY - 1);
	path += len;
	if (*path == '[') {
		s->index = path[1];
		s->name = path + 1;
		s->name_len = strcspn(s->name, "]");
		path += s->name_len + strlen("[]");
	}
	s->last = *path != '.';
	if (*path == '=') {
		s->member = path + 1;
		s->member_len = strcspn(s->member, " ");
	}
	return s->last ? path : path + 1;
}

bool ack_path_has(const char *path, const char *index)
{
	const char *at = strstr(path, index);

	return at && at < path + strcspn(path, " ");
}

const char *ack_path_next(const char *path)
{
	path += strcspn(path, " ");
	return *path ? path + 1 : NULL;
}

static const struct ack_json *element(
	const struct ack_json *list, const struct ack_step *s)
{
	struct ack_span name = {s->name, s->name_len};
	const struct ack_json *n = ack_json_first(list);

	while (n && s->name_len > 1 &&
		!ack_span_is(name, ack_json_get_string(n, "name")))
		n = ack_json_next(n);
	return n;
}

const struct ack_json *ack_path_locate(
	const struct ack_json *n, const char *path, struct ack_step *last)
{
	for (path = ack_path_step(path, last); n && !last->last;
		path = ack_path_step(path, last)) {
		n = ack_json_get(n, last->key);
		if (last->index)
			n = element(n, last);
	}
	return ack_json_get(n, last->key);
}

enum ack_path_match ack_path_match(const char *path, const char *name)
{
	size_t len = strlen(name);

	if (strncmp(path, name, len) != 0)
		return ACK_PATH_NONE;
	if (!path[len] || strchr(ENDS, path[len]))
		return ACK_PATH_END;
	return strchr(".[", path[len]) ? ACK_PATH_WAY : ACK_PATH_NONE;
}
