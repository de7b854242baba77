/* SPDX-License-Identifier: MIT */
/*
 * A request to ack-sandbox whose signature is checked. Here (digest.c) the
 * right one is made of noughts; the headers `x-acs-date: now` and
 * `x-acs-content-sha256: right` stand for what would be right.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "fuzz.h"
#include "sandbox/clock.h"
#include "sandbox/verify.h"
#include "talk.h"

static char date[ACK_DATE_LEN], hash[ACK_SHA256_HEX];

void fuzz_begin(void)
{
}

static void fill_in(struct exchange *x)
{
	ack_date(time(NULL), date);
	ack_sha256_hex(ack_buf_text(&x->body), x->body.len, hash);
	for (size_t i = 0; i < x->nheaders; i++) {
		if (!strcmp(x->headers[i].value, "now"))
			x->headers[i].value = date;
		else if (!strcmp(x->headers[i].value, "right"))
			x->headers[i].value = hash;
	}
}

void fuzz_one(struct ack_span input)
{
	struct nonce slots[4] = {{.until = 0}};
	struct verifier v = {.key_id = "LTAI5tSandbox",
		.key_secret = "ackfsExampleSecret",
		.nonces = {.slots = slots, .size = 4}};
	struct talk t;

	talk_begin(&t, input, NULL);
	fill_in(&t.x);
	if (!target_parse(&t.x.target, t.x.uri)) {
		bool passed = verify_request(&v, &t.x, clock_ms());

		MUST(passed == !t.x.status);
		MUST(passed == (v.nonces.used == 1));
		/* nothing passes twice */
		MUST(!passed || !verify_request(&v, &t.x, clock_ms()));
	}
	talk_end(&t);
}
