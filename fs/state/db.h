/* SPDX-License-Identifier: MIT */
/*
 * The one database of a state directory, `ackfs.db`, by SQLite, of which
 * nobody else knows. A change is in its log, `ackfs.db-wal`, when the call
 * returns, so it survives the end of the process; nothing here waits for the
 * disk but what says so. Other processes find it locked.
 */
#ifndef DB_H
#define DB_H

#include <stdbool.h>

struct ack_error;
struct db;
struct db_row;
struct state;

/*
 * Opens (makes) it and waits for the disk. `formats` are statements that lead
 * from one format to the next, the first ones from an empty database. NULL and
 * `e` filled on failure: a later format, damage, somebody else's file; nothing
 * is changed then.
 */
struct db *db_open(const struct state *state, const char *const *formats,
	int nformats, struct ack_error *e);

/* Waits for the disk; NULL is fine. */
void db_close(struct db *d);

/*
 * Runs a query; its text is a constant, which is prepared once. `types` has a
 * letter for each of its parameters: i for int64_t, t for const char * (NULL is
 * fine). Hands every row to `take`, which changes nothing, until it returns
 * other than 0; db_columns() reads a row into int64_t and const char *, which
 * last as long as it. 0 or a negative errno, and then nothing has changed.
 */
typedef int (*db_take_fn)(
	void *arg, const struct db_row *row, struct ack_error *e);
int db_each(struct db *d, struct ack_error *e, db_take_fn take, void *arg,
	const char *sql, const char *types, ...);
void db_columns(const struct db_row *row, const char *types, ...);

/* The same for one that gives no rows: db_run(d, e, sql, types, ...). */
#define db_run(d, e, ...) db_each(d, e, NULL, NULL, __VA_ARGS__)

/* Several of them as one; after a failure `ret` takes all back. */
int db_begin(struct db *d, struct ack_error *e);
int db_end(struct db *d, int ret, struct ack_error *e);

/* Pages of 1 KiB in the log. */
int db_logged(const struct db *d);

/*
 * A checkpoint copies the log into the database, in three steps. The second
 * one waits for the disk, in the worker, while the loop goes on. The third one
 * empties the log, if nothing was changed meanwhile; else the log grows, and
 * when it is very large, this step waits for the disk. 0 or a negative errno.
 */
int db_checkpoint_begin(struct db *d);
int db_checkpoint(struct db *d);
bool db_checkpoint_end(struct db *d); /* whether it is empty */

/* All that was changed so far is on disk; waits for it, in the worker. 0 or a
 * negative errno, -ESTALE when somebody took the files away. */
int db_sync(struct db *d);

const char *db_version(void);

#endif
