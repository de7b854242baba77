/* SPDX-License-Identifier: MIT */
#include "credentials.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "buf.h"
#include "endpoint.h"
#include "json.h"
#include "source.h"

#define FILE_MAX (1u << 20)

static const char *variable(const char *name)
{
	const char *value = getenv(name);

	return value && *value ? value : NULL;
}

static bool is_true(const char *name)
{
	const char *value = variable(name);

	return value &&
	       (strcasecmp(value, "true") == 0 || strcmp(value, "1") == 0);
}

static void put_path(struct ack_buf *path)
{
	const char *file = variable("ALIBABA_CLOUD_CONFIG_FILE");
	const char *home = variable("HOME");

	if (file) {
		ack_buf_puts(path, file);
		return;
	}
	if (!home) {
		const struct passwd *user = getpwuid(getuid());

		home = user ? user->pw_dir : "";
	}
	ack_buf_printf(path, "%s/.aliyun/config.json", home);
}

/* Reads a regular file of bounded size; opening never waits. */
static int read_file(const char *path, struct ack_buf *text, struct stat *st)
{
	char chunk[4096];
	ssize_t n;
	int err = 0;

	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0)
		return -errno;
	if (fstat(fd, st) < 0)
		err = -errno;
	else if (!S_ISREG(st->st_mode))
		err = S_ISDIR(st->st_mode) ? -EISDIR : -EINVAL;
	while (err == 0 && (n = read(fd, chunk, sizeof(chunk))) != 0) {
		if (n < 0 && errno != EINTR)
			err = -errno;
		if (n > 0)
			ack_buf_put(text, chunk, (size_t)n);
		if (text->failed)
			err = -EFBIG;
	}
	explicit_bzero(chunk, sizeof(chunk));
	close(fd);
	return err;
}

static const struct ack_json *find_profile(
	const struct ack_json *root, const char *name)
{
	const struct ack_json *p = ack_json_first(
		ack_json_get(root, "profiles"));

	for (; p; p = ack_json_next(p)) {
		const char *is = ack_json_get_string(p, "name");

		if (is && strcmp(is, name) == 0)
			return p;
	}
	return NULL;
}

static int take_profile(struct ack_credentials *c, const struct ack_json *p,
	struct ack_buf *why)
{
	const char *mode = ack_json_get_string(p, "mode");
	const char *token = ack_json_get_string(p, "sts_token");
	const char *region = ack_json_get_string(p, "region_id");
	bool sts = mode && strcasecmp(mode, "StsToken") == 0;

	if (mode && *mode && strcasecmp(mode, "AK") != 0 && !sts) {
		ack_buf_printf(why, "mode %.40s is not supported", mode);
		return -ENOENT;
	}
	if (sts && (!token || !*token)) {
		ack_buf_puts(why, "sts_token is not set");
		return -ENOENT;
	}
	if (region && ack_region_valid(region))
		snprintf(c->region, sizeof(c->region), "%s", region);
	return ack_credentials_take(c, ack_json_get_string(p, "access_key_id"),
		ack_json_get_string(p, "access_key_secret"), sts ? token : NULL,
		why);
}

static int take_file(struct ack_credentials *c,
	const struct ack_credential_options *o, const char *path,
	const struct ack_buf *text, struct ack_buf *why)
{
	const char *name = o->profile;
	size_t where;
	int err = -ENOENT;

	struct ack_json *root = ack_json_parse(
		ack_buf_text(text), text->len, &where);
	if (!ack_json_is_object(root)) {
		/* Without a quotation: what stands there may be a key. */
		ack_buf_printf(why, "%s is not JSON (byte %zu)", path, where);
		goto out;
	}
	if (!name)
		name = variable("ALIBABA_CLOUD_PROFILE");
	if (!name)
		name = ack_json_get_string(root, "current");
	if (!name || !*name)
		name = "default";
	const struct ack_json *p = find_profile(root, name);
	if (!p) {
		ack_buf_printf(why, "%s has no profile %.60s", path, name);
		goto out;
	}
	ack_buf_printf(why, "profile %.60s of %s: ", name, path);
	err = take_profile(c, p, why);
	const char *mode = ack_json_get_string(p, "mode");
	snprintf(c->source, sizeof(c->source), "profile %.40s (%.16s) of %s",
		name, mode && *mode ? mode : "AK", path);
out:
	ack_json_free(root);
	return err;
}

int ack_source_cli(struct ack_credentials *c,
	const struct ack_credential_options *o, struct ack_buf *why)
{
	struct ack_buf path = ACK_BUF_INIT(4096);
	struct ack_buf text = ACK_BUF_INIT(FILE_MAX);
	struct stat st;
	int err = -ENOENT;

	if (!o->profile && (is_true("ALIBABA_CLOUD_CLI_PROFILE_DISABLED") ||
				   is_true("ALIBABA_CLOUD_IGNORE_PROFILE"))) {
		ack_buf_puts(why, "turned off by the environment");
		return -ENOENT;
	}
	put_path(&path);
	if (ack_buf_status(&path) < 0)
		goto out;
	int failed = read_file(ack_buf_text(&path), &text, &st);
	if (failed) {
		ack_buf_printf(why, "%s: %s", ack_buf_text(&path),
			failed == -EINVAL ? "not a regular file"
					  : strerror(-failed));
		goto out;
	}
	err = take_file(c, o, ack_buf_text(&path), &text, why);
	if (err == 0 && st.st_mode & (S_IRGRP | S_IROTH))
		snprintf(c->warning, sizeof(c->warning),
			"%s can be read by others (mode %04o): chmod 600 it",
			ack_buf_text(&path), (unsigned)st.st_mode & 07777);
out:
	ack_buf_release(&text);
	ack_buf_release(&path);
	return err;
}
