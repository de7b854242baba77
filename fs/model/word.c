/* SPDX-License-Identifier: MIT */
#include "model/word.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

#include "base/length.h"

#define SIMPLE_MAX 64

struct row {
	const char *word;
	enum meaning meaning;
};

/* The words that the service documents, and those that its older pages and
 * its clients know. */
static const struct row states[] = {
	{"initial", MEANS_MAKING},
	{"initializing", MEANS_MAKING},
	{"creating", MEANS_MAKING},
	{"pending", MEANS_MOVING},
	{"waiting", MEANS_MOVING},
	{"connecting", MEANS_MOVING},
	{"updating", MEANS_MOVING},
	{"upgrading", MEANS_MOVING},
	{"scaling", MEANS_MOVING},
	{"removing", MEANS_MOVING},
	{"draining", MEANS_MOVING},
	{"migrating", MEANS_MOVING},
	{"repairing", MEANS_MOVING},
	{"starting", MEANS_MOVING},
	{"stopping", MEANS_MOVING},
	{"deleting", MEANS_MOVING},
	{"running", MEANS_WELL},
	{"active", MEANS_WELL},
	{"disconnected", MEANS_WELL},
	{"deleted", MEANS_WELL},
	{"unavailable", MEANS_BADLY},
	{"inactive", MEANS_BADLY},
	{"stopped", MEANS_BADLY},
};

static const struct row tasks[] = {
	{"initial", MEANS_MOVING},
	{"pending", MEANS_MOVING},
	{"running", MEANS_MOVING},
	/* until somebody resumes it */
	{"paused", MEANS_MOVING},
	{"success", MEANS_WELL},
	{"succeeded", MEANS_WELL},
	/* from here it is no failure: story_task() */
	{"canceled", MEANS_BADLY},
	{"cancelled", MEANS_BADLY},
};

/* Its letters alone, in small. What is longer is not a word of the service. */
static void simplify(const char *word, char out[static SIMPLE_MAX])
{
	size_t len = 0;

	for (; *word && len < SIMPLE_MAX - 1; word++)
		if (isalnum((unsigned char)*word))
			out[len++] = (char)tolower((unsigned char)*word);
	out[len] = '\0';
}

bool word_is(const char *word, const char *simple)
{
	char own[SIMPLE_MAX];

	simplify(word, own);
	return !strcmp(own, simple);
}

static enum meaning look_up(
	const struct row *rows, size_t count, const char *word)
{
	char simple[SIMPLE_MAX];

	simplify(word ? word : "", simple);
	for (size_t i = 0; i < count; i++)
		if (!strcmp(simple, rows[i].word))
			return rows[i].meaning;
	/* upgrade_failed, CreateFail, task_error: there are many */
	if (word && (strcasestr(word, "fail") || strcasestr(word, "error")))
		return MEANS_BADLY;
	return MEANS_NOTHING;
}

enum meaning word_of_state(const char *word)
{
	return look_up(states, LENGTH(states), word);
}

enum meaning word_of_task(const char *word)
{
	return look_up(tasks, LENGTH(tasks), word);
}
