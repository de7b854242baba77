/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "mount/option.h"
#include "mount/options.h"

#define FIELD(f) offsetof(struct options, f)

#define IGNORED(name)                              \
	{                                          \
		name, OPTION_IGNORE, 0, NULL, NULL \
	}

/* clang-format off */
static const struct option_row rows[] = {
	{"region", OPTION_TEXT, FIELD(region), "ID", "the region, if SOURCE does not name it"},
	{"endpoint", OPTION_TEXT, FIELD(endpoint), "URL", "address of the service"},
	{"endpoint_type", OPTION_TEXT, FIELD(endpoint_type), "TYPE",
		"kind of address: vpc or public"},
	{"profile", OPTION_TEXT, FIELD(profile), "NAME",
		"use the keys of this profile of the aliyun CLI"},
	{"account", OPTION_DIGITS, FIELD(account), "ID",
		"the account; keys of other accounts are not used"},
	{"body", OPTION_BODY, FIELD(body), "FORM",
		"form of the request: classic or nodepools"},
	{"state", OPTION_TEXT, FIELD(state), "DIR", "the state directory"},
	{"timeout", OPTION_SECONDS, FIELD(timeout_ms), "SEC",
		"time limit of a call (30, and 60 to create)"},
	{"connect_timeout", OPTION_SECONDS, FIELD(connect_timeout_ms), "SEC",
		"time limit of a connection attempt (5)"},
	{"preflight", OPTION_ONOFF, FIELD(preflight), "on|off",
		"ask whether the name is free before a commit (on)"},
	{"settle", OPTION_SECONDS, FIELD(settle_ms), "SEC",
		"time after which a lost request cannot succeed (960)"},
	{"refresh", OPTION_SECONDS, FIELD(refresh_ms), "SEC",
		"maximum age of the list of clusters (60)"},
	{"qps", OPTION_RATE, FIELD(qps), "N",
		"maximum calls per second for browsing and polling (5)"},
	{"kubeconfig_minutes", OPTION_MINUTES, FIELD(kubeconfig_minutes), "MIN",
		"lifetime of a kubeconfig, 15 to 4320"},
	{"no_delete", OPTION_FLAG, FIELD(no_delete), NULL,
		"do not delete anything in the cloud"},
	{"tag", OPTION_FLAG, FIELD(tag), NULL,
		"mark clusters with the tag ackfs-commit=UUID"},
	{"ca", OPTION_TEXT, FIELD(ca), "PATH", "trusted certificates, a file or a directory"},
	{"plain_http", OPTION_FLAG, FIELD(plain_http), NULL,
		"allow http to addresses that are not loopback"},
	{"ro", OPTION_FLAG, FIELD(read_only), NULL, "refuse every change"},
	{"allow_other", OPTION_FLAG, FIELD(allow_other), NULL, "let other users access the mount"},
	{"uid", OPTION_ID, FIELD(uid), "N", "owner of the files (the user who mounts)"},
	{"gid", OPTION_ID, FIELD(gid), "N", "group of the files"},
	{"umask", OPTION_UMASK, FIELD(umask), "OCTAL", "permission bits to clear (0)"},
	{"log", OPTION_LOG, FIELD(log), "LEVEL", "log level: error, warning, info or debug (info)"},
	{"default_permissions", OPTION_PASS, 0, NULL, "let the kernel check modes"},
	{"remount", OPTION_REMOUNT, 0, NULL, NULL},
	{"fsname=*", OPTION_PASS, 0, NULL, NULL},
	{"nosuid", OPTION_PASS, 0, NULL, NULL},
	{"nodev", OPTION_PASS, 0, NULL, NULL},
	{"noexec", OPTION_PASS, 0, NULL, NULL},
	{"noatime", OPTION_PASS, 0, NULL, NULL},
	IGNORED("rw"), IGNORED("suid"), IGNORED("dev"), IGNORED("exec"),
	IGNORED("auto"), IGNORED("noauto"), IGNORED("user"), IGNORED("users"),
	IGNORED("user=*"), IGNORED("nouser"), IGNORED("owner"), IGNORED("group"),
	IGNORED("async"), IGNORED("atime"), IGNORED("norelatime"), IGNORED("nodiratime"),
	IGNORED("nofail"), IGNORED("_netdev"), IGNORED("defaults"), IGNORED("relatime"),
	IGNORED("x-*"), IGNORED("X-*"), IGNORED("comment=*"),
};
/* clang-format on */

const struct option_row *option_at(size_t i)
{
	return i < sizeof(rows) / sizeof(rows[0]) ? &rows[i] : NULL;
}

const struct option_row *option_find(const char *opt, size_t len)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t n = strlen(rows[i].name);

		if (rows[i].name[n - 1] == '*' &&
			!strncmp(opt, rows[i].name, n - 1))
			return &rows[i];
		if (n == len && !strncmp(opt, rows[i].name, n))
			return &rows[i];
	}
	return NULL;
}

void option_free_texts(struct options *o)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].kind == OPTION_TEXT ||
			rows[i].kind == OPTION_DIGITS)
			free(*(char **)(void *)((char *)o + rows[i].field));
}

void options_help(FILE *out)
{
	fputs("usage: ackfs SOURCE MOUNTPOINT [-f] [-d] [-o OPTION,...]\n"
	      "       ackfs --schema | --version | --help\n\n"
	      "SOURCE is a region (cn-beijing), the word sandbox, or the URL "
	      "of "
	      "an endpoint.\n"
	      "Unmount with: fusermount3 -u MOUNTPOINT\n\n"
	      "  -f                      stay in the foreground, log to "
	      "stderr\n"
	      "  -d                      the same, and log every request\n"
	      "  --hand-over             mount only, for ExecStartPre= of "
	      "systemd\n",
		out);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct option_row *r = &rows[i];
		int width = 0;

		if (!r->help)
			continue;
		fprintf(out, "  -o %s%s%s%n", r->name, r->argument ? "=" : "",
			r->argument ? r->argument : "", &width);
		fprintf(out, "%*s%s\n", width < 25 ? 26 - width : 1, "",
			r->help);
	}
}
