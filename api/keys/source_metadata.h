/* SPDX-License-Identifier: MIT */
/* The address of the metadata service of ECS (SERVICE.md, Metadata). */
#ifndef ACK_SOURCE_METADATA_H
#define ACK_SOURCE_METADATA_H

#include <stdbool.h>

/* True for 100.100.100.200, the one host that is spoken to by plain http. */
bool ack_metadata_is(const char *host);

#endif
