/* SPDX-License-Identifier: MIT */
#include "sandbox/choices.h"

#include <string.h>

bool choice_is_listed(const char *word, const char *list, char mark)
{
	const char stop[] = {mark, '\0'};
	size_t len = strlen(word);

	while (*list) {
		size_t n = strcspn(list, stop);

		if (n == len && strncmp(list, word, n) == 0)
			return true;
		list += n;
		list += *list == mark;
	}
	return false;
}

bool choice_is_among(const char *word, const char *choices)
{
	return choice_is_listed(word, choices, '|');
}
