/* SPDX-License-Identifier: MIT */
/* Applies the rules, and holds those that look at one parameter alone. */
#include "params/rules.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/length.h"
#include "base/text.h"
#include "params/body_drop.h"
#include "params/scalars.h"
#include "params/values.h"

const char *ack_check_set(const struct ack_check *c, unsigned row)
{
	const char *text = ack_values_get(c->values, row, NULL);
	bool zero = row < c->table->count &&
		    c->table->rows[row].flags & ACK_ZERO && text &&
		    !strcmp(text, "0");

	return zero ? NULL : text;
}

const char *ack_check_get(const struct ack_check *c, unsigned row)
{
	const char *text = ack_check_set(c, row);

	return text ? text : c->table->rows[row].fallback;
}

bool ack_check_true(const struct ack_check *c, unsigned row)
{
	const char *text = ack_check_get(c, row);

	return text && !strcmp(text, "true");
}

bool ack_check_nodes(const struct ack_check *c)
{
	const char *count = ack_check_get(c, c->table->nodes);

	return !count || strcmp(count, "0") != 0;
}

const char *ack_check_name(const struct ack_check *c, unsigned row)
{
	return c->table->rows[row].name;
}

void ack_check_find(struct ack_check *c, unsigned row, const char *fmt, ...)
{
	struct ack_finding finding = {
		.param = ack_check_name(c, row),
		.code = c->rule->code,
		.warning = c->rule->warning,
	};
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), ack_text(fmt), ap);
	va_end(ap);
	finding.text = text;
	c->report(c->arg, &finding);
}

static void required(struct ack_check *c)
{
	for (unsigned i = 0; i < c->table->count; i++) {
		const struct ack_param *p = &c->table->rows[i];

		const char *known = p->known[c->form];
		/* what today's service would take */
		const char *value = p->known[ACK_NODEPOOLS];
		const char *usual = value ? ack_text("; usual is ") : "";

		value = value ? value : "";

		if (p->need == ACK_OPTIONAL || ack_check_get(c, i) ||
			!known == c->rule->warning)
			continue;
		if (p->need == ACK_REQUIRED_WITH_NODES && !ack_check_nodes(c))
			continue;
		if (known)
			ack_check_find(c, i,
				"is not set, so the service takes %s", known);
		else if (p->need == ACK_REQUIRED)
			ack_check_find(c, i, "is required%s%s", usual, value);
		else
			ack_check_find(c, i, "is required unless %s is 0%s%s",
				ack_check_name(c, c->table->nodes), usual,
				value);
	}
}

static void not_sent(struct ack_check *c)
{
	for (unsigned i = 0; i < c->table->count; i++) {
		const struct ack_param *p = &c->table->rows[i];

		if (p->place[c->form] || !ack_check_set(c, i) ||
			(!p->place[ACK_CLASSIC] && !p->place[ACK_NODEPOOLS]))
			continue;
		ack_check_find(c, i,
			"is not sent in this form of the request; schema/%s "
			"says in which it is",
			p->name);
	}
}

static void deprecated(struct ack_check *c)
{
	for (unsigned i = 0; i < c->table->count; i++) {
		if (c->table->rows[i].flags & ACK_DEPRECATED &&
			ack_check_set(c, i))
			ack_check_find(c, i,
				"has expired; see schema/%s for what replaces "
				"it",
				ack_check_name(c, i));
	}
}

static void other_words(struct ack_check *c)
{
	for (unsigned i = 0; i < c->table->count; i++) {
		const struct ack_param *p = &c->table->rows[i];
		struct ack_span rest = ack_span_of(ack_check_set(c, i));

		while (p->flags & ACK_OPEN && rest.len > 0) {
			struct ack_span line = ack_span_cut(&rest, "\n");
			struct ack_span word = ack_span_cut(&line, " ");

			if (ack_choice_known(p, word))
				continue;
			ack_check_find(c, i,
				"%s is not a word known here, such as %s; it "
				"is sent as it stands",
				ack_span_quote(word).text, p->choices[0]);
		}
	}
}

static unsigned count_lines(const char *text)
{
	unsigned n = text != NULL;

	for (; text && *text; text++)
		n += *text == '\n';
	return n;
}

static void unusual(struct ack_check *c)
{
	for (unsigned i = 0; i < c->table->count; i++) {
		int64_t usual = c->table->rows[i].usual;
		unsigned count = count_lines(ack_check_set(c, i));

		if (usual && count > usual)
			ack_check_find(c, i,
				"has %u items; the service took at most "
				"%" PRId64
				" in former years, and may refuse more",
				count, usual);
	}
}

static bool ends(struct ack_span s, const char *end)
{
	size_t n = strlen(end);

	return s.len >= n && !memcmp(s.text + s.len - n, end, n);
}

/* ecs.g7.xlarge, ecs.e-c1m2.2xlarge; of Lingjun: efg1.nvga8n */
static bool is_instance_type(struct ack_span word)
{
	static const char *const sizes[] = {
		"nano", "micro", "small", "medium", "large"};
	struct ack_span rest = word, cloud = ack_span_cut(&rest, ".");
	struct ack_span family = ack_span_cut(&rest, ".");

	if (ack_span_starts(cloud, "ef") && family.len > 0)
		return true;
	for (size_t i = 0; i < LENGTH(sizes); i++)
		if (ack_span_is(cloud, "ecs") && family.len > 0 && rest.text &&
			ends(rest, sizes[i]))
			return true;
	return false;
}

static void instance_types(struct ack_check *c)
{
	unsigned row = c->table->rules->types;
	struct ack_span rest = ack_span_of(ack_check_set(c, row));

	while (rest.len > 0) {
		struct ack_span word = ack_span_cut(&rest, "\n");

		if (!is_instance_type(word))
			ack_check_find(c, row,
				"%s has not the form of an instance type, such "
				"as ecs.g7.xlarge",
				ack_span_quote(word).text);
	}
}

static void dropped(struct ack_check *c)
{
	struct ack_span rest = ack_span_of(
		ack_check_set(c, ack_body_dropped_row(c->table)));

	while (rest.len > 0) {
		struct ack_span line = ack_span_cut(&rest, "\n");
		char path[128], text[256];
		struct ack_finding finding = {.param = path,
			.code = c->rule->code,
			.warning = true,
			.text = text};

		snprintf(path, sizeof(path), "%.*s", (int)line.len, line.text);
		const char *why = ack_body_dropped_why(c->table, path);
		if (!why)
			continue;
		snprintf(text, sizeof(text),
			"was left out of what was imported: it %s", why);
		c->report(c->arg, &finding);
	}
}

const struct ack_rule ack_value_rules[] = {
	{"required", "MissingParameter", false, required},
	{"default", "MissingParameter", true, required},
	{"expired", "DeprecatedParameter", true, deprecated},
	{"form", "IgnoredParameter", true, not_sent},
	{"words", "UnknownWord", true, other_words},
	{"usual", "UnusualCount", true, unusual},
	{"types", "InvalidInstanceType", true, instance_types},
	{"import", "IgnoredParameter", true, dropped},
	{NULL},
};

static void apply(struct ack_check *c, bool warnings)
{
	const struct ack_rule *const *list = c->table->rules->lists;

	for (; *list; list++) {
		for (c->rule = *list; c->rule->apply; c->rule++) {
			if (c->rule->warning == warnings)
				c->rule->apply(c);
		}
	}
}

int ack_rules_check(const struct ack_table *t, const struct ack_values *v,
	enum ack_form form, ack_finding_fn report, void *arg)
{
	struct ack_check c = {.table = t,
		.values = v,
		.form = form,
		.report = report,
		.arg = arg};

	if (t->rules->look)
		t->rules->look(&c);
	apply(&c, false);
	apply(&c, true);
	return c.failed ? -ENOMEM : 0;
}
