/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "object.h"
#include "params.h"
#include "scratch.h"

/* What vim, nano, sed -i, emacs, rsync, mktemp users, perl -i, patch and Python
 * leave. */
static const char *const patterns[] = {
	".*.sw[a-p]",
	".*.sw[a-p]x",
	"*~",
	"4913",
	"sed??????",
	"XX??????",
	"*.o??????",
	"*.orig",
	"*.rej",
	".#*",
	"#*#",
	".*.??????",
	".*.tmp",
	"*.tmp",
	"tmp????????",
	".goutputstream-*",
	".nfs*",
};

#define SUFFIX 6

/* NAMEAbC123. A name that was mistyped must not vanish into memory, so one of
 * the six has to be none of a parameter's: it is, but for 1 in 200. */
static bool is_suffixed(const struct ack_table *t, const char *name)
{
	size_t len = strlen(name);
	char stem[64];

	if (len <= SUFFIX || len - SUFFIX >= sizeof(stem))
		return false;
	memcpy(stem, name, len - SUFFIX);
	stem[len - SUFFIX] = '\0';
	name += len - SUFFIX;
	for (size_t i = 0; i < SUFFIX; i++)
		if (!isalnum((unsigned char)name[i]))
			return false;
	return strpbrk(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") &&
	       (ack_table_find(t, stem) >= 0 || !strcmp(stem, "request.json"));
}

bool scratch_name(const struct ack_table *t, const char *name)
{
	if (strlen(name) >= SCRATCH_NAME)
		return false;
	for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++)
		if (!fnmatch(patterns[i], name, 0))
			return true;
	return is_suffixed(t, name);
}

struct scratch *scratch_find(const struct object *o, const char *name)
{
	struct scratch *s = o->scratch;

	while (s && (!s->named || strcmp(s->name, name)))
		s = s->next;
	return s;
}

struct scratch *scratch_at(const struct object *o, unsigned slot)
{
	struct scratch *s = o->scratch;

	while (s && s->slot != slot)
		s = s->next;
	return s;
}

struct scratch *scratch_create(struct object *o, const char *name)
{
	struct scratch *s;
	unsigned slot = 0, count = 0;

	for (s = o->scratch; s; s = s->next)
		count++;
	while (slot < SCRATCH_SLOTS && scratch_at(o, slot))
		slot++;
	if (count >= SCRATCH_FILES || slot == SCRATCH_SLOTS)
		return NULL;
	s = calloc(1, sizeof(*s) + SCRATCH_NAME);
	if (!s)
		return NULL;
	s->slot = slot;
	s->named = true;
	s->links = 1;
	ack_buf_init(&s->text, SCRATCH_BYTES);
	s->changed = time_now_ns();
	strncpy(s->name, name, SCRATCH_NAME - 1);
	s->next = o->scratch;
	o->scratch = s;
	return s;
}

void scratch_put(struct object *o, struct scratch *s)
{
	struct scratch **at = &o->scratch;

	if (--s->links)
		return;
	while (*at != s)
		at = &(*at)->next;
	*at = s->next;
	ack_buf_release(&s->text);
	free(s);
}

void scratch_unlink(struct object *o, struct scratch *s)
{
	s->named = false;
	scratch_put(o, s);
}

void scratch_rename(struct object *o, struct scratch *s, const char *name)
{
	struct scratch *other = scratch_find(o, name);

	if (other == s)
		return;
	if (other)
		scratch_unlink(o, other);
	memset(s->name, 0, SCRATCH_NAME);
	strncpy(s->name, name, SCRATCH_NAME - 1);
	s->changed = time_now_ns();
}

void scratch_free_all(struct object *o)
{
	while (o->scratch) {
		o->scratch->links = 1;
		scratch_put(o, o->scratch);
	}
}
