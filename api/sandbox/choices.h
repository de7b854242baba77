/* SPDX-License-Identifier: MIT */
/* Words in one text: "a|b|c". */
#ifndef SANDBOX_WORDS_H
#define SANDBOX_WORDS_H

#include <stdbool.h>

bool word_is_among(const char *word, const char *choices);
/* The same with another mark between them. */
bool word_is_listed(const char *word, const char *list, char mark);

#endif
