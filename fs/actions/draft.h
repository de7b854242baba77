/* SPDX-License-Identifier: MIT */
/*
 * The values of a directory and how they change: those of a draft, and the
 * edits of what exists, which `commit` carries out. A change that returned 0
 * is saved: it survives the end of the process.
 */
#ifndef DRAFT_H
#define DRAFT_H

#include <stdbool.h>
#include <stddef.h>

struct ack_buf;
struct ack_error;
struct ack_param;
struct ack_values;
struct object;

/*
 * The check of one parameter file's text. On success the value is in place
 * and `error` empty; on failure it is as before and `error` says why. What
 * cannot change any more takes what it says already, and nothing else (-EPERM).
 * -EAGAIN: right so far, unfinished JSON, or a list that cannot change and has
 * more items.
 */
int object_write(struct object *o, unsigned row, const char *text, size_t len,
	struct ack_error *e);

/*
 * Puts canonical text (or NULL: unset) in place without a check, and saves
 * it. On failure (-ENOMEM, -ENOSPC, -EIO; e filled) all is as before.
 */
int object_put(
	struct object *o, unsigned row, const char *text, struct ack_error *e);

/*
 * The last text of that file ended too early, so the old value, which it was
 * to replace, is not what anybody wants; or (false) that is over. It takes an
 * inode's row.
 */
void object_cut(struct object *o, unsigned inode_row, bool cut);

/* -EINVAL, with each such file: nothing can be committed. */
int object_whole(struct object *o, struct ack_error *e);

/*
 * Replaces what was written by `v`, and its bases by `bases` unless that is
 * NULL, saved, or leaves it as it was. `row`: the only one that is another; -1:
 * all may be.
 */
int object_replace(struct object *o, struct ack_values *v,
	struct ack_values *bases, int row, struct ack_error *e);

/* Their memory is as safe as what is in them needs. 0 or -ENOMEM. */
int object_guard(const struct object *o, struct ack_values *v);

/* 0: the text says what is there; the service may list it in another order.
 * -EAGAIN: it may do so when more lines have come. */
int object_compare(const struct ack_param *p, const char *is, const char *text);

/* Whether it exists, and that row of it cannot change any more; and whether
 * such a row takes anything, without effect. */
bool object_fixed(const struct object *o, unsigned row);
bool object_idle(const struct object *o, unsigned row);

/* The lines of `check` for what was taken without effect: secrets of what
 * exists, and what cannot change where the service does not say what it is. */
void object_idle_text(const struct object *o, struct ack_buf *out);

/* A commit begins: they are not shown any more. */
void object_idle_over(struct object *o);

/* Puts back the values, or edits, of a moment before. 0, -ENOMEM, -ENOSPC,
 * -EIO. */
int object_restore(
	struct object *o, const struct ack_values *values, struct ack_error *e);

/* What those are: of a draft its values, else its edits. */
struct ack_values *object_written(struct object *o);

/*
 * 0 when the directory takes changes now, else -EBUSY (committing) or -EPERM
 * (the cluster may exist) with the reason.
 */
int object_editable(
	const struct object *o, const char *param, struct ack_error *e);

/* The same for one parameter: -EPERM for what cannot change any more. */
int object_row_editable(
	const struct object *o, unsigned row, struct ack_error *e);

/* Whether the value of that row can change in what exists. */
bool object_row_changes(const struct object *o, unsigned row);

/* The values with what the directory and the mount give filled in. */
int object_effective(const struct object *o, struct ack_values *out);

/* rm of a parameter: unsets that of a draft and takes its name away until
 * written; takes an edit back. */
int object_param_remove(struct object *o, unsigned row, struct ack_error *e);

#endif
