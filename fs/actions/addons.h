/* SPDX-License-Identifier: MIT */
/*
 * The addons of a cluster that exists: what is installed, as the value of the
 * row live_addons, and what its edit makes of that. A name that the edit does
 * not have stays.
 */
#ifndef ADDONS_H
#define ADDONS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

struct ack_error;
struct ack_json;
struct ack_request;
struct object;
struct step_request;

/* What is installed, read call by call: the list, then each configuration. */
struct addons_look {
	struct ack_buf names; /* "name@version", a line each */
	struct ack_buf lines; /* the same with configurations, so far */
	char name[64];        /* whose is asked for */
	size_t at;            /* in names */
	bool listed;
};

void addons_look_init(struct addons_look *l);
void addons_look_release(struct addons_look *l);

/* The next call; false: no call is left, and `lines` is what is installed. */
bool addons_ask(
	struct addons_look *l, const struct object *o, struct ack_request *r);
/* Its answer; 0, -EPROTO or -ENOMEM. */
int addons_answer(struct addons_look *l, const struct ack_json *answer,
	struct ack_error *e);

/* That is so; without memory the next one shows it. */
void addons_take(struct object *o, const struct ack_buf *lines);

/* What is installed with the edit over it: the text of live/NAME/addons. */
void addons_text(const struct object *o, struct ack_buf *out);

/* The columns of steps.c. One call installs, one upgrades, one removes all that
 * are to be; each that is modified has its own. */
bool addons_wanted(const struct object *o);
unsigned addons_calls(const struct object *o);
int addons_compose(const struct object *o, struct step_request *s);
void addons_put(const struct object *o, unsigned nth, struct ack_buf *out);
/* A line that begins with "loses: " for each that is removed; how many. */
unsigned addons_losses(const struct object *o, struct ack_buf *out);
void addons_done(struct object *o, const struct step_request *s);

/* Whether an addon is to be installed whose version nobody wrote. */
bool addons_lack_version(const struct object *o);
/* Takes the versions from ListAddons; 0, -EINVAL (there is no such addon) or
 * -ENOMEM. */
int addons_complete(
	struct object *o, const struct ack_json *answer, struct ack_error *e);

#endif
