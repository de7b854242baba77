/* SPDX-License-Identifier: MIT */
/* The addons of a cluster. */
#ifndef SANDBOX_ADDON_CALLS_H
#define SANDBOX_ADDON_CALLS_H

struct cluster;
struct task;

/* A task that installs, upgrades or uninstalls some has succeeded; 0 or
 * -ENOMEM. */
int addon_calls_finish(struct cluster *k, const struct task *t);

#endif
