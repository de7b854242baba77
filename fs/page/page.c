/* SPDX-License-Identifier: MIT */
#include "page/page.h"

#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "base/event.h"
#include "base/text.h"
#include "client/sign.h"
#include "cloud/refresh.h"
#include "model/fleet.h"
#include "model/object.h"
#include "page/page_list.h"
#include "page/page_put.h"
#include "page/page_style.h"

/* A browser can bear so much, and a reader less. */
#define ROWS      500
#define BYTES     (768u << 10)
#define BYTES_MAX (1u << 20)

#define FRESH_MS 1000

/* How often it renews itself, in seconds. */
#define RENEW_BUSY 10
#define RENEW_IDLE 60

#define SENTENCE_MAX 400

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

/* What the tiles point at: before everything else. */
static void put_anchors(struct ack_buf *out)
{
	ack_buf_puts(out, "<div class=\"at\" id=\"all\"></div>");
	for (unsigned i = 0; i < PAGE_GROUPS; i++)
		ack_buf_printf(out, "<div class=\"at\" id=\"%s\"></div>",
			groups[i].anchor);
	ack_buf_putc(out, '\n');
}

/* Drafts with an error, and else the service's own words, where they are others
 * than the title. */
static void put_words(
	const struct page_list *l, enum page_group group, struct ack_buf *out)
{
	size_t left = l->groups[group];

	if (group == PAGE_DRAFTS && l->faulty) {
		ack_buf_puts(out, "<small>");
		page_put_count(out, l->faulty);
		ack_buf_puts(out, ack_text(" with an error</small>"));
	}
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

/* The counts at the top, each a link that shows its rows alone. */
static void put_tiles(const struct page_list *l, struct ack_buf *out)
{
	ack_buf_printf(out, "<nav aria-label=\"Show only\">\n"
			    "<a class=\"all\" href=\"#all\"><b>");
	page_put_count(out, l->count);
	ack_buf_puts(out, ack_text("</b> <i>All</i></a>\n"));
	for (unsigned i = 0; i < PAGE_GROUPS; i++) {
		if (i == PAGE_OTHER && !l->groups[i])
			continue;
		ack_buf_printf(out, "<a class=\"%c%s\" href=\"#%s\"><b>",
			groups[i].class, l->groups[i] ? "" : " zero",
			groups[i].anchor);
		page_put_count(out, l->groups[i]);
		ack_buf_printf(
			out, "</b> <i>%s</i>", ack_text(groups[i].title));
		put_words(l, i, out);
		ack_buf_puts(out, "</a>\n");
	}
	ack_buf_puts(out, "</nav>\n");
}

/* What stands in place of the rows of a group that has none. */
static void put_absences(const struct page_list *l, struct ack_buf *out)
{
	for (unsigned i = 0; i < PAGE_GROUPS; i++)
		if (!l->groups[i])
			ack_buf_printf(out, "<p class=\"none %c\">%s</p>\n",
				groups[i].class, ack_text(groups[i].absence));
}

/*
 * Whatever a name may smuggle in: nothing is loaded, and nothing is run but the
 * script with this hash. The icon is a shape in the colour of what is most in
 * need of a look.
 */
static const char policy[] =
	"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src "
	"'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
	"form-action 'none'; script-src 'sha256-%s'\">\n";

static const char head[] =
	"<meta charset=\"utf-8\">\n"
	"<meta name=\"viewport\" content=\"width=device-width, "
	"initial-scale=1\">\n"
	"<meta name=\"referrer\" content=\"no-referrer\">\n"
	"<meta name=\"color-scheme\" content=\"light dark\">\n";

static const char *const icons[PAGE_GROUPS] = {
	[PAGE_ATTENTION] = "%3Cpath d='M8 1l7 14H1z' fill='%23d9480f'/%3E",
	[PAGE_PROGRESS] = "%3Ccircle cx='8' cy='8' r='6' fill='none' "
			  "stroke='%231c7ed6' stroke-width='2'/%3E%3Cpath "
			  "d='M8 2a6 6 0 000 12z' fill='%231c7ed6'/%3E",
	[PAGE_RUNNING] = "%3Ccircle cx='8' cy='8' r='7' fill='%23099268'/%3E",
};

static void put_lines(const char *const *line, struct ack_buf *out)
{
	for (; *line; line++)
		if (**line)
			ack_buf_printf(out, "%s\n", *line);
}

static void put_script(struct ack_buf *out)
{
	ack_buf_putc(out, '\n');
	put_lines(page_script, out);
}

/* The browser takes the hash of all that stands between the tags. */
static void put_policy(struct ack_buf *out)
{
	struct ack_buf script = ACK_BUF_INIT(1u << 16);
	struct ack_buf hash = ACK_BUF_INIT(64);

	put_script(&script);
	ack_sha256_base64(ack_buf_text(&script), script.len, &hash);
	ack_buf_printf(out, policy, ack_buf_text(&hash));
	out->failed |= script.failed || hash.failed;
	ack_buf_release(&script);
	ack_buf_release(&hash);
}

static void put_head(
	const struct fleet *f, const struct page_list *l, struct ack_buf *out)
{
	size_t bad = l->groups[PAGE_ATTENTION];
	size_t busy = l->groups[PAGE_PROGRESS];

	ack_buf_puts(
		out, ack_text("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"));
	ack_buf_puts(out, head);
	put_policy(out);
	ack_buf_printf(out, "<meta http-equiv=\"refresh\" content=\"%d\">\n",
		busy ? RENEW_BUSY : RENEW_IDLE);
	ack_buf_puts(out, "<title>");
	if (bad) {
		page_put_count(out, bad);
		ack_buf_printf(out, " need%s attention, ", bad > 1 ? "" : "s");
	}
	if (busy) {
		page_put_count(out, busy);
		ack_buf_puts(out, ack_text(" in progress, "));
	}
	page_put(out, f->endpoint.region, 64);
	ack_buf_puts(out, " - ackfs</title>\n");
	ack_buf_printf(out,
		"<link rel=\"icon\" href=\"data:image/svg+xml,%%3Csvg "
		"xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 "
		"16'%%3E%s%%3C/svg%%3E\">\n",
		icons[bad      ? PAGE_ATTENTION
			: busy ? PAGE_PROGRESS
			       : PAGE_RUNNING]);
	ack_buf_puts(out, "<style>\n");
	put_lines(page_style, out);
	ack_buf_puts(out, "</style>\n</head>\n");
}

/* The first line, unless it stands there since `top`. */
static void put_alert(struct ack_buf *out, size_t top, const char *class,
	const char *text, const char *file)
{
	size_t len = strcspn(text, "\n");
	char line[1024];

	if (!len)
		return;
	if (len >= sizeof(line))
		len = sizeof(line) - 1;
	memcpy(line, text, len);
	line[len] = '\0';
	if (page_has(out, top, line, SENTENCE_MAX))
		return;
	ack_buf_printf(out, "<p class=\"%s\"><a href=\"%s\">%s</a> ", class,
		file, file);
	page_put(out, line, SENTENCE_MAX);
	ack_buf_puts(out, "</p>\n");
}

static void put_top(const struct fleet *f, struct ack_buf *out)
{
	size_t top;

	ack_buf_puts(out, "<header>\n<h1>");
	page_put(out, f->endpoint.region, 64);
	ack_buf_puts(out, "</h1>\n<p>");
	page_put(out, f->endpoint.url, 256);
	ack_buf_puts(out, ack_text("</p>\n<p>list read "));
	refresh_age(f, out);
	ack_buf_puts(out, "</p>\n</header>\n");
	top = out->len;
	put_alert(out, top, "alert",
		f->refresh.why.err ? f->refresh.why.message : "", "error");
	put_alert(out, top, "alert", f->warning, "status");
	put_alert(out, top, "alert", f->renewal, "status");
	put_alert(out, top, "alert", f->rejected, "status");
	/* of what somebody tried; else it is one of those that last */
	put_alert(out, top, "alert over", f->error ? f->error : "", "error");
}

/* Returns how many rows found room. */
static size_t put_table(const struct page_list *l, struct ack_buf *out)
{
	size_t i;

	ack_buf_printf(out,
		"<table>\n<thead><tr><th scope=\"col\">Cluster</th>"
		"<th scope=\"col\">State</th><th scope=\"col\">Nodes</th>"
		"<th scope=\"col\">Kubernetes</th><th scope=\"col\">ID</th>"
		"%s</tr></thead>\n<tbody>\n",
		l->regions ? ack_text("<th scope=\"col\">Region</th>") : "");
	for (i = 0; i < l->count && i < ROWS && out->len < BYTES; i++)
		page_row(l, &l->entries[i], out);
	ack_buf_puts(out, "</tbody>\n</table>\n");
	return i;
}

static void put_empty(const struct fleet *f, struct ack_buf *out)
{
	ack_buf_printf(out,
		"<div class=\"empty\">\n<p>%s</p>\n"
		"<p><code>mkdir clusters/NAME</code> begins one; <a "
		"href=\"README\">README</a> has the rest.</p>\n</div>\n",
		f->refresh.complete || !f->refresh.max_age_ms
			? ack_text("There is no cluster yet.")
			: ack_text("The list of clusters has not come yet."));
}

static void put_main(
	const struct fleet *f, const struct page_list *l, struct ack_buf *out)
{
	size_t shown;

	ack_buf_puts(out, "<main>\n");
	if (!l->count) {
		put_empty(f, out);
	} else {
		/* nobody sees it without the script */
		ack_buf_printf(out,
			"<p class=\"search\" hidden><input type=\"search\" "
			"placeholder=\"Search\" "
			"aria-label=\"Search\"></p>\n");
		shown = put_table(l, out);
		put_absences(l, out);
		if (shown < l->count) {
			ack_buf_puts(out, "<p class=\"more\">");
			page_put_count(out, l->count - shown);
			ack_buf_puts(out, ack_text(" of "));
			page_put_count(out, l->count);
			ack_buf_printf(out, " are not on this page; <code>ls "
					    "clusters</code> lists all.</p>\n");
		}
	}
	ack_buf_puts(out, "</main>\n");
}

static void put_foot(
	const struct page_list *l, int64_t now_ns, struct ack_buf *out)
{
	time_t now = (time_t)(now_ns / 1000000000);
	char when[32], date[ACK_DATE_LEN];
	struct tm tm;

	gmtime_r(&now, &tm);
	strftime(when, sizeof(when), "%Y-%m-%d %H:%M:%S UTC", &tm);
	ack_date(now, date);
	ack_buf_printf(out,
		"<footer>\n<span>Made <time datetime=\"%s\">%s</time>, "
		"renewed every %d s</span>\n"
		"<a href=\"README\">README</a>\n<a href=\"status\">status</a>\n"
		"<a href=\"error\">error</a>\n"
		"<a href=\"clusters/\">clusters</a>\n"
		"<a href=\"schema/\">schema</a>\n"
		"<span>ackfs %s</span>\n</footer>\n",
		date, when, l->groups[PAGE_PROGRESS] ? RENEW_BUSY : RENEW_IDLE,
		ACK_VERSION);
}

static void make(struct fleet *f, int64_t now_ns, struct ack_buf *out)
{
	struct page_list l;

	if (!page_list_make(f, &l)) {
		out->failed = true;
		return;
	}
	put_head(f, &l, out);
	ack_buf_puts(out, "<body>\n");
	put_anchors(out);
	put_top(f, out);
	put_tiles(&l, out);
	put_main(f, &l, out);
	put_foot(&l, now_ns, out);
	ack_buf_puts(out, "<script>");
	put_script(out);
	ack_buf_puts(out, "</script>\n</body>\n</html>\n");
	page_list_free(&l);
}

void page_show(struct fleet *f, struct object *o, struct ack_buf *out)
{
	struct page *p = &f->page;
	int64_t now = ack_now_ms();

	(void)o;
	if (!p->made_ms || now - p->made_ms >= FRESH_MS ||
		p->changes != f->changes) {
		p->text.max = BYTES_MAX;
		ack_buf_clear(&p->text);
		p->made = time_now_ns();
		make(f, p->made, &p->text);
		p->made_ms = p->text.failed ? 0 : now;
		p->changes = f->changes;
	}
	ack_buf_put(out, ack_buf_text(&p->text), p->text.len);
	out->failed |= p->text.failed;
}

int64_t page_time(const struct fleet *f)
{
	return f->page.made;
}

void page_release(struct fleet *f)
{
	ack_buf_release(&f->page.text);
}
