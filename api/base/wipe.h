/* SPDX-License-Identifier: MIT */
/* free(3) for foreign libraries whose memory holds secrets. */
#ifndef ACK_WIPE_H
#define ACK_WIPE_H

#include <stddef.h>

void ack_wipe_free(void *p);

#endif
