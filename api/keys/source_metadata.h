/* SPDX-License-Identifier: MIT */
/* The address of the metadata service of ECS (SERVICE.md, Metadata). */
#ifndef ACK_SOURCE_METADATA_H
#define ACK_SOURCE_METADATA_H

#include <stdbool.h>

/* True for 100.100.100.200, the one host that is spoken to by plain http. */
bool ack_metadata_is(const char *host);

/*
 * http://100.100.100.200; or, for trying ackfs where there is none, what
 * ACKFS_ECS_METADATA_URL says, if that is of this machine (no SDK knows that
 * name). NULL when it is something else.
 */
const char *ack_metadata_url(void);

#endif
