/* SPDX-License-Identifier: MIT */
/*
 * The service's words for states, of clusters, node pools and tasks, and what
 * they mean (SERVICE.md, States; Tasks; Node pools). Spellings differ:
 * delete_failed, deleteFailed and DELETE_FAILED are one word.
 */
#ifndef WORD_H
#define WORD_H

#include <stdbool.h>

enum meaning {
	MEANS_NOTHING, /* a word that is not known */
	MEANS_MAKING,  /* on its way, and was not there before */
	MEANS_MOVING,  /* on its way */
	MEANS_WELL,    /* at rest */
	MEANS_BADLY,   /* at rest, and it should not be so */
};

enum meaning word_of_state(const char *word);
enum meaning word_of_task(const char *word);

/* Whether it is that one, in whichever spelling; `simple` has small letters
 * alone. */
bool word_is(const char *word, const char *simple);

#endif
