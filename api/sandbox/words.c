/* SPDX-License-Identifier: MIT */
#include "words.h"

#include <string.h>

bool word_is_among(const char *word, const char *choices)
{
	size_t len = strlen(word);

	while (*choices) {
		size_t n = strcspn(choices, "|");

		if (n == len && strncmp(choices, word, n) == 0)
			return true;
		choices += n;
		choices += *choices == '|';
	}
	return false;
}
