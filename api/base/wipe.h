/* SPDX-License-Identifier: MIT */
/* free(3) for foreign libraries whose memory holds secrets. */
#ifndef ACK_WIPE_H
#define ACK_WIPE_H

void ack_wipe_free(void *p);

#endif
