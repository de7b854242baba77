/* SPDX-License-Identifier: MIT */
/*
 * Bodies that are not CreateCluster's, checked against a table: a row says
 * what may stand at a path, and what has no row is refused by name.
 */
#ifndef SANDBOX_CHECKS_H
#define SANDBOX_CHECKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ack_json;
struct objections;

enum check_type {
	CHECK_STRING, /* of 1 to most bytes; most 0: any */
	CHECK_BOOLEAN,
	CHECK_INTEGER, /* least to most */
	CHECK_STRINGS, /* a list of them, least to most */
	CHECK_OBJECT,
	CHECK_LIST, /* of objects, least to most */
	CHECK_MAP,  /* an object of anything */
	CHECK_MAPS, /* a list of those */
};

struct check {
	const char *path; /* "scaling_group.data_disks[].size" */
	enum check_type type;
	bool required; /* wherever the object is that it stands in */
	int64_t least, most;
	const char *choices; /* "a|b|c"; NULL: any */
};

/*
 * Checks an object. `partial`: it is a change of something that is there, so
 * that nothing is required.
 */
void check_document(const struct ack_json *root, const struct check *rows,
	size_t count, bool partial, struct objections *f);

#endif
