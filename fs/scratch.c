/* SPDX-License-Identifier: MIT */
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "object.h"
#include "scratch.h"

/* What vim, nano, sed -i, emacs, rsync, mktemp users and Python leave. */
static const char *const patterns[] = {
	".*.sw[a-p]",
	".*.sw[a-p]x",
	"*~",
	"4913",
	"sed??????",
	".#*",
	"#*#",
	".*.??????",
	".*.tmp",
	"*.tmp",
	"tmp????????",
	".goutputstream-*",
	".nfs*",
};

bool scratch_name(const char *name)
{
	for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++)
		if (!fnmatch(patterns[i], name, 0))
			return strlen(name) < SCRATCH_NAME;
	return false;
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
