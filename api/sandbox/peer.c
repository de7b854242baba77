/* SPDX-License-Identifier: MIT */
#include "sandbox/peer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define ESTABLISHED "01"

/*
 * A socket that its process has closed belongs to user 0 in this table, but is
 * no longer established.
 */
bool peer_is_own(const struct sockaddr *client, int port)
{
	const struct sockaddr_in *from = (const void *)client;
	char ends[64], line[512];
	FILE *table = NULL;
	bool own = false;
	unsigned uid, inode;

	if (client && client->sa_family == AF_INET)
		table = fopen("/proc/net/tcp", "re");
	if (!table)
		return false;
	snprintf(ends, sizeof(ends), " %08X:%04X %08X:%04X " ESTABLISHED " ",
		from->sin_addr.s_addr, ntohs(from->sin_port),
		htonl(INADDR_LOOPBACK), (unsigned)port);
	while (!own && fgets(line, sizeof(line), table)) {
		const char *at = strstr(line, ends);

		own = at &&
		      sscanf(at + strlen(ends), "%*s %*s %*s %u %*u %u", &uid,
			      &inode) == 2 &&
		      inode && uid == geteuid();
	}
	fclose(table);
	return own;
}
