/* SPDX-License-Identifier: MIT */
#include "base/text.h"
#include "keys/source.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/variable.h"
#include "client/endpoint.h"
#include "keys/inquiry.h"
#include "keys/profile.h"

static void put_path(struct ack_buf *path)
{
	const char *file = ACK_VARIABLE("ALIBABA_CLOUD_CONFIG_FILE");

	if (file)
		ack_buf_puts(path, file);
	else
		ack_buf_printf(path, "%s/.aliyun/config.json", ack_home());
}

static bool turned_off(const struct ack_inquiry *q)
{
	return !q->profile &&
	       (ack_variable_true("ALIBABA_CLOUD_CLI_PROFILE_DISABLED") ||
		       ack_variable_true("ALIBABA_CLOUD_IGNORE_PROFILE") ||
		       ack_variable_true("ALIBABACLOUD_IGNORE_PROFILE"));
}

static const char *choose(
	const struct ack_inquiry *q, const struct ack_json *root)
{
	const char *name = q->profile;

	if (!name)
		name = ACK_VARIABLE("ALIBABA_CLOUD_PROFILE",
			"ALIBABACLOUD_PROFILE", "ALICLOUD_PROFILE");
	if (!name)
		name = ack_json_get_string(root, "current");
	return name && *name ? name : "default";
}

/* What a profile says besides its keys; it may serve without them, too. */
static void note(struct ack_inquiry *q, const struct ack_json *p)
{
	struct ack_credentials *c = &q->keys;
	const char *region = ack_json_get_string(p, "region_id");
	const char *endpoint = ack_json_get_string(p, "endpoint");
	const char *type = ack_json_get_string(p, "endpoint_type");

	if (region && ack_region_valid(region))
		snprintf(c->region, sizeof(c->region), "%s", region);
	if (endpoint && strlen(endpoint) < sizeof(c->endpoint))
		strcpy(c->endpoint, endpoint);
	if (type && strlen(type) < sizeof(c->endpoint_type))
		strcpy(c->endpoint_type, type);
}

static void take_file(
	struct ack_inquiry *q, const char *path, const struct ack_buf *text)
{
	size_t where;
	struct ack_json *root = ack_json_parse(
		ack_buf_text(text), text->len, &where);

	if (!ack_json_is_object(root)) {
		/* Without a quotation: what stands there may be a key. */
		if (root || where != ACK_JSON_NO_MEMORY)
			ack_buf_printf(&q->why, "%s is not JSON (byte %zu)",
				path, where);
		else
			q->why.failed = true;
		ack_inquiry_failed(q);
		goto out;
	}
	const char *name = choose(q, root);
	const struct ack_json *p = ack_profile_find(root, name);
	if (!p) {
		ack_buf_printf(&q->why, "%s has no profile %.60s", path, name);
		ack_inquiry_failed(q);
		goto out;
	}
	const char *mode = ack_profile_mode(p);
	ack_buf_printf(&q->why, "profile %.60s of %s: ", name, path);
	snprintf(q->keys.source, sizeof(q->keys.source),
		"profile %.40s (%.24s) of %.100s", name, mode, path);
	snprintf(q->keys.identity, sizeof(q->keys.identity), "profile-%.60s",
		name);
	note(q, p);
	ack_profile_ask(q, root, p);
out:
	ack_json_free(root);
}

void ack_source_cli(struct ack_inquiry *q)
{
	struct ack_buf path = ACK_BUF_INIT(4096);
	struct ack_buf text = ACK_BUF_INIT(ACK_KEYFILE_SIZE);

	put_path(&path);
	if (turned_off(q)) {
		ack_buf_puts(
			&q->why, ack_text("turned off by the environment"));
		ack_inquiry_failed(q);
	} else if (path.failed) {
		q->why.failed = true;
		ack_inquiry_failed(q);
	} else if (ack_keyfile_read(&q->files, ack_buf_text(&path), &text,
			   &q->why) < 0) {
		ack_inquiry_failed(q);
	} else {
		take_file(q, ack_buf_text(&path), &text);
	}
	ack_buf_release(&text);
	ack_buf_release(&path);
}
