/* SPDX-License-Identifier: MIT */
#include "drafts.h"

#include <err.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

void list_read(struct list *l, const char *path)
{
	char *line = NULL, *tab;
	size_t room = 0;
	FILE *f = fopen(path, "r");

	if (!f)
		err(1, "%s", path);
	while (l->count < FILES_MAX && getline(&line, &room, f) > 0) {
		tab = strchr(line, '\t');
		if (!tab)
			errx(1, "no tab in %s", line);
		*tab = '\0';
		l->names[l->count] = strdup(line);
		l->values[l->count++] = strdup(tab + 1);
	}
	free(line);
	fclose(f);
	if (!l->count)
		errx(1, "%s is empty", path);
}

int64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

void drafts_make(const char *prefix, unsigned long count)
{
	char dir[NAME_MAX];

	for (unsigned long i = 0; i < count; i++) {
		snprintf(dir, sizeof(dir), "%s-%lu", prefix, i);
		if (mkdir(dir, 0755))
			err(1, "%s", dir);
	}
}

void drafts_drop(const char *prefix, unsigned long count)
{
	char dir[NAME_MAX];

	for (unsigned long i = 0; i < count; i++) {
		snprintf(dir, sizeof(dir), "%s-%lu", prefix, i);
		if (rmdir(dir))
			err(1, "%s", dir);
	}
}

void drafts_each(const char *prefix, unsigned long count, const struct list *l,
	stroke_fn *stroke)
{
	char path[PATH_MAX];

	for (unsigned long i = 0; i < count; i++) {
		for (size_t f = 0; f < l->count; f++) {
			snprintf(path, sizeof(path), "%s-%lu/%s", prefix, i,
				l->names[f]);
			stroke(path, l->values[f], strlen(l->values[f]));
		}
	}
}

static void put(int fd, const char *path, const char *text, size_t len)
{
	if (fd < 0 || write(fd, text, len) != (ssize_t)len)
		err(1, "%s", path);
}

void stroke_write(const char *path, const char *text, size_t len)
{
	int fd = open(path, O_WRONLY | O_TRUNC);

	put(fd, path, text, len);
	close(fd);
}

void stroke_echo(const char *path, const char *text, size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666), saved;
	struct stat st;

	fcntl(1, F_GETFD);
	saved = fcntl(1, F_DUPFD, 10);
	fcntl(1, F_GETFD);
	fcntl(saved, F_SETFD, FD_CLOEXEC);
	dup2(fd, 1);
	close(fd);
	/* at the first echo of a bash */
	fstat(1, &st);
	put(1, path, text, len);
	dup2(saved, 1);
	fcntl(saved, F_GETFD);
	close(saved);
}

void stroke_read(const char *path, const char *text, size_t len)
{
	char buf[4096];
	int fd = open(path, O_RDONLY);
	ssize_t n = fd < 0 ? -1 : read(fd, buf, sizeof(buf));

	if (n != (ssize_t)len || memcmp(buf, text, len))
		errx(1, "%s does not read %s", path, text);
	close(fd);
}

void stroke_stat(const char *path, const char *text, size_t len)
{
	struct stat st;

	(void)text;
	if (lstat(path, &st) || st.st_size != (off_t)len)
		err(1, "%s", path);
}
