/* SPDX-License-Identifier: MIT */
/*
 * Allocations that fail on purpose: those of this thread in the code under
 * test, in libcurl, in cJSON
 * and in SQLite. A test that uses this is linked with
 * failing.c and its list of wrapped functions (meson.build).
 */
#ifndef FAILING_H
#define FAILING_H

/* Between the two the n-th allocation of every_allocation() fails. */
void failing_begin(void);
void failing_end(void);

/*
 * Calls `scenario` with n = 1, 2, … until none failed. It returns 0, or a
 * negative errno as the code told it; when an allocation failed that must be
 * -ENOMEM, unless the scenario looks at the end by itself and returns 0. It
 * must leave nothing behind, whatever happens.
 */
void every_allocation(const char *name, int (*scenario)(void *arg), void *arg);

/* Whether this round's allocation has failed already. */
int failing_failed(void);

#endif
