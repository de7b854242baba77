/* SPDX-License-Identifier: MIT */
#include "page/page_list.h"

#include <stdlib.h>
#include <string.h>

#include "cloud/story.h"
#include "model/fleet.h"
#include "model/object.h"
#include "model/word.h"

static bool is_bad(const struct object *o)
{
	return o->state == COURSE_UNKNOWN || story_ended_badly(o) ||
	       (object_exists(o) && o->story && o->story->over &&
		       o->story->bad);
}

struct pools {
	bool bad, moving;
};

static void look_at_pool(struct object *o, void *arg)
{
	struct pools *p = arg;

	p->bad |= is_bad(o);
	p->moving |= !story_at_rest(o);
}

static enum page_group group_of(const struct object *o)
{
	struct pools p = {false, false};

	objects_walk(&o->pools, look_at_pool, &p);
	if (is_bad(o) || p.bad)
		return PAGE_ATTENTION;
	if (!story_at_rest(o) || p.moving)
		return PAGE_PROGRESS;
	if (o->state == COURSE_DRAFT)
		return PAGE_DRAFTS;
	return word_is(o->word, "running") ? PAGE_RUNNING : PAGE_OTHER;
}

static void count_word(struct page_word *words, const char *word)
{
	for (unsigned i = 0; i < PAGE_WORDS; i++) {
		if (!words[i].count)
			words[i].word = word;
		if (strcmp(words[i].word, word))
			continue;
		words[i].count++;
		return;
	}
}

static void take(struct object *o, void *arg)
{
	struct page_list *l = arg;
	enum page_group group = group_of(o);

	l->entries[l->count++] = (struct page_entry){o, group, o->error};
	l->groups[group]++;
	count_word(l->words[group], object_state_word(o));
}

/* Those of one group with an error first, the rest by name. */
static int compare(const void *a, const void *b)
{
	const struct page_entry *x = a, *y = b;

	if (x->group != y->group)
		return x->group < y->group ? -1 : 1;
	if (x->error != y->error)
		return x->error ? -1 : 1;
	return strcmp(x->object->name, y->object->name);
}

bool page_list_make(struct fleet *f, struct page_list *out)
{
	*out = (struct page_list){.count = 0};
	out->entries = calloc(f->clusters.count + 1, sizeof(*out->entries));
	if (!out->entries)
		return false;
	objects_walk(&f->clusters, take, out);
	qsort(out->entries, out->count, sizeof(*out->entries), compare);
	return true;
}

void page_list_free(struct page_list *l)
{
	free(l->entries);
	l->entries = NULL;
}
