/* SPDX-License-Identifier: MIT */
#include "sandbox/releases.h"

#include <stdio.h>

#include "base/length.h"

/* clang-format off */
const struct version versions[] = {
	{ "1.30.7-aliyun.1", "2024-07-10", "2025-09-30", false,
		{ "1.6.38", NULL } },
	{ "1.31.9-aliyun.1", "2024-11-20", "2026-02-28", false,
		{ "1.6.38", NULL } },
	{ "1.32.1-aliyun.1", "2025-02-27", "2026-07-31", true,
		{ "1.6.38", "2.1.1", NULL } },
	{ "1.32.7-aliyun.1", "2025-08-14", "2026-07-31", true,
		{ "1.6.38", "2.1.3", NULL } },
	{ VERSION_NEWEST, "2025-09-18", "2026-12-31", true,
		{ "1.6.38", "2.1.3", NULL } },
};
/* clang-format on */

const size_t nversions = LENGTH(versions);

struct parts {
	int major, minor, patch, build;
};

static bool parse(const char *text, struct parts *p)
{
	*p = (struct parts){.build = 0};
	return sscanf(text, "%d.%d.%d-aliyun.%d", &p->major, &p->minor,
		       &p->patch, &p->build) >= 3;
}

static bool is_newer(const struct parts *a, const struct parts *b)
{
	if (a->minor != b->minor)
		return a->minor > b->minor;
	if (a->patch != b->patch)
		return a->patch > b->patch;
	return a->build > b->build;
}

/* One minor version at a time; from what is too old, to the oldest known. */
bool version_is_offered(const char *current, const struct version *v)
{
	struct parts from, to, oldest;

	if (!parse(current, &from) || !parse(v->name, &to) ||
		!parse(versions[0].name, &oldest) || !is_newer(&to, &from))
		return false;
	return to.minor <= from.minor + 1 ||
	       (from.minor < oldest.minor && to.minor == oldest.minor);
}

const char *version_next(const char *current)
{
	for (size_t i = nversions; i-- > 0;)
		if (version_is_offered(current, &versions[i]))
			return versions[i].name;
	return "";
}
