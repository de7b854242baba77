/* SPDX-License-Identifier: MIT */
#include "sandbox/clock.h"

#include <stdbool.h>
#include <time.h>

int64_t clock_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* The service gives the time of China, whatever this machine's zone is. */
static bool china(int64_t ms, struct tm *tm)
{
	time_t t = (time_t)(ms / 1000 + 8 * 3600);

	return gmtime_r(&t, tm) != NULL;
}

void clock_rfc3339(int64_t ms, char out[CLOCK_TEXT])
{
	struct tm tm;

	if (!china(ms, &tm) ||
		strftime(out, CLOCK_TEXT, "%Y-%m-%dT%H:%M:%S+08:00", &tm) == 0)
		out[0] = '\0';
}

void clock_plain(int64_t ms, char out[CLOCK_TEXT])
{
	struct tm tm;

	if (!china(ms, &tm) ||
		strftime(out, CLOCK_TEXT, "%Y-%m-%d %H:%M:%S", &tm) == 0)
		out[0] = '\0';
}

void clock_utc(int64_t ms, char out[CLOCK_TEXT])
{
	time_t t = (time_t)(ms / 1000);
	struct tm tm;

	if (!gmtime_r(&t, &tm) ||
		strftime(out, CLOCK_TEXT, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
		out[0] = '\0';
}
