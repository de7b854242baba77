/* SPDX-License-Identifier: MIT */
#include "actions/addons.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "actions/steps.h"
#include "base/error.h"
#include "base/json.h"
#include "base/span.h"
#include "client/client.h"
#include "model/bases.h"
#include "model/kind.h"
#include "model/object.h"
#include "params/addons.h"
#include "params/params.h"
#include "params/types.h"
#include "params/values.h"

#define ROW ACK_P_live_addons

/* In the order in which they are called. */
enum addons_call {
	ADDONS_INSTALL,
	ADDONS_UPGRADE,
	ADDONS_MODIFY,
	ADDONS_UNINSTALL,
	ADDONS_KINDS
};

static const enum ack_action actions[ADDONS_KINDS] = {
	[ADDONS_INSTALL] = ACK_CALL_InstallClusterAddons,
	[ADDONS_UPGRADE] = ACK_CALL_UpgradeClusterAddons,
	[ADDONS_MODIFY] = ACK_CALL_ModifyClusterAddon,
	[ADDONS_UNINSTALL] = ACK_CALL_UnInstallClusterAddons,
};

void addons_look_init(struct addons_look *l)
{
	*l = (struct addons_look){.at = 0};
	ack_buf_init(&l->names, 65536);
	ack_buf_init(&l->lines, 1u << 20);
}

void addons_look_release(struct addons_look *l)
{
	ack_buf_release(&l->names);
	ack_buf_release(&l->lines);
}

static bool next(struct addons_look *l, struct ack_addon *a)
{
	struct ack_span rest = {
		ack_buf_text(&l->names) + l->at, l->names.len - l->at};

	return rest.len && ack_addon_split(ack_span_cut(&rest, "\n"), a);
}

bool addons_ask(
	struct addons_look *l, const struct object *o, struct ack_request *r)
{
	struct ack_addon a;

	r->ids[0] = o->id;
	r->action = ACK_CALL_ListClusterAddonInstances;
	if (!l->listed)
		return true;
	if (!next(l, &a))
		return false;
	snprintf(
		l->name, sizeof(l->name), "%.*s", (int)a.name.len, a.name.text);
	r->action = ACK_CALL_GetClusterAddonInstance;
	r->ids[1] = l->name;
	return true;
}

/* A line of ours, if it can be one. */
static void put_line(struct ack_buf *out, const char *name, const char *version,
	const char *config)
{
	struct ack_buf line = ACK_BUF_INIT(65536), canon = ACK_BUF_INIT(65536);
	ACK_UNSET struct ack_error e;

	ack_buf_printf(&line, "%s%s%s%s%s", name, *version ? "@" : "", version,
		*config ? " " : "", config);
	if (!ack_param_parse(&ack_cluster_table.rows[ROW], ack_buf_text(&line),
		    line.len, &canon, &e))
		ack_buf_printf(out, "%s\n", ack_buf_text(&canon));
	out->failed |= line.failed || canon.failed;
	ack_buf_release(&line);
	ack_buf_release(&canon);
}

static const char *or_empty(const char *text)
{
	return text ? text : "";
}

int addons_answer(struct addons_look *l, const struct ack_json *answer,
	struct ack_error *e)
{
	const struct ack_json *list = ack_json_get(answer, "addons");
	struct ack_addon a;
	const char *config;
	char version[64];

	if (!l->listed && !ack_json_is_array(list))
		return ack_error_set(e, EPROTO, NULL,
			"the answer of the service has no addons");
	if (!l->listed) {
		for (const struct ack_json *n = ack_json_first(list); n;
			n = ack_json_next(n))
			put_line(&l->names,
				or_empty(ack_json_get_string(n, "name")),
				or_empty(ack_json_get_string(n, "version")),
				"");
		l->listed = true;
	} else if (next(l, &a)) {
		config = or_empty(ack_json_get_string(answer, "config"));
		snprintf(version, sizeof(version), "%.*s", (int)a.version.len,
			a.version.text ? a.version.text : "");
		l->at += strcspn(l->names.data + l->at, "\n") + 1;
		put_line(&l->lines, l->name, version,
			strcmp(config, "{}") != 0 ? config : "");
	}
	if (ack_buf_status(&l->names) || ack_buf_status(&l->lines))
		return ack_error_memory(e, NULL);
	return 0;
}

void addons_take(struct object *o, const struct ack_buf *lines)
{
	size_t len = lines->len ? lines->len - 1 : 0;
	const char *old = ack_values_get(&o->values, ROW, NULL);

	if (old && strlen(old) == len && !memcmp(old, lines->data, len))
		return;
	ack_values_set(
		&o->values, ROW, ack_buf_text(lines), len, time_now_ns());
	object_touch(o);
	bases_settle(o);
}

static const char *edit(const struct object *o)
{
	return o->parent ? NULL : ack_values_get(&o->edits, ROW, NULL);
}

static bool is_same_span(struct ack_span a, struct ack_span b)
{
	return a.len == b.len && (!a.len || !memcmp(a.text, b.text, a.len));
}

/* The last addon of that name in a list of lines. */
static bool find(
	struct ack_span rest, struct ack_span name, struct ack_addon *out)
{
	struct ack_addon a;
	bool found = false;

	while (rest.len > 0)
		if (ack_addon_split(ack_span_cut(&rest, "\n"), &a) &&
			is_same_span(a.name, name)) {
			*out = a;
			found = true;
		}
	return found;
}

static const char *installed(const struct object *o)
{
	return ack_values_get(&o->values, ROW, NULL);
}

/* As JSON: blanks and the order of members say nothing. */
static bool is_same_config(struct ack_span a, struct ack_span b)
{
	struct ack_json *x, *y;
	size_t where;
	bool same;

	if (!a.len || !b.len)
		return a.len == b.len;
	x = ack_json_parse(a.text, a.len, &where);
	y = ack_json_parse(b.text, b.len, &where);
	same = x && y && ack_json_same(x, y);
	ack_json_free(x);
	ack_json_free(y);
	return same;
}

/* What a line of the edit is to do to what is installed; false: nothing. */
static bool call_of(const struct object *o, const struct ack_addon *wanted,
	struct ack_addon *is, enum addons_call *kind)
{
	bool there = find(ack_span_of(installed(o)), wanted->name, is);

	if (!there)
		*is = (struct ack_addon){.off = false};
	*kind = !there        ? ADDONS_INSTALL
		: wanted->off ? ADDONS_UNINSTALL
		: wanted->version.len &&
				!is_same_span(wanted->version, is->version)
			? ADDONS_UPGRADE
			: ADDONS_MODIFY;
	if (!there)
		return !wanted->off;
	return *kind != ADDONS_MODIFY ||
	       (wanted->config.len &&
		       !is_same_config(wanted->config, is->config));
}

struct walk {
	const struct object *o;
	struct ack_span rest;
	enum addons_call kind;
	struct ack_addon wanted, is;
};

static struct walk walk(const struct object *o, enum addons_call kind)
{
	return (struct walk){
		.o = o, .rest = ack_span_of(edit(o)), .kind = kind};
}

/* The next line of the edit that needs a call of that kind. */
static bool step(struct walk *w)
{
	enum addons_call kind;

	while (w->rest.len > 0)
		if (ack_addon_split(ack_span_cut(&w->rest, "\n"), &w->wanted) &&
			call_of(w->o, &w->wanted, &w->is, &kind) &&
			kind == w->kind)
			return true;
	return false;
}

static unsigned calls_of(const struct object *o, enum addons_call kind)
{
	struct walk w = walk(o, kind);
	unsigned count = 0;

	while (step(&w))
		count++;
	return kind == ADDONS_MODIFY || !count ? count : 1;
}

unsigned addons_calls(const struct object *o)
{
	unsigned count = 0;

	for (int kind = 0; kind < ADDONS_KINDS; kind++)
		count += calls_of(o, (enum addons_call)kind);
	return count;
}

bool addons_wanted(const struct object *o)
{
	return addons_calls(o);
}

/* Which kind the nth call is of; *nth: among its own. */
static enum addons_call kind_of(const struct object *o, unsigned *nth)
{
	int kind = 0;

	for (; kind < ADDONS_UNINSTALL; kind++) {
		unsigned count = calls_of(o, (enum addons_call)kind);

		if (*nth < count)
			break;
		*nth -= count;
	}
	return (enum addons_call)kind;
}

static int add(struct ack_json *n, const char *key, struct ack_span text)
{
	struct ack_buf copy = ACK_BUF_INIT(65536);
	int ret;

	if (!text.len)
		return 0;
	ack_buf_put(&copy, text.text, text.len);
	ret = ack_buf_status(&copy);
	if (!ret)
		ret = ack_json_add_string(n, key, ack_buf_text(&copy));
	ack_buf_release(&copy);
	return ret;
}

static int add_one(const struct walk *w, struct ack_json *n)
{
	int ret;

	switch (w->kind) {
	case ADDONS_INSTALL:
		ret = add(n, "name", w->wanted.name);
		if (!ret)
			ret = add(n, "version", w->wanted.version);
		return ret ? ret : add(n, "config", w->wanted.config);
	case ADDONS_UPGRADE:
		ret = add(n, "component_name", w->wanted.name);
		if (!ret)
			ret = add(n, "version", w->is.version);
		if (!ret)
			ret = add(n, "next_version", w->wanted.version);
		if (!ret && !is_same_config(w->wanted.config, w->is.config))
			ret = add(n, "config", w->wanted.config);
		return ret;
	case ADDONS_MODIFY:
		return add(n, "config", w->wanted.config);
	case ADDONS_UNINSTALL:
		return add(n, "name", w->wanted.name);
	case ADDONS_KINDS:
		break;
	}
	return 0;
}

/* All of a kind stand in one list, but for those that are modified. */
static struct ack_json *body(
	struct walk *w, struct step_request *s, unsigned nth)
{
	struct ack_json *list = w->kind == ADDONS_MODIFY ? NULL
							 : ack_json_array();
	struct ack_json *n = NULL;
	unsigned at = 0;
	int ret = 0;

	while (!ret && step(w)) {
		if (w->kind == ADDONS_MODIFY && at++ != nth)
			continue;
		n = ack_json_object();
		ret = n ? add_one(w, n) : -ENOMEM;
		if (w->kind == ADDONS_MODIFY) {
			ack_buf_put(&s->texts[0], w->wanted.name.text,
				w->wanted.name.len);
			break;
		}
		if (!ret)
			ret = ack_json_add(list, NULL, n);
		else
			ack_json_free(n);
	}
	if (w->kind == ADDONS_MODIFY)
		return n;
	if (!ret)
		return list;
	ack_json_free(list);
	return NULL;
}

int addons_compose(const struct object *o, struct step_request *s)
{
	unsigned nth = s->nth;
	enum addons_call kind = kind_of(o, &nth);
	struct walk w = walk(o, kind);
	struct ack_json *root = body(&w, s, nth);

	if (!root)
		return -ENOMEM;
	s->r = kind_request(o, actions[kind]);
	if (kind == ADDONS_MODIFY)
		s->r.ids[1] = ack_buf_text(&s->texts[0]);
	ack_json_print(root, false, &s->body);
	ack_json_free(root);
	return ack_buf_status(&s->texts[0]);
}

void addons_put(const struct object *o, unsigned nth, struct ack_buf *out)
{
	enum addons_call kind = kind_of(o, &nth);
	struct walk w = walk(o, kind);
	const char *before = ": addons: ";
	unsigned at = 0;

	while (step(&w)) {
		struct ack_span is = w.is.line, will = w.wanted.line;

		if (kind == ADDONS_MODIFY && at++ != nth)
			continue;
		ack_buf_printf(out, "%s%.*s -> %.*s", before,
			is.len ? (int)is.len : 5, is.len ? is.text : "unset",
			w.wanted.off ? 5 : (int)will.len,
			w.wanted.off ? "unset" : will.text);
		before = ", ";
	}
}

unsigned addons_losses(const struct object *o, struct ack_buf *out)
{
	struct walk w = walk(o, ADDONS_UNINSTALL);
	unsigned count = 0;

	for (; step(&w); count++)
		ack_buf_printf(out,
			"loses: live/addons: %.*s: it is uninstalled, with its "
			"configuration; its version may not be offered again\n",
			(int)w.is.name.len, w.is.name.text);
	return count;
}

static void put_merged(struct ack_buf *out, const struct ack_addon *is,
	const struct ack_addon *wanted)
{
	struct ack_span version = wanted->version.len ? wanted->version
						      : is->version;
	struct ack_span config = wanted->config.len ? wanted->config
						    : is->config;

	ack_buf_put(out, wanted->name.text, wanted->name.len);
	if (version.len)
		ack_buf_printf(out, "@%.*s", (int)version.len, version.text);
	if (config.len)
		ack_buf_printf(out, " %.*s", (int)config.len, config.text);
	ack_buf_putc(out, '\n');
}

/* What is installed once calls of these kinds are made; `name`: that for it
 * alone. */
static void merge(const struct object *o, unsigned kinds, const char *name,
	struct ack_buf *out)
{
	struct ack_span rest = ack_span_of(installed(o));
	struct walk w = walk(o, ADDONS_INSTALL);
	struct ack_addon is, wanted;
	enum addons_call kind;

	while (rest.len > 0) {
		struct ack_span now = ack_span_cut(&rest, "\n");
		bool call;

		if (!ack_addon_split(now, &is))
			continue;
		call = find(ack_span_of(edit(o)), is.name, &wanted) &&
		       call_of(o, &wanted, &is, &kind) && kinds & 1u << kind &&
		       (!name || ack_span_is(is.name, name));
		if (!call)
			ack_buf_printf(out, "%.*s\n", (int)now.len, now.text);
		else if (kind != ADDONS_UNINSTALL)
			put_merged(out, &is, &wanted);
	}
	while (kinds & 1u << ADDONS_INSTALL && step(&w))
		put_merged(out, &w.is, &w.wanted);
}

void addons_text(const struct object *o, struct ack_buf *out)
{
	merge(o, ~0u, NULL, out);
}

void addons_done(struct object *o, const struct step_request *s)
{
	struct ack_buf lines = ACK_BUF_INIT(1u << 20);
	const char *name = ack_buf_text(&s->texts[0]);
	unsigned kind = 0;

	while (actions[kind] != s->r.action)
		kind++;
	merge(o, 1u << kind, *name ? name : NULL, &lines);
	if (!ack_buf_status(&lines))
		addons_take(o, &lines);
	ack_buf_release(&lines);
	if (addons_calls(o)) {
		bases_begin(o, ROW, &o->bases);
		return;
	}
	ack_values_drop(&o->edits, ROW);
	ack_values_drop(&o->bases, ROW);
}

bool addons_lack_version(const struct object *o)
{
	struct walk w = walk(o, ADDONS_INSTALL);

	while (step(&w))
		if (!w.wanted.version.len)
			return true;
	return false;
}

static const char *version_of(
	const struct ack_json *answer, struct ack_span name)
{
	const struct ack_json *n = ack_json_first(
		ack_json_get(answer, "addons"));

	for (; n; n = ack_json_next(n))
		if (ack_span_is(name, or_empty(ack_json_get_string(n, "name"))))
			return or_empty(ack_json_get_string(n, "version"));
	return NULL;
}

int addons_complete(
	struct object *o, const struct ack_json *answer, struct ack_error *e)
{
	struct ack_buf text = ACK_BUF_INIT(1u << 20);
	struct ack_span rest = ack_span_of(edit(o));
	struct ack_addon a, is;
	enum addons_call kind;

	ack_error_clear(e);
	while (rest.len > 0) {
		struct ack_span now = ack_span_cut(&rest, "\n");
		const char *version = "";
		bool lacks = ack_addon_split(now, &a) && !a.version.len &&
			     call_of(o, &a, &is, &kind) &&
			     kind == ADDONS_INSTALL;

		if (lacks)
			version = version_of(answer, a.name);
		if (!version)
			ack_error_about(e, EINVAL, "live/addons",
				"there is no addon %s for this cluster; "
				"live/addons lists those that there are",
				ack_span_quote(a.name).text);
		ack_buf_puts(&text, text.len ? "\n" : "");
		if (!lacks || !version || !*version) {
			ack_buf_put(&text, now.text, now.len);
			continue;
		}
		ack_buf_printf(&text, "%.*s@%s%s%.*s", (int)a.name.len,
			a.name.text, version, a.config.len ? " " : "",
			(int)a.config.len, a.config.len ? a.config.text : "");
	}
	if (!e->err &&
		(ack_buf_status(&text) ||
			ack_values_set(&o->edits, ROW, ack_buf_text(&text),
				text.len, time_now_ns())))
		ack_error_memory(e, NULL);
	ack_buf_release(&text);
	return -e->err;
}
