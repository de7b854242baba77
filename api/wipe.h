/* SPDX-License-Identifier: MIT */
/* free(3) and realloc(3) for foreign libraries whose memory holds secrets. */
#ifndef ACK_WIPE_H
#define ACK_WIPE_H

#include <stddef.h>

void ack_wipe_free(void *p);
void *ack_wipe_realloc(void *p, size_t size);

#endif
