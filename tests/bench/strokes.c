/* SPDX-License-Identifier: MIT */
/*
 * What programs do to files of parameters, over and over, timed.
 *
 * usage: strokes STROKE first|again DIR COUNT LIST [BODY]
 *
 * Makes COUNT directories in DIR, does STROKE to every file of LIST in each
 * of them (a name and a value a line, with a tab between them), prints the
 * nanoseconds that one took, and removes them. again: it has been done once
 * before. BODY is what each request.json gets first, so that there are values
 * in files that the kernel has not heard of.
 */
#include <dirent.h>
#include <err.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define FILES_MAX 64

static char *names[FILES_MAX], *values[FILES_MAX];
static size_t nfiles;

static int64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void put(int fd, const char *path, const char *text, size_t len)
{
	if (fd < 0 || write(fd, text, len) != (ssize_t)len)
		err(1, "%s", path);
}

static void stroke_write(const char *path, const char *text, size_t len)
{
	int fd = open(path, O_WRONLY | O_TRUNC);

	put(fd, path, text, len);
	close(fd);
}

/* As strace(1) shows of bash, which looks at its stdout when it first writes
 * to it. */
static void stroke_echo(const char *path, const char *text, size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666), saved;
	struct stat st;

	fcntl(1, F_GETFD);
	saved = fcntl(1, F_DUPFD, 10);
	fcntl(1, F_GETFD);
	fcntl(saved, F_SETFD, FD_CLOEXEC);
	dup2(fd, 1);
	close(fd);
	fstat(1, &st);
	put(1, path, text, len);
	dup2(saved, 1);
	fcntl(saved, F_GETFD);
	close(saved);
}

static void stroke_read(const char *path, const char *text, size_t len)
{
	char buf[4096];
	int fd = open(path, O_RDONLY);
	ssize_t n = fd < 0 ? -1 : read(fd, buf, sizeof(buf));

	if (n != (ssize_t)len || memcmp(buf, text, len))
		errx(1, "%s does not read %s", path, text);
	close(fd);
}

static const struct {
	const char *name;
	void (*run)(const char *path, const char *text, size_t len);
} strokes[] = {
	{"write", stroke_write}, {"echo", stroke_echo}, {"read", stroke_read}};

static void read_list(const char *path)
{
	char *line = NULL, *tab;
	size_t room = 0;
	FILE *f = fopen(path, "r");

	if (!f)
		err(1, "%s", path);
	while (nfiles < FILES_MAX && getline(&line, &room, f) > 0) {
		tab = strchr(line, '\t');
		if (!tab)
			errx(1, "no tab in %s", line);
		*tab = '\0';
		names[nfiles] = strdup(line);
		values[nfiles++] = strdup(tab + 1);
	}
	free(line);
	fclose(f);
}

static void give_body(const char *dir, const char *body, size_t len)
{
	char path[NAME_MAX];
	int fd;

	snprintf(path, sizeof(path), "%s/request.json", dir);
	fd = open(path, O_WRONLY | O_TRUNC);
	put(fd, path, body, len);
	close(fd);
}

static void make(unsigned long count, const char *body_path)
{
	static char body[65536];
	char dir[64];
	int fd = body_path ? open(body_path, O_RDONLY) : -1;
	ssize_t len = fd < 0 ? 0 : read(fd, body, sizeof(body));

	if (body_path && len <= 0)
		err(1, "%s", body_path);
	close(fd);
	for (unsigned long i = 0; i < count; i++) {
		snprintf(dir, sizeof(dir), "stroke-%lu", i);
		if (mkdir(dir, 0755))
			err(1, "%s", dir);
		if (len)
			give_body(dir, body, (size_t)len);
	}
}

static void drop(unsigned long count)
{
	char dir[64];

	for (unsigned long i = 0; i < count; i++) {
		snprintf(dir, sizeof(dir), "stroke-%lu", i);
		if (rmdir(dir))
			err(1, "%s", dir);
	}
}

static void run_all(size_t which, unsigned long count)
{
	char path[NAME_MAX];

	for (unsigned long i = 0; i < count; i++) {
		for (size_t f = 0; f < nfiles; f++) {
			snprintf(path, sizeof(path), "stroke-%lu/%s", i,
				names[f]);
			strokes[which].run(path, values[f], strlen(values[f]));
		}
	}
}

int main(int argc, char **argv)
{
	unsigned long count;
	size_t which = 0;
	int64_t begun;

	if (argc < 6)
		errx(1, "usage: strokes STROKE first|again DIR COUNT LIST "
			"[BODY]");
	while (strcmp(strokes[which].name, argv[1]))
		if (++which == sizeof(strokes) / sizeof(strokes[0]))
			errx(1, "there is no stroke %s", argv[1]);
	count = strtoul(argv[4], NULL, 10);
	read_list(argv[5]);
	if (!count || !nfiles || chdir(argv[3]))
		err(1, "%s", argv[3]);
	make(count, argv[6]);
	if (!strcmp(argv[2], "again"))
		run_all(which, count);
	begun = now_ns();
	run_all(which, count);
	printf("%ld\n", (long)((now_ns() - begun) / (int64_t)(count * nfiles)));
	drop(count);
	return 0;
}
