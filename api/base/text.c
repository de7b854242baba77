/* SPDX-License-Identifier: MIT */
#include "base/text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/length.h"

struct text {
	const char *english, *chinese;
};

static struct text texts[] = {
#define ACK_TEXT(english, chinese) {english, chinese},
#include "base/text_values.def"
#include "base/text_service.def"
#include "base/text_mount.def"
#include "base/text_cluster.def"
#include "base/text_parts.def"
#undef ACK_TEXT
};

static bool chinese, sorted;

static int compare(const void *a, const void *b)
{
	return strcmp(((const struct text *)a)->english,
		((const struct text *)b)->english);
}

static const char *environment(void)
{
	static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
	const char *locale = NULL;

	for (size_t i = 0; i < LENGTH(names) && !(locale && *locale); i++)
		locale = getenv(names[i]);
	return locale ? locale : "";
}

/* The tables are; a terminal that reads GBK would show something else. */
static bool is_utf8(const char *coding)
{
	return !coding || !strncasecmp(coding, ".UTF-8", 6) ||
	       !strncasecmp(coding, ".UTF8", 5);
}

void ack_text_language(const char *locale)
{
	if (!locale)
		locale = environment();
	/* strchr(3) finds the end of the word, too */
	chinese = !strncmp(locale, "zh", 2) && strchr("_-.@", locale[2]) &&
		  is_utf8(strchr(locale, '.'));
	if (chinese && !sorted)
		qsort(texts, LENGTH(texts), sizeof(texts[0]), compare);
	sorted |= chinese;
}

bool ack_text_is_chinese(void)
{
	return chinese;
}

const char *ack_text(const char *english)
{
	const struct text key = {.english = english};
	const struct text *found = NULL;

	if (chinese && english)
		found = bsearch(
			&key, texts, LENGTH(texts), sizeof(texts[0]), compare);
	return found ? found->chinese : english;
}

bool ack_text_row(unsigned row, const char **english, const char **zh)
{
	if (row >= LENGTH(texts))
		return false;
	*english = texts[row].english;
	*zh = texts[row].chinese;
	return true;
}
