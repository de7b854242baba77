/* SPDX-License-Identifier: MIT */
/*
 * Requests to ack-sandbox, each a piece: a line `METHOD TARGET`, headers, an
 * empty line, the body. One without an Authorization gets all that signs it.
 * A cluster and its pool are there; @ in a target stands for the cluster's ID,
 * @@ for the pool's.
 */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "error.h"
#include "json.h"
#include "sandbox/router.h"
#include "sandbox/sandbox.h"

#define ID         "c0123456789abcdef0123456789abcdef"
#define POOL       "np0123456789abcdef0123456789abcdef"
#define KEY        "LTAI5tSandbox"
#define SECRET     "ackfsExampleSecret"
#define REQUESTS   4
#define WAITS      3
#define ANSWER_MAX (4u << 20)

/* The sandbox keeps what a line like this says. */
static const char record[] =
	"{\"cluster_id\":\"" ID "\",\"state\":\"running\",\"created_ms\":1,"
	"\"updated_ms\":1,\"listed_ms\":1,\"gone\":false,"
	"\"request\":{\"name\":\"test\",\"region_id\":\"cn-beijing\"},"
	"\"tasks\":[{\"task_id\":\"T-1\",\"request_id\":\"R\","
	"\"target\":\"\",\"token\":\"\",\"body_sum\":\"\","
	"\"error_code\":\"\",\"error_message\":\"\",\"begun_ms\":1,"
	"\"duration_ms\":1000000000000000,\"paused_ms\":0,"
	"\"canceled_ms\":0,\"lost_ms\":0,\"kind\":\"cluster_create\","
	"\"stuck\":false,\"settled\":false}],\"nodepools\":[{\"nodepool_id\":"
	"\"" POOL "\","
	"\"number\":1,\"is_default\":true,\"created_ms\":1,\"updated_ms\":1,"
	"\"last\":1,\"busy\":\"\",\"ready\":[1],\"spec\":{"
	"\"nodepool_info\":{\"name\":\"default\"},"
	"\"scaling_group\":{\"desired_size\":1}}}]}";

static struct sandbox sandbox;
static bool changed; /* since it was made */

/* In place of state_file.c: there is that line. */
int state_file_open(struct state_file *f, const char *path, state_line_fn line,
	void *arg, struct ack_error *e)
{
	(void)f, (void)path;
	return line(arg, record, sizeof(record) - 1, e);
}

void state_file_close(struct state_file *f)
{
	(void)f;
}

int state_file_append(
	struct state_file *f, const struct ack_buf *line, struct ack_error *e)
{
	(void)f, (void)e;
	MUST(line->len && fuzz_plain(line->data));
	return 0;
}

/* Smaller tables than those that grow are as good, and much faster. */
void fuzz_begin(void)
{
	struct nonces *n = &sandbox.verifier.nonces;
	struct requests *r = &sandbox.requests;

	strcpy(sandbox.verifier.key_id, KEY);
	strcpy(sandbox.verifier.key_secret, SECRET);
	sandbox.speed = 1e6;
	n->size = 4 * REQUESTS;
	n->slots = calloc(n->size, sizeof(*n->slots));
	r->size = REQUESTS;
	r->ring = calloc(r->size, sizeof(*r->ring));
	MUST(n->slots && r->ring);
	changed = true;
}

/* As if it had just begun; what was only looked at need not be made anew. */
static void begin(void)
{
	struct nonces *n = &sandbox.verifier.nonces;
	struct ack_error e;

	memset(n->slots, 0, n->size * sizeof(*n->slots));
	n->used = 0;
	sandbox.requests.count = 0;
	if (!changed)
		return;
	faults_release(&sandbox.faults);
	clusters_close(&sandbox.clusters);
	MUST(!clusters_open(&sandbox.clusters, "state", &e));
	changed = false;
}

/* The target with IDs in place of @. */
static char *target(struct ack_span s)
{
	struct ack_buf out = ACK_BUF_INIT(1u << 16);
	char *text;

	for (size_t i = 0; i < s.len && s.text[i]; i++) {
		bool two = i + 1 < s.len && s.text[i + 1] == '@';

		if (s.text[i] != '@')
			ack_buf_putc(&out, s.text[i]);
		else
			ack_buf_puts(&out, two ? POOL : ID);
		i += s.text[i] == '@' && two;
	}
	text = ack_buf_steal(&out);
	MUST(text);
	return text;
}

static void add(struct exchange *x, const char *name, const char *value)
{
	if (x->nheaders == EXCHANGE_HEADERS_MAX)
		x->too_large = true;
	else
		x->headers[x->nheaders++] = (struct ack_header){name, value};
}

/* Lines up to an empty one, in place; they outlive the exchange. */
static char *take_headers(struct exchange *x, char *text)
{
	char *line;

	while (text && (line = strsep(&text, "\n")) && *line) {
		char *value = strchr(line, ':');

		if (value)
			*value++ = '\0';
		else
			value = line + strlen(line);
		add(x, line, value + strspn(value, " \t"));
	}
	return text;
}

/* What a client would add to a call that there is; the strings last until the
 * next one. */
static void sign(struct exchange *x)
{
	static char date[ACK_DATE_LEN], nonce[ACK_NONCE_HEX];
	static char hash[ACK_SHA256_HEX], line[65536];
	struct ack_buf text = ACK_BUF_INIT(sizeof(line) - 1);
	int rc = target_parse(&x->target, x->uri);
	const struct route *route = rc ? NULL : route_find(x);

	if (route && route->action && x->nheaders < 48 &&
		!exchange_header(x, "authorization")) {
		ack_date(time(NULL), date);
		MUST(!ack_nonce(nonce));
		ack_sha256_hex(ack_buf_text(&x->body), x->body.len, hash);
		add(x, "host", "127.0.0.1");
		add(x, "x-acs-action", route->action);
		add(x, "x-acs-version", "2015-12-15");
		add(x, "x-acs-date", date);
		add(x, "x-acs-signature-nonce", nonce);
		add(x, "x-acs-content-sha256", hash);
		const struct ack_sign_request r = {.method = x->method,
			.path = ack_buf_text(&x->target.path),
			.query = x->target.query,
			.nquery = x->target.nquery,
			.headers = x->headers,
			.nheaders = x->nheaders,
			.payload_hash = hash};
		MUST(!ack_authorization(&r, KEY, SECRET, &text));
		strcpy(line, ack_buf_text(&text));
		add(x, "authorization", line);
	}
	ack_buf_release(&text);
	target_release(&x->target);
	x->target = (struct target){.nquery = 0};
	memset(x->args, 0, sizeof(x->args));
}

/* As it travels, in small pieces. */
static void read_answer(const struct exchange *x, bool steered)
{
	char block[512];
	uint64_t at = 0;
	size_t where;
	ssize_t n;

	while ((n = exchange_read(x, at, block, sizeof(block))) > 0 &&
		at < ANSWER_MAX)
		at += (uint64_t)n;
	/* only a fault makes it anything but JSON */
	if (steered || !x->answer.len)
		return;
	struct ack_json *root = ack_json_parse(
		x->answer.data, x->answer.len, &where);
	MUST(root);
	ack_json_free(root);
	MUST(x->status >= 200 && x->status < 600);
}

static void conduct(struct sandbox *s, struct exchange *x)
{
	enum verdict v = sandbox_conduct(s, x);

	for (int i = 0; i < WAITS && v == EXCHANGE_WAIT && x->wait_ms >= 0; i++)
		v = sandbox_conduct(s, x);
	if (v == EXCHANGE_SEND)
		read_answer(x, s->faults.count);
}

static void request(struct sandbox *s, struct ack_span piece)
{
	struct exchange x = {.nheaders = 0};
	struct ack_span line = ack_span_cut(&piece, "\n");
	struct ack_span method = ack_span_cut(&line, " ");
	char *uri = target(line), *rest = fuzz_copy(piece), *body;

	snprintf(x.method, sizeof(x.method), "%.*s", (int)method.len,
		method.text ? method.text : "");
	MUST(!exchange_init(&x, uri));
	body = take_headers(&x, rest);
	if (body)
		ack_buf_puts(&x.body, body);
	sign(&x);
	conduct(s, &x);
	/* what was executed, and what steers the sandbox */
	changed |= strcmp(x.method, "GET") != 0 &&
		   (x.executed || (x.route && !x.route->action));
	exchange_release(&x);
	free(rest);
	free(uri);
}

void fuzz_one(struct ack_span input)
{
	begin();
	for (int i = 0; i < REQUESTS && input.text; i++)
		request(&sandbox, fuzz_piece(&input));
}
