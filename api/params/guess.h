/* SPDX-License-Identifier: MIT */
/* The parameter that somebody means by a name that none has. */
#ifndef ACK_GUESS_H
#define ACK_GUESS_H

struct ack_table;

/*
 * The name of a row of `t`: one that stands at the same place of a request as
 * a row of another table that is called so; one that other tools call so; one
 * that is spelt nearly so; or one that has it as a word. NULL: no idea.
 */
const char *ack_guess(const struct ack_table *t, const char *name);

#endif
