/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "intent.h"
#include "json.h"
#include "kind.h"
#include "sign.h"

/* The service honours a request for 15 minutes of its date (ack-api.md 3.1);
 * its clock and ours may differ by a little. */
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

static bool has_tag(const struct intent *i, const struct ack_json *tags)
{
	const struct ack_json *t = ack_json_first(tags);

	for (; t; t = ack_json_next(t)) {
		const char *key = ack_json_get_string(t, "key");
		const char *value = ack_json_get_string(t, "value");

		if (key && value && !strcmp(key, INTENT_TAG))
			return !strcmp(value, i->commit);
	}
	return false;
}

enum intent_kin intent_compare(
	const struct intent *i, const struct identity *one)
{
	int64_t created = intent_time(one->created);

	if (!one->name || !one->id || !*one->id || strcmp(one->name, i->name))
		return INTENT_STRANGE;
	if (i->tagged)
		return has_tag(i, one->tags) ? INTENT_OURS : INTENT_STRANGE;
	return created >= i->date - SKEW_S &&
			       created <= i->date + WINDOW_S + SKEW_S
		       ? INTENT_OURS
		       : INTENT_DOUBTFUL;
}
