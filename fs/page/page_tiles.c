/* SPDX-License-Identifier: MIT */
#include "page/page_tiles.h"

#include "base/buf.h"
#include "page/page_list.h"
#include "page/page_put.h"

static const struct {
	const char *anchor, *title, *absence;
	char class; /* of page.css */
} groups[PAGE_GROUPS] = {
	[PAGE_ATTENTION] = {"attention", "Attention",
		"Nothing needs attention.", 'a'},
	[PAGE_PROGRESS] = {"progress", "In progress", "Nothing is in progress.",
		'p'},
	[PAGE_DRAFTS] = {"drafts", "Drafts", "There are no drafts.", 'd'},
	[PAGE_RUNNING] = {"running", "Running", "No cluster is running.", 'r'},
	[PAGE_OTHER] = {"other", "Other", "There are no others.", 'o'},
};

void page_anchors(struct ack_buf *out)
{
	ack_buf_puts(out, "<div class=\"at\" id=\"all\"></div>");
	for (unsigned i = 0; i < PAGE_GROUPS; i++)
		ack_buf_printf(out, "<div class=\"at\" id=\"%s\"></div>",
			groups[i].anchor);
	ack_buf_putc(out, '\n');
}

/* In the service's own words, where they are others than the title. */
static void put_words(
	const struct page_list *l, enum page_group group, struct ack_buf *out)
{
	size_t left = l->groups[group];

	if (!left || group == PAGE_DRAFTS || group == PAGE_RUNNING)
		return;
	ack_buf_puts(out, "<small>");
	for (unsigned i = 0; i < PAGE_WORDS; i++) {
		const struct page_word *w = &l->words[group][i];

		if (!w->count)
			break;
		ack_buf_puts(out, i ? ", " : "");
		page_put_count(out, w->count);
		ack_buf_putc(out, ' ');
		page_put(out, w->word, 32);
		left -= w->count;
	}
	ack_buf_puts(out, left ? " …</small>" : "</small>");
}

void page_tiles(const struct page_list *l, struct ack_buf *out)
{
	ack_buf_puts(out, "<nav aria-label=\"Show only\">\n"
			  "<a class=\"all\" href=\"#all\"><b>");
	page_put_count(out, l->count);
	ack_buf_puts(out, "</b> <i>All</i></a>\n");
	for (unsigned i = 0; i < PAGE_GROUPS; i++) {
		if (i == PAGE_OTHER && !l->groups[i])
			continue;
		ack_buf_printf(out, "<a class=\"%c%s\" href=\"#%s\"><b>",
			groups[i].class, l->groups[i] ? "" : " zero",
			groups[i].anchor);
		page_put_count(out, l->groups[i]);
		ack_buf_printf(out, "</b> <i>%s</i>", groups[i].title);
		put_words(l, i, out);
		ack_buf_puts(out, "</a>\n");
	}
	ack_buf_puts(out, "</nav>\n");
}

void page_absences(const struct page_list *l, struct ack_buf *out)
{
	for (unsigned i = 0; i < PAGE_GROUPS; i++)
		if (!l->groups[i])
			ack_buf_printf(out, "<p class=\"none %c\">%s</p>\n",
				groups[i].class, groups[i].absence);
}
