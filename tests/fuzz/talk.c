/* SPDX-License-Identifier: MIT */
#include "talk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void add(struct exchange *x, const char *name, const char *value)
{
	if (x->nheaders == EXCHANGE_HEADERS_MAX)
		x->too_large = true;
	else
		x->headers[x->nheaders++] = (struct ack_header){name, value};
}

/* Lines up to an empty one, in place; what follows is returned. */
static char *take_headers(struct exchange *x, char *text)
{
	char *line;

	while (text && (line = strsep(&text, "\n")) && *line) {
		char *value = strchr(line, ':');

		if (value)
			*value++ = '\0';
		else
			value = line + strlen(line);
		add(x, line, value + strspn(value, " \t"));
	}
	return text;
}

void talk_begin(struct talk *t, struct ack_span text,
	char *(*target)(struct ack_span s))
{
	struct ack_span line = ack_span_cut(&text, "\n");
	struct ack_span method = ack_span_cut(&line, " ");
	char *uri = target ? target(line) : fuzz_copy(line), *body;

	*t = (struct talk){.rest = fuzz_copy(text)};
	snprintf(t->x.method, sizeof(t->x.method), "%.*s", (int)method.len,
		method.text ? method.text : "");
	MUST(!exchange_init(&t->x, uri));
	t->x.own = true;
	free(uri);
	body = take_headers(&t->x, t->rest);
	if (body)
		ack_buf_puts(&t->x.body, body);
}

void talk_end(struct talk *t)
{
	exchange_release(&t->x);
	free(t->rest);
}
