/* SPDX-License-Identifier: MIT */
#include "actions/eviction.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "actions/steps.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/json.h"
#include "base/span.h"
#include "base/text.h"
#include "client/client.h"
#include "model/kind.h"
#include "model/object.h"
#include "params/types.h"
#include "params/values.h"

static const char *edit(const struct object *o, unsigned row)
{
	return o->parent ? ack_values_get(&o->edits, row, NULL) : NULL;
}

static struct ack_span nodes(const struct object *o)
{
	return ack_span_of(edit(o, ACK_POOL_P_remove_nodes));
}

bool eviction_wanted(const struct object *o)
{
	return edit(o, ACK_POOL_P_remove_nodes);
}

static bool has_option(const struct object *o, const char *word)
{
	struct ack_span rest = ack_span_of(edit(o, ACK_POOL_P_remove_options));

	while (rest.len > 0)
		if (ack_span_is(ack_span_cut(&rest, "\n"), word))
			return true;
	return false;
}

int eviction_compose(const struct object *o, struct step_request *s)
{
	const struct ack_param *p =
		&o->kind->table->rows[ACK_POOL_P_remove_nodes];
	struct ack_json *list = p->type->wire(
		p, edit(o, ACK_POOL_P_remove_nodes));

	if (!list)
		return -ENOMEM;
	ack_json_print(list, false, &s->texts[0]);
	ack_json_free(list);
	s->r = kind_request(o, ACK_CALL_RemoveNodePoolNodes);
	s->r.query[0] = (struct ack_query){
		"instance_ids", ack_buf_text(&s->texts[0])};
	s->r.query[1] = (struct ack_query){
		"release_node", has_option(o, "keep") ? "false" : "true"};
	s->r.query[2] = (struct ack_query){
		"drain_node", has_option(o, "no_drain") ? "false" : "true"};
	return ack_buf_status(&s->texts[0]);
}

void eviction_check(const struct object *o, struct ack_error *e)
{
	if (eviction_wanted(o) && object_edited(o, ACK_POOL_P_desired_size))
		ack_error_about(e, EINVAL, "remove_nodes",
			"it changes the size of the pool, too; commit it, then "
			"write desired_size");
	if (!eviction_wanted(o) && edit(o, ACK_POOL_P_remove_options))
		ack_error_about(e, EINVAL, "remove_options",
			"it says how remove_nodes removes; write that, too");
}

unsigned eviction_losses(const struct object *o, struct ack_buf *out)
{
	struct ack_span rest = nodes(o);
	bool drain = !has_option(o, "no_drain");
	unsigned count = 0;

	for (; rest.len > 0; count++) {
		struct ack_span node = ack_span_cut(&rest, "\n");

		ack_buf_printf(out, "loses: remove_nodes: %.*s: it is %s%s\n",
			(int)node.len, node.text,
			ack_text(
				drain ? "drained, then " : "not drained, and "),
			ack_text(has_option(o, "keep")
					 ? "taken out of the cluster; its "
					   "instance stays, and costs money"
					 : "released, with all that is on it"));
	}
	return count;
}

long eviction_left(const struct object *o)
{
	const char *size = ack_values_get(
		&o->values, ACK_POOL_P_desired_size, NULL);
	struct ack_span rest = nodes(o);
	long left = size ? strtol(size, NULL, 10) : -1;

	for (; left >= 0 && rest.len > 0; left--)
		ack_span_cut(&rest, "\n");
	return left;
}

static bool is_wanted(const struct object *o, const char *word)
{
	struct ack_span rest = nodes(o);

	while (word && rest.len > 0)
		if (ack_span_is(ack_span_cut(&rest, "\n"), word))
			return true;
	return false;
}

void eviction_note(const struct object *o, const struct ack_json *list,
	struct ack_buf *known)
{
	for (const struct ack_json *n = ack_json_first(list); n;
		n = ack_json_next(n)) {
		const char *id = ack_json_get_string(n, "instance_id");
		const char *name = ack_json_get_string(n, "node_name");

		if (!id || !ack_span_only(ack_span_of(id), "-_"))
			continue;
		if (is_wanted(o, id))
			ack_buf_printf(known, "%s %s\n", id, id);
		if (is_wanted(o, name))
			ack_buf_printf(known, "%s %s\n", id, name);
	}
}

/* The instance of that word in `known`; without text: it does not exist. */
static struct ack_span find(const struct ack_buf *known, struct ack_span word)
{
	struct ack_span rest = {ack_buf_text(known), known->len};

	while (rest.len > 0) {
		struct ack_span name = ack_span_cut(&rest, "\n");
		struct ack_span id = ack_span_cut(&name, " ");

		if (name.len == word.len &&
			!memcmp(name.text, word.text, name.len))
			return id;
	}
	return (struct ack_span){NULL, 0};
}

int eviction_resolve(const struct object *o, const struct ack_buf *known,
	struct ack_buf *out, struct ack_error *e)
{
	struct ack_span rest = nodes(o);
	char before = '[';

	ack_error_clear(e);
	while (rest.len > 0) {
		struct ack_span word = ack_span_cut(&rest, "\n");
		struct ack_span id = find(known, word);

		if (!id.text)
			ack_error_about(e, EINVAL, "remove_nodes",
				"the node pool has no node %s; live/NAME/nodes "
				"lists those that there are",
				ack_span_quote(word).text);
		ack_buf_printf(out, "%c\"%.*s\"", before, (int)id.len, id.text);
		before = ',';
	}
	ack_buf_putc(out, ']');
	if (!e->err && (ack_buf_status(out) || ack_buf_status(known)))
		ack_error_memory(e, NULL);
	return -e->err;
}
