/* SPDX-License-Identifier: MIT */
/*
 * Mode External of the CLI's profiles: a program that writes keys as JSON.
 * Its arguments and what it wrote are not repeated: they may be secrets.
 */
#include "base/text.h"
#include "keys/source.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

#include "base/json.h"
#include "base/variable.h"
#include "keys/command.h"
#include "keys/inquiry.h"

#define LIMIT_MS (60 * 1000)
#define MAX      (64u << 10)

/*
 * Without a time of expiry the SDKs run it for each call. Here it is run again
 * after this many seconds, and when the service calls the keys expired.
 */
#define AGAIN 900

static void ended(void *arg, const char *wrong, const struct ack_buf *out)
{
	static const struct ack_key_names names = {"access_key_id",
		"access_key_secret", "sts_token", "expiration"};
	struct ack_inquiry *q = arg;
	struct ack_json *root = NULL;
	size_t where;

	if (!wrong) {
		root = ack_json_parse(ack_buf_text(out), out->len, &where);
		const char *mode = ack_json_get_string(root, "mode");
		const char *token = ack_json_get_string(root, names.token);
		if (!ack_json_is_object(root))
			wrong = "what it wrote is not JSON";
		else if (mode && strcasecmp(mode, "StsToken") == 0 &&
			 (!token || !*token))
			wrong = "its sts_token is not set";
		q->why.failed |= !root && where == ACK_JSON_NO_MEMORY;
	}
	if (wrong) {
		ack_buf_puts(&q->why, ack_text(wrong));
		ack_inquiry_failed(q);
	} else {
		q->keys.again = AGAIN;
		ack_inquiry_take(q, root, &names, 0);
	}
	ack_json_free(root);
}

void ack_external_ask(struct ack_inquiry *q, const char *process_command)
{
	struct ack_command c = {.text = NULL};
	const char *wrong;

	if (ack_variable_true("ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS")) {
		wrong = "External is turned off by the environment";
	} else {
		wrong = ack_command_split(&c, process_command);
		q->why.failed |= !c.text;
	}
	/* The mount's directory is not the one that it was started in. */
	if (!wrong && *c.argv[0] != '/' && strchr(c.argv[0], '/'))
		wrong = "the program of process_command is neither an absolute "
			"path nor a name";
	if (!wrong) {
		int err = ack_process_start(&q->process, q->events, c.argv,
			LIMIT_MS, MAX, ended, q);

		if (err < 0) {
			ack_buf_puts(&q->why,
				ack_text("its program does not start: "));
			wrong = strerror(-err);
			q->why.failed |= err == -ENOMEM;
		}
	}
	if (wrong) {
		ack_buf_puts(&q->why, ack_text(wrong));
		ack_inquiry_failed(q);
	}
	ack_command_release(&c);
}
