/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "audit.h"
#include "cluster.h"
#include "fleet.h"
#include "log.h"

void audit_line(const struct cluster *c, const struct audit_caller *who,
	const char *action, const char *outcome, const char *code)
{
	char line[1024], when[32];
	time_t now = time(NULL);
	struct tm tm;
	int n;

	if (c->fleet->audit < 0)
		return;
	gmtime_r(&now, &tm);
	strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%SZ", &tm);
	n = snprintf(line, sizeof(line),
		"%s uid=%ld pid=%ld action=%s directory=%s outcome=%s "
		"cluster_id=%s request_id=%s code=%s\n",
		when, (long)who->uid, (long)who->pid, action, c->name, outcome,
		*c->cluster_id ? c->cluster_id : "-",
		*c->request_id ? c->request_id : "-", *code ? code : "-");
	if (n < 0 || (size_t)n >= sizeof(line))
		return;
	/* one write(2) of one line with O_APPEND: never half of each */
	if (write(c->fleet->audit, line, (size_t)n) != n)
		log_line(LOG_WARNING, "audit.log cannot be written: %s",
			strerror(errno));
}
