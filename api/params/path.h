/* SPDX-License-Identifier: MIT */
/*
 * The paths of the table (params.h): where a parameter stands in a request.
 *
 *	place	path path ...
 *	path	step.step...[=member]
 *	step	key, or key[0] (the first element), key[+] (one more),
 *		key[*] (one for each item), or, of an answer, key[kubelet]
 *		(the element of which "name" is that)
 */
#ifndef ACK_PATH_H
#define ACK_PATH_H

#include <stdbool.h>
#include <stddef.h>

#define ACK_PATH_KEY 48

struct ack_json;

struct ack_step {
	char key[ACK_PATH_KEY];
	char index; /* '0', '+', '*', the first letter of its name, or 0: no
		     * element */
	const char *name; /* in the brackets */
	size_t name_len;
	bool last;
	const char *member; /* of the last: what stands behind =, or NULL */
	size_t member_len;
};

/* Takes the first step off a path; what is left of it. */
const char *ack_path_step(const char *path, struct ack_step *s);

/* Whether a path (of a place, the first) has such an index in it. */
bool ack_path_has(const char *path, const char *index);

/* The next path of a place, or NULL. */
const char *ack_path_next(const char *path);

/*
 * The node at the end of a path below `n`, or NULL; [0] and [+] mean the
 * first element. *last is the step that ends the path.
 */
const struct ack_json *ack_path_locate(
	const struct ack_json *n, const char *path, struct ack_step *last);

/*
 * How a name as it was found ("nodepools[0].scaling_group") lies to a path:
 * on the way to its end, the end itself, or neither.
 */
enum ack_path_match { ACK_PATH_NONE, ACK_PATH_WAY, ACK_PATH_END };

enum ack_path_match ack_path_match(const char *path, const char *name);

#endif
