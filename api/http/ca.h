/* SPDX-License-Identifier: MIT */
/* Whose certificates are trusted. */
#ifndef ACK_CA_H
#define ACK_CA_H

struct ack_error;

struct ack_ca {
	char *file, *dir; /* at most one; both NULL: as built in */
};

/*
 * From the option (a file or a directory, NULL: the system's). The system's
 * is its hashed directory alone: the one file that holds them all costs
 * milliseconds for every connection. 0 or a negative errno. Release it.
 */
int ack_ca_find(struct ack_ca *ca, const char *option, struct ack_error *e);
void ack_ca_release(struct ack_ca *ca);

#endif
