/* SPDX-License-Identifier: MIT */
/* The table of faults: one row is one kind, and one line in the page. */
#include "sandbox/faults.h"

#include <stdio.h>

#include "sandbox/answer.h"
#include "sandbox/clusters.h"
#include "sandbox/exchange.h"
#include "sandbox/tasks.h"

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

const size_t fault_nkinds = sizeof(fault_kinds) / sizeof(*fault_kinds);
