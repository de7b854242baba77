/* SPDX-License-Identifier: MIT */
#include "model/moved.h"

#include <errno.h>
#include <stdlib.h>

#include "model/address.h"
#include "model/object.h"

unsigned moved_row(const struct object *o, uint64_t number)
{
	const struct moved *m = o->moved;

	while (m && m->number != number)
		m = m->next;
	return m ? m->row : 0;
}

int moved_lead(struct object *o, uint64_t number, unsigned row)
{
	struct moved *m = malloc(sizeof(*m));

	if (!m)
		return -ENOMEM;
	*m = (struct moved){o->moved, number, row};
	o->moved = m;
	return 0;
}

void moved_replace(struct object *o, unsigned row, unsigned to)
{
	for (struct moved *m = o->moved; m; m = m->next)
		if (m->row == row)
			m->row = to;
}

void moved_unlink(struct object *o, unsigned row,
	bool (*stays)(const struct object *o, const struct moved *m))
{
	struct moved **at = &o->moved;

	while (*at) {
		struct moved *m = *at;
		unsigned own = m->number & ((1u << NODE_ROW_BITS) - 1);

		if (m->row != own &&
			(m->row != row || (stays && stays(o, m)))) {
			at = &m->next;
			continue;
		}
		*at = m->next;
		free(m);
	}
}

void moved_free(struct object *o)
{
	while (o->moved) {
		struct moved *m = o->moved;

		o->moved = m->next;
		free(m);
	}
}
