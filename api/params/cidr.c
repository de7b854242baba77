/* SPDX-License-Identifier: MIT */
#include "params/cidr.h"

#include <stddef.h>

static uint32_t mask(unsigned bits)
{
	return bits == 0 ? 0 : UINT32_MAX << (32 - bits);
}

/* A decimal of at most `max` without leading zeros; NULL: it is not one. */
static const char *read_number(const char *at, unsigned max, unsigned *out)
{
	unsigned value = 0;
	size_t digits = 0;

	while (at[digits] >= '0' && at[digits] <= '9') {
		value = value * 10 + (unsigned)(at[digits] - '0');
		digits++;
		if (value > max || (at[0] == '0' && digits > 1))
			return NULL;
	}
	*out = value;
	return digits ? at + digits : NULL;
}

const char *ack_cidr_parse(const char *text, struct ack_cidr *out)
{
	const char *at = text;
	uint32_t addr = 0;
	unsigned part;

	for (int i = 0; i < 4; i++) {
		at = read_number(at, 255, &part);
		if (!at || *at++ != (i < 3 ? '.' : '/'))
			return "is not a network such as 172.20.0.0/16";
		addr = addr << 8 | part;
	}
	at = read_number(at, 32, &part);
	if (!at || *at)
		return "has no prefix length from 0 to 32 after the slash";
	if (addr & ~mask(part))
		return "has bits set behind its prefix length; write the first "
		       "address of the network";
	out->addr = addr;
	out->bits = part;
	return NULL;
}

bool ack_cidr_within(struct ack_cidr inner, struct ack_cidr outer)
{
	return inner.bits >= outer.bits &&
	       (inner.addr & mask(outer.bits)) == outer.addr;
}

bool ack_cidr_overlap(struct ack_cidr a, struct ack_cidr b)
{
	return ack_cidr_within(a, b) || ack_cidr_within(b, a);
}
