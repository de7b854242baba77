/* SPDX-License-Identifier: MIT */
#include "sandbox/faults.h"

#include <errno.h>
#include <fnmatch.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/error.h"
#include "base/json.h"
#include "base/length.h"
#include "sandbox/clusters.h"
#include "sandbox/exchange.h"
#include "sandbox/tasks.h"

void faults_release(struct faults *f)
{
	free(f->list);
	*f = (struct faults){NULL};
}

static bool fits(const struct fault *r, const struct exchange *x)
{
	return (r->method[0] == '\0' ||
		       strcasecmp(r->method, x->method) == 0) &&
	       fnmatch(r->path, ack_buf_text(&x->target.path), 0) == 0;
}

/* Counts it, and says whether it takes effect this time. */
static bool strikes(struct fault *r)
{
	if (r->after > 0) {
		r->after--;
		return false;
	}
	if (r->times > 0)
		r->times--;
	return true;
}

const struct fault *faults_take(
	struct faults *f, enum fault_moment moment, const struct exchange *x)
{
	for (size_t i = 0; i < f->count; i++) {
		struct fault *r = &f->list[i];

		if (r->moment == moment && r->times != 0 && fits(r, x) &&
			strikes(r))
			return r;
	}
	return NULL;
}

const struct fault *faults_take_role(
	struct faults *f, const char *code, const struct exchange *x)
{
	for (size_t i = 0; i < f->count; i++) {
		struct fault *r = &f->list[i];

		if (r->moment == FAULT_ROLE && r->times != 0 && fits(r, x) &&
			(!r->code[0] || strcmp(r->code, code) == 0) &&
			strikes(r))
			return r;
	}
	return NULL;
}

void fault_play(const struct fault *f, struct exchange *x)
{
	f->kind->play(f, x);
}

void fault_play_cluster(const struct fault *f, struct cluster *k)
{
	f->kind->play_cluster(f, k);
}

void fault_play_task(const struct fault *f, struct task *t)
{
	f->kind->play_task(f, t);
}

static void play_delay(const struct fault *f, struct exchange *x)
{
	x->wait_ms = f->ms;
}

static void play_spelling(const struct fault *f, struct exchange *x)
{
	x->spelling = f->spelled == FAULT_UPPER ? SPELLING_UPPER
						: SPELLING_LOWER;
}

static void play_drop(const struct fault *f, struct exchange *x)
{
	(void)f;
	x->verdict = EXCHANGE_DROP;
}

static void play_hang(const struct fault *f, struct exchange *x)
{
	(void)f;
	x->verdict = EXCHANGE_WAIT;
}

static void play_status(const struct fault *f, struct exchange *x)
{
	answer_gateway(x, (int)f->status, f->code, "%s", f->message);
	x->retry_after_ms = f->retry_after_ms;
}

static void play_html(const struct fault *f, struct exchange *x)
{
	answer_text(x, (int)f->status, "text/html",
		"<html>\r\n<head><title>Bad Gateway</title></head>\r\n"
		"<body>\r\n<center><h1>Bad Gateway</h1></center>\r\n"
		"</body>\r\n</html>\r\n");
}

static void play_xml(const struct fault *f, struct exchange *x)
{
	answer_text(x, (int)f->status, "text/xml;charset=utf-8",
		"<?xml version='1.0' encoding='UTF-8'?><Error><Code>"
		"ServiceUnavailable</Code><Message>The request has failed due "
		"to a temporary failure of the server.</Message></Error>");
}

static void play_empty(const struct fault *f, struct exchange *x)
{
	answer_text(x, (int)f->status, "application/json", "");
}

static void play_truncate(const struct fault *f, struct exchange *x)
{
	(void)f;
	x->answer.len /= 2;
}

static void play_cut(const struct fault *f, struct exchange *x)
{
	(void)f;
	x->cut = x->answer.len / 2;
}

static void play_chunked(const struct fault *f, struct exchange *x)
{
	(void)f;
	x->chunked = true;
}

static void play_huge(const struct fault *f, struct exchange *x)
{
	x->pad = (uint64_t)f->bytes;
}

static void play_lag(const struct fault *f, struct cluster *k)
{
	k->listed_ms = k->created_ms + f->ms;
}

static void play_stuck(const struct fault *f, struct task *t)
{
	(void)f;
	t->stuck = true;
}

static void play_fail(const struct fault *f, struct task *t)
{
	snprintf(t->error_code, sizeof(t->error_code), "%s", f->code);
	snprintf(t->error_message, sizeof(t->error_message), "%s", f->message);
}

/* clang-format off */
#define ONLY(moment)  moment, moment
#define BOTH          FAULT_INSTEAD, FAULT_ANSWER
const struct fault_kind fault_kinds[] = {
	{ "delay", FAULT_ARRIVAL, FAULT_END, FAULT_KEY_MS,
		.ms = 1000, .play = play_delay },
	{ "key_case", ONLY(FAULT_SPELLING), FAULT_KEY_CASE,
		.play = play_spelling },
	{ "drop", BOTH, 0, .play = play_drop },
	{ "hang", BOTH, 0, .play = play_hang },
	{ "status", BOTH, FAULT_KEY_STATUS | FAULT_KEY_TEXTS,
		.status = 500, .code = "InternalError",
		.message = "The request processing has failed due to some "
			"unknown error.",
		.play = play_status },
	{ "throttle", ONLY(FAULT_INSTEAD),
		FAULT_KEY_STATUS | FAULT_KEY_TEXTS | FAULT_KEY_RETRY_AFTER,
		.status = 429, .code = "Throttling.User",
		.message = "Request was denied due to user flow control.",
		.play = play_status },
	{ "html", BOTH, FAULT_KEY_STATUS, .status = 502, .play = play_html },
	{ "xml", BOTH, FAULT_KEY_STATUS, .status = 503, .play = play_xml },
	{ "empty", BOTH, FAULT_KEY_STATUS, .status = 200,
		.play = play_empty },
	{ "truncate", ONLY(FAULT_ANSWER), 0, .play = play_truncate },
	{ "cut", ONLY(FAULT_ANSWER), 0, .play = play_cut },
	{ "chunked", ONLY(FAULT_ANSWER), 0, .play = play_chunked },
	{ "huge", ONLY(FAULT_ANSWER), FAULT_KEY_BYTES, .bytes = 64 << 20,
		.play = play_huge },
	{ "list_lag", ONLY(FAULT_LIST), FAULT_KEY_MS,
		.ms = 10000, .play_cluster = play_lag },
	{ "stuck_task", ONLY(FAULT_TASK), 0, .play_task = play_stuck },
	{ "fail_task", ONLY(FAULT_TASK), FAULT_KEY_TEXTS,
		.code = "InvalidVSwitchId.IpNotEnough",
		.message = "The vSwitch has not enough free addresses for the "
			"nodes.",
		.play_task = play_fail },
	{ "delete_failed", ONLY(FAULT_DELETE), FAULT_KEY_TEXTS,
		.code = "DependencyViolation.Resource",
		.message = "The security group is still in use by resources "
			"outside the cluster.",
		.play_task = play_fail },
	{ "role_missing", ONLY(FAULT_ROLE), FAULT_KEY_TEXTS,
		.message = "The role does not exist or was not granted to "
			"the service." },
};
/* clang-format on */

const size_t fault_nkinds = LENGTH(fault_kinds);

#define RULES_MAX 1000
#define DAY_MS    86400000
#define EVER      INT64_C(1000000000)

/* clang-format off */
static const struct key {
	const char *name;
	unsigned taken_by; /* 0: every kind */
	size_t offset;
	size_t size; /* of a text; 0: a number */
	int64_t min, max;
} keys[] = {
#define NUMBER(name, taken_by, min, max) \
	{ #name, taken_by, offsetof(struct fault, name), 0, min, max }
#define TEXT(name, taken_by) \
	{ #name, taken_by, offsetof(struct fault, name), \
		sizeof(((struct fault *)0)->name), 0, 0 }
	TEXT(method, 0),
	TEXT(path, 0),
	NUMBER(times, 0, -1, EVER),
	NUMBER(after, 0, 0, EVER),
	NUMBER(ms, FAULT_KEY_MS, 0, DAY_MS),
	NUMBER(status, FAULT_KEY_STATUS, 200, 599),
	NUMBER(bytes, FAULT_KEY_BYTES, 1, INT64_C(1) << 40),
	NUMBER(retry_after_ms, FAULT_KEY_RETRY_AFTER, 0, DAY_MS),
	TEXT(code, FAULT_KEY_TEXTS),
	TEXT(message, FAULT_KEY_TEXTS),
#undef NUMBER
#undef TEXT
};
/* clang-format on */

/* Finds the row of "do", and which of its two moments is meant. */
static int parse_kind(struct fault *r, const char *word, struct ack_error *e)
{
	static const char suffix[] = "_after";
	size_t len = word ? strlen(word) : 0, tail = sizeof(suffix) - 1;
	bool after = len > tail && strcmp(word + len - tail, suffix) == 0;
	char words[512] = "";
	size_t n = 0;

	for (size_t i = 0; i < fault_nkinds; i++) {
		const struct fault_kind *k = &fault_kinds[i];
		bool two = k->after != k->moment;

		n += (size_t)snprintf(words + n, sizeof(words) - n, "%s%s%s",
			n ? ", " : "", k->word, two ? "[_after]" : "");
		if (!word || strncmp(word, k->word, strlen(k->word)) != 0)
			continue;
		size_t rest = len - strlen(k->word);
		if (rest != 0 && !(after && rest == tail && two))
			continue;
		r->kind = k;
		r->moment = rest ? k->after : k->moment;
		return 0;
	}
	return ack_error_set(
		e, EINVAL, NULL, "\"do\" must be one of %s.", words);
}

static void set_defaults(struct fault *r)
{
	const struct fault_kind *k = r->kind;

	strcpy(r->path, "*");
	r->times = 1;
	r->ms = k->ms;
	r->status = k->status;
	r->bytes = k->bytes;
	r->retry_after_ms = k->keys & FAULT_KEY_RETRY_AFTER ? 1500 : 0;
	snprintf(r->code, sizeof(r->code), "%s", k->code ? k->code : "");
	snprintf(r->message, sizeof(r->message), "%s",
		k->message ? k->message : "");
}

static int parse_number(struct fault *r, const struct key *key,
	const struct ack_json *n, struct ack_error *e)
{
	int64_t value;

	if (!ack_json_integer(n, &value) || value < key->min ||
		value > key->max)
		return ack_error_set(e, EINVAL, NULL,
			"\"%s\" must be a number from %" PRId64 " to %" PRId64
			".",
			key->name, key->min, key->max);
	memcpy((char *)r + key->offset, &value, sizeof(value));
	return 0;
}

static int parse_text(struct fault *r, const struct key *key,
	const struct ack_json *n, struct ack_error *e)
{
	const char *text = ack_json_string(n);

	if (!text || !*text || strlen(text) >= key->size)
		return ack_error_set(e, EINVAL, NULL,
			"\"%s\" must be a string of 1 to %zu bytes.", key->name,
			key->size - 1);
	strcpy((char *)r + key->offset, text);
	return 0;
}

static int parse_case(
	struct fault *r, const struct ack_json *n, struct ack_error *e)
{
	const char *text = ack_json_string(n);

	if (!text || (strcmp(text, "upper") && strcmp(text, "lower")))
		return ack_error_set(e, EINVAL, NULL,
			"\"case\" must be \"upper\" or \"lower\".");
	r->spelled = text[0] == 'u' ? FAULT_UPPER : FAULT_LOWER;
	return 0;
}

static int parse_member(
	struct fault *r, const struct ack_json *n, struct ack_error *e)
{
	const char *name = ack_json_key(n);

	if (strcmp(name, "do") == 0)
		return 0;
	if (strcmp(name, "case") == 0 && r->kind->keys & FAULT_KEY_CASE)
		return parse_case(r, n, e);
	for (size_t i = 0; i < LENGTH(keys); i++) {
		const struct key *key = &keys[i];

		if (strcmp(name, key->name) != 0)
			continue;
		if (key->taken_by && !(key->taken_by & r->kind->keys))
			break;
		return key->size ? parse_text(r, key, n, e)
				 : parse_number(r, key, n, e);
	}
	return ack_error_set(
		e, EINVAL, NULL, "\"%s\" has no \"%s\".", r->kind->word, name);
}

static int parse_rule(
	struct fault *r, const struct ack_json *rule, struct ack_error *e)
{
	int rc = parse_kind(r, ack_json_get_string(rule, "do"), e);

	if (rc < 0)
		return rc;
	set_defaults(r);
	for (const struct ack_json *n = ack_json_first(rule); n && rc == 0;
		n = ack_json_next(n))
		rc = parse_member(r, n, e);
	return rc;
}

int faults_set(
	struct faults *f, const struct ack_json *list, struct ack_error *e)
{
	struct faults fresh = {NULL, ack_json_count(list)};
	struct ack_error inner;
	size_t i = 0;

	if (!ack_json_is_array(list) || fresh.count > RULES_MAX)
		return ack_error_set(e, EINVAL, NULL,
			"The rules must be a JSON array of at most %d objects.",
			RULES_MAX);
	fresh.list = calloc(fresh.count + 1, sizeof(*fresh.list));
	if (!fresh.list)
		return ack_error_set(
			e, ENOMEM, NULL, "There is not enough memory.");
	for (const struct ack_json *n = ack_json_first(list); n;
		n = ack_json_next(n), i++) {
		if (parse_rule(&fresh.list[i], n, &inner) == 0)
			continue;
		faults_release(&fresh);
		return ack_error_set(
			e, EINVAL, NULL, "Rule %zu: %s", i + 1, inner.message);
	}
	faults_release(f);
	*f = fresh;
	return 0;
}
