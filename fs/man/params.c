/* SPDX-License-Identifier: MIT */
/* A parameter in the manual is what schema/ says, and a little more. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "manual.h"
#include "base/length.h"
#include "params/params.h"
#include "params/types.h"

/* A line of schema/NAME that stands elsewhere in the entry. */
static bool is_elsewhere(const char *key)
{
	return !strcmp(key, "name") || !strcmp(key, "meaning");
}

static void put_literal(const char *text)
{
	fputs(".Li", stdout);
	manual_argument(text);
	putchar('\n');
}

static void put_fact(const char *key, const char *value)
{
	static const char *const literal[] = {"choices", "shape", "begins with",
		"write", "request", "nodepools", "live", "edit"};
	const char *word = manual_word(value);
	bool quote = false;

	for (size_t i = 0; i < LENGTH(literal); i++)
		quote |= !strcmp(key, literal[i]);
	printf(".It %s\n", manual_word(key));
	if (!quote || word != value) {
		manual_text(word);
		return;
	}
	put_literal(value);
}

/* "range: 0 to 500" */
static void put_bounds(const char *key, const char *value, const char *to)
{
	char text[64];

	snprintf(text, sizeof(text), "%.*s%s%s", (int)(to - value), value,
		manual_word(" to "), to + strlen(" to "));
	printf(".It %s\n%s\n", manual_word(key), text);
}

static void put_line(const struct ack_param *p, char *line)
{
	char *value = strstr(line, ": ");
	const char *to;

	if (!value) {
		/* the meaning in Chinese, or an example of many lines */
		if (*line && strncmp(line, "含义", strlen("含义"))) {
			puts(".br");
			put_literal(line);
		}
		return;
	}
	*value = '\0';
	value += 2;
	to = strstr(value, " to ");
	if (is_elsewhere(line))
		return;
	if (p->type->bounds && !strcmp(line, p->type->bounds) && to)
		put_bounds(line, value, to);
	else
		put_fact(line, value);
}

static bool put(const struct ack_param *p)
{
	struct ack_buf schema = ACK_BUF_INIT(65536);
	char *rest, *line;

	ack_param_schema(p, &schema);
	if (ack_buf_status(&schema)) {
		ack_buf_release(&schema);
		return manual_fail("out of memory", p->name);
	}
	fputs(".It Pa", stdout);
	manual_argument(ack_param_file(p));
	putchar('\n');
	manual_text(manual_is_chinese() ? p->zh : p->en);
	puts(".Pp\n.Bl -tag -width \"prefix length\" -compact");
	rest = schema.data;
	while ((line = strsep(&rest, "\n")))
		put_line(p, line);
	if (p->place[ACK_LIVE])
		put_fact("live", p->place[ACK_LIVE]);
	if (p->place[ACK_EDIT])
		put_fact("edit", p->place[ACK_EDIT]);
	puts(".El");
	ack_buf_release(&schema);
	return true;
}

bool manual_params(const char *name)
{
	static const struct ack_table *const tables[] = {
		&ack_cluster_table, &ack_pool_table};
	const struct ack_table *t = NULL;

	for (size_t i = 0; name && i < LENGTH(tables); i++)
		if (!strcmp(tables[i]->name, name))
			t = tables[i];
	if (!t)
		return manual_fail("there is no such table", name ? name : "");
	for (int row = ack_table_next(t, -1); row >= 0;
		row = ack_table_next(t, row))
		if (!put(&t->rows[row]))
			return false;
	return true;
}
