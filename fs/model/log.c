/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <syslog.h>
#include <unistd.h>

#include "base/event.h"
#include "base/length.h"
#include "model/log.h"

/* What comes and goes is not said more often than this. */
#define TROUBLE_MS 600000

static const struct {
	const char *word;
	int level;
} levels[] = {
	{"error", LOG_ERR},
	{"warning", LOG_WARNING},
	{"info", LOG_INFO},
	{"debug", LOG_DEBUG},
};
#define NLEVELS LENGTH(levels)

/* The one global: every line of a process goes to the same place. */
static struct {
	bool to_stderr;
	bool journal; /* stderr is the journal's, which takes priorities */
	int level;
	char last[1024];
	int last_priority;
	unsigned again;
} sink = {.to_stderr = true, .level = LOG_INFO};

/* systemd.exec(5): whether what it set up is still what stderr is. */
static bool stderr_is_journal(void)
{
	const char *stream = getenv("JOURNAL_STREAM");
	char id[64];
	struct stat st;

	if (!stream || fstat(STDERR_FILENO, &st))
		return false;
	snprintf(id, sizeof(id), "%llu:%llu", (unsigned long long)st.st_dev,
		(unsigned long long)st.st_ino);
	return !strcmp(stream, id);
}

void log_open(bool to_stderr, int level)
{
	sink.to_stderr = to_stderr;
	sink.level = level;
	sink.journal = to_stderr && stderr_is_journal();
	if (!to_stderr)
		openlog("ackfs", LOG_PID, LOG_DAEMON);
}

static void put(int priority, const char *text)
{
	if (!sink.to_stderr)
		syslog(priority, "%s", text);
	else if (sink.journal)
		fprintf(stderr, "<%d>%s\n", priority, text);
	else
		fprintf(stderr, "ackfs: %s\n", text);
}

static void put_again(void)
{
	char text[64];

	if (sink.again) {
		snprintf(text, sizeof(text), "the same %u more times",
			sink.again);
		put(sink.last_priority, text);
	}
	sink.again = 0;
}

__attribute__((format(printf, 2, 0))) static void say(
	int priority, const char *fmt, va_list ap)
{
	char text[sizeof(sink.last)];

	if (priority > sink.level)
		return;
	vsnprintf(text, sizeof(text), fmt, ap);
	if (priority == sink.last_priority && !strcmp(text, sink.last)) {
		sink.again++;
		return;
	}
	put_again();
	put(priority, text);
	strcpy(sink.last, text);
	sink.last_priority = priority;
}

void log_line(int priority, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(priority, fmt, ap);
	va_end(ap);
}

void log_text(const char *text)
{
	char line[sizeof(sink.last)];

	put_again();
	*sink.last = '\0';
	while (*text) {
		size_t len = strcspn(text, "\n");

		snprintf(line, sizeof(line), "%.*s", (int)len, text);
		put(LOG_NOTICE, line);
		text += len + (text[len] == '\n');
	}
}

int log_level(const char *word)
{
	for (size_t i = 0; i < NLEVELS; i++)
		if (!strcmp(levels[i].word, word))
			return levels[i].level;
	return -1;
}

void log_next_level(void)
{
	char text[64];
	size_t i = 0;

	while (i < NLEVELS && levels[i].level != sink.level)
		i++;
	i = (i + 1) % NLEVELS;
	sink.level = levels[i].level;
	snprintf(text, sizeof(text), "log level: %s", levels[i].word);
	log_text(text);
}

void log_trouble(struct log_trouble *t, const char *fmt, ...)
{
	va_list ap;

	if (t->on || (t->said && ack_now_ms() - t->said < TROUBLE_MS)) {
		t->more++;
		return;
	}
	t->on = true;
	t->more = 0;
	t->said = ack_now_ms();
	va_start(ap, fmt);
	say(LOG_NOTICE, fmt, ap);
	va_end(ap);
}

void log_trouble_over(struct log_trouble *t, const char *what)
{
	if (t->on && t->more)
		log_line(LOG_NOTICE, "%s again, after %u more failures", what,
			t->more);
	else if (t->on)
		log_line(LOG_NOTICE, "%s again", what);
	t->on = false;
}
