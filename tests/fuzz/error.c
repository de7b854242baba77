/* SPDX-License-Identifier: MIT */
/*
 * A refusal: its status on the first line, then the body. Whatever came, the
 * text of `error` is plain, and has no word that was to be struck out.
 */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/error.h"
#include "client/call.h"
#include "client/reply.h"
#include "http/flight.h"

#define SECRET "ackfsExampleSecret"
#define START  "ackfsExampleToken"

/* As long as one of the STS may be: longer than a message. */
static char token[1200];

void fuzz_begin(void)
{
	strcpy(token, START);
	for (size_t i = strlen(START); i + 1 < sizeof(token); i++)
		token[i] = (char)('A' + i * i % 23);
}

static int status(struct ack_span *input)
{
	struct ack_span line = ack_span_cut(input, "\n");
	char *text = fuzz_copy(line);
	int number = (int)ack_flight_millis(text);

	free(text);
	return number >= 100 && number < 600 ? number : 400;
}

void fuzz_one(struct ack_span input)
{
	struct ack_buf text = ACK_BUF_INIT(65536);
	struct ack_error e;
	int http = status(&input), own = -1;
	/* as the transfer hands it over: with a NUL that is not part of it */
	char *body = fuzz_copy(input);
	int ret = ack_error_from_reply(&e, http, body, input.len, &own);

	free(body);
	fuzz_failure(ret, &e);
	MUST(own == 0 || own == 1);
	MUST(e.http_status == http);
	ack_call_redact(&e, SECRET);
	ack_call_redact(&e, token);
	ack_error_more(&e, "tries: %d", 2);
	ack_error_text(&e, &text);
	MUST(text.len && fuzz_plain(text.data));
	MUST(!strstr(text.data, SECRET) && !strstr(text.data, START));
	ack_buf_release(&text);
}
