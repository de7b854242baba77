/* SPDX-License-Identifier: MIT */
/*
 * INI, by libinih; the only file that includes it. Its line buffer lies on its
 * stack and is wiped when the last line was read. A line that it would cut in
 * two is an error.
 */
#include "base/text.h"
#include "keys/source.h"

#include <ini.h>
#include <stdio.h>
#include <string.h>

#include "base/span.h"
#include "base/variable.h"
#include "keys/inquiry.h"

/* A section of the file: what is asked of it, and nothing else is kept. */
enum key {
	TYPE,
	KEY_ID,
	KEY_SECRET,
	TOKEN,
	ROLE_NAME,
	ROLE_ARN,
	SESSION,
	POLICY,
	KEYS,
};

static const char *const key_names[KEYS] = {"type", "access_key_id",
	"access_key_secret", "security_token", "role_name", "role_arn",
	"role_session_name", "policy"};

struct section {
	const char *name;
	bool found;
	struct ack_buf values[KEYS];
	/* Of the reader: */
	struct ack_span rest;
	int line, too_long; /* 0: none */
};

static char *read_line(char *line, int size, void *arg)
{
	struct section *s = arg;
	struct ack_span next = ack_span_cut(&s->rest, "\n");

	if (!next.text || (next.len == 0 && !s->rest.text)) {
		explicit_bzero(line, (size_t)size);
		return NULL;
	}
	s->line++;
	if (next.len + 2 > (size_t)size) {
		s->too_long = s->line;
		next.len = 0;
	}
	memcpy(line, next.text, next.len);
	memcpy(line + next.len, "\n", 2);
	return line;
}

static int take_pair(
	void *arg, const char *section, const char *name, const char *value)
{
	struct section *s = arg;

	if (strcmp(section, s->name) != 0)
		return 1;
	s->found = true;
	for (int i = 0; i < KEYS; i++) {
		if (strcmp(name, key_names[i]) != 0)
			continue;
		ack_buf_clear(&s->values[i]);
		ack_buf_puts(&s->values[i], value);
	}
	return 1;
}

static bool parse(struct section *s, const struct ack_buf *text,
	const char *path, struct ack_buf *why)
{
	s->rest = (struct ack_span){ack_buf_text(text), text->len};
	int wrong = ini_parse_stream(read_line, s, take_pair, s);

	if (s->too_long)
		ack_buf_printf(
			why, "line %d of %s is too long", s->too_long, path);
	else if (wrong > 0)
		ack_buf_printf(why,
			"line %d of %s is neither a section nor "
			"name = value",
			wrong, path);
	else if (wrong < 0)
		why->failed = true;
	else if (!s->found)
		ack_buf_printf(why, "%s has no section %.60s", path, s->name);
	for (int i = 0; i < KEYS; i++)
		why->failed |= s->values[i].failed;
	return !s->too_long && wrong == 0 && s->found && !why->failed;
}

static const char *value(const struct section *s, enum key key)
{
	return ack_buf_text(&s->values[key]);
}

/* SERVICE.md, Credentials file; sts is in the documentation of older SDKs. */
static void ask_section(struct ack_inquiry *q, const struct section *s)
{
	const char *type = value(s, TYPE);
	bool role = strcmp(type, "ram_role_arn") == 0;
	bool sts = strcmp(type, "sts") == 0;

	if (strcmp(type, "ecs_ram_role") == 0) {
		ack_metadata_ask(q, value(s, ROLE_NAME));
		return;
	}
	if (!role && !sts && strcmp(type, "access_key") != 0) {
		ack_buf_puts(
			&q->why, ack_text(*type ? "its type is not one of "
						  "access_key, ecs_ram_role, "
						  "ram_role_arn, sts"
						: "type is not set"));
		ack_inquiry_failed(q);
		return;
	}
	struct ack_role *r = role ? ack_inquiry_role(q) : NULL;
	if (r && (ack_role_set(&r->arn, value(s, ROLE_ARN)) < 0 ||
			 ack_role_set(&r->session, value(s, SESSION)) < 0 ||
			 ack_role_set(&r->policy, value(s, POLICY)) < 0))
		q->why.failed = true;
	else if (sts && !*value(s, TOKEN))
		ack_buf_puts(&q->why, ack_text("security_token is not set"));
	else if (ack_credentials_take(&q->keys, value(s, KEY_ID),
			 value(s, KEY_SECRET), sts ? value(s, TOKEN) : NULL,
			 &q->why) == 0) {
		ack_inquiry_found(q);
		return;
	}
	ack_inquiry_failed(q);
}

static void take_file(
	struct ack_inquiry *q, const char *path, const struct ack_buf *text)
{
	struct section s = {.name = q->profile};

	if (!s.name)
		s.name = ACK_VARIABLE("ALIBABA_CLOUD_PROFILE");
	if (!s.name)
		s.name = "default";
	for (int i = 0; i < KEYS; i++)
		ack_buf_init(&s.values[i], 4096);
	if (parse(&s, text, path, &q->why)) {
		ack_buf_printf(&q->why, "section %.60s of %s: ", s.name, path);
		snprintf(q->keys.source, sizeof(q->keys.source),
			"section %.40s (%.24s) of %.100s", s.name,
			value(&s, TYPE), path);
		snprintf(q->keys.identity, sizeof(q->keys.identity),
			"section-%.60s", s.name);
		ask_section(q, &s);
	} else {
		ack_inquiry_failed(q);
	}
	for (int i = 0; i < KEYS; i++)
		ack_buf_release(&s.values[i]);
}

void ack_source_ini(struct ack_inquiry *q)
{
	const char *file = ACK_VARIABLE("ALIBABA_CLOUD_CREDENTIALS_FILE");
	struct ack_buf path = ACK_BUF_INIT(4096);
	struct ack_buf text = ACK_BUF_INIT(ACK_KEYFILE_SIZE);

	if (file)
		ack_buf_puts(&path, file);
	else
		ack_buf_printf(
			&path, "%s/.alibabacloud/credentials", ack_home());
	q->why.failed |= path.failed;
	if (!path.failed && ack_keyfile_read(&q->files, ack_buf_text(&path),
				    &text, &q->why) == 0)
		take_file(q, ack_buf_text(&path), &text);
	else
		ack_inquiry_failed(q);
	ack_buf_release(&text);
	ack_buf_release(&path);
}
