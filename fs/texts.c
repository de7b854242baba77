/* SPDX-License-Identifier: MIT */
#include <inttypes.h>

#include "body.h"
#include "buf.h"
#include "client.h"
#include "cluster.h"
#include "draft.h"
#include "findings.h"
#include "fleet.h"
#include "texts.h"

static const char readme[] =
	"This is ackfs: Alibaba Cloud Kubernetes (ACK) clusters as files.\n"
	"\n"
	"  cd clusters && mkdir test && cd test   a draft; nothing is sent "
	"yet\n"
	"  ls; cat ../../schema/num_of_nodes      what there is, what it "
	"means\n"
	"  echo 3 > num_of_nodes                  one value a file\n"
	"  find . -size +0                        what is set\n"
	"  : > num_of_nodes                       unset it again\n"
	"  cat check                              what is wrong or missing\n"
	"  cat request.json                       what would be sent\n"
	"  echo 1 > commit                        create it: this costs money\n"
	"  cat cluster_id request_id task_id      what the service answered\n"
	"  cat state                              draft, committing, initial, "
	"…\n"
	"\n"
	"Lists take one item a line, and >> adds one.\n"
	"When a write fails the old value stays, and `error` says why.\n"
	"rmdir discards a draft. Nothing here deletes a cluster by accident:\n"
	"rm -rf never does.\n"
	"cp a/request.json b/request.json clones a into b.\n"
	"\n"
	"  README      this page\n"
	"  status      whose keys, which endpoint, how many calls\n"
	"  error       the last failure that belongs to no cluster directory\n"
	"  schema/     one file per parameter: type, range, default, meaning\n"
	"  clusters/   one directory per cluster\n";

void show_readme(struct fleet *f, struct cluster *c, struct ack_buf *out)
{
	(void)f;
	(void)c;
	ack_buf_puts(out, readme);
}

void show_status(struct fleet *f, struct cluster *c, struct ack_buf *out)
{
	const struct ack_client_stats *s = ack_client_stats(f->client);

	(void)c;
	ack_buf_printf(out, "version: ackfs %s\n", ACK_VERSION);
	ack_buf_printf(out, "endpoint: %s\n", f->endpoint.url);
	ack_buf_printf(out, "region: %s\n", f->endpoint.region);
	ack_buf_printf(out, "body: %s (%s)\n",
		f->endpoint.form == ACK_CLASSIC ? "classic" : "nodepools",
		f->endpoint.why);
	ack_buf_printf(out, "credentials: %s, key %s\n", f->account, f->key_id);
	if (*f->warning)
		ack_buf_printf(out, "warning: %s\n", f->warning);
	ack_buf_printf(out, "directories: %zu\n", f->count);
	ack_buf_printf(out, "calls: %" PRIu64 "\n", s->calls);
	ack_buf_printf(out, "retries: %" PRIu64 "\n", s->retries);
	ack_buf_printf(out, "throttled: %" PRIu64 "\n", s->throttled);
	ack_buf_printf(out, "errors: %" PRIu64 "\n", s->errors);
}

void show_mount_error(struct fleet *f, struct cluster *c, struct ack_buf *out)
{
	(void)c;
	if (f->error)
		ack_buf_puts(out, f->error);
}

void show_state(struct fleet *f, struct cluster *c, struct ack_buf *out)
{
	(void)f;
	ack_buf_printf(out, "%s\n", cluster_state_word(c));
}

void show_error(struct fleet *f, struct cluster *c, struct ack_buf *out)
{
	(void)f;
	if (c->error)
		ack_buf_puts(out, c->error);
}

void show_check(struct fleet *f, struct cluster *c, struct ack_buf *out)
{
	struct ack_values v = ACK_VALUES_INIT;

	(void)f;
	if (c->state != COURSE_DRAFT)
		return;
	if (cluster_effective(c, &v))
		out->failed = true;
	else
		findings_text(&v, out);
	ack_values_release(&v);
}

void show_plan(struct fleet *f, struct cluster *c, struct ack_buf *out)
{
	(void)f;
	if (c->state == COURSE_DRAFT)
		ack_buf_printf(
			out, "POST /clusters: create %s\n", cluster_name(c));
}

void show_request(struct fleet *f, struct cluster *c, struct ack_buf *out)
{
	struct ack_values v = ACK_VALUES_INIT;

	if (cluster_effective(c, &v) ||
		ack_body_build(&ack_cluster_table, &v, f->endpoint.form, false,
			true, out))
		out->failed = true;
	else
		ack_buf_putc(out, '\n');
	ack_values_release(&v);
}

void show_cluster_id(struct fleet *f, struct cluster *c, struct ack_buf *out)
{
	(void)f;
	ack_buf_printf(out, "%s\n", c->cluster_id);
}

void show_request_id(struct fleet *f, struct cluster *c, struct ack_buf *out)
{
	(void)f;
	ack_buf_printf(out, "%s\n", c->request_id);
}

void show_task_id(struct fleet *f, struct cluster *c, struct ack_buf *out)
{
	(void)f;
	ack_buf_printf(out, "%s\n", c->task_id);
}
