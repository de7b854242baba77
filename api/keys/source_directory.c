/* SPDX-License-Identifier: MIT */
#include "base/text.h"
#include "keys/source.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/span.h"
#include "base/variable.h"
#include "keys/inquiry.h"

#define FILES 3

/* The text of a file without the blanks around it; its end becomes a NUL. */
static int read_one(struct ack_inquiry *q, const char *dir, const char *name,
	struct ack_buf *text)
{
	struct ack_buf path = ACK_BUF_INIT(4096);

	ack_buf_printf(&path, "%s/%s", dir, name);
	int err = ack_keyfile_read(
		&q->files, ack_buf_text(&path), text, &q->why);
	ack_buf_release(&path);
	return err;
}

static const char *trimmed(struct ack_buf *text)
{
	struct ack_span s = ack_span_trim(ack_span_of(ack_buf_text(text)));

	while (s.len > 0 && s.text[s.len - 1] == '\n')
		s = ack_span_trim((struct ack_span){s.text, s.len - 1});
	if (text->len > 0)
		text->data[s.text + s.len - text->data] = '\0';
	return text->len > 0 ? s.text : "";
}

void ack_source_directory(struct ack_inquiry *q)
{
	static const char *const names[FILES] = {
		"access_key_id", "access_key_secret", "security_token"};
	const char *dir = ACK_VARIABLE("CREDENTIALS_DIRECTORY");
	struct ack_buf text[FILES];
	bool good = dir;

	if (!dir)
		ack_buf_puts(
			&q->why, ack_text("CREDENTIALS_DIRECTORY is not set"));
	for (int i = 0; i < FILES; i++)
		ack_buf_init(&text[i], ACK_KEYFILE_SIZE);
	for (int i = 0; good && i < FILES; i++) {
		int err = read_one(q, dir, names[i], &text[i]);

		/* A long-lived key has no token. */
		if (err == -ENOENT && i == FILES - 1)
			ack_buf_clear(&q->why);
		else if (err < 0)
			good = false;
	}
	good = good &&
	       ack_credentials_take(&q->keys, trimmed(&text[0]),
		       trimmed(&text[1]), trimmed(&text[2]), &q->why) == 0;
	for (int i = 0; i < FILES; i++)
		ack_buf_release(&text[i]);
	if (!good) {
		ack_inquiry_failed(q);
		return;
	}
	strcpy(q->keys.identity, "credentials-directory");
	snprintf(q->keys.source, sizeof(q->keys.source),
		"credentials directory %.150s", dir);
	ack_inquiry_found(q);
}
