/* SPDX-License-Identifier: MIT */
/* Which call a request is: the table of all that the sandbox can do. */
#ifndef SANDBOX_ROUTER_H
#define SANDBOX_ROUTER_H

#include <stdbool.h>

struct exchange;
struct sandbox;

struct route {
	const char *method;
	const char *path;   /* {} stands for one segment */
	const char *action; /* NULL: it steers the sandbox, and is unsigned */
	void (*call)(struct sandbox *s, struct exchange *x);
};

/* The row of a request, and its x->args; NULL: there is none. */
const struct route *route_find(struct exchange *x);

/* True when it has a row, of the action it claims; else it is answered. */
bool route_check(struct exchange *x);

/* The calls, in the files named after them. */
void call_create_cluster(struct sandbox *s, struct exchange *x);
void call_describe_cluster(struct sandbox *s, struct exchange *x);
void call_list_clusters(struct sandbox *s, struct exchange *x);
void call_describe_task(struct sandbox *s, struct exchange *x);
void call_list_tasks(struct sandbox *s, struct exchange *x);
void call_list_regions(struct sandbox *s, struct exchange *x);
void control_set_faults(struct sandbox *s, struct exchange *x);
void control_list_requests(struct sandbox *s, struct exchange *x);
void control_list_clusters(struct sandbox *s, struct exchange *x);

#endif
