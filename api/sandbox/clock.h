/* SPDX-License-Identifier: MIT */
/* Times as the service writes them (SERVICE.md, Identifiers and times). */
#ifndef SANDBOX_CLOCK_H
#define SANDBOX_CLOCK_H

#include <stdint.h>

#define CLOCK_TEXT 32

int64_t clock_ms(void); /* since 1970 */

/* 2026-01-02T11:04:05+08:00 */
void clock_rfc3339(int64_t ms, char out[CLOCK_TEXT]);
/* 2026-01-02T03:04:05Z, nodes and kubeconfigs */
void clock_utc(int64_t ms, char out[CLOCK_TEXT]);
/* 2026-01-02 11:04:05, the stages of a task */
void clock_plain(int64_t ms, char out[CLOCK_TEXT]);

#endif
