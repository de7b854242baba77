/* SPDX-License-Identifier: MIT */
#include "fuzz.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/json.h"
#include "base/vault.h"
#include "base/wipe.h"
#include "params/types.h"

#define BETWEEN "---\n"

/* The names that libFuzzer knows. */
int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc, (void)argv;
	ack_json_setup();
	fuzz_begin();
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_one((struct ack_span){(const char *)data, size});
	return 0;
}

/* In place of vault.c: of what malloc(3) gives, a sanitizer sees the ends. */
void *ack_vault_alloc(size_t size)
{
	return malloc(size);
}

char *ack_vault_copy(const char *text)
{
	return strdup(text);
}

void ack_vault_free(void *p)
{
	ack_wipe_free(p);
}

bool ack_vault_holds(const void *p)
{
	(void)p;
	return false;
}

size_t ack_vault_size(const void *p)
{
	(void)p;
	return 0;
}

static unsigned sum(struct ack_span s)
{
	unsigned n = 0;

	for (size_t i = 0; i < s.len; i++)
		n = n * 31 + (unsigned char)s.text[i];
	return n;
}

unsigned fuzz_choose(
	struct ack_span *input, const char *(*word)(unsigned i), unsigned count)
{
	struct ack_span line = ack_span_cut(input, "\n");

	for (unsigned i = 0; i < count; i++)
		if (ack_span_is(line, word(i)))
			return i;
	return sum(line) % count;
}

struct ack_span fuzz_piece(struct ack_span *input)
{
	const size_t len = strlen(BETWEEN);
	struct ack_span piece = *input;

	for (size_t i = 0; i + len <= input->len; i++) {
		if ((i && input->text[i - 1] != '\n') ||
			memcmp(input->text + i, BETWEEN, len) != 0)
			continue;
		piece.len = i;
		input->text += i + len;
		input->len -= i + len;
		return piece;
	}
	*input = (struct ack_span){NULL, 0};
	return piece;
}

char *fuzz_copy(struct ack_span s)
{
	char *copy = malloc(s.len + 1);

	MUST(copy);
	if (s.len)
		memcpy(copy, s.text, s.len);
	copy[s.len] = '\0';
	return copy;
}

/* Most of what there is to look at is ASCII, and there is much of it. */
bool fuzz_plain(const char *text)
{
	bool ascii = true;
	size_t i;

	for (i = 0; text[i]; i++) {
		unsigned char c = (unsigned char)text[i];

		if ((c < 0x20 && c != '\n') || c == 0x7f ||
			(c == 0xc2 && (unsigned char)text[i + 1] < 0xa0))
			return false;
		ascii &= c < 0x80;
	}
	return ascii || ack_utf8_valid(text, i);
}

void fuzz_failure(int ret, const struct ack_error *e)
{
	MUST(ret < 0 && e->err == -ret);
	MUST(fuzz_plain(e->message));
	MUST(!strchr(e->message, '\n') && !strchr(e->hint, '\n'));
	MUST(fuzz_plain(e->code) && fuzz_plain(e->param));
	MUST(fuzz_plain(e->request_id) && fuzz_plain(e->hint));
	MUST(fuzz_plain(e->more));
}

unsigned fuzz_every = 8;

bool fuzz_due(struct ack_span input)
{
	unsigned all = sum(input);

	return (all ^ all >> 16) % fuzz_every == 0;
}

void fuzz_broken(const char *file, int line, const char *what)
{
	fprintf(stderr, "%s:%d: this does not hold: %s\n", file, line, what);
	abort();
}
