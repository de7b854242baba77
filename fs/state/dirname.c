/* SPDX-License-Identifier: MIT */
#include "state/dirname.h"

#include <stdio.h>
#include <string.h>

#include "base/span.h"

/* Room for @ and an ID. */
#define ROOM 48

static bool plain(unsigned char byte, bool first)
{
	return byte >= 0x20 && byte != 0x7f && !strchr("/%@:", byte) &&
	       !(first && byte == '.');
}

/* Whether that well-formed character shows nothing, or turns around what
 * stands beside it, so that one name could look like another. */
static bool is_hidden(const unsigned char *at)
{
	switch (at[0]) {
	case 0xc2: /* C1 controls */
		return at[1] < 0xa0;
	case 0xe2: /* U+200B to 200F, 202A to 202E, 2060 to 206F */
		return (at[1] == 0x80 &&
			       ((at[2] >= 0x8b && at[2] <= 0x8f) ||
				       (at[2] >= 0xaa && at[2] <= 0xae))) ||
		       (at[1] == 0x81 && at[2] >= 0xa0 && at[2] <= 0xaf);
	case 0xef: /* U+FEFF */
		return at[1] == 0xbb && at[2] == 0xbf;
	}
	return false;
}

/*
 * How many bytes at `at` stand for themselves: one of ASCII, or those of a
 * well-formed character. 0: one byte has to be written as %XX.
 */
static size_t verbatim(const char *at, size_t left, bool first)
{
	unsigned char byte = (unsigned char)*at;
	size_t n;

	if (byte < 0x80)
		return plain(byte, first);
	n = ack_utf8_next(at, left);
	if (n == ACK_UTF8_SHORT || is_hidden((const unsigned char *)at))
		return 0;
	return n;
}

static size_t encode(char *out, size_t room, const char *name)
{
	size_t len = strlen(name), used = 0, n;

	if (!len)
		return (size_t)snprintf(out, room, "%%00");
	for (size_t i = 0; i < len; i += n ? n : 1) {
		n = verbatim(name + i, len - i, i == 0);
		if (used + (n ? n : 3) >= room)
			break;
		if (n)
			memcpy(out + used, name + i, n);
		else
			snprintf(out + used, room - used, "%%%02X",
				(unsigned char)name[i]);
		used += n ? n : 3;
	}
	out[used] = '\0';
	return used;
}

bool dirname_too_long(const char *name)
{
	char whole[4 * DIRNAME_MAX];

	return encode(whole, sizeof(whole), name) >= DIRNAME_MAX - ROOM;
}

bool dirname_sound(const char *name)
{
	size_t len = strlen(name), n = 1;

	for (size_t i = 0; i < len && n; i += n)
		n = name[i] == '%' || (name[i] == '@' && i)
			    ? 1
			    : verbatim(name + i, len - i, i == 0);
	return len && n && len < DIRNAME_MAX;
}

void dirname_encode(char out[DIRNAME_MAX], const char *name, const char *id)
{
	size_t used = encode(out, DIRNAME_MAX - ROOM, name);

	if (id)
		snprintf(out + used, DIRNAME_MAX - used, "@%.*s", ROOM - 2, id);
}
