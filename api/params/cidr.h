/* SPDX-License-Identifier: MIT */
/* IPv4 ranges, as container_cidr, service_cidr and a VPC have them. */
#ifndef ACK_CIDR_H
#define ACK_CIDR_H

#include <stdbool.h>
#include <stdint.h>

struct ack_cidr {
	uint32_t addr; /* host order, host bits zero */
	unsigned bits; /* 0 to 32 */
};

/*
 * Reads "a.b.c.d/n" strictly: decimal without leading zeros, no host bits.
 * NULL on success, else what is wrong with it, as the end of a sentence.
 */
const char *ack_cidr_parse(const char *text, struct ack_cidr *out);

bool ack_cidr_overlap(struct ack_cidr a, struct ack_cidr b);
bool ack_cidr_within(struct ack_cidr inner, struct ack_cidr outer);

#endif
