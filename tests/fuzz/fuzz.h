/* SPDX-License-Identifier: MIT */
/*
 * What the fuzz targets have in common. A target is one .c file: it takes one
 * input, in memory, and comes back. libFuzzer calls it, or replay.c with the
 * files of its corpus. Inputs are text: what a first line chooses, and lines
 * of three dashes between pieces, keep a corpus readable.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdbool.h>
#include <stddef.h>

#include "base/span.h"

struct ack_error;
struct ack_values;

/* Of the target: once, before the first input; and for each. */
void fuzz_begin(void);
void fuzz_one(struct ack_span input);

/*
 * Cuts the first line off the input: a choice among `count` words, those that
 * word() gives. Any other line is a choice, too, so that no input is wasted.
 */
unsigned fuzz_choose(struct ack_span *input, const char *(*word)(unsigned i),
	unsigned count);

/* Cuts the piece before the next line of three dashes off; text NULL: there
 * is none left. */
struct ack_span fuzz_piece(struct ack_span *input);

/* A copy with a NUL behind it, which the caller frees. */
char *fuzz_copy(struct ack_span s);

/* Well-formed UTF-8 that a terminal may see: of control characters none but
 * line ends. */
bool fuzz_plain(const char *text);

/* A failure must speak in plain words; `ret` is what told it. */
void fuzz_failure(int ret, const struct ack_error *e);

/*
 * Whether the checks that take long are made of this input: of each that
 * replay.c runs, and of one in `fuzz_every` that a fuzzer makes.
 */
extern unsigned fuzz_every;
bool fuzz_due(struct ack_span input);

/* Ends the process: the input is worth keeping. */
void fuzz_broken(const char *file, int line, const char *what)
	__attribute__((noreturn));

#define MUST(what) ((what) ? (void)0 : fuzz_broken(__FILE__, __LINE__, #what))

#endif
