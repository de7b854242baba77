/* SPDX-License-Identifier: MIT */
/* Variables of the environment, where an empty one counts as none. */
#ifndef ACK_VARIABLE_H
#define ACK_VARIABLE_H

#include <stdbool.h>

/* The value of the first that is set, of a NULL-terminated list; or NULL. */
const char *ack_variable_first(const char *const *names);

#define ACK_VARIABLE(...) \
	ack_variable_first((const char *const[]){__VA_ARGS__, NULL})

/* Whether it says true (in any case) or 1. */
bool ack_variable_true(const char *name);

/* The home directory: $HOME, else the user database's; "" if unknown. */
const char *ack_home(void);

/* The region that the SDKs, the CLI or Terraform would take, or NULL. */
const char *ack_variable_region(void);

#endif
