/* SPDX-License-Identifier: MIT */
/*
 * Requests to ack-sandbox, each a piece (talk.h), of whoever may send any. In
 * a target @ stands for the ID of a cluster that is there, $ for that of its
 * pool, ! for that of the cluster's last task.
 */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/json.h"
#include "sandbox/router.h"
#include "sandbox/sandbox.h"
#include "sandbox/tasks.h"
#include "talk.h"

#define ID         "c0123456789abcdef0123456789abcdef"
#define POOL       "np0123456789abcdef0123456789abcdef"
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
	"\"duration_ms\":1,\"paused_ms\":0,"
	"\"canceled_ms\":0,\"lost_ms\":0,\"kind\":\"cluster_create\","
	"\"stuck\":false,\"settled\":true}],\"nodepools\":[{\"nodepool_id\":"
	"\"" POOL "\","
	"\"number\":1,\"is_default\":true,\"created_ms\":1,\"updated_ms\":1,"
	"\"last\":1,\"busy\":\"\",\"ready\":[1],\"spec\":{"
	"\"nodepool_info\":{\"name\":\"default\"},"
	"\"scaling_group\":{\"desired_size\":1}}}]}";

static struct sandbox sandbox;
static struct ack_json *planted; /* the record */
static bool changed;             /* by this input */
static bool whole;               /* all of it is tried */

/* At the end of an input, so that one that leaks nothing frees as much as it
 * allocates: libFuzzer runs all others twice. */
static void begin_anew(void)
{
	struct cluster *k = calloc(1, sizeof(*k));
	struct ack_error e;

	faults_release(&sandbox.faults);
	clusters_close(&sandbox.clusters);
	MUST(k && !cluster_from_record(k, planted, &e));
	MUST(!clusters_add(&sandbox.clusters, k, &e));
}

/* A smaller log than the one that grows is as good, and much faster. */
void fuzz_begin(void)
{
	struct requests *r = &sandbox.requests;
	size_t where;

	sandbox.speed = 1e6;
	r->size = REQUESTS;
	r->ring = calloc(r->size, sizeof(*r->ring));
	planted = ack_json_parse(record, sizeof(record) - 1, &where);
	MUST(r->ring && planted);
	begin_anew();
}

/* What a character of a target stands for; NULL: itself. */
static const char *meant(const char *at)
{
	const struct cluster *k =
		sandbox.clusters.count ? sandbox.clusters.list[0] : NULL;

	if (*at == '@')
		return ID;
	if (*at == '$')
		return POOL;
	return *at == '!' && k && k->ntasks ? k->tasks[k->ntasks - 1]->id
					    : NULL;
}

static char *target(struct ack_span s)
{
	struct ack_buf out = ACK_BUF_INIT(1u << 16);
	char *copy = fuzz_copy(s), *text = copy;

	while (*text) {
		size_t len = strcspn(text, "@$!");
		const char *id = meant(text + len);

		len += !id && text[len];
		ack_buf_put(&out, text, len);
		text += len;
		if (id) {
			ack_buf_puts(&out, id);
			text++;
		}
	}
	free(copy);
	text = ack_buf_steal(&out);
	MUST(text);
	return text;
}

/* In place of verify.c, which has a target of its own. */
bool verify_request(struct verifier *v, struct exchange *x, int64_t now_ms)
{
	(void)v, (void)x, (void)now_ms;
	return true;
}

/* As it travels, in small pieces. */
static void read_answer(const struct exchange *x, bool parse)
{
	char block[512];
	uint64_t at = 0;
	size_t where;
	ssize_t n;

	while ((n = exchange_read(x, at, block, sizeof(block))) > 0 &&
		at < ANSWER_MAX)
		at += (uint64_t)n;
	if (!parse || !x->answer.len)
		return;
	struct ack_json *root = ack_json_parse(
		x->answer.data, x->answer.len, &where);
	MUST(root);
	ack_json_free(root);
	MUST(x->status >= 200 && x->status < 600);
}

static void conduct(struct sandbox *s, struct exchange *x)
{
	const size_t faults = s->faults.count; /* one may go with this */
	enum verdict v = sandbox_conduct(s, x);

	for (int i = 0; i < WAITS && v == EXCHANGE_WAIT && x->wait_ms >= 0; i++)
		v = sandbox_conduct(s, x);
	if (v == EXCHANGE_SEND)
		/* only a fault makes it anything but JSON */
		read_answer(x, whole && !faults && !s->faults.count);
}

static void request(struct sandbox *s, struct ack_span piece)
{
	struct talk t;

	talk_begin(&t, piece, target);
	conduct(s, &t.x);
	/* what was executed, and what steers the sandbox */
	changed |= strcmp(t.x.method, "GET") != 0 &&
		   (t.x.executed || (t.x.route && !t.x.route->action));
	talk_end(&t);
}

/* What the state file would have of it must be read by the next sandbox. */
static void write_down(const struct cluster *k)
{
	struct ack_json *written = cluster_record(k);
	struct ack_buf text = ACK_BUF_INIT(ANSWER_MAX);
	struct cluster *copy = calloc(1, sizeof(*copy));
	struct ack_error e;
	size_t where;

	MUST(written && copy);
	ack_json_print(written, false, &text);
	ack_json_free(written);
	written = ack_json_parse(text.data, text.len, &where);
	if (!written || cluster_from_record(copy, written, &e))
		fuzz_broken(__FILE__, __LINE__, text.data);
	ack_json_free(written);
	ack_buf_release(&text);
	cluster_free(copy);
}

void fuzz_one(struct ack_span input)
{
	const struct clusters *c = &sandbox.clusters;

	whole = fuzz_due(input);
	changed = false;
	sandbox.requests.count = 0;
	for (int i = 0; i < (whole ? REQUESTS : REQUESTS / 2) && input.text;
		i++)
		request(&sandbox, fuzz_piece(&input));
	if (whole && changed && c->count)
		write_down(c->list[c->count - 1]);
	if (changed || sandbox.faults.count)
		begin_anew();
}
