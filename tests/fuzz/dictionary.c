/* SPDX-License-Identifier: MIT */
/*
 * The words of all tables, for libFuzzer: names, choices, prefixes, examples,
 * keys of requests and answers, calls, options.
 */
#include <stdio.h>
#include <string.h>

#include "client/call.h"
#include "mount/options.h"
#include "params/params.h"
#include "params/types.h"

static void put(const char *text, size_t len)
{
	if (!len)
		return;
	putchar('"');
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c == '"' || c == '\\')
			printf("\\%c", c);
		else if (c < 0x20 || c >= 0x7f)
			printf("\\x%02x", c);
		else
			putchar(c);
	}
	puts("\"");
}

static void put_word(const char *text)
{
	if (text)
		put(text, strlen(text));
}

/* The steps of a path, or of several. */
static void put_path(const char *path)
{
	while (path && *path) {
		size_t len = strcspn(path, ". =[");

		put(path, len);
		path += len;
		path += strspn(path, ". =[]0+*");
	}
}

static void put_param(const struct ack_param *p)
{
	put_word(p->name);
	put_word(p->prefix);
	put_word(p->example ? p->example : p->type->example);
	put_word(p->fallback);
	for (const char *const *c = p->choices; c && *c; c++)
		put_word(*c);
	for (int form = 0; form < ACK_FORMS; form++)
		put_path(p->place[form]);
}

static void put_table(const struct ack_table *t)
{
	put_word(t->name);
	for (unsigned i = 0; i < t->count; i++)
		put_param(&t->rows[i]);
}

int main(void)
{
	static const char *const more[] = {"\n---\n", "\n", "true", "false",
		"null", "{}", "[]", "{\"", "\":", "\\u0000", "\\ud800", "=404",
		"../", "%00", "\xc2\x9b", "\xe2\x80\xae", "\x1b[", "<script>",
		"9007199254740993", "1e400", "-0", "9223372036854775807"};

	put_table(&ack_cluster_table);
	put_table(&ack_pool_table);
	for (int i = 0; i < ACK_ACTIONS; i++) {
		put_word(ack_call_rows[i].action);
		put_word(ack_call_rows[i].method);
		put_word(ack_call_rows[i].path);
	}
	for (size_t i = 0; option_at(i); i++)
		put_word(option_at(i)->name);
	for (size_t i = 0; i < sizeof(more) / sizeof(more[0]); i++)
		put_word(more[i]);
	return 0;
}
