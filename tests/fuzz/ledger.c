/* SPDX-License-Identifier: MIT */
/*
 * The state file of ack-sandbox. What is taken is written as the same again,
 * and can be asked for.
 */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/json.h"
#include "sandbox/router.h"
#include "sandbox/sandbox.h"

#define TEXT_MAX (4u << 20)

static struct ack_span lines;

void fuzz_begin(void)
{
}

/* In place of state_file.c. */
int state_file_open(struct state_file *f, const char *path, state_line_fn line,
	void *arg, struct ack_error *e)
{
	(void)f, (void)path;
	while (lines.text) {
		struct ack_span one = ack_span_cut(&lines, "\n");
		int rc;

		ack_error_clear(e);
		rc = lines.text ? line(arg, one.text, one.len, e) : 0;
		if (rc) {
			fuzz_failure(rc, e);
			return rc;
		}
	}
	return 0;
}

void state_file_close(struct state_file *f)
{
	(void)f;
}

int state_file_append(
	struct state_file *f, const struct ack_buf *line, struct ack_error *e)
{
	(void)f, (void)e;
	MUST(line->len && fuzz_plain(line->data));
	return 0;
}

static void print(const struct cluster *k, struct ack_buf *out)
{
	struct ack_json *record = cluster_record(k);

	MUST(record);
	ack_json_print(record, false, out);
	MUST(!ack_buf_status(out));
	ack_json_free(record);
}

/* A record gives the same cluster, and that the same record. */
static void write_twice(const struct cluster *k)
{
	struct ack_buf first = ACK_BUF_INIT(TEXT_MAX);
	struct ack_buf second = ACK_BUF_INIT(TEXT_MAX);
	struct cluster *copy = calloc(1, sizeof(*copy));
	struct ack_json *record;
	struct ack_error e;
	size_t where;

	MUST(copy);
	print(k, &first);
	record = ack_json_parse(first.data, first.len, &where);
	MUST(record);
	if (cluster_from_record(copy, record, &e))
		fuzz_broken(__FILE__, __LINE__, e.message);
	ack_json_free(record);
	print(copy, &second);
	MUST(!strcmp(first.data, second.data));
	cluster_free(copy);
	ack_buf_release(&first);
	ack_buf_release(&second);
}

static void call(struct sandbox *s, const struct cluster *k,
	void (*fn)(struct sandbox *s, struct exchange *x))
{
	struct exchange x = {.nheaders = 0};

	MUST(!exchange_init(&x, "/"));
	strcpy(x.args[0], k ? k->id : "cn-beijing");
	fn(s, &x);
	MUST(x.status && !ack_buf_status(&x.answer));
	exchange_release(&x);
}

static void show(struct sandbox *s, const struct cluster *k)
{
	call(s, k, call_DescribeClusterDetail);
	call(s, k, call_DescribeClusterNodes);
	call(s, k, call_DescribeClusterNodePools);
	call(s, k, call_DescribeClusterTasks);
	call(s, k, call_DescribeClusterEvents);
	call(s, k, call_DescribeClusterLogs);
	call(s, k, call_DescribeClusterResources);
}

void fuzz_one(struct ack_span input)
{
	struct sandbox s = {.speed = 1};
	struct ack_error e;

	lines = input;
	if (!clusters_open(&s.clusters, "ledger", &e)) {
		for (size_t i = 0; i < s.clusters.count; i++) {
			write_twice(s.clusters.list[i]);
			show(&s, s.clusters.list[i]);
		}
		call(&s, NULL, call_DescribeClustersForRegion);
		call(&s, NULL, control_list_clusters);
	}
	clusters_close(&s.clusters);
}
