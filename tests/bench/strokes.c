/* SPDX-License-Identifier: MIT */
/*
 * One of the things that programs do to files, over and over, timed.
 *
 * usage: strokes STROKE first|again DIR COUNT LIST [BODY]
 *
 * Makes COUNT directories in DIR, does STROKE to every file of LIST in each
 * of them, prints the nanoseconds that one took, and removes them. again: it
 * has been done once before. BODY is what each request.json gets first, so
 * that there are values in files that the kernel has not heard of.
 */
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "drafts.h"

#define PREFIX "stroke"

static const struct {
	const char *name;
	stroke_fn *run;
} strokes[] = {{"write", stroke_write}, {"echo", stroke_echo},
	{"read", stroke_read}, {"stat", stroke_stat}};

static stroke_fn *find(const char *name)
{
	for (size_t i = 0; i < sizeof(strokes) / sizeof(strokes[0]); i++)
		if (!strcmp(strokes[i].name, name))
			return strokes[i].run;
	errx(1, "there is no stroke %s", name);
}

static void give_body(unsigned long count, const char *path)
{
	struct list l = {.names = {"request.json"}, .count = 1};
	static char body[65536];
	int fd = open(path, O_RDONLY);

	if (fd < 0 || read(fd, body, sizeof(body) - 1) <= 0)
		err(1, "%s", path);
	close(fd);
	l.values[0] = body;
	drafts_each(PREFIX, count, &l, stroke_write);
}

int main(int argc, char **argv)
{
	static struct list list;
	unsigned long count;
	stroke_fn *stroke;
	int64_t begun;

	if (argc < 6)
		errx(1, "usage: strokes STROKE first|again DIR COUNT LIST "
			"[BODY]");
	stroke = find(argv[1]);
	count = strtoul(argv[4], NULL, 10);
	list_read(&list, argv[5]);
	if (!count || chdir(argv[3]))
		err(1, "%s", argv[3]);
	drafts_make(PREFIX, count);
	if (argv[6])
		give_body(count, argv[6]);
	if (!strcmp(argv[2], "again"))
		drafts_each(PREFIX, count, &list, stroke);
	begun = now_ns();
	drafts_each(PREFIX, count, &list, stroke);
	printf("%ld\n",
		(long)((now_ns() - begun) / (int64_t)(count * list.count)));
	drafts_drop(PREFIX, count);
	return 0;
}
