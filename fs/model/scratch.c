/* SPDX-License-Identifier: MIT */
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "base/length.h"
#include "model/address.h"
#include "model/moved.h"
#include "model/object.h"
#include "params/params.h"
#include "model/scratch.h"

/* What BusyBox and mkstemp(3) put behind a name. */
#define SUFFIX 6

/* What editors, copying tools and the libraries of languages call a file that
 * they make beside another, where its name has nothing of the other's. */
static const char *const patterns[] = {
	".*.sw[a-p]",
	".*.sw[a-p]x",
	"*~",
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
	"tmp??????",
	"tmp[0-9]*",
	"tmp.*",
	"tmp-*",
	".tmp*",
	"d2utmp??????",
	"mlr-in-place-*",
	"php??????",
	"jl_??????*",
	"qt_temp.*",
	"temp[0-9]*",
	"file*[0-9]*[0-9]*",
	".merge_file_*",
	"__salt.tmp.*",
	"[0-9]*-[0-9]*-*",
	".goutputstream-*",
	".fuse_hidden*",
	".nfs*",
};

/* vim's 4913, and what Go makes up. */
static bool is_number(const char *name)
{
	return *name && !name[strspn(name, "0123456789")];
}

static bool looks_made_up(const char *text)
{
	return strpbrk(text, "0123456789") || strstr(text, "__");
}

/* A name that was mistyped must not vanish into memory: a letter or two too
 * many are no more than that. Of one that is a single word, as `name`, others
 * are made (cluster_name), so what is around it has to look made up. */
static bool stands_apart(const char *name, const char *at, const char *whole)
{
	static const char word[] = "abcdefghijklmnopqrstuvwxyz_";
	const char *end = at + strlen(whole);
	size_t before = (size_t)(at - name), after = strlen(end);
	bool joined = (before && strchr(word, at[-1])) ||
		      (after && strchr(word, *end));

	if (!joined)
		return before + after;
	if (strpbrk(whole, "_."))
		return before + after > 2;
	if (!before && after == SUFFIX &&
		strpbrk(end, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"))
		return true;
	/* an identifier has no such end, nor a dot before it */
	return (!before && after > SUFFIX && looks_made_up(end)) ||
	       (!after && *name == '.' && looks_made_up(name));
}

static bool is_around(const char *name, const char *whole)
{
	const char *at = strstr(name, whole);

	while (at && !stands_apart(name, at, whole))
		at = strstr(at + 1, whole);
	return at;
}

bool scratch_name(const struct ack_table *t, const char *name)
{
	if (strlen(name) >= SCRATCH_NAME ||
		ack_table_find(&ack_cluster_table, name) >= 0 ||
		ack_table_find(&ack_pool_table, name) >= 0)
		return false;
	for (size_t i = 0; i < LENGTH(patterns); i++)
		if (!fnmatch(patterns[i], name, 0))
			return true;
	for (unsigned i = 0; i < t->count; i++)
		if (is_around(name, t->rows[i].name))
			return true;
	return is_around(name, "request.json") || is_number(name);
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
	object_touch(o);
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
	moved_unlink(o, NODE_SCRATCH + s->slot, NULL);
	ack_buf_release(&s->text);
	free(s);
}

void scratch_unlink(struct object *o, struct scratch *s)
{
	s->named = false;
	object_touch(o);
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
	object_touch(o);
}

void scratch_free_all(struct object *o)
{
	while (o->scratch) {
		o->scratch->links = 1;
		scratch_put(o, o->scratch);
	}
}
