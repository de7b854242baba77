/* SPDX-License-Identifier: MIT */
/* "Did you mean …?" */
#ifndef ACK_NEAREST_H
#define ACK_NEAREST_H

/* The best of the words offered so far for `word`. */
struct ack_nearest {
	const char *word;
	unsigned distance;
	char best[48]; /* "" while nothing was near enough */
};

#define ACK_NEAREST_INIT(text)                \
	{                                     \
		.word = (text), .distance = 3 \
	}

void ack_nearest_offer(struct ack_nearest *n, const char *candidate);

#endif
