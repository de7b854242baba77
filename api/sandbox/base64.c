/* SPDX-License-Identifier: MIT */
#include "sandbox/base64.h"

#include "base/buf.h"

void base64_encode(const void *data, size_t len, struct ack_buf *out)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz"
				     "0123456789+/";
	const unsigned char *in = data;

	for (size_t i = 0; i < len; i += 3) {
		size_t n = len - i < 3 ? len - i : 3;
		unsigned bits = (unsigned)in[i] << 16;

		if (n > 1)
			bits |= (unsigned)in[i + 1] << 8;
		if (n > 2)
			bits |= in[i + 2];
		for (size_t j = 0; j < 4; j++)
			ack_buf_putc(
				out, j > n ? '='
					   : digits[bits >> (18 - 6 * j) & 63]);
	}
}
