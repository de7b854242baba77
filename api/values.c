/* SPDX-License-Identifier: MIT */
/*
 * The block is a row of records without padding, ordered by row: a head, the
 * text, a NUL. Heads are copied in and out because they stand unaligned.
 */
#include "values.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "vault.h"

struct head {
	int64_t time;
	uint32_t len;
	uint16_t row;
} __attribute__((packed));

static struct head head_at(const struct ack_values *v, size_t at)
{
	struct head h;

	memcpy(&h, v->block + at, sizeof(h));
	return h;
}

static size_t record_size(const struct head *h)
{
	return sizeof(*h) + h->len + 1;
}

/* Where the first record of `row` or a later one starts, or v->len. */
static size_t seek(const struct ack_values *v, unsigned row)
{
	size_t at = 0;

	while (at < v->len) {
		struct head h = head_at(v, at);

		if (h.row >= row)
			break;
		at += record_size(&h);
	}
	return at;
}

/* Like seek(), but true only when there is a record of exactly this row. */
static bool find(
	const struct ack_values *v, unsigned row, size_t *at, struct head *h)
{
	*at = seek(v, row);
	if (*at == v->len)
		return false;
	*h = head_at(v, *at);
	return h->row == row;
}

static char *allocate(size_t len, bool secret)
{
	return secret ? ack_vault_alloc(len) : malloc(len);
}

void ack_values_release(struct ack_values *v)
{
	ack_vault_free(v->block);
	v->block = NULL;
	v->len = 0;
}

const char *ack_values_get(
	const struct ack_values *v, unsigned row, size_t *len)
{
	struct head h;
	size_t at;

	if (!find(v, row, &at, &h) || h.len == 0)
		return NULL;
	if (len)
		*len = h.len;
	return v->block + at + sizeof(h);
}

int64_t ack_values_time(const struct ack_values *v, unsigned row)
{
	struct head h;
	size_t at;

	return find(v, row, &at, &h) ? h.time : 0;
}

int ack_values_set(struct ack_values *v, unsigned row, const char *text,
	size_t len, int64_t time)
{
	struct head h = {.time = time, .len = (uint32_t)len};
	struct head old;
	size_t at, skip = 0;

	if (len > UINT32_MAX || row > UINT16_MAX)
		return -ENOMEM;
	h.row = (uint16_t)row;
	if (find(v, row, &at, &old))
		skip = record_size(&old);

	/* `text` may lie in the old block, which therefore goes last. */
	struct ack_values new = {.len = v->len - skip + record_size(&h)};
	new.block = allocate(new.len, ack_vault_holds(v->block));
	if (!new.block)
		return -ENOMEM;
	char *to = mempcpy(new.block, v->block ? v->block : "", at);
	to = mempcpy(to, &h, sizeof(h));
	if (len > 0)
		to = mempcpy(to, text, len);
	*to++ = '\0';
	if (at + skip < v->len)
		memcpy(to, v->block + at + skip, v->len - at - skip);
	ack_values_release(v);
	*v = new;
	return 0;
}

void ack_values_drop(struct ack_values *v, unsigned row)
{
	struct head h;
	size_t at, size;

	if (!find(v, row, &at, &h))
		return;
	size = record_size(&h);
	memmove(v->block + at, v->block + at + size, v->len - at - size);
	explicit_bzero(v->block + v->len - size, size);
	v->len -= size;
}

int ack_values_copy(struct ack_values *dst, const struct ack_values *src)
{
	char *block = NULL;
	size_t len = src->len;

	if (len > 0) {
		block = allocate(len, ack_vault_holds(src->block));
		if (!block)
			return -ENOMEM;
		memcpy(block, src->block, len);
	}
	ack_values_release(dst);
	dst->block = block;
	dst->len = len;
	return 0;
}

int ack_values_guard(struct ack_values *v, bool secret)
{
	char *block;

	if (!v->len || ack_vault_holds(v->block) == secret)
		return 0;
	block = allocate(v->len, secret);
	if (!block)
		return -ENOMEM;
	memcpy(block, v->block, v->len);
	ack_vault_free(v->block);
	v->block = block;
	return 0;
}

int ack_values_next(const struct ack_values *v, unsigned row)
{
	for (size_t at = seek(v, row); at < v->len;) {
		struct head h = head_at(v, at);

		if (h.len > 0)
			return h.row;
		at += record_size(&h);
	}
	return -1;
}

int ack_values_next_touched(const struct ack_values *v, unsigned row)
{
	size_t at = seek(v, row);

	return at < v->len ? head_at(v, at).row : -1;
}
