/* SPDX-License-Identifier: MIT */
/* A walk through the sources of keys, in its own home and environment. */
#ifndef INQUIRY_FIXTURE_H
#define INQUIRY_FIXTURE_H

#include "unit.h"

#include <sys/types.h>

#include "base/error.h"
#include "keys/inquiry.h"
#include "server.h"

/* $HOME of the tests, empty at first. */
extern char home[64];
extern struct ack_events events;
extern struct ack_http *http;
extern struct ack_inquiry inquiry;

/* No variable that a source reads is set, but that there is no ECS. */
int home_setup(void **state);
/* Removes the home with all that is in it. */
int home_teardown(void **state);

#define HOME_CASE(test) \
	cmocka_unit_test_setup_teardown(test, home_setup, home_teardown)

/* A file below the home, with directories; `at` is copied to `path`. */
void write_file(const char *at, const char *text, mode_t mode, char path[160]);

/* setenv() of "%s" or a format with one number, as a port. */
void set(const char *name, const char *value);
void set_port(const char *name, const char *format, unsigned port);

/* Walks through all sources: 0 and inquiry.keys, or -errno and its error. */
int ask(const char *profile);

/* The text of inquiry.error holds this, and no text "hidden". */
void error_says(const char *text);

/* The keys are these; NULL: whatever. */
void keys_are(const char *id, const char *secret, const char *token);

#endif
