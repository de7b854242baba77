/* SPDX-License-Identifier: MIT */
/*
 * Many commits, timed.
 *
 * usage: commits apart|together|prepared DIR NAME COUNT LIST [MS]
 *
 * Makes COUNT drafts in DIR with the values of LIST, commits them, and prints
 * one line of JSON. apart: as bash does, one after the other; `each` is the
 * nanoseconds of one. together: each in a thread of its own; `all` is how
 * long it takes until the last one is through. prepared: only every tenth is
 * committed, which is for counting.
 *
 * With MS another draft is written to meanwhile, MS between two writes; `idle`
 * and `busy` have how long that took: the median, the 99th percentile and the
 * longest, before and meanwhile.
 */
#include <err.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "drafts.h"

#define STACK     65536
#define TIMES_MAX 65536
#define IDLE      1000 /* writes before */

static const char *name;
static unsigned long count;
static pthread_barrier_t gate;
static atomic_ulong left;

static void commit_path(char path[PATH_MAX], unsigned long i)
{
	snprintf(path, PATH_MAX, "%s-%lu/commit", name, i);
}

static void *commit(void *arg)
{
	char path[PATH_MAX];

	commit_path(path, (unsigned long)arg);
	pthread_barrier_wait(&gate);
	stroke_write(path, "1\n", 2);
	atomic_fetch_sub(&left, 1);
	return NULL;
}

static int by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

/* Writes until `most` times, or until the last commit is through. */
static void watch(const char *word, long pause_ms, size_t most)
{
	static int64_t times[TIMES_MAX];
	char path[PATH_MAX];
	size_t n = 0;

	snprintf(path, sizeof(path), "%s-other-0/num_of_nodes", name);
	while (n < most && (most == IDLE || atomic_load(&left))) {
		int64_t begun = now_ns();

		stroke_write(path, "3\n", 2);
		times[n++] = now_ns() - begun;
		usleep((useconds_t)pause_ms * 1000);
	}
	qsort(times, n, sizeof(*times), by_size);
	if (n)
		printf("\"%s\":[%ld,%ld,%ld],", word, (long)times[n / 2],
			(long)times[n - n / 100 - 1], (long)times[n - 1]);
}

static int64_t together(long pause_ms)
{
	pthread_t *threads = calloc(count, sizeof(*threads));
	pthread_attr_t attr;
	int64_t begun;

	if (!threads || pthread_attr_init(&attr) ||
		pthread_attr_setstacksize(&attr, STACK) ||
		pthread_barrier_init(&gate, NULL, (unsigned)count + 1))
		errx(1, "no threads");
	atomic_store(&left, count);
	for (unsigned long i = 0; i < count; i++)
		if (pthread_create(&threads[i], &attr, commit, (void *)i))
			errx(1, "no thread");
	if (pause_ms)
		watch("idle", pause_ms, IDLE);
	begun = now_ns();
	pthread_barrier_wait(&gate);
	if (pause_ms)
		watch("busy", pause_ms, TIMES_MAX);
	for (unsigned long i = 0; i < count; i++)
		pthread_join(threads[i], NULL);
	free(threads);
	return now_ns() - begun;
}

static int64_t apart(unsigned long step)
{
	char path[PATH_MAX];
	int64_t begun = now_ns();

	for (unsigned long i = 0; i < count; i += step) {
		commit_path(path, i);
		stroke_echo(path, "1\n", 2);
	}
	return now_ns() - begun;
}

int main(int argc, char **argv)
{
	static struct list list;
	char other[NAME_MAX];
	int64_t took;
	long pause_ms;

	if (argc < 6)
		errx(1, "usage: commits apart|together|prepared DIR NAME COUNT "
			"LIST [MS]");
	name = argv[3];
	count = strtoul(argv[4], NULL, 10);
	pause_ms = argv[6] ? strtol(argv[6], NULL, 10) : 0;
	list_read(&list, argv[5]);
	if (!count || chdir(argv[2]))
		err(1, "%s", argv[2]);
	drafts_make(name, count);
	drafts_each(name, count, &list, stroke_write);
	snprintf(other, sizeof(other), "%s-other", name);
	drafts_make(other, 1);
	printf("{");
	if (!strcmp(argv[1], "together"))
		took = together(pause_ms);
	else
		took = apart(strcmp(argv[1], "apart") ? 10 : 1);
	printf("\"all\":%ld,\"each\":%ld}\n", (long)took,
		(long)took / (long)count);
	drafts_drop(other, 1);
	return 0;
}
