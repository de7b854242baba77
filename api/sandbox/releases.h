/* SPDX-License-Identifier: MIT */
/* The versions of Kubernetes that the sandbox knows. */
#ifndef SANDBOX_RELEASES_H
#define SANDBOX_RELEASES_H

#include <stdbool.h>
#include <stddef.h>

#define VERSION_NEWEST  "1.33.3-aliyun.1"
#define VERSION_RUNTIME "1.6.38" /* of containerd, where none is named */

struct version {
	const char *name;
	const char *released, *expires; /* days */
	bool creatable;
	const char *runtimes[3]; /* of containerd; NULL at the end */
};

extern const struct version versions[]; /* oldest first */
extern const size_t nversions;

/* Whether a cluster of this version can be upgraded to `v`. */
bool version_is_offered(const char *current, const struct version *v);

/* The newest one that is offered, or "". */
const char *version_next(const char *current);

#endif
