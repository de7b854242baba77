/* SPDX-License-Identifier: MIT */
/*
 * precheck of live/NAME/: the check that the service makes before an upgrade
 * (SERVICE.md, Checks). One is begun, and asked for until it has ended.
 */
#include <errno.h>
#include <string.h>

#include "base/error.h"
#include "base/json.h"
#include "base/length.h"
#include "model/object.h"
#include "model/word.h"
#include "tree/fetch.h"

#define LOOK_MS 1000
#define MOST_MS (15 * 60000)

static const char *first_text(
	const struct ack_json *n, const char *const *keys, size_t count)
{
	const char *text = NULL;

	for (size_t i = 0; !text && i < count; i++)
		text = ack_json_get_string(n, keys[i]);
	return text;
}

/* The form of an item is not documented: what does not say that all is well
 * counts as a finding. */
static bool is_well(const struct ack_json *item)
{
	static const char *const states[] = {
		"level", "status", "state", "result"};
	static const char *const well[] = {"success", "succeeded", "pass",
		"passed", "normal", "ok", "healthy", "none"};
	static const char *const flags[] = {"passed", "is_passed", "success"};
	const char *word = first_text(item, states, LENGTH(states));
	bool yes = false;

	for (size_t i = 0; word && i < LENGTH(well); i++)
		yes |= !strcasecmp(word, well[i]);
	for (size_t i = 0; !word && i < LENGTH(flags); i++)
		ack_json_boolean(ack_json_get(item, flags[i]), &yes);
	return yes;
}

static void put_item(
	struct fetch *f, const char *group, const struct ack_json *item)
{
	static const char *const names[] = {
		"name", "check_item", "item", "key", "id"};
	static const char *const texts[] = {
		"message", "description", "reason", "suggestion"};
	const char *name = first_text(item, names, LENGTH(names));
	const char *text = first_text(item, texts, LENGTH(texts));

	fetch_put(f, group);
	if (name) {
		ack_buf_putc(&f->text, '/');
		fetch_put(f, name);
	}
	ack_buf_puts(&f->text, ": ");
	if (text && *text)
		fetch_put(f, text);
	else
		ack_json_print(item, false, &f->text);
	ack_buf_putc(&f->text, '\n');
}

static void put_findings(struct fetch *f, const struct ack_json *groups)
{
	for (const struct ack_json *g = ack_json_first(groups); g;
		g = ack_json_next(g))
		for (const struct ack_json *n = ack_json_first(g); n;
			n = ack_json_next(n))
			if (!is_well(n))
				put_item(f, ack_json_key(g), n);
}

static bool ask(struct fetch *f, struct ack_request *r)
{
	r->ids[0] = f->object->id;
	if (!f->step) {
		r->action = ACK_CALL_RunClusterCheck;
		r->body = "{\"type\":\"ClusterUpgrade\"}";
		r->len = strlen(r->body);
		return true;
	}
	r->action = ACK_CALL_GetClusterCheck;
	r->ids[1] = ack_buf_text(&f->body);
	return f->body.len;
}

static int begun(
	struct fetch *f, const struct ack_json *answer, struct ack_error *e)
{
	const char *id = ack_json_get_string(answer, "check_id");

	if (!id || !*id)
		return ack_error_set(e, EPROTO, NULL,
			"the answer of the service has no ID of the check");
	ack_buf_puts(&f->body, id);
	return 0;
}

static int take(
	struct fetch *f, const struct ack_json *answer, struct ack_error *e)
{
	const char *status = ack_json_get_string(answer, "status");
	const char *ended = ack_json_get_string(answer, "finished_at");
	const char *message = ack_json_get_string(answer, "message");
	enum meaning how = word_of_task(status);

	if (!f->step)
		return begun(f, answer, e);
	if (!status || !*status)
		return ack_error_set(e, EPROTO, NULL,
			"the answer of the service has no status of the check");
	if (how == MEANS_MOVING ||
		(how == MEANS_NOTHING && !(ended && *ended))) {
		f->pause_ms = LOOK_MS;
		return 0;
	}
	ack_buf_clear(&f->body);
	put_findings(f, ack_json_get(answer, "check_items"));
	if (how == MEANS_WELL || f->text.len)
		return 0;
	ack_error_set(e, EREMOTEIO, "precheck",
		"the check of the service has ended as %s: %s", status,
		message ? message : "without a reason");
	ack_error_hint(e, "read precheck again to begin another check");
	return -e->err;
}

const struct fetch_source fetch_precheck = {
	.ask = ask, .take = take, .most_ms = MOST_MS};
