/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "manual.h"
#include "mount/options.h"

static bool named[256];

static void put(size_t i)
{
	const struct option_row *r = option_at(i);

	named[i] = true;
	fputs(".It Cm", stdout);
	manual_argument(r->name);
	if (r->argument) {
		fputs(" Ns = Ns Ar", stdout);
		manual_argument(r->argument);
	}
	putchar('\n');
	printf("%c%s.\n", toupper((unsigned char)*r->help), r->help + 1);
}

bool manual_option(const char *name)
{
	for (size_t i = 0; name && option_at(i); i++) {
		if (!strcmp(option_at(i)->name, name) && option_at(i)->help) {
			put(i);
			return true;
		}
	}
	return manual_fail("there is no such option", name ? name : "");
}

static void put_names(bool ignored)
{
	const char *sep = "";

	for (size_t i = 0; option_at(i); i++) {
		const struct option_row *r = option_at(i);

		if (r->help || r->kind == OPTION_REMOUNT ||
			(r->kind == OPTION_IGNORE) != ignored)
			continue;
		fputs(*sep ? sep : ".Cm", stdout);
		manual_argument(r->name);
		sep = " ,";
	}
	putchar('\n');
}

bool manual_options(const char *which)
{
	if (which) {
		if (strcmp(which, "ignored") && strcmp(which, "more"))
			return manual_fail("there are no such options", which);
		put_names(!strcmp(which, "ignored"));
		return true;
	}
	for (size_t i = 0; option_at(i); i++)
		if (option_at(i)->help && !named[i])
			put(i);
	return true;
}
