/* SPDX-License-Identifier: MIT */
#include "tree/texts.h"

#include <inttypes.h>
#include <string.h>

#include "actions/draft.h"
#include "actions/steps.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/text.h"
#include "client/client.h"
#include "client/credentials.h"
#include "cloud/refresh.h"
#include "cloud/renamed.h"
#include "cloud/twin.h"
#include "http/proxy.h"
#include "keys/whose.h"
#include "model/advice.h"
#include "model/findings.h"
#include "model/fleet.h"
#include "model/kind.h"
#include "model/object.h"
#include "model/regions.h"
#include "params/body.h"
#include "state/dirname.h"
#include "tree/node.h"

static const char readme[] =
	"This is ackfs: Alibaba Cloud Kubernetes (ACK) clusters as "
	"files. A cluster is a\n"
	"directory, a parameter is a file; nothing is sent until "
	"`commit` is written.\n"
	"\n"
	"Look around:\n"
	"  cat status                             whose account this "
	"is, and where\n"
	"  ls clusters                            the clusters there "
	"are, and drafts\n"
	"  cat clusters/NAME/state                what the service says\n"
	"  cat live/account live/versions         what can be had; "
	"asks the service\n"
	"\n"
	"Make a cluster:\n"
	"  cd clusters && mkdir test && cd test   a draft; ls shows "
	"its parameters\n"
	"  cat check                              what is wrong or missing\n"
	"  cat ../../schema/num_of_nodes          what a parameter "
	"takes and means\n"
	"  echo 3 > num_of_nodes                  set it; >> adds an "
	"item to a list\n"
	"  : > num_of_nodes                       unset it\n"
	"  find . -size +0                        what is set\n"
	"  cat plan request.json                  what would be sent\n"
	"  echo 1 > commit                        create it: this costs money\n"
	"  cat cluster_id request_id task_id      what the service answered\n"
	"\n"
	"When something is refused, `cat error` beside it says why, "
	"and the old value\n"
	"stays. `error` up here is for what belongs to no cluster.\n"
	"\n"
	"Use it, in its directory:\n"
	"  cat progress; tail -f events           how far it is\n"
	"  cat live/watch                         a line a change, to the end\n"
	"  cat live/wait && echo usable           blocks until it "
	"and its pools are ready\n"
	"  cat live/nodes live/precheck           the nodes; what an "
	"upgrade would meet\n"
	"  KUBECONFIG=live/kubeconfig.exec kubectl get nodes\n"
	"  echo 1 > pause                         the task under way; "
	"resume, cancel\n"
	"  echo 5 > num_of_nodes                  edit; read plan, "
	"then commit; or rm it\n"
	"  cat digest > commit                    just what was read, "
	"losses included\n"
	"  echo metrics-server >> live/addons     install an addon; "
	"-name removes\n"
	"  mkdir nodepools/gpu                    a node pool, made "
	"the same way\n"
	"  cat delete_plan; cat cluster_id > delete   delete it\n"
	"  rmdir test                             discard a draft, "
	"never a cluster\n"
	"  cp test/request.json b/request.json    after mkdir b: the "
	"same again\n"
	"\n"
	"index.html shows all of them in a browser; by-id/ has links by ID. "
	"More:\n"
	"man ackfs, man ackfs-params\n";

void show_readme(struct fleet *f, struct object *o, struct ack_buf *out)
{
	(void)f;
	(void)o;
	ack_buf_puts(out, ack_text(readme));
}

/* Requests that are signed with another time than the service's are refused,
 * so ackfs adds this. */
static void put_clock(int64_t ahead, struct ack_buf *out)
{
	/* dates have whole seconds */
	if (ahead > 1 || ahead < -1)
		ack_buf_printf(out,
			"clock: %" PRId64 " s %s the clock of the service\n",
			ahead > 0 ? ahead : -ahead,
			ack_text(ahead > 0 ? "behind" : "ahead of"));
}

void show_status(struct fleet *f, struct object *o, struct ack_buf *out)
{
	const struct ack_client_stats *s = ack_client_stats(f->client);
	const char *meant = ack_region_meant(f->endpoint.region);
	struct ack_proxy proxy;
	char left[64];

	(void)o;
	ack_buf_printf(out, "version: ackfs %s\n", ACK_VERSION);
	ack_buf_printf(out, "endpoint: %s%s%s%s\n", f->endpoint.url,
		*f->endpoint.from ? " (" : "", f->endpoint.from,
		*f->endpoint.from ? ")" : "");
	ack_buf_printf(out, "region: %s\n", f->endpoint.region);
	if (meant)
		ack_buf_printf(out,
			"warning: %s is not a region that ackfs knows; did you "
			"mean %s?\n",
			f->endpoint.region, meant);
	if (!strncmp(f->endpoint.url, "https:", 6) &&
		ack_proxy_find(f->endpoint.host, &proxy))
		ack_buf_printf(
			out, "proxy: %s (%s)\n", proxy.host, proxy.variable);
	ack_buf_printf(out, "body: %s (%s)\n",
		f->endpoint.form == ACK_CLASSIC ? "classic" : "nodepools",
		ack_text(f->endpoint.why));
	ack_credentials_left(f->expires, left);
	ack_buf_printf(
		out, "credentials: %s, key %s%s\n", f->source, f->key_id, left);
	ack_buf_puts(out, "account: ");
	ack_account_text(f->account, out);
	ack_buf_putc(out, '\n');
	if (*f->rejected)
		ack_buf_printf(out, "keys rejected: %s\n", f->rejected);
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
	if (*s->failure)
		ack_buf_printf(out, "last failure: %ld s ago, %s\n",
			(long)((ack_now_ms() - s->failed_ms) / 1000),
			s->failure);
	put_clock(ack_client_clock_offset(f->client), out);
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

	(void)f;
	if (object_whole(o, &e))
		ack_buf_printf(out, "%s\n%s", e.message, e.more);
	twin_text(o, out);
	renamed_text(o, out);
	object_idle_text(o, out);
	if (object_exists(o) && steps_wanted(o) && steps_check(o, &e))
		ack_buf_printf(out, "%s\n%s", e.message, e.more);
	if (object_exists(o) && steps_wanted(o))
		steps_warnings(o, out);
	if (o->state != COURSE_DRAFT)
		return;
	if (object_effective(o, &v))
		out->failed = true;
	else
		findings_text(o->kind->table, &v, kind_form(o, &v), out);
	if (!out->failed)
		advice_text(o, &v, out);
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
		ack_buf_printf(out, ": create %s", object_name(o));
		if (regions_of(o) != &o->fleet->endpoint)
			ack_buf_printf(out, " in %s", regions_of(o)->region);
		ack_buf_putc(out, '\n');
	}
}

void show_request(struct fleet *f, struct object *o, struct ack_buf *out)
{
	struct ack_values v = ACK_VALUES_INIT;

	(void)f;
	if (object_effective(o, &v) ||
		ack_body_build(
			o->kind->table, &v, kind_form(o, &v), false, true, out))
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
	ack_buf_printf(out, "%s\n", object_request_id(o));
}

void show_task_id(struct fleet *f, struct object *o, struct ack_buf *out)
{
	(void)f;
	ack_buf_printf(out, "%s\n", object_task_id(o));
}

void show_live_link(struct fleet *f, struct object *o, struct ack_buf *out)
{
	char name[DIRNAME_MAX + 1];

	(void)f;
	node_live_name(o, name);
	ack_buf_printf(out, "../../live/%s", name);
}

void show_nodepools_link(struct fleet *f, struct object *o, struct ack_buf *out)
{
	show_live_link(f, o, out);
	ack_buf_puts(out, "/nodepools");
}

void show_live_error(struct fleet *f, struct object *o, struct ack_buf *out)
{
	(void)f;
	if (o->live_error)
		ack_buf_puts(out, o->live_error);
}

void show_id_link(struct fleet *f, struct object *o, struct ack_buf *out)
{
	(void)f;
	ack_buf_printf(out, "../clusters/%s", o->name);
}
