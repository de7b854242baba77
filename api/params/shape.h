/* SPDX-License-Identifier: MIT */
/*
 * The shape of a JSON value, as a row of the table gives it and schema/
 * shows it:
 *
 *	shape	{key:shape,key:shape}, [shape], string, number, boolean, or
 *		object (any object)
 */
#ifndef ACK_SHAPE_H
#define ACK_SHAPE_H

struct ack_error;
struct ack_json;
struct ack_param;

/*
 * A copy of `n`, whose members all have a place in the shape. Members that
 * are null are left out; so are, with ACK_LENIENT, those that are unknown or
 * of another type. NULL: *e says what is wrong, -EINVAL or -ENOMEM.
 */
struct ack_json *ack_shape_fit(const struct ack_param *p, const char *shape,
	const struct ack_json *n, struct ack_error *e);

#endif
