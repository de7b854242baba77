/* SPDX-License-Identifier: MIT */
/* Who is at the other end of a connection from this machine. */
#ifndef SANDBOX_PEER_H
#define SANDBOX_PEER_H

#include <stdbool.h>

struct sockaddr;

/* Whether the client of a connection to 127.0.0.1:`port` is a process of this
 * program's user. False also where that cannot be known. */
bool peer_is_own(const struct sockaddr *client, int port);

#endif
