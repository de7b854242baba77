/* SPDX-License-Identifier: MIT */
#include "promise.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <fuse_lowlevel.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

static sqlite3 *database;
static sqlite3_stmt *put;

/* The settings are those of fs/state/db.c, the table that of parameters. */
void promise_open(const char *path)
{
	static const char setup[] =
		"PRAGMA page_size=1024; PRAGMA journal_mode=WAL; "
		"PRAGMA synchronous=OFF; PRAGMA wal_autocheckpoint=0; "
		"PRAGMA temp_store=MEMORY; "
		"CREATE TABLE parameters (directory INTEGER NOT NULL, "
		"parameter TEXT NOT NULL, value TEXT, time INTEGER NOT NULL, "
		"PRIMARY KEY (directory, parameter)) STRICT, WITHOUT ROWID";

	if (sqlite3_open_v2(path, &database,
		    SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE |
			    SQLITE_OPEN_NOMUTEX,
		    NULL) ||
		sqlite3_exec(database, setup, NULL, NULL, NULL) ||
		sqlite3_prepare_v3(database,
			"INSERT OR REPLACE INTO parameters VALUES (?, ?, ?, ?)",
			-1, SQLITE_PREPARE_PERSISTENT, &put, NULL))
		errx(1, "%s: %s", path, sqlite3_errmsg(database));
}

void promise_keep(size_t dir, const char *name, const char *value, size_t len)
{
	struct timespec now;

	if (!database)
		return;
	clock_gettime(CLOCK_REALTIME, &now);
	sqlite3_bind_int64(put, 1, (sqlite3_int64)dir);
	sqlite3_bind_text(put, 2, name, -1, SQLITE_STATIC);
	sqlite3_bind_text(put, 3, value, (int)len, SQLITE_STATIC);
	sqlite3_bind_int64(
		put, 4, now.tv_sec * INT64_C(1000000000) + now.tv_nsec);
	if (sqlite3_step(put) != SQLITE_DONE)
		errx(1, "a value was not kept: %s", sqlite3_errmsg(database));
	sqlite3_reset(put);
}

/* One request for each wait, as in fs/mount/loop.c. */
void promise_serve(struct fuse_session *s)
{
	struct fuse_buf buf = {.mem = NULL};
	struct epoll_event e = {.events = EPOLLIN};
	int fd = fuse_session_fd(s), ep = epoll_create1(EPOLL_CLOEXEC), n = 0;

	if (ep < 0 || fcntl(fd, F_SETFL, O_NONBLOCK) ||
		epoll_ctl(ep, EPOLL_CTL_ADD, fd, &e))
		err(1, "epoll");
	while (!fuse_session_exited(s) && (n >= 0 || errno == EINTR)) {
		n = epoll_wait(ep, &e, 1, -1);
		if (n <= 0)
			continue;
		int got = fuse_session_receive_buf(s, &buf);
		if (got > 0)
			fuse_session_process_buf(s, &buf);
		else if (got != -EAGAIN && got != -EINTR)
			break;
	}
	free(buf.mem);
	close(ep);
}
