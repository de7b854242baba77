/* SPDX-License-Identifier: MIT */
/*
 * A set of values, one for each row of a table that is set. Packed into one
 * block, so that a directory costs bytes for what is set, not for its files;
 * the block is wiped whenever it moves or goes.
 */
#ifndef ACK_VALUES_H
#define ACK_VALUES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ack_values {
	char *block;
	size_t len;
};

#define ACK_VALUES_INIT  \
	{                \
		.len = 0 \
	}

void ack_values_release(struct ack_values *v);

/*
 * The canonical text of `row`, NUL-terminated and valid until the next
 * change of v; NULL when it is unset. *len may be NULL.
 */
const char *ack_values_get(
	const struct ack_values *v, unsigned row, size_t *len);

/* When it was last set or unset, in ns since 1970; 0: never touched. */
int64_t ack_values_time(const struct ack_values *v, unsigned row);

/*
 * Copies canonical text in; len 0 unsets (and keeps only the time). 0 or
 * -ENOMEM, v unchanged then.
 */
int ack_values_set(struct ack_values *v, unsigned row, const char *text,
	size_t len, int64_t time);

/*
 * Whether the block lies in the vault, as it should while it has a secret in
 * it; what changes it, or copies it, leaves it there. -ENOMEM, v unchanged
 * then.
 */
int ack_values_guard(struct ack_values *v, bool secret);

/* As if `row` had never been touched; its memory is wiped. */
void ack_values_drop(struct ack_values *v, unsigned row);

/* dst becomes a copy of src; 0 or -ENOMEM, dst unchanged then. */
int ack_values_copy(struct ack_values *dst, const struct ack_values *src);

/* Walks what is set, in the order of the rows: start with row 0. Returns
 * the first set row >= `row`, or -1. */
int ack_values_next(const struct ack_values *v, unsigned row);

/* The same for what was touched: rows that were unset, too. */
int ack_values_next_touched(const struct ack_values *v, unsigned row);

#endif
