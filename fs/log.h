/* SPDX-License-Identifier: MIT */
/* What the program says while it runs: syslog(3), or stderr with -f. */
#ifndef LOG_H
#define LOG_H

#include <stdbool.h>

/* Priorities are those of syslog.h; `debug` lets LOG_DEBUG through. */
void log_open(bool to_stderr, bool debug);
void log_line(int priority, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#endif
