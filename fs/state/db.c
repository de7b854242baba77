/* SPDX-License-Identifier: MIT */
/*
 * Two connections: the loop's own, which alone changes anything, and one by
 * which the worker makes checkpoints. What SQLite does when the loop asks it
 * must not wait for the disk, and yet be safe in a power cut:
 *
 * - The loop's connection never syncs (synchronous=OFF); the worker does.
 * - SQLite begins the log anew, from its start, as soon as all of it has been
 *   copied. Unless that is synced, a power cut may leave a part of the old log
 *   that is played again over a newer database. So the loop keeps a read
 *   transaction open (`hold`), which forbids it, and empties the log itself
 *   (db_checkpoint_end): a file system never mixes a file from before and after
 *   it was cut.
 */
#include "state/db.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/length.h"
#include "base/text.h"
#include "state/state.h"
#include "state/trust.h"

#define NAME "ackfs.db"
#define LOG  NAME "-wal"

#define QUERIES 32

#define BUSY_TRIES 1000
#define BUSY_US    20

/* Pages of the log, of 1 KiB: changes that come faster than a disk takes them
 * have to wait for it. */
#define LOG_MOST (64 << 10)

/* No other process has it, so what the connections share is on the heap: on a
 * disk that breaks, a mapped file would end the process (SIGBUS). */
#define VFS "unix-excl"

struct db {
	const struct state *state;
	sqlite3 *own, *other;
	sqlite3_stmt *hold, *queries[QUERIES];
	const char *sql[QUERIES]; /* of them */
	int log;                  /* descriptor of the log, to sync it */
	int known;                /* the latest format that is */
	struct stat file;         /* what was opened */
	int logged, copied; /* pages in the log; by a checkpoint, of them */
	bool made_log;      /* it was not there before */
	bool lost;          /* somebody took them away */
};

/*
 * SQLite opens by name. The name that it is given is /N/ackfs.db, where N is
 * the descriptor of the state directory, and these take it apart again: as
 * everywhere, what is above that directory has no say, no link is followed,
 * and what is not ours is not opened.
 */
static int place(const char **path)
{
	char *end;
	long fd = strtol(*path + 1, &end, 10);

	if (end == *path + 1 || (*end && *end != '/'))
		return AT_FDCWD;
	*path = *end && end[1] ? end + 1 : ".";
	return (int)fd;
}

static int open_at(const char *path, int flags, int mode)
{
	int at = place(&path), fd;
	struct stat st;

	/* O_NONBLOCK: a planted FIFO must not hold up the mount */
	fd = openat(at, path, flags | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC,
		mode & 0600);
	if (fd < 0 || at == AT_FDCWD || fstat(fd, &st) || S_ISDIR(st.st_mode))
		return fd;
	if (trust_file(fd) && trust_sole(fd) &&
		(!(st.st_mode & 077) || !fchmod(fd, 0600)))
		return fd;
	close(fd);
	errno = EPERM;
	return -1;
}

static int stat_at(const char *path, struct stat *st)
{
	int at = place(&path);

	return fstatat(at, path, st, AT_SYMLINK_NOFOLLOW);
}

static int unlink_at(const char *path)
{
	int at = place(&path);

	return unlinkat(at, path, 0);
}

static void set_up(void)
{
	sqlite3_vfs *vfs;
	const struct {
		const char *name;
		sqlite3_syscall_ptr call;
	} calls[] = {
		{"open", (sqlite3_syscall_ptr)open_at},
		{"stat", (sqlite3_syscall_ptr)stat_at},
		{"lstat", (sqlite3_syscall_ptr)stat_at},
		{"unlink", (sqlite3_syscall_ptr)unlink_at},
	};

	if (sqlite3_initialize())
		return;
	vfs = sqlite3_vfs_find(VFS);
	for (size_t i = 0; vfs && i < LENGTH(calls); i++)
		vfs->xSetSystemCall(vfs, calls[i].name, calls[i].call);
}

/* sqlite3_system_errno() knows nothing of a commit; the files do. */
static int file_errno(sqlite3 *c)
{
	sqlite3_file *log = NULL;
	int err = 0;

	sqlite3_file_control(c, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);
	if (log && log->pMethods)
		log->pMethods->xFileControl(log, SQLITE_FCNTL_LAST_ERRNO, &err);
	if (!err)
		sqlite3_file_control(c, "main", SQLITE_FCNTL_LAST_ERRNO, &err);
	if (!err)
		err = sqlite3_system_errno(c);
	/* a limit for files (ulimit -f) says nothing of the value */
	return !err ? EIO : err == EFBIG ? ENOSPC : err;
}

/* The errno that stands for what SQLite says of that connection. */
static int errno_of(sqlite3 *c, int rc)
{
	if (!c || rc == SQLITE_IOERR_NOMEM)
		return ENOMEM;
	switch (rc & 0xff) {
	case SQLITE_NOMEM:
		return ENOMEM;
	case SQLITE_FULL:
		return ENOSPC;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return EBUSY;
	case SQLITE_READONLY:
		return EROFS;
	case SQLITE_IOERR:
	case SQLITE_CANTOPEN:
		return file_errno(c);
	default:
		return EIO;
	}
}

static int fail(sqlite3 *c, int rc, struct ack_error *e)
{
	int err = errno_of(c, rc);

	return ack_error_set(e, err, NULL,
		"the state directory: the database " NAME " failed: %s",
		err == EIO ? sqlite3_errmsg(c)
		: err == EPERM
			? ack_text("it, or " LOG ", is another user's, is no "
				   "file, or has a second name; move it away")
			: strerror(err));
}

/* What it holds is the user's all the same. */
static int damaged(const struct db *d, const char *what, struct ack_error *e)
{
	const char *path = d->state->path;

	ack_error_set(e, EIO, NULL,
		"the database %s/" NAME
		" cannot be read: %s. It stays as it is",
		path, ack_text(what));
	ack_error_hint(e,
		"save what can be read: cd %s && { sqlite3 " NAME
		" .dump | sed 's/^ROLLBACK.*/COMMIT;/'; echo 'PRAGMA "
		"user_version=%d;'; } | sqlite3 saved.db; then move " NAME
		"* away and saved.db to " NAME
		"; where sqlite3 can do .recover in place of .dump, that "
		"finds more",
		path, d->known);
	return -EIO;
}

static int later(const struct db *d, int is, struct ack_error *e)
{
	return ack_error_set(e, EINVAL, NULL,
		"the database %s/" NAME
		" has the format %d, which a later ackfs wrote; this one knows "
		"those up to %d, and leaves it as it is: use the later ackfs, "
		"or choose another directory with -o state=",
		d->state->path, is, d->known);
}

/* -1: it does not exist. */
static off_t size_of(const struct db *d, const char *name)
{
	struct stat st;

	return fstatat(d->state->lock, name, &st, AT_SYMLINK_NOFOLLOW)
		       ? -1
		       : st.st_size;
}

/* Without a log the file says its format, and needs no SQLite for it, which
 * would make a log. 0 or a negative errno. */
static int read_header(const struct db *d, struct ack_error *e)
{
	unsigned char h[100] = {0};
	int fd = openat(
		d->state->lock, NAME, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, h, sizeof(h));
	int format = (int)((unsigned)h[60] << 24 |
			   (unsigned)(h[61] << 16 | h[62] << 8 | h[63]));

	if (fd >= 0)
		close(fd);
	if (n != sizeof(h) || memcmp(h, "SQLite format 3", 16) != 0)
		return damaged(d, "it is no database", e);
	return format < 0 || format > d->known ? later(d, format, e) : 0;
}

static int run(sqlite3 *c, const char *sql, struct ack_error *e)
{
	int rc = sqlite3_exec(c, sql, NULL, NULL, NULL);

	return rc ? fail(c, rc, e) : 0;
}

static int take_text(void *arg, int n, char **texts, char **names)
{
	(void)names;
	snprintf(arg, 128, "%s", n && texts[0] ? texts[0] : "");
	return 0;
}

/* What a pragma answers. */
static int ask(const struct db *d, const char *sql, char answer[128],
	struct ack_error *e)
{
	int rc = sqlite3_exec(d->own, sql, take_text, answer, NULL);

	if ((rc & 0xff) == SQLITE_CORRUPT || (rc & 0xff) == SQLITE_NOTADB)
		return damaged(d, sqlite3_errmsg(d->own), e);
	return rc ? fail(d->own, rc, e) : 0;
}

static int connect(const struct db *d, sqlite3 **c, struct ack_error *e)
{
	static const int off[] = {SQLITE_DBCONFIG_ENABLE_TRIGGER,
		SQLITE_DBCONFIG_ENABLE_VIEW, SQLITE_DBCONFIG_TRUSTED_SCHEMA};
	char name[64];
	int rc;

	snprintf(name, sizeof(name), "/%d/" NAME, d->state->lock);
	rc = sqlite3_open_v2(name, c,
		SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE |
			SQLITE_OPEN_NOMUTEX,
		VFS);
	if (!rc && sqlite3_db_readonly(*c, "main"))
		rc = SQLITE_READONLY;
	if (rc)
		return fail(*c, rc, e);
	for (size_t i = 0; i < LENGTH(off); i++)
		sqlite3_db_config(*c, off[i], 0, NULL);
	/* whatever is wrong, the log stays; db_close() knows better */
	sqlite3_db_config(*c, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	sqlite3_extended_result_codes(*c, 1);
	return run(*c,
		"PRAGMA temp_store=MEMORY; PRAGMA wal_autocheckpoint=0; PRAGMA "
		"cell_size_check=ON; PRAGMA secure_delete=OFF",
		e);
}

/* A new one gets small pages: a change of one value writes one of them. */
static int take_over(struct db *d, const char *const *formats, int format,
	struct ack_error *e)
{
	char sql[64], mode[128];
	int ret = 0;

	if (!format)
		ret = run(d->own, "PRAGMA page_size=1024", e);
	if (!ret)
		ret = ask(d, "PRAGMA journal_mode=WAL", mode, e);
	if (ret || format == d->known)
		return ret;
	ret = run(d->own, "BEGIN IMMEDIATE", e);
	for (; !ret && format < d->known; format++)
		ret = run(d->own, formats[format], e);
	snprintf(sql, sizeof(sql), "PRAGMA user_version=%d", d->known);
	if (!ret)
		ret = run(d->own, sql, e);
	return ret ? ret : run(d->own, "COMMIT", e);
}

static int note_logged(void *arg, sqlite3 *c, const char *name, int pages)
{
	struct db *d = arg;

	(void)c;
	(void)name;
	d->logged = pages;
	return SQLITE_OK;
}

/* The log, and that its name leads to it, are on disk from here on. It is
 * emptied, where there is room for what is in it. */
static int settle(struct db *d, struct ack_error *e)
{
	int pages = 0;

	if (sqlite3_wal_checkpoint_v2(
		    d->own, NULL, SQLITE_CHECKPOINT_TRUNCATE, &pages, NULL))
		d->logged = pages;
	d->log = openat(d->state->lock, LOG, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (d->log < 0 || fdatasync(d->log) || fsync(d->state->lock) ||
		fstatat(d->state->lock, NAME, &d->file, AT_SYMLINK_NOFOLLOW))
		return ack_error_set(e, errno, NULL,
			"the state directory: syncing " LOG " failed: %s",
			strerror(errno));
	sqlite3_wal_hook(d->own, note_logged, d);
	return run(d->own, "PRAGMA synchronous=OFF", e);
}

static int open_all(
	struct db *d, const char *const *formats, struct ack_error *e)
{
	off_t size = size_of(d, NAME), log = size_of(d, LOG);
	char answer[128] = "";
	int format, ret = 0;

	d->made_log = log < 0;
	if (size <= 0 && log > 0)
		return damaged(d, "it is empty, but for its log " LOG, e);
	if (size > 0 && log <= 0)
		ret = read_header(d, e);
	if (!ret)
		ret = connect(d, &d->own, e);
	if (!ret)
		ret = ask(d, "PRAGMA user_version", answer, e);
	format = (int)strtol(answer, NULL, 10);
	if (!ret && (format < 0 || format > d->known))
		ret = later(d, format, e);
	if (!ret)
		ret = ask(d, "PRAGMA quick_check(1)", answer, e);
	if (!ret && strcmp(answer, "ok") != 0)
		ret = damaged(d, answer, e);
	if (!ret)
		ret = take_over(d, formats, format, e);
	if (!ret && sqlite3_prepare_v2(d->own, "SELECT 1 FROM sqlite_schema",
			    -1, &d->hold, NULL))
		ret = fail(d->own, SQLITE_NOMEM, e);
	if (!ret)
		ret = connect(d, &d->other, e);
	/* so that it knows of the log before it has to copy it */
	if (!ret)
		ret = run(d->other, "SELECT 1 FROM sqlite_schema", e);
	return ret ? ret : settle(d, e);
}

struct db *db_open(const struct state *state, const char *const *formats,
	int nformats, struct ack_error *e)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct db *d = calloc(1, sizeof(*d));

	pthread_once(&once, set_up);
	if (!d) {
		ack_error_memory(e, NULL);
		return NULL;
	}
	d->state = state;
	d->log = -1;
	d->known = nformats;
	if (!open_all(d, formats, e)) {
		db_checkpoint_begin(d);
		return d;
	}
	db_close(d);
	return NULL;
}

void db_close(struct db *d)
{
	bool sound;

	if (!d)
		return;
	sound = d->log >= 0 && !d->lost;
	sqlite3_finalize(d->hold);
	for (int i = 0; i < QUERIES; i++)
		sqlite3_finalize(d->queries[i]);
	sqlite3_close(d->other);
	if (d->own && sound) {
		sqlite3_db_config(
			d->own, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, NULL);
		sqlite3_exec(
			d->own, "PRAGMA synchronous=FULL", NULL, NULL, NULL);
	}
	sqlite3_close(d->own);
	if (d->log >= 0)
		close(d->log);
	else if (d->made_log && !size_of(d, LOG))
		unlinkat(d->state->lock, LOG, 0);
	free(d);
}

/* A text is known by where it stands. */
static int prepare(struct db *d, const char *sql, sqlite3_stmt **s)
{
	int i = 0, rc = SQLITE_OK;

	while (i < QUERIES - 1 && d->sql[i] && d->sql[i] != sql)
		i++;
	if (d->sql[i] != sql) {
		sqlite3_finalize(d->queries[i]);
		d->sql[i] = NULL;
		rc = sqlite3_prepare_v3(d->own, sql, -1,
			SQLITE_PREPARE_PERSISTENT, &d->queries[i], NULL);
	}
	if (!rc)
		d->sql[i] = sql;
	*s = d->queries[i];
	return rc;
}

/* Where one looks at what the other changes just now, it takes a lock for a
 * moment; never while it waits for the disk. */
static bool busy(int rc, int *tries)
{
	if ((rc & 0xff) != SQLITE_BUSY || ++*tries > BUSY_TRIES)
		return false;
	usleep(BUSY_US);
	return true;
}

int db_each(struct db *d, struct ack_error *e, db_take_fn take, void *arg,
	const char *sql, const char *types, ...)
{
	sqlite3_stmt *s = NULL;
	int rc = prepare(d, sql, &s), ret = 0, tries = 0;
	va_list ap;

	va_start(ap, types);
	for (int i = 1; *types && !rc; i++)
		if (*types++ == 'i')
			rc = sqlite3_bind_int64(s, i, va_arg(ap, int64_t));
		else
			rc = sqlite3_bind_text(s, i, va_arg(ap, const char *),
				-1, SQLITE_STATIC);
	va_end(ap);
	while (!ret && (!rc || rc == SQLITE_ROW || busy(rc, &tries))) {
		if (rc != SQLITE_ROW)
			sqlite3_reset(s);
		rc = sqlite3_step(s);
		if (rc == SQLITE_ROW)
			ret = take(arg, (const struct db_row *)s, e);
	}
	sqlite3_reset(s);
	if (ret || rc == SQLITE_DONE)
		return ret;
	/* it has another shape than its format says, or is worse */
	return take && ((rc & 0xff) == SQLITE_CORRUPT ||
			       (rc & 0xff) == SQLITE_ERROR)
		       ? damaged(d, sqlite3_errmsg(d->own), e)
		       : fail(d->own, rc, e);
}

int db_begin(struct db *d, struct ack_error *e)
{
	return db_run(d, e, "BEGIN", "");
}

int db_end(struct db *d, int ret, struct ack_error *e)
{
	if (!ret)
		ret = db_run(d, e, "COMMIT", "");
	/* after most failures it has taken all back already */
	if (ret && !sqlite3_get_autocommit(d->own))
		sqlite3_exec(d->own, "ROLLBACK", NULL, NULL, NULL);
	return ret;
}

void db_columns(const struct db_row *row, const char *types, ...)
{
	sqlite3_stmt *s = (sqlite3_stmt *)(uintptr_t)row;
	va_list ap;

	va_start(ap, types);
	for (int i = 0; types[i]; i++)
		if (types[i] == 'i')
			*va_arg(ap, int64_t *) = sqlite3_column_int64(s, i);
		else
			*va_arg(ap, const char **) =
				(const char *)sqlite3_column_text(s, i);
	va_end(ap);
}

int db_logged(const struct db *d)
{
	return d->logged;
}

/* What is changed from here on is left to the next one. */
int db_checkpoint_begin(struct db *d)
{
	int rc;

	sqlite3_reset(d->hold);
	rc = sqlite3_step(d->hold);
	return rc == SQLITE_ROW ? 0 : -errno_of(d->own, rc);
}

int db_checkpoint(struct db *d)
{
	int rc, tries = 0;

	do
		rc = sqlite3_wal_checkpoint_v2(d->other, NULL,
			SQLITE_CHECKPOINT_PASSIVE, NULL, &d->copied);
	while (busy(rc, &tries));
	return rc ? -errno_of(d->other, rc) : 0;
}

bool db_checkpoint_end(struct db *d)
{
	bool all = d->copied == d->logged;
	int rc = SQLITE_OK;

	if (!all && d->logged < LOG_MOST)
		return false;
	sqlite3_reset(d->hold);
	if (!all)
		rc = sqlite3_exec(
			d->own, "PRAGMA synchronous=NORMAL", NULL, NULL, NULL);
	if (!rc)
		rc = sqlite3_wal_checkpoint_v2(
			d->own, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	if (!rc)
		d->logged = 0;
	/* else the log may begin anew where it is, and that has to be synced */
	sqlite3_exec(d->own,
		rc ? "PRAGMA synchronous=NORMAL" : "PRAGMA synchronous=OFF",
		NULL, NULL, NULL);
	sqlite3_step(d->hold);
	return !rc;
}

/* Its name leads to it: what was taken away would be found by nobody. */
static bool in_place(int dir, const char *name, const struct stat *is)
{
	struct stat found;

	return !fstatat(dir, name, &found, AT_SYMLINK_NOFOLLOW) &&
	       found.st_ino == is->st_ino && found.st_dev == is->st_dev;
}

int db_sync(struct db *d)
{
	struct stat log;

	if (fdatasync(d->log) || fstat(d->log, &log))
		return -errno;
	d->lost = !in_place(d->state->lock, LOG, &log) ||
		  !in_place(d->state->lock, NAME, &d->file);
	return d->lost ? -ESTALE : 0;
}

const char *db_version(void)
{
	return "SQLite " SQLITE_VERSION;
}
