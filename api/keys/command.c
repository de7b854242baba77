/* SPDX-License-Identifier: MIT */
#include "keys/command.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define BLANKS " \t\r\n\v\f"

/* Reads one argument from *from and writes it to *to, with its NUL. */
static const char *take(const char **from, char **to)
{
	const char *p = *from;
	char *out = *to;
	char quote = '\0';

	for (; *p && (quote || !strchr(BLANKS, *p)); p++) {
		if (quote ? *p == quote : *p == '\'' || *p == '"') {
			quote = quote ? '\0' : *p;
			continue;
		}
		bool escapes = *p == '\\' && quote != '\'';
		if (escapes && !p[1])
			return ack_text("process_command ends in a backslash");
		if (escapes && (!quote || strchr("\"\\$`\n", p[1])))
			p++;
		*out++ = *p;
	}
	*out++ = '\0';
	*from = p;
	*to = out;
	return quote ? ack_text("process_command has a quote that does not end")
		     : NULL;
}

const char *ack_command_split(struct ack_command *c, const char *line)
{
	/* What an argument gains, its NUL, stands for a blank or the end. */
	*c = (struct ack_command){.text = malloc(strlen(line) + 1)};
	char *to = c->text;
	size_t n = 0;

	if (!to)
		return ack_text("out of memory");
	memset(to, 0, strlen(line) + 1);
	for (;;) {
		line += strspn(line, BLANKS);
		if (!*line)
			break;
		if (n == ACK_COMMAND_ARGS)
			return ack_text(
				"process_command has too many arguments");
		c->argv[n++] = to;
		const char *wrong = take(&line, &to);
		if (wrong)
			return wrong;
	}
	return n > 0 && *c->argv[0] ? NULL
				    : ack_text("process_command is empty");
}

void ack_command_release(struct ack_command *c)
{
	/* NULs lie between the arguments: each is wiped for itself. */
	for (size_t i = 0; c->argv[i]; i++)
		explicit_bzero(c->argv[i], strlen(c->argv[i]));
	free(c->text);
	*c = (struct ack_command){0};
}
