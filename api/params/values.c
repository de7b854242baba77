/* SPDX-License-Identifier: MIT */
/*
 * The block is a row of records without padding, ordered by row: the row (a
 * byte), the length of the text and whether its own time follows (seven
 * bits a byte, the lowest first), that time, the text, a NUL. A record without
 * one has the time of the record before it, as most have: what the service
 * lists comes all at once. So equal sets are equal blocks.
 */
#include "params/values.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/vault.h"

#define ROW_MAX  UINT8_MAX
#define HEAD_MAX (1 + 5 + sizeof(int64_t)) /* bytes before a text */

struct record {
	unsigned row;
	int64_t time, before;  /* its own, and that of the record before it */
	size_t at, text, next; /* where it begins, its text, what follows */
	size_t len;
};

static uint64_t long_meta(const unsigned char **p, uint64_t first)
{
	uint64_t meta = first & 0x7f;

	for (unsigned shift = 7;; shift += 7) {
		meta |= (uint64_t)(**p & 0x7f) << shift;
		if (!(*(*p)++ & 0x80))
			return meta;
	}
}

static int64_t time_at(const unsigned char *p)
{
	int64_t time = 0;

	if (p)
		memcpy(&time, p, sizeof(time));
	return time;
}

/*
 * The first of `row` or a later one, from where `r` begins (all zero: from the
 * beginning). False: it does not exist, and r->next is the end, r->time the
 * last one's. Every look into a set is this walk.
 */
static bool walk(const struct ack_values *v, unsigned row, struct record *r)
{
	const unsigned char *block = (const void *)v->block, *at, *p, *end;
	const unsigned char *time = NULL, *before = NULL;
	int64_t begun = r->time;

	if (r->next >= v->len)
		return false;
	p = block + r->next;
	end = block + v->len;
	while (p < end) {
		uint64_t meta = p[1];

		at = p;
		before = time;
		p += 2;
		if (meta & 0x80)
			meta = long_meta(&p, meta);
		if (meta & 1) {
			time = p;
			p += sizeof(int64_t);
		}
		if (*at >= row) {
			r->row = *at;
			r->at = (size_t)(at - block);
			r->text = (size_t)(p - block);
			r->len = meta >> 1;
			r->next = r->text + r->len + 1;
			r->before = before ? time_at(before) : begun;
			r->time = time ? time_at(time) : begun;
			return true;
		}
		p += (meta >> 1) + 1;
	}
	r->next = v->len;
	r->time = time ? time_at(time) : begun;
	return false;
}

static bool seek(const struct ack_values *v, unsigned row, struct record *r)
{
	r->next = 0;
	r->time = 0;
	return walk(v, row, r);
}

static bool step(const struct ack_values *v, struct record *r)
{
	return walk(v, 0, r);
}

static bool find(const struct ack_values *v, unsigned row, struct record *r)
{
	return seek(v, row, r) && r->row == row;
}

/* What stands before the text of a record that begins at `at`; how long. */
static size_t put_head(unsigned char head[HEAD_MAX], size_t at, unsigned row,
	size_t len, int64_t time, int64_t before)
{
	bool own = !at || time != before;
	uint64_t meta = (uint64_t)len << 1 | own;
	unsigned char *p = head;

	*p++ = (unsigned char)row;
	for (; meta > 0x7f; meta >>= 7)
		*p++ = (unsigned char)(meta | 0x80);
	*p++ = (unsigned char)meta;
	if (own)
		p = mempcpy(p, &time, sizeof(time));
	return (size_t)(p - head);
}

/* That of the first record of a row behind `from`, which is to follow, at
 * `at`, one of that time. *rest is where the text begins now, or the end. */
static size_t put_next(const struct ack_values *v, const struct record *from,
	unsigned char head[HEAD_MAX], size_t at, int64_t time, size_t *rest)
{
	struct record r = {.next = from->next, .time = from->time};

	*rest = r.next;
	if (!step(v, &r))
		return 0;
	*rest = r.text;
	return put_head(head, at, r.row, r.len, r.time, time);
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
	struct record r;

	if (!find(v, row, &r) || r.len == 0)
		return NULL;
	if (len)
		*len = r.len;
	return v->block + r.text;
}

int64_t ack_values_time(const struct ack_values *v, unsigned row)
{
	struct record r;

	return find(v, row, &r) ? r.time : 0;
}

int ack_values_set(struct ack_values *v, unsigned row, const char *text,
	size_t len, int64_t time)
{
	unsigned char head[HEAD_MAX], follower[HEAD_MAX];
	struct record r;
	size_t nhead, nfollower, rest;
	bool later = seek(v, row, &r);

	if (len > UINT32_MAX || row > ROW_MAX)
		return -ENOMEM;
	if (!later) {
		r.at = r.next;
		r.before = r.time;
	} else if (r.row != row) {
		r.next = r.at;
		r.time = r.before;
	}
	nhead = put_head(head, r.at, row, len, time, r.before);
	nfollower = put_next(v, &r, follower, r.at + nhead, time, &rest);

	/* `text` may lie in the old block, which therefore goes last. */
	struct ack_values new = {
		.len = r.at + nhead + len + 1 + nfollower + v->len - rest};
	new.block = allocate(new.len, ack_vault_holds(v->block));
	if (!new.block)
		return -ENOMEM;
	char *to = mempcpy(new.block, v->block ? v->block : "", r.at);
	to = mempcpy(to, head, nhead);
	if (len > 0)
		to = mempcpy(to, text, len);
	*to++ = '\0';
	to = mempcpy(to, follower, nfollower);
	if (rest < v->len)
		memcpy(to, v->block + rest, v->len - rest);
	ack_values_release(v);
	*v = new;
	return 0;
}

void ack_values_drop(struct ack_values *v, unsigned row)
{
	unsigned char follower[HEAD_MAX];
	struct record r;
	size_t n, rest, len;

	if (!find(v, row, &r))
		return;
	/* no longer than both heads were: a time that it needs now was there */
	n = put_next(v, &r, follower, r.at, r.before, &rest);
	len = r.at + n + v->len - rest;
	memmove(v->block + r.at + n, v->block + rest, v->len - rest);
	memcpy(v->block + r.at, follower, n);
	explicit_bzero(v->block + len, v->len - len);
	v->len = len;
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
	struct record r;
	bool there = seek(v, row, &r);

	while (there && !r.len)
		there = step(v, &r);
	return there ? (int)r.row : -1;
}

int ack_values_next_touched(const struct ack_values *v, unsigned row)
{
	struct record r;

	return seek(v, row, &r) ? (int)r.row : -1;
}
