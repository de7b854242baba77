/* SPDX-License-Identifier: MIT */
/* The proxy that the environment names for a host, as libcurl reads it. */
#ifndef ACK_PROXY_H
#define ACK_PROXY_H

#include <stdbool.h>

struct ack_proxy {
	const char *variable; /* that names it */
	char host[256];       /* with its port; without user and password */
};

/* Whether requests by https to that host (which may have a port) go through
 * one; `p` is filled then. */
bool ack_proxy_find(const char *host, struct ack_proxy *p);

#endif
