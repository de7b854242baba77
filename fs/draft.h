/* SPDX-License-Identifier: MIT */
/*
 * The values of a cluster directory and how they change. A change that
 * returned 0 is saved: it survives the end of the process.
 */
#ifndef DRAFT_H
#define DRAFT_H

#include <stdbool.h>
#include <stddef.h>

struct ack_error;
struct ack_values;
struct cluster;

/*
 * The check of one parameter file's text. On success the value is in place
 * and `error` empty; on failure it is as before and `error` says why.
 * -EAGAIN: right so far, unfinished JSON.
 */
int cluster_write(struct cluster *c, unsigned row, const char *text, size_t len,
	struct ack_error *e);

/*
 * Puts canonical text (or NULL: unset) in place without a check, and saves
 * the draft. On failure (-ENOMEM, -ENOSPC, -EIO; e filled) all is as before.
 */
int cluster_put(
	struct cluster *c, unsigned row, const char *text, struct ack_error *e);

/* Replaces the draft from the body of a request, either form. */
int cluster_import(
	struct cluster *c, const char *text, size_t len, struct ack_error *e);

/* Puts back the values of a moment before. 0, -ENOMEM, -ENOSPC, -EIO. */
int cluster_restore(struct cluster *c, const struct ack_values *values,
	struct ack_error *e);

/*
 * 0 when the directory takes changes now, else -EBUSY (committing) or -EPERM
 * (the cluster exists, or may exist) with the reason.
 */
int cluster_editable(
	const struct cluster *c, const char *param, struct ack_error *e);

/* The values with what the directory and the mount give filled in. */
int cluster_effective(const struct cluster *c, struct ack_values *out);

/* rm of a parameter: unsets it and takes its name away until written. */
int cluster_param_remove(struct cluster *c, unsigned row, struct ack_error *e);

#endif
