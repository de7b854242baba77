/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stdio.h>
#include <syslog.h>

#include "log.h"

/* The one global: every line of a process goes to the same place. */
static struct {
	bool to_stderr;
	bool debug;
} sink = {.to_stderr = true};

void log_open(bool to_stderr, bool debug)
{
	sink.to_stderr = to_stderr;
	sink.debug = debug;
	if (!to_stderr)
		openlog("ackfs", LOG_PID, LOG_DAEMON);
}

void log_line(int priority, const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	if (priority == LOG_DEBUG && !sink.debug)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (sink.to_stderr)
		fprintf(stderr, "ackfs: %s\n", text);
	else
		syslog(priority, "%s", text);
}
