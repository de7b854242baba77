/* SPDX-License-Identifier: MIT */
/* The parts of an http or https URL, strictly. */
#ifndef ACK_URL_H
#define ACK_URL_H

#include <stdbool.h>

struct ack_error;

struct ack_url {
	bool https;
	bool loopback;  /* 127.0.0.0/8, [::1] or localhost, literally */
	char name[250]; /* the host without its port, lower case */
	char host[256]; /* as the Host header has it: the usual port left out */
	const char *rest; /* in the URL: path and query, maybe "" */
};

/* 0, or -EINVAL with a sentence. User names and passwords are refused. */
int ack_url_parse(const char *url, struct ack_url *u, struct ack_error *e);

#endif
