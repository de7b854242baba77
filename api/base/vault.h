/* SPDX-License-Identifier: MIT */
/*
 * Memory for what must not get onto a disk by itself: keys, passwords, and
 * requests that carry one. It is locked as far as RLIMIT_MEMLOCK allows, and
 * in no core dump; whatever finds no room there gets what malloc(3) has. For
 * one thread.
 *
 * The secure heap of OpenSSL would do the same, but OpenSSL takes the private
 * keys of key exchanges from it: when requests fill it, each TLS
 * handshake fails until one of them ends.
 */
#ifndef ACK_VAULT_H
#define ACK_VAULT_H

#include <stdbool.h>
#include <stddef.h>

void *ack_vault_alloc(size_t size); /* NULL without memory */
char *ack_vault_copy(const char *text);

/* Wipes and frees, also what malloc(3) gave; NULL is fine. */
void ack_vault_free(void *p);

bool ack_vault_holds(const void *p);
size_t ack_vault_size(const void *p); /* of what it holds */

#endif
