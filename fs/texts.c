/* SPDX-License-Identifier: MIT */
#include "texts.h"

#include <inttypes.h>

#include "body.h"
#include "buf.h"
#include "client.h"
#include "credentials.h"
#include "dirname.h"
#include "draft.h"
#include "error.h"
#include "findings.h"
#include "fleet.h"
#include "kind.h"
#include "node.h"
#include "object.h"
#include "steps.h"

static const char readme[] =
	"This is ackfs: Alibaba Cloud Kubernetes (ACK) clusters as files.\n"
	"\n"
	"  ls clusters                            those there are, and drafts\n"
	"  cat clusters/NAME/state                what the service says\n"
	"\n"
	"To make one:\n"
	"  cd clusters && mkdir test && cd test   a draft; nothing is sent "
	"yet\n"
	"  ls; cat ../../schema/num_of_nodes      what there is, what it "
	"means\n"
	"  echo 3 > num_of_nodes                  one value a file\n"
	"  find . -size +0                        what is set\n"
	"  : > num_of_nodes                       unset it again\n"
	"  cat check                              what is wrong or missing\n"
	"  cat plan request.json                  what would be sent\n"
	"  echo 1 > commit                        create it: this costs money\n"
	"  cat cluster_id request_id task_id      what the service answered\n"
	"\n"
	"Then:\n"
	"  cat progress; tail -f events           how far it is\n"
	"  cat live/watch                         a line a change, to the end\n"
	"  cat live/wait && echo usable           blocks until it rests\n"
	"  KUBECONFIG=live/kubeconfig kubectl get nodes\n"
	"  echo 5 > num_of_nodes                  edit, read plan, commit\n"
	"  mkdir nodepools/gpu                    a node pool, the same way\n"
	"  cat delete_plan; cat cluster_id > delete   delete the cluster\n"
	"\n"
	"Lists take one item a line, and >> adds one. When a write fails the\n"
	"old value stays, and `error` says why. rm takes an edit back. rmdir\n"
	"discards a draft; nothing in the cloud is ever deleted by rm -rf.\n"
	"cp a/request.json b/request.json clones a into b.\n"
	"\n"
	"  status      whose keys, which endpoint, how many calls\n"
	"  error       the last failure that belongs to no cluster directory\n"
	"  schema/     one file per parameter: type, range, default, meaning\n"
	"  clusters/   one directory per cluster; text in memory, never waits\n"
	"  by-id/      links to them by their IDs\n"
	"  live/       asks the service when a file is opened, and may wait;\n"
	"              live/NAME/nodepools.json brings nodepools/ up to date\n";

void show_readme(struct fleet *f, struct object *o, struct ack_buf *out)
{
	(void)f;
	(void)o;
	ack_buf_puts(out, readme);
}

void show_status(struct fleet *f, struct object *o, struct ack_buf *out)
{
	const struct ack_client_stats *s = ack_client_stats(f->client);
	char left[64];

	(void)o;
	ack_buf_printf(out, "version: ackfs %s\n", ACK_VERSION);
	ack_buf_printf(out, "endpoint: %s%s%s%s\n", f->endpoint.url,
		*f->endpoint.from ? " (" : "", f->endpoint.from,
		*f->endpoint.from ? ")" : "");
	ack_buf_printf(out, "region: %s\n", f->endpoint.region);
	ack_buf_printf(out, "body: %s (%s)\n",
		f->endpoint.form == ACK_CLASSIC ? "classic" : "nodepools",
		f->endpoint.why);
	ack_credentials_left(f->expires, left);
	ack_buf_printf(out, "credentials: %s, key %s%s\n", f->account,
		f->key_id, left);
	if (*f->warning)
		ack_buf_printf(out, "warning: %s\n", f->warning);
	if (*f->renewal)
		ack_buf_printf(out, "no new keys: %s\n", f->renewal);
	ack_buf_printf(out, "directories: %zu\n", f->clusters.count);
	ack_buf_puts(out, "list: ");
	refresh_age(f, out);
	ack_buf_putc(out, '\n');
	ack_buf_printf(out, "calls: %" PRIu64 "\n", s->calls);
	ack_buf_printf(out, "retries: %" PRIu64 "\n", s->retries);
	ack_buf_printf(out, "throttled: %" PRIu64 "\n", s->throttled);
	ack_buf_printf(out, "errors: %" PRIu64 "\n", s->errors);
}

void show_mount_error(struct fleet *f, struct object *o, struct ack_buf *out)
{
	(void)o;
	if (f->error)
		ack_buf_puts(out, f->error);
}

void show_state(struct fleet *f, struct object *o, struct ack_buf *out)
{
	(void)f;
	ack_buf_printf(out, "%s\n", object_state_word(o));
}

void show_error(struct fleet *f, struct object *o, struct ack_buf *out)
{
	(void)f;
	if (o->error)
		ack_buf_puts(out, o->error);
}

void show_check(struct fleet *f, struct object *o, struct ack_buf *out)
{
	struct ack_values v = ACK_VALUES_INIT;
	struct ack_error e;

	if (object_exists(o) && steps_wanted(o) && steps_check(o, &e))
		ack_buf_printf(out, "%s\n%s", e.message, e.more);
	if (o->state != COURSE_DRAFT)
		return;
	if (object_effective(o, &v))
		out->failed = true;
	else
		findings_text(o->kind->table, &v, f->endpoint.form, out);
	ack_values_release(&v);
}

void show_plan(struct fleet *f, struct object *o, struct ack_buf *out)
{
	struct ack_request r = kind_request(o, o->kind->create);

	(void)f;
	if (object_exists(o)) {
		steps_plan(o, out);
	} else if (o->state == COURSE_DRAFT) {
		ack_request_text(&r, out);
		ack_buf_printf(out, ": create %s\n", object_name(o));
	}
}

void show_request(struct fleet *f, struct object *o, struct ack_buf *out)
{
	struct ack_values v = ACK_VALUES_INIT;

	if (object_effective(o, &v) ||
		ack_body_build(
			o->kind->table, &v, f->endpoint.form, false, true, out))
		out->failed = true;
	else
		ack_buf_putc(out, '\n');
	ack_values_release(&v);
}

void show_id(struct fleet *f, struct object *o, struct ack_buf *out)
{
	(void)f;
	ack_buf_printf(out, "%s\n", o->id);
}

void show_request_id(struct fleet *f, struct object *o, struct ack_buf *out)
{
	(void)f;
	ack_buf_printf(out, "%s\n", o->request_id);
}

void show_task_id(struct fleet *f, struct object *o, struct ack_buf *out)
{
	(void)f;
	ack_buf_printf(out, "%s\n", o->task_id);
}

void show_live_link(struct fleet *f, struct object *o, struct ack_buf *out)
{
	char name[DIRNAME_MAX + 1];

	(void)f;
	node_live_name(o, name);
	ack_buf_printf(out, "../../live/%s", name);
}

void show_id_link(struct fleet *f, struct object *o, struct ack_buf *out)
{
	(void)f;
	ack_buf_printf(out, "../clusters/%s", o->name);
}
