/* SPDX-License-Identifier: MIT */
#include "params/nearest.h"

#include <stdio.h>
#include <string.h>

#define LENGTH_MAX (sizeof(((struct ack_nearest *)0)->best) - 1)

static unsigned least(unsigned a, unsigned b, unsigned c)
{
	unsigned ab = a < b ? a : b;

	return ab < c ? ab : c;
}

/* Characters to add, take away or replace; both at most LENGTH_MAX long. */
static unsigned distance(const char *a, const char *b)
{
	unsigned row[LENGTH_MAX + 1];
	size_t width = strlen(b);

	for (unsigned i = 0; i <= width; i++)
		row[i] = i;
	for (unsigned i = 0; a[i]; i++) {
		unsigned diagonal = row[0];

		row[0] = i + 1;
		for (size_t j = 0; j < width; j++) {
			unsigned above = row[j + 1];

			row[j + 1] = least(above + 1, row[j] + 1,
				diagonal + (a[i] != b[j]));
			diagonal = above;
		}
	}
	return row[width];
}

void ack_nearest_offer(struct ack_nearest *n, const char *candidate)
{
	size_t len = strlen(n->word), other = strlen(candidate);
	size_t apart = len > other ? len - other : other - len;

	if (len > LENGTH_MAX || other > LENGTH_MAX)
		return;
	/* the lengths alone are too far apart, for most candidates */
	if (apart >= n->distance || apart * 3 > len)
		return;
	unsigned d = distance(n->word, candidate);

	/* Of a short word not much may differ. */
	if (d >= n->distance || d * 3 > len)
		return;
	n->distance = d;
	snprintf(n->best, sizeof(n->best), "%s", candidate);
}
