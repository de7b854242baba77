/* SPDX-License-Identifier: MIT */
#include "actions/naming.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "actions/draft.h"
#include "base/buf.h"
#include "base/error.h"
#include "model/fleet.h"
#include "model/kind.h"
#include "model/object.h"
#include "params/types.h"
#include "state/dirname.h"
#include "state/saved.h"

static int name_check(const struct kind *kind, const struct objects *beside,
	const char *name, struct ack_error *e)
{
	const struct ack_param *p = &kind->table->rows[kind->name_row];
	struct ack_buf canon = ACK_BUF_INIT(ACK_VALUE_MAX);
	char encoded[DIRNAME_MAX];
	int ret = ack_param_parse(p, name, strlen(name), &canon, e);

	dirname_encode(encoded, name, NULL);
	/* what the type forgives in a file, such as a line end, is no part of
	 * a name */
	if (!ret && strcmp(ack_buf_text(&canon), name))
		ret = ack_error_set(e, EINVAL, p->name,
			"a directory name has no blanks or line ends around "
			"it");
	if (!ret && strcmp(encoded, name))
		ret = ack_error_set(e, EINVAL, p->name,
			"a directory name must not contain / %% @ : or begin "
			"with a dot; write such a name into the file %s",
			p->name);
	ack_buf_release(&canon);
	if (!ret && objects_find(beside, name))
		ret = ack_error_set(e, EEXIST, p->name,
			"there is a directory of that name already");
	return ret;
}

struct object *naming_create(struct fleet *f, struct object *parent,
	const char *name, struct ack_error *e)
{
	struct object *o;

	if (name_check(parent ? &kind_nodepool : &kind_cluster,
		    fleet_below(f, parent), name, e))
		return NULL;
	o = fleet_restore(f, parent, name);
	if (!o) {
		ack_error_memory(e, NULL);
		return NULL;
	}
	if (saved_put(o, e)) {
		fleet_discard(f, o);
		return NULL;
	}
	return o;
}

static int removable(const struct object *o, struct ack_error *e)
{
	if (object_committing(o) && o->state != COURSE_KEEPING)
		return ack_error_set(e, EBUSY, NULL,
			"a commit is under way; wait for it to end");
	if (o->state != COURSE_DRAFT)
		return ack_error_set(e, EPERM, NULL,
			"%s exists, or may exist, for this directory; rmdir "
			"never deletes anything in the cloud, only `delete` "
			"does",
			kind_a_noun(o->kind));
	return 0;
}

int naming_remove(struct object *o, struct ack_error *e)
{
	int ret = removable(o, e);

	if (!ret)
		ret = saved_remove(o, e);
	if (!ret)
		fleet_discard(o->fleet, o);
	return ret;
}

static bool set_name(struct object *o, char *name)
{
	objects_remove(fleet_below(o->fleet, o->parent), o);
	o->name = name;
	fleet_touch(o->fleet, o->parent);
	return objects_add(fleet_below(o->fleet, o->parent), o);
}

int naming_rename(struct object *o, const char *name, struct ack_error *e)
{
	char *copy, *old = o->name;
	int ret =
		object_exists(o)
			? ack_error_set(e, EPERM, NULL,
				  "the directory is named after "
				  "the %s; write a new name into "
				  "its file %s",
				  kind_noun(o->kind),
				  o->kind->table->rows[o->kind->name_row].name)
			: object_editable(o, NULL, e);

	if (!ret)
		ret = name_check(
			o->kind, fleet_below(o->fleet, o->parent), name, e);
	if (ret)
		return ret;
	copy = strdup(name);
	if (!copy)
		return ack_error_memory(e, NULL);
	if (set_name(o, copy))
		ret = saved_put(o, e);
	else
		ret = ack_error_memory(e, NULL);
	if (ret) {
		/* the node just freed makes room for the old name again */
		set_name(o, old);
		free(copy);
		return ret;
	}
	free(old);
	object_touch(o);
	return 0;
}
