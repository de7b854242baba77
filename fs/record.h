/* SPDX-License-Identifier: MIT */
/*
 * What is kept of a cluster directory, as JSON. Secrets are left out. On
 * disk there are only three kinds of record: a draft, an intent (a POST may
 * have left; its outcome is not recorded) and a cluster that exists.
 */
#ifndef RECORD_H
#define RECORD_H

struct ack_buf;
struct ack_error;
struct ack_json;
struct object;

/* The whole of it, on one line without an end. 0 or -ENOMEM. */
int record_write(const struct object *o, struct ack_buf *out);

/*
 * Fills a new directory from its record. -EINVAL with a sentence when it is
 * not a whole and sound record of a directory of that name.
 */
int record_read(
	struct object *o, const struct ack_json *record, struct ack_error *e);

/* One value of what was written into it, as a member of an object: its name,
 * text and time. 0 or -ENOMEM. */
int record_write_value(
	const struct object *o, unsigned row, struct ack_buf *out);

/* Lays such values over what was written into it. -EINVAL with a sentence. */
int record_read_values(
	struct object *o, const struct ack_json *values, struct ack_error *e);

#endif
