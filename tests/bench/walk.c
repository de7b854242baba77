/* SPDX-License-Identifier: MIT */
/*
 * What many directories are made and looked at with.
 *
 * usage: walk make|values|stat DIR NAME COUNT LIST
 *	  walk stall FILE TEXT
 *
 * make: NAME-0 and so on, COUNT of them. values: writes those of LIST to
 * them. stat: every file of each, and prints how many. stall: writes TEXT to
 * FILE over and over until stdin ends, and prints the nanoseconds that the
 * median one and the longest took.
 */
#include <dirent.h>
#include <err.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "drafts.h"

#define TIMES_MAX (1u << 20)

static unsigned long stat_files(const char *path)
{
	unsigned long n = 0;
	struct dirent *e;
	struct stat st;
	DIR *dir = opendir(path);

	if (!dir)
		err(1, "%s", path);
	while ((e = readdir(dir))) {
		if (fstatat(dirfd(dir), e->d_name, &st, AT_SYMLINK_NOFOLLOW))
			err(1, "%s/%s", path, e->d_name);
		n++;
	}
	closedir(dir);
	return n;
}

static void stat_all(const char *name, unsigned long count)
{
	char path[NAME_MAX];
	unsigned long n = 0;

	for (unsigned long i = 0; i < count; i++) {
		snprintf(path, sizeof(path), "%s-%lu", name, i);
		n += stat_files(path);
	}
	printf("%lu\n", n);
}

static int by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

static void stall(const char *path, const char *text)
{
	struct pollfd end = {.fd = 0, .events = POLLIN};
	int64_t *times = calloc(TIMES_MAX, sizeof(*times));
	size_t n = 0;

	if (!times)
		err(1, "memory");
	puts("begun");
	fflush(stdout);
	while (n < TIMES_MAX && !poll(&end, 1, 0)) {
		int64_t begun = now_ns();

		stroke_write(path, text, strlen(text));
		times[n++] = now_ns() - begun;
	}
	qsort(times, n, sizeof(*times), by_size);
	if (!n)
		errx(1, "nothing was measured");
	printf("%ld %ld\n", (long)times[n / 2], (long)times[n - 1]);
	free(times);
}

int main(int argc, char **argv)
{
	static struct list list;
	unsigned long count;

	if (argc == 4 && !strcmp(argv[1], "stall")) {
		stall(argv[2], argv[3]);
		return 0;
	}
	if (argc != 6 || chdir(argv[2]))
		errx(1, "usage: walk make|values|stat DIR NAME COUNT LIST");
	count = strtoul(argv[4], NULL, 10);
	list_read(&list, argv[5]);
	if (!strcmp(argv[1], "make"))
		drafts_make(argv[3], count);
	else if (!strcmp(argv[1], "values"))
		drafts_each(argv[3], count, &list, stroke_write);
	else
		stat_all(argv[3], count);
	return 0;
}
