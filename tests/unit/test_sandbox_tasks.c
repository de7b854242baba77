/* SPDX-License-Identifier: MIT */
/* How far a task has come, and what its end does to nodes. */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "sandbox/happenings.h"
#include "sandbox/pools.h"
#include "sandbox/tasks.h"

#define BEGUN 1000000

static struct task make(enum task_word word)
{
	return (struct task){.id = "T-1",
		.kind = &task_kinds[word],
		.begun_ms = BEGUN,
		.duration_ms = 100};
}

static void assert_at(
	const struct task *t, int64_t ms, enum task_state state, int stage)
{
	struct standing at;

	task_look(t, BEGUN + ms, &at);
	assert_int_equal(at.state, state);
	assert_int_equal(at.stage, stage);
	assert_true(at.updated_ms <= BEGUN + (ms < 0 ? 0 : ms));
}

static void test_every_kind_is_whole(void **state)
{
	(void)state;
	for (int i = 0; i < TASK_WORDS; i++) {
		const struct task_kind *kind = &task_kinds[i];
		struct task t = make((enum task_word)i);
		int parts = 0;

		print_message("%s\n", kind->word);
		for (int j = 0; j < kind->count; j++)
			parts += kind->stages[j].share;
		assert_int_equal(parts, 100);
		assert_in_range(kind->fatal, 0, kind->count - 1);
		assert_at(&t, 0, TASK_RUNNING, 0);
		assert_at(&t, 99, TASK_RUNNING, kind->count - 1);
		assert_at(&t, 100, TASK_SUCCESS, kind->count);
	}
}

static void test_stages_of_a_creation(void **state)
{
	struct task t = make(TASK_CREATE);

	(void)state;
	assert_at(&t, -5, TASK_RUNNING, STAGE_CHECK);
	assert_at(&t, 4, TASK_RUNNING, STAGE_CHECK);
	assert_at(&t, 5, TASK_RUNNING, STAGE_NETWORK);
	assert_at(&t, 25, TASK_RUNNING, STAGE_CONTROL_PLANE);
	assert_at(&t, 65, TASK_RUNNING, STAGE_NODES);
	t.stuck = true;
	assert_at(&t, 1000000, TASK_RUNNING, STAGE_NODES);
}

static void test_failure(void **state)
{
	struct task t = make(TASK_CREATE);
	struct standing at;
	struct happening h;
	int count = 0;

	(void)state;
	snprintf(t.error_code, sizeof(t.error_code), "Code");
	snprintf(t.error_message, sizeof(t.error_message), "Text.");
	assert_false(task_is_sound(&t));
	assert_at(&t, 89, TASK_RUNNING, STAGE_NODES);
	assert_at(&t, 90, TASK_FAILED, STAGE_NODES);
	task_look(&t, BEGUN + 500, &at);
	assert_int_equal(at.updated_ms, BEGUN + 90);
	while (happening_get(&t, &at, count, &h))
		count++;
	assert_int_equal(count, STAGE_NODES + 2);
	assert_true(happening_get(&t, &at, count - 1, &h));
	assert_string_equal(h.level, "error");
	assert_string_equal(h.reason, "Code");
	assert_string_equal(h.message, "Text.");
	assert_int_equal(h.ms, BEGUN + 90);
}

static void test_pause_and_cancel(void **state)
{
	struct task t = make(TASK_UPGRADE);

	(void)state;
	t.paused_ms = BEGUN + 20;
	assert_at(&t, 1000, TASK_PAUSED, 1);
	t.canceled_ms = BEGUN + 500;
	assert_at(&t, 1000, TASK_CANCELED, 1);
	t.paused_ms = 0;
	t.canceled_ms = 0;
	t.lost_ms = 980;
	assert_at(&t, 1000, TASK_RUNNING, 1);
	assert_at(&t, 1079, TASK_RUNNING, 2);
	assert_at(&t, 1080, TASK_SUCCESS, 3);
	/* Too late to cancel: it had come to its end. */
	t.canceled_ms = BEGUN + 2000;
	assert_at(&t, 3000, TASK_SUCCESS, 3);
}

static void assert_nodes(const struct pool *p, int64_t ms, int healthy,
	int coming, int going, int failed)
{
	struct pool_count c;

	pool_look(p, BEGUN + ms, &c);
	assert_int_equal(c.healthy, healthy);
	assert_int_equal(c.coming, coming);
	assert_int_equal(c.going, going);
	assert_int_equal(c.failed, failed);
	assert_int_equal(c.total, healthy + coming + going + failed);
}

static void test_nodes(void **state)
{
	static const char spec[] = "{\"scaling_group\":{\"desired_size\":3}}";
	struct task create = make(TASK_CREATE), scale = make(TASK_SCALE_OUT);
	size_t where;
	struct ack_json *n = ack_json_parse(spec, sizeof(spec) - 1, &where);
	struct pool *p = pool_new(n, 1, true, BEGUN);

	(void)state;
	ack_json_free(n);
	assert_non_null(p);
	p->busy = &create;
	assert_string_equal(pool_state(p), "scaling");
	assert_nodes(p, 89, 0, 3, 0, 0);
	assert_nodes(p, 90, 3, 0, 0, 0);
	pool_settle(p, TASK_SUCCESS, BEGUN + 100);
	assert_string_equal(pool_state(p), "active");
	assert_int_equal(p->updated_ms, BEGUN + 100);

	p->busy = &scale;
	assert_int_equal(pool_grow(p, 2), 0);
	assert_nodes(p, 99, 3, 2, 0, 0);
	pool_settle(p, TASK_FAILED, BEGUN + 100);
	assert_nodes(p, 100, 3, 0, 0, 2);

	pool_shrink(p, 3);
	assert_nodes(p, 100, 2, 0, 3, 0);
	assert_int_equal(p->nodes[2].state, NODE_GOING);
	pool_settle(p, TASK_SUCCESS, BEGUN + 200);
	assert_nodes(p, 200, 2, 0, 0, 0);

	pool_shrink(p, 1);
	pool_settle(p, TASK_FAILED, BEGUN + 300);
	assert_nodes(p, 300, 2, 0, 0, 0);
	assert_int_equal(pool_grow(p, 1), 0);
	assert_int_equal(p->nodes[2].serial, 6);
	pool_settle(p, TASK_CANCELED, BEGUN + 400);
	assert_nodes(p, 400, 2, 0, 0, 0);
	pool_free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_kind_is_whole),
		cmocka_unit_test(test_stages_of_a_creation),
		cmocka_unit_test(test_failure),
		cmocka_unit_test(test_pause_and_cancel),
		cmocka_unit_test(test_nodes),
	};

	ack_json_setup();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
