/* SPDX-License-Identifier: MIT */
#include "cloud/renamed.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "model/kind.h"
#include "model/object.h"
#include "state/dirname.h"

void renamed_note(struct object *o, const char *was, const char *is)
{
	char old[DIRNAME_MAX], new[DIRNAME_MAX];

	if (!was || !is || dirname_too_long(is))
		return;
	dirname_encode(old, was, NULL);
	dirname_encode(new, is, NULL);
	if (!o->renamed && strcmp(old, o->name) != 0)
		return;
	free(o->renamed);
	/* without memory it keeps its name */
	o->renamed = strcmp(new, o->name) != 0 ? strdup(new) : NULL;
}

void renamed_text(const struct object *o, struct ack_buf *out)
{
	if (o->renamed)
		ack_buf_printf(out,
			"warning: %s: somebody renamed the %s; from the next "
			"mount on its directory is %s, and %s is free for "
			"another one\n",
			o->kind->table->rows[o->kind->name_row].name,
			kind_noun(o->kind), o->renamed, o->name);
}
