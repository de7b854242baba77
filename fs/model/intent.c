/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/json.h"
#include "base/text.h"
#include "client/sign.h"
#include "model/intent.h"
#include "model/kind.h"
#include "model/word.h"
#include "params/params.h"
#include "params/types.h"
#include "params/values.h"

/* The service honours a request for 15 minutes of its date
 * (SERVICE.md, Signature); its clock and ours may differ by a little. */
#define WINDOW_S 900
#define SKEW_S   120

struct intent *intent_new(const char *name, bool tagged)
{
	struct intent *i = calloc(1, sizeof(*i));

	if (!i)
		return NULL;
	i->name = strdup(name);
	i->date = time(NULL);
	i->tagged = tagged;
	if (i->name && !ack_uuid(i->commit))
		return i;
	intent_free(i);
	return NULL;
}

void intent_free(struct intent *i)
{
	if (!i)
		return;
	free(i->name);
	free(i);
}

int64_t intent_time_ns(const char *text)
{
	int64_t when = intent_time(text);

	return when > 0 && when < INT64_MAX / 1000000000 ? when * 1000000000
							 : 0;
}

int64_t intent_time(const char *text)
{
	struct tm tm = {.tm_isdst = 0};
	const char *rest = text ? strptime(text, "%Y-%m-%dT%H:%M:%S", &tm)
				: NULL;
	int hours, minutes;
	char sign;

	if (!rest)
		return -1;
	if (*rest == '.')
		rest += 1 + strspn(rest + 1, "0123456789");
	if (!strcmp(rest, "Z"))
		return timegm(&tm);
	if (sscanf(rest, "%c%2d:%2d", &sign, &hours, &minutes) != 3 ||
		(sign != '+' && sign != '-'))
		return -1;
	return timegm(&tm) - (sign == '+' ? 60 : -60) * (hours * 60 + minutes);
}

bool intent_covers(const struct intent *i, const char *created)
{
	int64_t when = intent_time(created);
	/* its own clock signs a request, the service's dates what it made */
	int64_t first = i->signed_at && i->signed_at < i->date ? i->signed_at
							       : i->date;
	int64_t last = i->signed_at > i->date ? i->signed_at : i->date;

	return when >= first - SKEW_S && when <= last + WINDOW_S + SKEW_S;
}

/* The commit that says by a tag that it made this; NULL: it does not. */
static const char *commit_of(const struct ack_json *tags)
{
	const struct ack_json *t = ack_json_first(tags);

	for (; t; t = ack_json_next(t)) {
		const char *key = ack_json_get_string(t, "key");

		if (key && !strcmp(key, INTENT_TAG))
			return ack_json_get_string(t, "value");
	}
	return NULL;
}

/* The first of the lines of `sent` that `listed` lacks, and its length; else
 * NULL: the service may add further ones. */
static const char *missing(const char *sent, const char *listed, size_t *len)
{
	for (; *sent; sent += *len + (sent[*len] == '\n')) {
		const char *at = listed;
		bool there = false;

		*len = strcspn(sent, "\n");
		for (; *at && !there; at += strcspn(at, "\n"), at += !!*at)
			there = strcspn(at, "\n") == *len &&
				!strncmp(at, sent, *len);
		if (!there)
			return sent;
	}
	return NULL;
}

/* What is being made has not all of its nodes yet. */
static bool counts(
	const struct candidate *c, const char *sent, const char *listed)
{
	int64_t wanted = strtoll(sent, NULL, 10);
	int64_t is = strtoll(listed, NULL, 10);

	return is == wanted || !is ||
	       (is < wanted && word_of_state(c->is->state) != MEANS_WELL);
}

/* "1.32" is all versions of that. */
static bool begins(const char *listed, const char *sent)
{
	size_t len = strlen(sent);

	return !strncmp(listed, sent, len) &&
	       (listed[len] < '0' || listed[len] > '9');
}

static bool agrees(const struct candidate *c, unsigned row, const char *sent,
	const char *listed)
{
	const struct ack_param *p = &c->kind->table->rows[row];

	if (row == c->kind->table->nodes)
		return counts(c, sent, listed);
	return p->type == &ack_type_version ? begins(listed, sent)
					    : !strcmp(sent, listed);
}

/* Whether it was made with another value than was sent. */
static bool contradicts(const struct candidate *c, char why[INTENT_WHY])
{
	const struct ack_table *t = c->kind->table;

	for (unsigned row = 0; row < t->count; row++) {
		const struct ack_param *p = &t->rows[row];
		const char *sent = ack_values_get(c->sent, row, NULL);
		const char *listed = ack_values_get(c->listed, row, NULL);
		const char *lacks;
		size_t len;

		if (!(p->flags & ACK_EVIDENCE) || !sent)
			continue;
		/* a list without tags may know of them later */
		if (!listed && p->change == ACK_TAGS)
			listed = "";
		if (!listed)
			continue;
		if (p->type->list && (lacks = missing(sent, listed, &len))) {
			snprintf(why, INTENT_WHY, ack_text("its %s lack %.*s"),
				p->name, len < 128 ? (int)len : 128, lacks);
			return true;
		}
		if (!p->type->list && !agrees(c, row, sent, listed)) {
			snprintf(why, INTENT_WHY,
				ack_text("its %s is %.64s, not %.64s"), p->name,
				listed, sent);
			return true;
		}
	}
	return false;
}

enum intent_kin intent_compare(
	const struct intent *i, const struct candidate *c, char why[INTENT_WHY])
{
	const struct identity *is = c->is;
	const char *commit = commit_of(is->tags);

	*why = '\0';
	if (!is->name || !is->id || !*is->id || strcmp(is->name, i->name))
		return INTENT_STRANGE;
	if (commit && !strcmp(commit, i->commit))
		return INTENT_OURS;
	if (commit)
		snprintf(why, INTENT_WHY,
			ack_text("its tag " INTENT_TAG
				 " is that of another commit"));
	else if (i->tagged)
		snprintf(why, INTENT_WHY,
			ack_text("the list does not show the tag " INTENT_TAG
				 " of this commit"));
	else if (!contradicts(c, why) && !intent_covers(i, is->created))
		snprintf(why, INTENT_WHY,
			ack_text("by its date it was not made in the time of "
				 "this "
				 "commit"));
	return *why ? INTENT_DOUBTFUL : INTENT_OURS;
}
