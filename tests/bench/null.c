/* SPDX-License-Identifier: MIT */
/*
 * The floor of the FUSE path: directories of files that hold a short text, in
 * memory, with what the kernel is told as in fs/fuse/ops*.c. The loop is
 * libfuse's own, with one thread.
 *
 * usage: null MOUNTPOINT LIST [keep | promise FILE]
 *
 * LIST has a name and a value a line, with a tab between them: the files of
 * each directory, and what they begin with. keep: pages may stay, where ackfs
 * has a parameter read from the handle's own text. promise: each value that is
 * written becomes a row of the database FILE, too, and the loop is one that
 * can wait for more.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <fuse_lowlevel.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "promise.h"

#define FOR_EVER  1e9
#define FILES_MAX 64
#define DIRS_MAX  2048
#define TEXT_MAX  120

/* An inode is its directory, counted from 1, and its file in it, from 1. */
#define INO(dir, file) ((fuse_ino_t)(dir) << 8 | (fuse_ino_t)(file))
#define DIR_OF(ino)    ((ino) >> 8)
#define FILE_OF(ino)   ((ino)&0xff)

struct text {
	size_t len;
	char data[TEXT_MAX];
};

static struct {
	char *name;
	struct text begin;
} files[FILES_MAX];
static size_t nfiles;

static struct {
	char *name;
	struct text texts[FILES_MAX];
} dirs[DIRS_MAX];
static size_t ndirs = 1;
static bool keep;

static struct text *text_of(fuse_ino_t ino)
{
	return &dirs[DIR_OF(ino)].texts[FILE_OF(ino) - 1];
}

static struct stat stat_of(fuse_ino_t ino)
{
	bool is_file = FILE_OF(ino) && ino != FUSE_ROOT_ID;

	return (struct stat){.st_ino = ino,
		.st_mode = is_file ? S_IFREG | 0644 : S_IFDIR | 0755,
		.st_nlink = is_file ? 1 : 2,
		.st_size = is_file ? (off_t)text_of(ino)->len : 0};
}

static void reply_entry(fuse_req_t req, fuse_ino_t ino)
{
	struct fuse_entry_param e = {.ino = ino,
		.attr = stat_of(ino),
		.attr_timeout = FOR_EVER,
		.entry_timeout = FOR_EVER};

	fuse_reply_entry(req, &e);
}

static size_t find_dir(const char *name)
{
	size_t d = ndirs;

	while (--d && !(dirs[d].name && !strcmp(dirs[d].name, name)))
		;
	return d;
}

static void op_lookup(fuse_req_t req, fuse_ino_t parent, const char *name)
{
	size_t d, f = 0;

	if (parent == FUSE_ROOT_ID) {
		d = find_dir(name);
		if (d)
			reply_entry(req, INO(d, 0));
		else
			fuse_reply_err(req, ENOENT);
		return;
	}
	while (f < nfiles && strcmp(files[f].name, name))
		f++;
	if (f < nfiles)
		reply_entry(req, INO(DIR_OF(parent), f + 1));
	else
		fuse_reply_err(req, ENOENT);
}

static void op_getattr(
	fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi)
{
	struct stat st = stat_of(ino);

	(void)fi;
	fuse_reply_attr(req, &st, FOR_EVER);
}

static void op_mkdir(
	fuse_req_t req, fuse_ino_t parent, const char *name, mode_t mode)
{
	size_t d = 1;

	(void)mode;
	while (d < ndirs && dirs[d].name)
		d++;
	if (parent != FUSE_ROOT_ID || d == DIRS_MAX) {
		fuse_reply_err(req, ENOSPC);
		return;
	}
	if (d == ndirs)
		ndirs++;
	dirs[d].name = strdup(name);
	for (size_t f = 0; f < nfiles; f++)
		dirs[d].texts[f] = files[f].begin;
	reply_entry(req, INO(d, 0));
}

static void op_rmdir(fuse_req_t req, fuse_ino_t parent, const char *name)
{
	size_t d = find_dir(name);

	(void)parent;
	if (d) {
		free(dirs[d].name);
		dirs[d].name = NULL;
	}
	fuse_reply_err(req, d ? 0 : ENOENT);
}

static void op_open(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi)
{
	fi->noflush = 1;
	fi->keep_cache = keep && (fi->flags & O_ACCMODE) == O_RDONLY;
	fi->direct_io = !fi->keep_cache;
	if (fi->flags & O_TRUNC)
		text_of(ino)->len = 0;
	fuse_reply_open(req, fi);
}

static void op_read(fuse_req_t req, fuse_ino_t ino, size_t size, off_t off,
	struct fuse_file_info *fi)
{
	const struct text *t = text_of(ino);
	size_t at = (size_t)off < t->len ? (size_t)off : t->len;

	(void)fi;
	fuse_reply_buf(
		req, t->data + at, t->len - at < size ? t->len - at : size);
}

static void op_write(fuse_req_t req, fuse_ino_t ino, const char *data,
	size_t size, off_t off, struct fuse_file_info *fi)
{
	struct text *t = text_of(ino);

	(void)fi;
	if ((size_t)off > TEXT_MAX || size > TEXT_MAX - (size_t)off) {
		fuse_reply_err(req, EFBIG);
		return;
	}
	memcpy(t->data + off, data, size);
	t->len = (size_t)off + size;
	promise_keep(
		DIR_OF(ino), files[FILE_OF(ino) - 1].name, t->data, t->len);
	fuse_reply_write(req, size);
}

static void op_release(
	fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi)
{
	(void)ino;
	(void)fi;
	fuse_reply_err(req, 0);
}

static const struct fuse_lowlevel_ops ops = {
	.lookup = op_lookup,
	.getattr = op_getattr,
	.mkdir = op_mkdir,
	.rmdir = op_rmdir,
	.open = op_open,
	.read = op_read,
	.write = op_write,
	.release = op_release,
};

static void read_list(const char *path)
{
	char *line = NULL, *tab;
	size_t room = 0;
	FILE *f = fopen(path, "r");

	if (!f)
		err(1, "%s", path);
	while (nfiles < FILES_MAX && getline(&line, &room, f) > 0) {
		struct text *t = &files[nfiles].begin;

		tab = strchr(line, '\t');
		if (!tab || strlen(tab + 1) > TEXT_MAX)
			errx(1, "%s: not a name and a short value", line);
		t->len = strlen(tab + 1);
		memcpy(t->data, tab + 1, t->len);
		files[nfiles++].name = strndup(line, (size_t)(tab - line));
	}
	free(line);
	fclose(f);
}

int main(int argc, char **argv)
{
	struct fuse_args args = FUSE_ARGS_INIT(0, NULL);
	struct fuse_session *s;

	if (argc < 3)
		errx(1, "usage: null MOUNTPOINT LIST [keep | promise FILE]");
	if (fuse_opt_add_arg(&args, "null") || fuse_opt_add_arg(&args, "-o") ||
		fuse_opt_add_arg(
			&args, "nosuid,nodev,noexec,noatime,fsname=null"))
		return 1;
	read_list(argv[2]);
	keep = argc == 4;
	if (argc > 4)
		promise_open(argv[4]);
	s = fuse_session_new(&args, &ops, sizeof(ops), NULL);
	if (!s || fuse_set_signal_handlers(s) || fuse_session_mount(s, argv[1]))
		return 1;
	if (argc > 4)
		promise_serve(s);
	else
		fuse_session_loop(s);
	fuse_session_unmount(s);
	fuse_session_destroy(s);
	fuse_opt_free_args(&args);
	return 0;
}
