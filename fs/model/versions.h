/* SPDX-License-Identifier: MIT */
/*
 * Which versions of Kubernetes the service offers, and the container runtimes
 * that go with them (SERVICE.md, Versions). A node pool has to name its runtime
 * with the version, so this is asked for, in the background, as soon as a
 * draft of one leaves it open.
 */
#ifndef VERSIONS_H
#define VERSIONS_H

#include <stdbool.h>
#include <stdint.h>

struct ack_call;
struct ack_json;
struct fleet;
struct object;
struct version;

struct versions {
	struct version *list; /* as the service has them, newest first */
	unsigned count;
	struct ack_call *call;
	int64_t asked; /* ack_now_ms() of the last time; 0: never */
	bool known;
};

/*
 * The newest version of that runtime ("containerd") for a version of
 * Kubernetes, or for the newest that can be made (NULL). NULL: it is not
 * offered, or not known yet; in this case it is being asked for.
 */
const char *versions_runtime(
	struct fleet *f, const char *kubernetes, const char *runtime);

/* The newest that can be made, or "": the list is not known. */
const char *versions_newest(const struct fleet *f);

/* What the service says that it has, as live/versions asks for it, too. */
void versions_take(struct fleet *f, const struct ack_json *answer);

/* Whether that list is known, and has no such version for new clusters. */
bool versions_lack(const struct fleet *f, const char *kubernetes);

/* What a cluster can be upgraded to (live/NAME/upgrades), a line each; it holds
 * as long as the cluster has the version that it has now. */
void versions_offer(struct object *o, const char *lines);

/* Whether that is known, and the version is not in it. */
bool versions_refuse(const struct object *o, const char *kubernetes);

void versions_release(struct fleet *f);

#endif
