/* SPDX-License-Identifier: MIT */
/* What the fixed files say: the `show` column of the table in files.c. */
#ifndef TEXTS_H
#define TEXTS_H

struct ack_buf;
struct object;
struct fleet;

void show_readme(struct fleet *f, struct object *o, struct ack_buf *out);
void show_status(struct fleet *f, struct object *o, struct ack_buf *out);
void show_mount_error(struct fleet *f, struct object *o, struct ack_buf *out);
void show_state(struct fleet *f, struct object *o, struct ack_buf *out);
void show_error(struct fleet *f, struct object *o, struct ack_buf *out);
void show_check(struct fleet *f, struct object *o, struct ack_buf *out);
void show_plan(struct fleet *f, struct object *o, struct ack_buf *out);
void show_request(struct fleet *f, struct object *o, struct ack_buf *out);
void show_id(struct fleet *f, struct object *o, struct ack_buf *out);
void show_request_id(struct fleet *f, struct object *o, struct ack_buf *out);
void show_task_id(struct fleet *f, struct object *o, struct ack_buf *out);
/* Targets of links. */
void show_live_link(struct fleet *f, struct object *o, struct ack_buf *out);
void show_nodepools_link(
	struct fleet *f, struct object *o, struct ack_buf *out);
void show_live_error(struct fleet *f, struct object *o, struct ack_buf *out);
void show_id_link(struct fleet *f, struct object *o, struct ack_buf *out);

#endif
