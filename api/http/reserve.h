/* SPDX-License-Identifier: MIT */
/*
 * The memory of libcurl. When an allocation fails in the wrong place it loses
 * a socket from sight for ever, or divides by zero later (7.88); so it is
 * served from a reserve then, and no new transfer begins before there is
 * memory again. All of it is wiped when it is freed.
 *
 * libcurl copies what it sends into a buffer, and keeps that until the answer
 * has come. One of the size below, and with the head that 8.7 and later put
 * before it, is in the vault; only the thread of the vault sends.
 */
#ifndef ACK_RESERVE_H
#define ACK_RESERVE_H

#include <stdbool.h>
#include <stddef.h>

#define ACK_RESERVE_SECRET 16400L /* bytes; no power of two, as others are */

void *ack_reserve_malloc(size_t size);
void *ack_reserve_calloc(size_t n, size_t size);
void *ack_reserve_realloc(void *p, size_t size);
char *ack_reserve_strdup(const char *text);
void ack_reserve_free(void *p);

/* Whether so much is in use that what is under way needs the rest. */
bool ack_reserve_low(void);

#endif
