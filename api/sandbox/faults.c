/* SPDX-License-Identifier: MIT */
#include "sandbox/faults.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "sandbox/exchange.h"

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

/* Counts it, and says whether it takes effect this time. */
static bool strikes(struct fault *r)
{
	if (r->after > 0) {
		r->after--;
		return false;
	}
	if (r->times > 0)
		r->times--;
	return true;
}

const struct fault *faults_take(
	struct faults *f, enum fault_moment moment, const struct exchange *x)
{
	for (size_t i = 0; i < f->count; i++) {
		struct fault *r = &f->list[i];

		if (r->moment == moment && r->times != 0 && fits(r, x) &&
			strikes(r))
			return r;
	}
	return NULL;
}

const struct fault *faults_take_role(
	struct faults *f, const char *code, const struct exchange *x)
{
	for (size_t i = 0; i < f->count; i++) {
		struct fault *r = &f->list[i];

		if (r->moment == FAULT_ROLE && r->times != 0 && fits(r, x) &&
			(!r->code[0] || strcmp(r->code, code) == 0) &&
			strikes(r))
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

void fault_play_task(const struct fault *f, struct task *t)
{
	f->kind->play_task(f, t);
}
