/* SPDX-License-Identifier: MIT */
/* Words in one text: "a|b|c". */
#ifndef SANDBOX_CHOICES_H
#define SANDBOX_CHOICES_H

#include <stdbool.h>

bool choice_is_among(const char *word, const char *choices);
/* The same with another mark between them. */
bool choice_is_listed(const char *word, const char *list, char mark);

#endif
