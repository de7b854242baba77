/* SPDX-License-Identifier: MIT */
#include "faults.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <strings.h>

#include "exchange.h"

void faults_release(struct faults *f)
{
	free(f->list);
	*f = (struct faults){NULL};
}

static bool fits(const struct fault *r, const struct exchange *x)
{
	return (r->method[0] == '\0' ||
		       strcasecmp(r->method, x->method) == 0) &&
	       fnmatch(r->path, ack_buf_text(&x->target.path), 0) == 0;
}

const struct fault *faults_take(
	struct faults *f, enum fault_moment moment, const struct exchange *x)
{
	for (size_t i = 0; i < f->count; i++) {
		struct fault *r = &f->list[i];

		if (r->moment != moment || r->times == 0 || !fits(r, x))
			continue;
		if (r->after > 0) {
			r->after--;
			continue;
		}
		if (r->times > 0)
			r->times--;
		return r;
	}
	return NULL;
}

void fault_play(const struct fault *f, struct exchange *x)
{
	f->kind->play(f, x);
}

void fault_play_cluster(const struct fault *f, struct cluster *k)
{
	f->kind->play_cluster(f, k);
}
