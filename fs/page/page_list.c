/* SPDX-License-Identifier: MIT */
#include "page/page_list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "actions/draft.h"
#include "base/buf.h"
#include "base/text.h"
#include "cloud/story.h"
#include "cloud/twin.h"
#include "model/findings.h"
#include "model/fleet.h"
#include "model/kind.h"
#include "model/object.h"
#include "model/word.h"
#include "page/page_put.h"

#define NAME_MAX_SHOWN 128
#define WORD_MAX_SHOWN 64
#define SENTENCE_MAX   240
#define LINE_MAX_READ  1024
#define TAGS_SHOWN     4
#define EDITS_SHOWN    3
#define POOLS_SHOWN    3

/* The first line of a text with several. */
static void put_line(struct ack_buf *out, const char *text)
{
	char line[LINE_MAX_READ];

	snprintf(line, sizeof(line), "%.*s", (int)strcspn(text, "\n"), text);
	page_put(out, line, SENTENCE_MAX);
}

/* Whether the row that begins at `row` says that already. */
static bool is_said(const struct ack_buf *out, size_t row, const char *text)
{
	char line[LINE_MAX_READ];

	snprintf(line, sizeof(line), "%.*s", (int)strcspn(text, "\n"), text);
	return page_has(out, row, line, SENTENCE_MAX);
}

/* A note, with a link to the file that has more. */
static void begin_note(struct ack_buf *out, const char *class,
	const struct object *o, const char *file)
{
	ack_buf_printf(out, "<p class=\"%s\"><a href=\"clusters/", class);
	page_put_href(out, o->name);
	ack_buf_printf(out, "/%s\">%s</a> ", file, file);
}

static void put_tags(const struct object *o, struct ack_buf *out)
{
	const char *at = ack_values_get(&o->values, ACK_P_tags, NULL);
	char tag[192];
	size_t len;

	if (!at)
		return;
	ack_buf_puts(out, "<span class=\"tags\">");
	for (unsigned i = 0; *at; i++) {
		if (i == TAGS_SHOWN) {
			ack_buf_puts(out, "<span>…</span>");
			break;
		}
		len = strcspn(at, "\n");
		snprintf(tag, sizeof(tag), "%.*s", (int)len, at);
		ack_buf_puts(out, "<span>");
		page_put(out, tag, WORD_MAX_SHOWN);
		ack_buf_puts(out, "</span> ");
		at += len + (at[len] == '\n');
	}
	ack_buf_puts(out, "</span>");
}

static void put_name(const struct object *o, struct ack_buf *out)
{
	ack_buf_puts(out, "<th scope=\"row\"><a href=\"clusters/");
	page_put_href(out, o->name);
	ack_buf_puts(out, "/\"><bdi>");
	page_put(out, object_name(o), NAME_MAX_SHOWN);
	ack_buf_puts(out, "</bdi></a>");
	/* a shell needs the name of the directory */
	if (strcmp(object_name(o), o->name)) {
		ack_buf_puts(out, "<code>clusters/");
		page_put(out, o->name, 2 * NAME_MAX_SHOWN);
		ack_buf_puts(out, "</code>");
	}
	put_tags(o, out);
	ack_buf_puts(out, "</th>");
}

static void put_progress(const struct object *o, struct ack_buf *out)
{
	struct ack_buf stage = ACK_BUF_INIT(512);
	const char *at;
	unsigned p;

	if (!story_progressing(o) || o->story->over || story_at_rest(o))
		return;
	p = story_percent(o);
	story_stage(o, &stage);
	ack_buf_printf(out,
		"<div class=\"bar\"><progress max=\"100\" value=\"%u\" "
		"aria-label=\"progress\">%u%%</progress> <b>%u%%</b> <span>",
		p, p, p);
	at = ack_buf_text(&stage);
	page_put(out, at + strspn(at, ", "), SENTENCE_MAX);
	ack_buf_puts(out, "</span></div>");
	ack_buf_release(&stage);
}

/* What is over is no alarm any more. */
static void put_error(const struct page_entry *e, struct ack_buf *out)
{
	if (!e->object->error)
		return;
	begin_note(out, e->error ? "bad" : "note", e->object, "error");
	put_line(out, e->object->error);
	ack_buf_puts(out, "</p>");
}

/* Somebody else's of its name: the first, the file has all. */
static void put_twin(const struct object *o, size_t row, struct ack_buf *out)
{
	struct ack_buf text = ACK_BUF_INIT(4096);

	twin_text(o, &text);
	if (text.len && !is_said(out, row, text.data)) {
		begin_note(out, "bad", o, "check");
		put_line(out, text.data);
		ack_buf_puts(out, "</p>");
	}
	ack_buf_release(&text);
}

/* How much is left to do before a commit, and what first. */
static void put_check(const struct object *o, size_t row, struct ack_buf *out)
{
	struct ack_values v = ACK_VALUES_INIT;
	struct ack_buf text = ACK_BUF_INIT(1u << 20);
	const char *at, *first = NULL;
	unsigned count = 0;
	size_t len;

	if (o->state != COURSE_DRAFT)
		return;
	if (object_effective(o, &v))
		text.failed = true;
	else
		findings_text(o->kind->table, &v, kind_form(o, &v), &text);
	out->failed |= text.failed;
	ack_values_release(&v);
	for (at = ack_buf_text(&text); *at; at += len + (at[len] == '\n')) {
		len = strcspn(at, "\n");
		if (!strncmp(at, "warning: ", 9))
			continue;
		if (!count++)
			first = at;
	}
	begin_note(out, "note", o, "check");
	if (first) {
		ack_buf_printf(out, "%u to fix", count);
		if (!is_said(out, row, first)) {
			ack_buf_puts(out,
				ack_text(count > 1 ? ", the first: " : ": "));
			put_line(out, first);
		}
	} else {
		ack_buf_printf(out, "ready to commit");
	}
	ack_buf_puts(out, "</p>");
	ack_buf_release(&text);
}

static void put_edits(const struct object *o, struct ack_buf *out)
{
	int row = ack_values_next_touched(&o->edits, 0);
	unsigned count = 0;

	if (row < 0)
		return;
	begin_note(out, "note", o, "plan");
	for (; row >= 0 && count < EDITS_SHOWN; count++) {
		ack_buf_printf(out, "%s%s", count ? ", " : "",
			ack_param_file(&o->kind->table->rows[row]));
		row = ack_values_next_touched(&o->edits, (unsigned)row + 1);
	}
	ack_buf_printf(
		out, "%s edited, not committed</p>", row >= 0 ? " …" : "");
}

struct pools {
	struct ack_buf *out;
	size_t row;
	unsigned count;
};

/* Only what is not simply there. */
static void put_pool(struct object *o, void *arg)
{
	struct pools *p = arg;
	bool bad = story_ended_badly(o) || o->state == COURSE_UNKNOWN;

	if (object_exists(o) && story_at_rest(o) && !bad)
		return;
	if (++p->count > POOLS_SHOWN)
		return;
	ack_buf_printf(p->out, "<p class=\"%s\">node pool <bdi>",
		bad ? "bad" : "note");
	page_put(p->out, object_name(o), NAME_MAX_SHOWN);
	ack_buf_printf(p->out, "</bdi>: %s", object_state_word(o));
	if (bad && o->error && !is_said(p->out, p->row, o->error)) {
		ack_buf_puts(p->out, ": ");
		put_line(p->out, o->error);
	}
	ack_buf_puts(p->out, "</p>");
}

static void put_pools(const struct object *o, size_t row, struct ack_buf *out)
{
	struct pools p = {out, row, 0};

	objects_walk(&o->pools, put_pool, &p);
	if (p.count > POOLS_SHOWN)
		ack_buf_printf(out, "<p class=\"note\">and %u more</p>",
			p.count - POOLS_SHOWN);
}

/* What is there, and what an edit makes of it. */
static void put_value(const struct object *o, unsigned row, struct ack_buf *out)
{
	const char *is = ack_values_get(&o->values, row, NULL);
	const char *edit = object_value(o, row, NULL);

	ack_buf_puts(out, "<td>");
	page_put(out, is ? is : "", WORD_MAX_SHOWN);
	if (object_edited(o, row)) {
		ack_buf_puts(out, " → ");
		page_put(out, edit ? edit : "?", WORD_MAX_SHOWN);
	}
	ack_buf_puts(out, "</td>");
}

static const char *region_of(const struct object *o)
{
	const char *region = ack_values_get(&o->values, ACK_P_region_id, NULL);

	return region ? region : o->fleet->endpoint.region;
}

void page_row(const struct page_list *l, const struct page_entry *e,
	struct ack_buf *out)
{
	static const char classes[PAGE_GROUPS] = "apdro";
	const struct object *o = e->object;
	size_t row = out->len;

	ack_buf_printf(out, "<tr class=\"%c\">", classes[e->group]);
	put_name(o, out);
	ack_buf_printf(out, "<td><span class=\"state\">%s</span>",
		object_state_word(o));
	put_progress(o, out);
	put_error(e, out);
	put_twin(o, row, out);
	put_check(o, row, out);
	put_edits(o, out);
	put_pools(o, row, out);
	ack_buf_puts(out, "</td>");
	put_value(o, o->kind->table->nodes, out);
	put_value(o, ACK_P_kubernetes_version, out);
	ack_buf_puts(out, "<td>");
	if (*o->id)
		ack_buf_printf(out, "<code>%s</code>", o->id);
	ack_buf_puts(out, "</td>");
	if (l->regions) {
		ack_buf_puts(out, "<td>");
		page_put(out, region_of(o), WORD_MAX_SHOWN);
		ack_buf_puts(out, "</td>");
	}
	ack_buf_puts(out, "</tr>\n");
}

static bool is_bad(const struct object *o)
{
	return o->state == COURSE_UNKNOWN || story_ended_badly(o) ||
	       (object_exists(o) && o->story && o->story->over &&
		       o->story->bad);
}

struct pool_marks {
	bool bad, moving;
};

static void look_at_pool(struct object *o, void *arg)
{
	struct pool_marks *p = arg;

	p->bad |= is_bad(o);
	p->moving |= !story_at_rest(o);
}

static enum page_group group_of(const struct object *o)
{
	struct pool_marks p = {false, false};

	objects_walk(&o->pools, look_at_pool, &p);
	if (is_bad(o) || p.bad)
		return PAGE_ATTENTION;
	if (!story_at_rest(o) || p.moving)
		return PAGE_PROGRESS;
	if (o->state == COURSE_DRAFT)
		return PAGE_DRAFTS;
	return word_is(o->word, "running") ? PAGE_RUNNING : PAGE_OTHER;
}

/* Of what runs all is well, unless an edit still waits for its commit. */
static bool error_holds(const struct object *o, enum page_group group)
{
	return o->error && (group != PAGE_RUNNING ||
				   ack_values_next_touched(&o->edits, 0) >= 0);
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

	l->entries[l->count++] = (struct page_entry){
		o, group, error_holds(o, group)};
	l->groups[group]++;
	l->faulty += group == PAGE_DRAFTS && o->error;
	l->regions |= strcmp(region_of(o), o->fleet->endpoint.region) != 0;
	count_word(l->words[group], object_state_word(o));
}

/* Those of one group with an error first, the rest by name: team-2 before
 * team-10. */
static int compare(const void *a, const void *b)
{
	const struct page_entry *x = a, *y = b;

	if (x->group != y->group)
		return x->group < y->group ? -1 : 1;
	if (x->error != y->error)
		return x->error ? -1 : 1;
	return strverscmp(x->object->name, y->object->name);
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
