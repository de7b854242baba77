/* SPDX-License-Identifier: MIT */
#include "params/path.h"

#include <string.h>

#include "base/json.h"

#define ENDS " ="

const char *ack_path_step(const char *path, struct ack_step *s)
{
	size_t len = strcspn(path, ".[" ENDS);

	*s = (struct ack_step){.index = 0};
	memcpy(s->key, path, len < ACK_PATH_KEY ? len : ACK_PATH_KEY - 1);
	path += len;
	if (*path == '[') {
		s->index = path[1];
		path += strlen("[0]");
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

const struct ack_json *ack_path_locate(
	const struct ack_json *n, const char *path, struct ack_step *last)
{
	for (path = ack_path_step(path, last); n && !last->last;
		path = ack_path_step(path, last)) {
		n = ack_json_get(n, last->key);
		if (last->index)
			n = ack_json_first(n);
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
