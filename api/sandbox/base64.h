/* SPDX-License-Identifier: MIT */
/* Base64 (RFC 4648), in one line. */
#ifndef SANDBOX_BASE64_H
#define SANDBOX_BASE64_H

#include <stddef.h>

struct ack_buf;

void base64_encode(const void *data, size_t len, struct ack_buf *out);

#endif
