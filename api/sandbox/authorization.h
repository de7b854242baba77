/* SPDX-License-Identifier: MIT */
/* The header Authorization of ACS3-HMAC-SHA256, taken apart. */
#ifndef SANDBOX_AUTHORIZATION_H
#define SANDBOX_AUTHORIZATION_H

#include <stdbool.h>
#include "client/sign.h"

struct authorization {
	char key_id[128];
	char names[2048]; /* of the signed headers, joined by ';' */
	char signature[ACK_SHA256_HEX];
};

/* NULL, or what is wrong with the text. */
const char *authorization_parse(struct authorization *a, const char *text);

/* True when a header of that name, in any case, counts as signed. */
bool authorization_lists(const struct authorization *a, const char *name);

#endif
