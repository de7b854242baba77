/* SPDX-License-Identifier: MIT */
/* The line form of addons. */
#ifndef ACK_ADDONS_H
#define ACK_ADDONS_H

#include <stdbool.h>

#include "base/span.h"

/* A line of addons, taken apart: [-]name[@version][ {json config}] */
struct ack_addon {
	struct ack_span line, name, version, config;
	bool off; /* the leading - */
};

bool ack_addon_split(struct ack_span line, struct ack_addon *a);

#endif
