/* SPDX-License-Identifier: MIT */
/* What exists and what was edited become calls, and their plan. */
#include "fleet_fixture.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "buf.h"
#include "draft.h"
#include "json.h"
#include "live.h"
#include "steps.h"

#define ID "c0123456789abcdef0123456789abcdef"

static const char running[] =
	"{\"cluster_id\":\"" ID "\",\"name\":\"test\",\"state\":\"running\","
	"\"current_version\":\"1.31.1-aliyun.1\",\"size\":3,"
	"\"deletion_protection\":false,\"security_group_id\":\"sg-1\","
	"\"vswitch_ids\":[\"vsw-1\"],"
	"\"tags\":[{\"key\":\"a\",\"value\":\"b\"},"
	"{\"key\":\"c\",\"value\":\"d\"}]}";

static struct object *take(struct fixture *x, const char *text)
{
	size_t where;
	struct ack_json *n = ack_json_parse(text, strlen(text), &where);
	struct object *o;

	assert_non_null(n);
	o = live_find(&x->fleet, NULL, n);
	assert_non_null(o);
	live_take(o, n, ack_now_ms());
	ack_json_free(n);
	return o;
}

static void put(struct object *o, const char *param, const char *text)
{
	int row = ack_table_find(&ack_cluster_table, param);
	struct ack_error e;

	assert_true(row >= 0);
	if (object_put(o, (unsigned)row, text, &e))
		fail_msg("%s: %s", param, e.message);
}

static void plan_is(struct object *o, const char *wanted)
{
	struct ack_buf plan = ACK_BUF_INIT(65536);

	steps_plan(o, &plan);
	assert_int_equal(ack_buf_status(&plan), 0);
	assert_string_equal(ack_buf_text(&plan), wanted);
	assert_int_equal(steps_wanted(o), *wanted != '\0');
	ack_buf_release(&plan);
}

static void test_plans(void **state)
{
	static const struct {
		const char *edits[4][2], *plan;
	} rows[] = {
		{{{NULL}}, ""},
		{{{"deletion_protection", "true"}},
			"PUT /api/v2/clusters/" ID
			": deletion_protection: false -> true\n"},
		/* several of one call, in the order of the table */
		{{{"vswitch_ids", "vsw-1\nvsw-2"}, {"name", "other"}},
			"PUT /api/v2/clusters/" ID ": name: test -> other, "
			"vswitch_ids: vsw-1 -> vsw-1,vsw-2\n"},
		{{{"num_of_nodes", "5"}},
			"PUT /clusters/" ID "/nodepools/POOL: "
			"num_of_nodes: 3 -> 5\n"},
		{{{"num_of_nodes", "1"}},
			"PUT /clusters/" ID "/nodepools/POOL: "
			"num_of_nodes: 3 -> 1\n"
			"warning: num_of_nodes: 2 nodes are taken away, with "
			"all that runs on them\n"},
		{{{"kubernetes_version", "1.32.1-aliyun.1"}},
			"POST /api/v2/clusters/" ID "/upgrade: "
			"kubernetes_version: 1.31.1-aliyun.1 -> "
			"1.32.1-aliyun.1\n"},
		/* what begins a task comes last, whatever was written first */
		{{{"kubernetes_version", "1.32.1-aliyun.1"},
			 {"num_of_nodes", "4"},
			 {"deletion_protection", "true"}},
			"PUT /api/v2/clusters/" ID
			": deletion_protection: false -> true\n"
			"PUT /clusters/" ID "/nodepools/POOL: "
			"num_of_nodes: 3 -> 4\n"
			"POST /api/v2/clusters/" ID "/upgrade: "
			"kubernetes_version: 1.31.1-aliyun.1 -> "
			"1.32.1-aliyun.1\n"},
		/* tags are taken away and set one by one */
		{{{"tags", "a=b"}}, "DELETE /tags: tags: a=b,c=d -> a=b\n"},
		{{{"tags", "a=b\nc=d\ne=f"}},
			"PUT /tags: tags: a=b,c=d -> a=b,c=d,e=f\n"},
		{{{"tags", "a=x\ne=f"}},
			"DELETE /tags: tags: a=b,c=d -> a=x,e=f\n"
			"PUT /tags: tags: a=b,c=d -> a=x,e=f\n"},
	};

	for (size_t i = 0; i < LENGTH(rows); i++) {
		struct fixture *x;
		struct object *o;

		fixture_setup(state);
		x = *state;
		o = take(x, running);
		print_message("row %zu\n", i);
		for (int k = 0; k < 4 && rows[i].edits[k][0]; k++)
			put(o, rows[i].edits[k][0], rows[i].edits[k][1]);
		plan_is(o, rows[i].plan);
		fixture_teardown(state);
	}
}

/* Every edit belongs to just the calls that carry it out. */
static void test_cover(void **state)
{
	struct fixture *x = *state;
	struct object *o = take(x, running);
	const struct ack_table *t = &ack_cluster_table;

	for (unsigned row = 0; row < t->count; row++) {
		const struct ack_param *p = &t->rows[row];
		unsigned count = 0;

		for (unsigned i = 0; i < nsteps; i++)
			count += steps[i].covers(o, row);
		switch (p->change) {
		case ACK_MODIFY:
		case ACK_SCALE:
		case ACK_UPGRADE:
			assert_int_equal(count, 1);
			break;
		case ACK_TAGS:
			assert_int_equal(count, 2);
			break;
		default:
			assert_int_equal(count, 0);
		}
	}
}

/* An edit that has come true, by whomever, is none any more. */
static void test_settled(void **state)
{
	struct fixture *x = *state;
	struct object *o = take(x, running);

	put(o, "deletion_protection", "true");
	put(o, "num_of_nodes", "5");
	take(x, "{\"cluster_id\":\"" ID "\",\"name\":\"test\","
		"\"state\":\"running\",\"deletion_protection\":true}");
	plan_is(o,
		"PUT /clusters/" ID "/nodepools/POOL: num_of_nodes: 3 -> 5\n");
	take(x, "{\"cluster_id\":\"" ID "\",\"name\":\"test\","
		"\"state\":\"running\",\"size\":5}");
	plan_is(o, "");
}

static void test_refused(void **state)
{
	struct fixture *x = *state;
	struct object *o = take(x, running);
	struct ack_error e;

	put(o, "deletion_protection", "true");
	assert_int_equal(steps_check(o, &e), 0);
	/* what cannot be unset is said, all of it */
	put(o, "deletion_protection", NULL);
	put(o, "security_group_id", NULL);
	put(o, "tags", NULL);
	assert_int_equal(steps_check(o, &e), -EINVAL);
	assert_non_null(strstr(e.message, "cannot be unset"));
	assert_non_null(strstr(e.more, "cannot be unset"));
	assert_null(strstr(e.message, "tags"));
	assert_null(strstr(e.more, "tags"));
	take(x, "{\"cluster_id\":\"" ID "\",\"name\":\"test\","
		"\"state\":\"updating\"}");
	assert_int_equal(steps_check(o, &e), -EBUSY);
	assert_non_null(strstr(e.message, "updating"));
}

/* The body of a call; its token is another one each time. */
static struct ack_json *body(
	struct object *o, const char *action, struct step_request *s)
{
	size_t where;
	struct ack_json *n;

	step_request_init(s);
	for (unsigned i = 0; i < nsteps; i++)
		if (!strcmp(steps[i].action, action))
			assert_int_equal(steps[i].compose(o, s), 0);
	n = ack_json_parse(ack_buf_text(&s->body), s->body.len, &where);
	assert_non_null(n);
	return n;
}

static void test_bodies(void **state)
{
	struct fixture *x = *state;
	struct object *o = take(x, running);
	struct step_request s;
	struct ack_json *n;
	char token[37];
	bool value;

	put(o, "deletion_protection", "true");
	put(o, "num_of_nodes", "5");
	put(o, "kubernetes_version", "1.32.1-aliyun.1");
	n = body(o, "modify", &s);
	assert_int_equal(ack_json_count(n), 2);
	assert_true(ack_json_boolean(
		ack_json_get(n, "deletion_protection"), &value));
	assert_true(value);
	assert_int_equal(strlen(ack_json_get_string(n, "client_token")), 36);
	strcpy(token, ack_json_get_string(n, "client_token"));
	ack_json_free(n);
	step_request_release(&s);
	n = body(o, "modify", &s);
	assert_string_not_equal(ack_json_get_string(n, "client_token"), token);
	ack_json_free(n);
	step_request_release(&s);
	n = body(o, "upgrade", &s);
	assert_string_equal(
		ack_json_get_string(n, "next_version"), "1.32.1-aliyun.1");
	assert_int_equal(ack_json_count(n), 1);
	ack_json_free(n);
	step_request_release(&s);
	n = body(o, "scale", &s);
	assert_string_equal(
		ack_json_number(ack_json_get(
			ack_json_get(n, "scaling_group"), "desired_size")),
		"5");
	ack_json_free(n);
	step_request_release(&s);
}

#define CASE(test) \
	cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plans),
		CASE(test_cover),
		CASE(test_settled),
		CASE(test_refused),
		CASE(test_bodies),
	};

	ack_json_setup();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
