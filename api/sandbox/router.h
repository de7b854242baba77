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
	const char *action; /* NULL: it steers the sandbox (control_check) */
	void (*call)(struct sandbox *s, struct exchange *x);
};

/* The row of a request, and its x->args; NULL: there is none. */
const struct route *route_find(struct exchange *x);

/* True when it has a row, of the action it claims; else it is answered. */
bool route_check(struct exchange *x);

/* What the paths begin with that steer the sandbox. */
#define CONTROLS "/_sandbox/"

/*
 * True when who asks may steer it: who has its AccessKey, and its own user
 * unless it is locked. Else it is answered.
 */
bool control_check(const struct sandbox *s, struct exchange *x);

/* The calls, in the files named after them. */
void call_create_cluster(struct sandbox *s, struct exchange *x);
void call_describe_cluster(struct sandbox *s, struct exchange *x);
void call_list_clusters(struct sandbox *s, struct exchange *x);
void call_delete_cluster(struct sandbox *s, struct exchange *x);
void call_modify_cluster(struct sandbox *s, struct exchange *x);
void call_upgrade_cluster(struct sandbox *s, struct exchange *x);
void call_migrate_cluster(struct sandbox *s, struct exchange *x);
void call_get_kubeconfig(struct sandbox *s, struct exchange *x);
void call_list_nodes(struct sandbox *s, struct exchange *x);
void call_list_pools(struct sandbox *s, struct exchange *x);
void call_describe_pool(struct sandbox *s, struct exchange *x);
void call_create_pool(struct sandbox *s, struct exchange *x);
void call_modify_pool(struct sandbox *s, struct exchange *x);
void call_scale_pool(struct sandbox *s, struct exchange *x);
void call_delete_pool(struct sandbox *s, struct exchange *x);
void call_remove_nodes(struct sandbox *s, struct exchange *x);
void call_describe_task(struct sandbox *s, struct exchange *x);
void call_list_tasks(struct sandbox *s, struct exchange *x);
void call_cancel_task(struct sandbox *s, struct exchange *x);
void call_pause_task(struct sandbox *s, struct exchange *x);
void call_resume_task(struct sandbox *s, struct exchange *x);
void call_list_tags(struct sandbox *s, struct exchange *x);
void call_tag_resources(struct sandbox *s, struct exchange *x);
void call_untag_resources(struct sandbox *s, struct exchange *x);
void call_modify_tags(struct sandbox *s, struct exchange *x);
void call_list_cluster_events(struct sandbox *s, struct exchange *x);
void call_list_events(struct sandbox *s, struct exchange *x);
void call_list_logs(struct sandbox *s, struct exchange *x);
void call_list_resources(struct sandbox *s, struct exchange *x);
void call_list_versions(struct sandbox *s, struct exchange *x);
void call_list_regions(struct sandbox *s, struct exchange *x);
void call_list_addons(struct sandbox *s, struct exchange *x);
void call_get_quota(struct sandbox *s, struct exchange *x);
void call_check_roles(struct sandbox *s, struct exchange *x);
void control_set_faults(struct sandbox *s, struct exchange *x);
void control_list_requests(struct sandbox *s, struct exchange *x);
void control_list_clusters(struct sandbox *s, struct exchange *x);
void control_plant_clusters(struct sandbox *s, struct exchange *x);

#endif
