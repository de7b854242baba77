/* SPDX-License-Identifier: MIT */
/* Directories of parameters, and what programs do to the files in them. */
#ifndef BENCH_DRAFTS_H
#define BENCH_DRAFTS_H

#include <stddef.h>
#include <stdint.h>

#define FILES_MAX 64

/* The files of each, and what is in them, with its newline. */
struct list {
	const char *names[FILES_MAX], *values[FILES_MAX];
	size_t count;
};

/* Of a file with a name and a value a line, with a tab between them. */
void list_read(struct list *l, const char *path);

int64_t now_ns(void);

/* PREFIX-0, PREFIX-1 … in the current directory. */
void drafts_make(const char *prefix, unsigned long count);
void drafts_drop(const char *prefix, unsigned long count);

typedef void stroke_fn(const char *path, const char *text, size_t len);

/* To every file of each. */
void drafts_each(const char *prefix, unsigned long count, const struct list *l,
	stroke_fn *stroke);

stroke_fn stroke_write, stroke_read;
/* As strace(1) shows of bash. It goes by stdout, so one thread only. */
stroke_fn stroke_echo;
/* What ls -l asks of it, and no more. */
stroke_fn stroke_stat;

#endif
