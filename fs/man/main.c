/* SPDX-License-Identifier: MIT */
/* manual TEMPLATE [zh]: prints the page. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "manual.h"

#include "base/length.h"

static const struct {
	const char *word;
	bool (*put)(const char *rest);
} directives[] = {
	{"@option", manual_option},
	{"@options", manual_options},
	{"@file", manual_file},
	{"@files", manual_files},
	{"@params", manual_params},
};

bool manual_fail(const char *what, const char *which)
{
	fprintf(stderr, "manual: %s: %s\n", what, which);
	return false;
}

static bool direct(char *line)
{
	char *rest = strchr(line, ' ');

	if (rest)
		*rest++ = '\0';
	for (size_t i = 0; i < LENGTH(directives); i++)
		if (!strcmp(directives[i].word, line))
			return directives[i].put(rest);
	return manual_fail("there is no such directive", line);
}

static bool expand(FILE *in)
{
	char *line = NULL;
	size_t size = 0;
	ssize_t len;
	bool good = true;

	while (good && (len = getline(&line, &size, in)) > 0) {
		if (line[len - 1] == '\n')
			line[len - 1] = '\0';
		if (*line == '@')
			good = direct(line);
		else if (manual_is_chinese() && *line != '.')
			manual_text(line);
		else
			puts(line);
	}
	free(line);
	return good && !ferror(in);
}

int main(int argc, char **argv)
{
	FILE *in = argc > 1 ? fopen(argv[1], "re") : NULL;
	bool good;

	if (!in) {
		fputs("usage: manual TEMPLATE [zh]\n", stderr);
		return 2;
	}
	if (argc > 2 && !strcmp(argv[2], "zh"))
		manual_be_chinese();
	good = expand(in);
	fclose(in);
	return good && !fflush(stdout) ? 0 : 1;
}
