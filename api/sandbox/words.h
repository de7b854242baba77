/* SPDX-License-Identifier: MIT */
/* Choices as one text: "a|b|c". */
#ifndef SANDBOX_WORDS_H
#define SANDBOX_WORDS_H

#include <stdbool.h>

bool word_is_among(const char *word, const char *choices);

#endif
