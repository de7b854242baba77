/* SPDX-License-Identifier: MIT */
/* What the program says while it runs: syslog(3), or stderr with -f. */
#ifndef LOG_H
#define LOG_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Priorities are those of syslog.h; only those up to `level`, one of LOG_ERR,
 * LOG_WARNING, LOG_INFO and LOG_DEBUG, are said. A line that is the last one
 * again is counted, and the count is said before the next one.
 */
void log_open(bool to_stderr, int level);
void log_line(int priority, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* What somebody asked for: whatever the level, a line each. */
void log_text(const char *text);

/* From error to debug, and from there to error again. Says which it is. */
void log_next_level(void);

/* "error", "warning", "info" or "debug"; -1 when the word is another. */
int log_level(const char *word);

/* Something that fails again and again: said once, and then counted. */
struct log_trouble {
	bool on;
	unsigned more; /* failures since it was said */
	int64_t said;  /* ack_now_ms() of that; 0: never */
};

void log_trouble(struct log_trouble *t, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* It works again. `what` begins that sentence. */
void log_trouble_over(struct log_trouble *t, const char *what);

#endif
