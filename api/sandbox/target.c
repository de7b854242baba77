/* SPDX-License-Identifier: MIT */
/*
 * The service computes a signature over the normal form of path and query,
 * not over what stood on the line: clients leave different characters
 * unencoded (SERVICE.md, Signature). So everything is decoded, and encoded
 * again.
 */
#include "sandbox/target.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)tolower((unsigned char)c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* One character, decoded; *used bytes of the text. -1: malformed. */
static int next(const char *text, size_t len, bool plus, size_t *used)
{
	*used = 1;
	if (*text == '+' && plus)
		return ' ';
	if (*text != '%')
		return (unsigned char)*text;
	if (len < 3)
		return -1;
	int high = hex(text[1]), low = hex(text[2]);
	*used = 3;
	return high < 0 || low < 0 ? -1 : high * 16 + low;
}

int target_decode(const char *text, size_t len, char *out, size_t size)
{
	size_t n = 0, used;

	for (size_t i = 0; i < len; i += used) {
		int c = next(text + i, len - i, false, &used);

		if (c <= 0 || n + 1 >= size)
			return -EINVAL;
		out[n++] = (char)c;
	}
	if (size == 0)
		return -EINVAL;
	out[n] = '\0';
	return 0;
}

static int parse_path(struct target *t, const char *text, size_t len)
{
	size_t used;

	if (len == 0 || text[0] != '/')
		return -EINVAL;
	for (size_t i = 0; i < len; i += used) {
		int c = next(text + i, len - i, false, &used);
		char one[2] = {(char)c, '\0'};

		if (c <= 0)
			return -EINVAL;
		/* An encoded slash is a letter of a name, not a separator. */
		if (text[i] == '/')
			ack_buf_putc(&t->path, '/');
		else
			ack_percent_encode(one, &t->path);
	}
	return ack_buf_status(&t->path);
}

/* Decodes up to a delimiter into *out, which moves on behind the NUL. */
static int take(const char **text, const char *stops, char **out)
{
	size_t len = strcspn(*text, stops), used;

	for (size_t i = 0; i < len; i += used) {
		int c = next(*text + i, len - i, true, &used);

		if (c <= 0)
			return -EINVAL;
		*(*out)++ = (char)c;
	}
	*(*out)++ = '\0';
	*text += len;
	return 0;
}

static int parse_query(struct target *t, const char *text)
{
	/* A name without '=' gets a NUL for its value, which no byte pays. */
	t->decoded = malloc(strlen(text) * 2 + 2);
	if (!t->decoded)
		return -ENOMEM;
	char *out = t->decoded;

	while (*text) {
		if (*text == '&') {
			text++;
			continue;
		}
		if (t->nquery == TARGET_QUERY_MAX)
			return -EINVAL;
		struct ack_query *q = &t->query[t->nquery++];

		q->name = out;
		int rc = take(&text, "=&", &out);
		if (rc == 0) {
			q->value = out;
			text += *text == '=';
			rc = take(&text, "&", &out);
		}
		if (rc < 0)
			return rc;
	}
	return 0;
}

int target_parse(struct target *t, const char *uri)
{
	size_t len = strcspn(uri, "?");

	ack_buf_init(&t->path, 3 * TARGET_URI_MAX);
	if (strlen(uri) > TARGET_URI_MAX)
		return -EINVAL;
	int rc = parse_path(t, uri, len);
	if (rc == 0 && uri[len] == '?')
		rc = parse_query(t, uri + len + 1);
	return rc;
}

void target_release(struct target *t)
{
	ack_buf_release(&t->path);
	free(t->decoded);
	t->decoded = NULL;
	t->nquery = 0;
}

const char *target_query(const struct target *t, const char *name)
{
	for (size_t i = 0; i < t->nquery; i++)
		if (strcmp(t->query[i].name, name) == 0)
			return t->query[i].value;
	return NULL;
}
