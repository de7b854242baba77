/* SPDX-License-Identifier: MIT */
/*
 * In place of http.c: no network, only answers that come from an input. Each
 * is a piece (fuzz.h); it may begin with a line `=STATUS DATE RETRY TYPE`, and
 * is a 200 without one. Status 0: no answer came, although the request left.
 */
#ifndef WIRE_H
#define WIRE_H

#include "fuzz.h"

struct ack_http;

/* There is one. */
struct ack_http *wire_http(void);

/* The answers to come. */
void wire_load(struct ack_span answers);

/* The next piece of them, for what is no request; text NULL: none. */
struct ack_span wire_piece(void);

/* Answers the oldest request; false: none waits, or there is no answer. */
bool wire_turn(void);

/* Whether a request waits. */
bool wire_busy(void);

#endif
