/* SPDX-License-Identifier: MIT */
#include "base/utf8.h"

size_t ack_utf8_next(const char *text, size_t len)
{
	/* What may follow a first byte; the second byte has its own range. */
	static const struct {
		unsigned char first, last, low, high, more;
	} forms[] = {
		{0x00, 0x7f, 0x00, 0x00, 0},
		{0xc2, 0xdf, 0x80, 0xbf, 1},
		{0xe0, 0xe0, 0xa0, 0xbf, 2},
		{0xe1, 0xec, 0x80, 0xbf, 2},
		{0xed, 0xed, 0x80, 0x9f, 2},
		{0xee, 0xef, 0x80, 0xbf, 2},
		{0xf0, 0xf0, 0x90, 0xbf, 3},
		{0xf1, 0xf3, 0x80, 0xbf, 3},
		{0xf4, 0xf4, 0x80, 0x8f, 3},
	};
	const unsigned char *p = (const unsigned char *)text;

	if (len == 0)
		return ACK_UTF8_SHORT;
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		if (p[0] < forms[i].first || p[0] > forms[i].last)
			continue;
		for (size_t k = 1; k <= forms[i].more; k++) {
			unsigned low = k == 1 ? forms[i].low : 0x80;
			unsigned high = k == 1 ? forms[i].high : 0xbf;

			if (k >= len)
				return ACK_UTF8_SHORT;
			if (p[k] < low || p[k] > high)
				return 0;
		}
		return forms[i].more + 1u;
	}
	return 0;
}
