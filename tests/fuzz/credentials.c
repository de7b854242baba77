/* SPDX-License-Identifier: MIT */
/*
 * Where keys come from. The first line names the source; the pieces are the
 * files that it reads, the answers of the servers that it asks and what the
 * program that it runs writes, in that order.
 */
#include "fuzz.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/event.h"
#include "base/json.h"
#include "http/http.h"
#include "keys/inquiry.h"
#include "keys/keyfile.h"
#include "keys/process.h"
#include "keys/source.h"
#include "wire.h"

static struct ack_events events;
static unsigned ends;

static const char *name(unsigned i)
{
	return ack_sources[i].name;
}

static void done(void *arg)
{
	(void)arg;
	ends++;
}

void fuzz_begin(void)
{
	static const char *const variables[][2] = {
		{"HOME", "/home/ann"},
		{"CREDENTIALS_DIRECTORY", "/run/credentials"},
		{"ALIBABA_CLOUD_ROLE_ARN", "acs:ram::1:role/r"},
		{"ALIBABA_CLOUD_OIDC_PROVIDER_ARN",
			"acs:ram::1:oidc-provider/p"},
		{"ALIBABA_CLOUD_OIDC_TOKEN_FILE", "/run/token"},
		{"ALIBABA_CLOUD_CREDENTIALS_URI", "http://127.0.0.1/keys"},
	};
	struct ack_error e;

	clearenv();
	for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++)
		MUST(!setenv(variables[i][0], variables[i][1], 1));
	MUST(!ack_events_init(&events, &e));
}

/* In place of keyfile.c. */
int ack_keyfile_read(struct ack_keyfiles *files, const char *path,
	struct ack_buf *text, struct ack_buf *why)
{
	struct ack_span piece = wire_piece();

	(void)files;
	if (piece.text)
		ack_buf_put(text, piece.text, piece.len);
	else
		ack_buf_printf(why, "%s: %s", path, strerror(ENOENT));
	return piece.text ? ack_buf_status(text) : -ENOENT;
}

bool ack_keyfiles_changed(struct ack_keyfiles *files)
{
	(void)files;
	return false;
}

void ack_keyfiles_move(struct ack_keyfiles *to, struct ack_keyfiles *from)
{
	*to = *from;
}

void ack_keyfiles_release(struct ack_keyfiles *files)
{
	*files = (struct ack_keyfiles){0};
}

/* In place of process.c: what runs is answered by the next piece. */
int ack_process_start(struct ack_process *p, struct ack_events *ev,
	char *const *argv, long limit_ms, size_t max, ack_process_done ended,
	void *arg)
{
	(void)ev, (void)limit_ms;
	for (size_t i = 0; argv[i]; i++)
		MUST(i < 64 && strlen(argv[i]) < SIZE_MAX / 2);
	*p = (struct ack_process){.pid = 1, .done = ended, .arg = arg};
	ack_buf_init(&p->text, max);
	return 0;
}

void ack_process_stop(struct ack_process *p)
{
	if (p->pid)
		ack_buf_release(&p->text);
	p->pid = 0;
}

static bool process_turn(struct ack_process *p)
{
	struct ack_span piece;
	struct ack_buf text = p->text;

	if (!p->pid)
		return false;
	piece = wire_piece();
	if (!piece.text)
		return false;
	p->pid = 0;
	ack_buf_put(&text, piece.text, piece.len);
	p->done(p->arg, ack_buf_status(&text) ? "it wrote too much" : NULL,
		&text);
	ack_buf_release(&text);
	return true;
}

/* Keys travel in headers. */
static void check_key(const char *text)
{
	for (; text && *text; text++)
		MUST(*text > ' ' && *text < 0x7f);
}

static void check(const struct ack_inquiry *q)
{
	const struct ack_credentials *c = &q->keys;
	char mask[32], left[64];

	if (q->error.err) {
		MUST(!c->key_id && !c->key_secret && !c->token);
		fuzz_failure(-q->error.err, &q->error);
		return;
	}
	MUST(c->key_id && *c->key_id && c->key_secret && *c->key_secret);
	check_key(c->key_id);
	check_key(c->key_secret);
	check_key(c->token);
	ack_key_id_mask(c->key_id, mask);
	ack_credentials_left(c->expires, left);
}

void fuzz_one(struct ack_span input)
{
	struct ack_inquiry q = {
		.events = &events, .http = wire_http(), .done = done};
	int source = (int)fuzz_choose(
		&input, name, (unsigned)ack_sources_count);

	ends = 0;
	wire_load(input);
	ack_inquiry_start(&q, source);
	for (int i = 0; i < 12; i++)
		if (!wire_turn() && !process_turn(&q.process))
			break;
	MUST(ends == !q.asking);
	if (ends)
		check(&q);
	ack_inquiry_stop(&q);
	MUST(!q.keys.key_id && !wire_busy() && !events.first);
}
