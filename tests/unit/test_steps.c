/* SPDX-License-Identifier: MIT */
/* What exists and what was edited become calls, and their plan. */
#include "fleet_fixture.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "actions/digest.h"
#include "actions/draft.h"
#include "actions/steps.h"
#include "base/buf.h"
#include "base/json.h"
#include "cloud/live.h"
#include "model/bases.h"
#include "model/kind.h"
#define ID "c0123456789abcdef0123456789abcdef"

static const char running[] =
	"{\"cluster_id\":\"" ID "\",\"name\":\"test\",\"state\":\"running\","
	"\"current_version\":\"1.31.1-aliyun.1\",\"size\":3,"
	"\"deletion_protection\":false,\"security_group_id\":\"sg-1\","
	"\"vswitch_ids\":[\"vsw-1\"],"
	"\"tags\":[{\"key\":\"a\",\"value\":\"b\"},"
	"{\"key\":\"c\",\"value\":\"d\"}]}";

/* What plan says of num_of_nodes before the node pools are known. */
#define BEHIND                                                           \
	"warning: kubernetes_version: the nodes stay at their version; " \
	"upgrade each node pool afterwards with "                        \
	"nodepools/NAME/kubernetes_version\n"
#define UNKNOWN                                                             \
	"warning: num_of_nodes: the node pools are not known yet, nor how " \
	"their nodes are paid (PrePaid or PostPaid); cat "                  \
	"live/nodepools.json, then read plan again\n"

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

/* A node pool as the service lists it: the digit of its ID, … */
#define POOL(id, name, is_default, size)                                \
	"{\"nodepool_info\":{\"nodepool_id\":\"np" id                   \
	"0000000000000000000000000000000\",\"name\":\"" name            \
	"\",\"is_default\":" is_default "},\"scaling_group\":{"         \
	"\"desired_size\":" size                                        \
	",\"instance_charge_type\":\"PrePaid\"},\"status\":{\"state\":" \
	"\"active\",\"total_nodes\":1}}"

static void take_pools(struct object *o, const char *elements)
{
	struct ack_buf text = ACK_BUF_INIT(65536);
	struct ack_json *list;
	size_t where;

	ack_buf_printf(&text, "[%s]", elements);
	list = ack_json_parse(ack_buf_text(&text), text.len, &where);
	assert_non_null(list);
	live_nodepools(o, list, ack_now_ms());
	ack_json_free(list);
	ack_buf_release(&text);
}

static const char *value(struct object *o, const char *param)
{
	const char *text = fixture_value(
		o, (unsigned)ack_table_find(o->kind->table, param));

	return text ? text : "";
}

static void put(struct object *o, const char *param, const char *text)
{
	int row = ack_table_find(o->kind->table, param);
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
		/* of one that was made elsewhere it is not known */
		{{{"endpoint_public_access", "false"}},
			"PUT /api/v2/clusters/" ID
			": endpoint_public_access: unset -> false\n"
			"loses: endpoint_public_access: the public address of "
			"the API server, if it has one; another one may come "
			"of a later true\n"},
		{{{"num_of_nodes", "5"}},
			"PUT /clusters/" ID "/nodepools/POOL: "
			"num_of_nodes: 3 -> 5\n" UNKNOWN},
		{{{"num_of_nodes", "1"}},
			"PUT /clusters/" ID "/nodepools/POOL: "
			"num_of_nodes: 3 -> 1\n"
			"loses: num_of_nodes: 2 nodes, with all that runs "
			"there\n" UNKNOWN},
		{{{"kubernetes_version", "1.32.1-aliyun.1"}},
			"POST /api/v2/clusters/" ID "/upgrade: "
			"kubernetes_version: 1.31.1-aliyun.1 -> "
			"1.32.1-aliyun.1\n" BEHIND},
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
			"1.32.1-aliyun.1\n" UNKNOWN BEHIND},
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
		case ACK_ADDONS:
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
	plan_is(o, "PUT /clusters/" ID
		   "/nodepools/POOL: num_of_nodes: 3 -> 5\n" UNKNOWN);
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
	assert_int_equal(steps_token(s), 0);
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
	bool is;

	take_pools(o, POOL("1", "default", "true", "3") "," POOL(
			      "2", "w", "false", "2"));
	assert_string_equal(value(o, "num_of_nodes"), "5");
	put(o, "deletion_protection", "true");
	put(o, "num_of_nodes", "7");
	put(o, "kubernetes_version", "1.32.1-aliyun.1");
	n = body(o, "modify", &s);
	assert_int_equal(ack_json_count(n), 2);
	assert_true(
		ack_json_boolean(ack_json_get(n, "deletion_protection"), &is));
	assert_true(is);
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

static const char cluster_of[] = "{\"cluster_id\":\"" ID
				 "\",\"name\":\"test\",\"state\":\"running\","
				 "\"size\":%d,\"tags\":[%s]}";

#define POOLS(a, b) \
	POOL("1", "default", "true", a) "," POOL("2", "w", "false", b)

static void take_cluster(struct fixture *x, int size, const char *tags)
{
	char text[512];

	snprintf(text, sizeof(text), cluster_of, size, tags);
	take(x, text);
}

/* What the pools want is what there is, whatever the list counts; and a plan
 * names the pool that changes. */
static void test_count(void **state)
{
	struct fixture *x = *state;
	struct object *o = take(x, running);
	struct ack_error e;

	take_pools(o, POOLS("3", "2"));
	take_cluster(x, 4, "");
	assert_string_equal(value(o, "num_of_nodes"), "5");
	put(o, "num_of_nodes", "6");
	plan_is(o,
		"PUT /clusters/" ID
		"/nodepools/np10000000000000000000000000000000: "
		"num_of_nodes: 5 -> 6, desired_size of default: 3 -> 4\n"
		"warning: num_of_nodes: the nodes are PrePaid: new ones are "
		"paid for the whole period, and those that go stay rented\n");
	put(o, "num_of_nodes", "3");
	plan_is(o,
		"PUT /clusters/" ID
		"/nodepools/np10000000000000000000000000000000: "
		"num_of_nodes: 5 -> 3, desired_size of default: 3 -> 1\n"
		"loses: num_of_nodes: 2 nodes of the node pool default, with "
		"all that runs there\n"
		"warning: num_of_nodes: the nodes are PrePaid: new ones are "
		"paid for the whole period, and those that go stay rented\n");
	put(o, "num_of_nodes", "1");
	assert_int_equal(steps_check(o, &e), -EINVAL);
	assert_non_null(strstr(e.message, "beside default have 2 nodes"));
	take_pools(o,
		POOL("2", "w", "false", "2") "," POOL("3", "v", "false", "2"));
	assert_string_equal(value(o, "num_of_nodes"), "4");
	assert_int_equal(steps_check(o, &e), -EINVAL);
	assert_non_null(strstr(e.message, "no default one"));
}

/* compares: what is wrong with the bases, or nothing. */
static void bases_say(const struct object *o, const char *wanted)
{
	struct ack_error e;
	int ret = bases_compare(o, steps_cover, &e);

	if (!wanted) {
		assert_int_equal(ret, 0);
		return;
	}
	assert_int_equal(ret, -ESTALE);
	if (!strstr(e.message, wanted))
		fail_msg("%s", e.message);
}

static void test_bases(void **state)
{
	struct fixture *x = *state;
	struct object *o = take(x, running);

	take_pools(o, POOLS("3", "2"));
	put(o, "num_of_nodes", "6");
	bases_say(o, NULL);
	take_pools(o, POOLS("3", "4"));
	bases_say(o, "num_of_nodes: it was 5 when it was edited, is 7 now, and "
		     "6 is wanted");
	/* it is the first value that counts, however often it is edited */
	put(o, "num_of_nodes", "9");
	bases_say(o, "it was 5 when it was edited, is 7 now, and 9 is wanted");
	/* also after a remount */
	fixture_again(x);
	o = fleet_by_name(&x->fleet, "test");
	assert_non_null(o);
	bases_say(o, "it was 5 when it was edited, is 7 now, and 9 is wanted");
	bases_renew(o);
	bases_say(o, NULL);
	/* as many as before, and another pool of them */
	take_pools(o, POOLS("3", "4"));
	take_pools(o, POOLS("4", "3"));
	assert_string_equal(value(o, "num_of_nodes"), "7");
	bases_say(o, "the node pool that changes");
	/* what has come true by itself is no edit any more */
	take_pools(o, POOLS("4", "5"));
	bases_say(o, NULL);
	assert_false(steps_wanted(o));
}

/* Of tags each key has its own base. */
static void test_tag_bases(void **state)
{
#define TAG(key, value) "{\"key\":\"" key "\",\"value\":\"" value "\"}"
	static const struct {
		const char *edit, *there, *merged;
		bool stale;
	} rows[] = {
		/* others change what the edit does not */
		{"a=x\nc=d", TAG("a", "b") "," TAG("c", "e"), "a=x\nc=e",
			false},
		{"a=x\nc=d", TAG("a", "b"), "a=x", false},
		{"a=b", TAG("a", "z") "," TAG("c", "d") "," TAG("n", "1"),
			"a=z\nn=1", false},
		/* both change the same, to the same */
		{"a=x\nc=d", TAG("a", "x") "," TAG("c", "d"), NULL, false},
		{"c=d\na=b\nn=1", TAG("a", "b") "," TAG("n", "1"), NULL, false},
		/* and to something else */
		{"a=x\nc=d", TAG("a", "y") "," TAG("c", "d"), "a=x\nc=d", true},
		{"a=x\nc=d", TAG("c", "d"), "a=x\nc=d", true},
		{"a=b", TAG("a", "b") "," TAG("c", "e"), "a=b", true},
		{"a=b\nc=d\nn=1",
			TAG("a", "b") "," TAG("c", "d") "," TAG("n", "2"),
			"a=b\nc=d\nn=1", true},
	};

	for (size_t i = 0; i < LENGTH(rows); i++) {
		struct fixture *x;
		struct object *o;

		fixture_setup(state);
		x = *state;
		o = take(x, running);
		print_message("row %zu\n", i);
		put(o, "tags", rows[i].edit);
		take_cluster(x, 3, rows[i].there);
		bases_say(o, rows[i].stale ? "tags: it was " : NULL);
		if (rows[i].merged)
			assert_string_equal(object_value(o, ACK_P_tags, NULL),
				rows[i].merged);
		assert_int_equal(
			object_edited(o, ACK_P_tags), rows[i].merged != NULL);
		fixture_teardown(state);
	}
}

/* A pool that scales itself is sized by nobody else. */
static void test_by_itself(void **state)
{
	struct fixture *x = *state;
	struct object *o = take(x, running), *p;
	struct step_request s;
	struct ack_json *n;
	struct ack_error e;

	take_pools(o,
		"{\"nodepool_info\":{\"nodepool_id\":"
		"\"np10000000000000000000000000000000\",\"name\":\"auto\"},"
		"\"scaling_group\":{},\"auto_scaling\":{\"enable\":true,"
		"\"min_instances\":2,\"max_instances\":9},\"status\":"
		"{\"state\":\"active\",\"total_nodes\":7}}");
	assert_string_equal(value(o, "num_of_nodes"), "7");
	put(o, "num_of_nodes", "4");
	assert_int_equal(steps_check(o, &e), -EINVAL);
	assert_non_null(strstr(e.message, "scales itself"));
	p = objects_find(&o->pools, "auto");
	put(p, "desired_size", "8");
	assert_int_equal(steps_check(p, &e), -EINVAL);
	assert_non_null(strstr(e.message, "scales itself"));
	/* the calls that switch it off and size it are two */
	put(p, "auto_scaling", "false");
	assert_int_equal(steps_check(p, &e), 0);
	n = body(p, "stop_scaling", &s);
	assert_null(ack_json_get(n, "scaling_group"));
	ack_json_free(n);
	step_request_release(&s);
	n = body(p, "modify", &s);
	assert_null(ack_json_get(n, "auto_scaling"));
	assert_non_null(ack_json_get(n, "scaling_group"));
	ack_json_free(n);
	step_request_release(&s);
	/* fewer at most are fewer */
	put(p, "auto_scaling", "true");
	put(p, "desired_size", NULL);
	put(p, "max_instances", "5");
	plan_is(p,
		"PUT /clusters/" ID
		"/nodepools/np10000000000000000000000000000000: "
		"max_instances: 9 -> 5\n"
		"loses: max_instances: 2 nodes of the node pool auto, with all "
		"that runs there\n");
	put(p, "max_instances", "1");
	assert_int_equal(steps_check(p, &e), -EINVAL);
	assert_string_equal(e.param, "min_instances");
	/* what scales itself has as many as it has, whatever was wanted once */
	take_pools(o,
		"{\"nodepool_info\":{\"nodepool_id\":"
		"\"np10000000000000000000000000000000\",\"name\":\"auto\"},"
		"\"scaling_group\":{\"desired_size\":3},\"auto_scaling\":"
		"{\"enable\":true,\"min_instances\":2,\"max_instances\":9},"
		"\"status\":{\"state\":\"active\",\"total_nodes\":7}}");
	assert_string_equal(value(o, "num_of_nodes"), "7");
}

static const char *digest_of(struct object *o)
{
	static char text[128];
	struct ack_buf out = ACK_BUF_INIT(4096);

	show_digest(o->fleet, o, &out);
	snprintf(text, sizeof(text), "%s", ack_buf_text(&out));
	ack_buf_release(&out);
	return text;
}

/* It is another one as soon as a commit would do anything else. */
static void test_digest(void **state)
{
	struct fixture *x = *state;
	struct object *o = take(x, running), *draft;
	char before[128];
	struct ack_error e;

	assert_string_equal(digest_of(o), "");
	put(o, "num_of_nodes", "6");
	snprintf(before, 65, "%s", digest_of(o));
	assert_int_equal(digest_compare(o, before, &e), 0);
	put(o, "num_of_nodes", "7");
	assert_int_equal(digest_compare(o, before, &e), -ESTALE);
	put(o, "num_of_nodes", "6");
	assert_int_equal(digest_compare(o, before, &e), 0);
	/* that the pools become known changes nothing; what they want does */
	take_pools(o, POOLS("1", "2"));
	assert_int_equal(digest_compare(o, before, &e), 0);
	snprintf(before, 65, "%s", digest_of(o));
	take_pools(o, POOLS("2", "1"));
	assert_int_equal(digest_compare(o, before, &e), -ESTALE);
	draft = fixture_draft(x, "draft");
	put(draft, "login_password", "One1900ackfs!");
	snprintf(before, 65, "%s", digest_of(draft));
	assert_int_equal(strlen(before), 64);
	put(draft, "login_password", "Two1900ackfs!");
	assert_int_equal(digest_compare(draft, before, &e), -ESTALE);
	put(draft, "login_password", "One1900ackfs!");
	assert_int_equal(digest_compare(draft, before, &e), 0);
	/* nobody else can try passwords out by it */
	x->fleet.digest_key[0] ^= 1;
	assert_int_equal(digest_compare(draft, before, &e), -ESTALE);
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
		CASE(test_count),
		CASE(test_bases),
		cmocka_unit_test(test_tag_bases),
		CASE(test_by_itself),
		CASE(test_digest),
	};

	ack_json_setup();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
