/* SPDX-License-Identifier: MIT */
#include "tasks.h"

#include "clusters.h"

/* clang-format off */
const struct stage task_stages[STAGES] = {
	[STAGE_CHECK] = { "precheck", 5,
		"Checking quotas, service roles and the network",
		"Quotas, service roles and the network are in order" },
	[STAGE_NETWORK] = { "network", 20,
		"Preparing vSwitches, security group and routes",
		"vSwitches, security group and routes are ready" },
	[STAGE_CONTROL_PLANE] = { "control_plane", 40,
		"Starting the control plane",
		"The control plane answers" },
	[STAGE_NODES] = { "nodes", 25,
		"Adding the worker nodes",
		"The worker nodes have joined" },
	[STAGE_ADDONS] = { "addons", 10,
		"Installing the addons",
		"The addons are installed" },
};
/* clang-format on */

int64_t task_stage_ms(const struct cluster *k, int stage)
{
	int64_t parts = 0;

	for (int i = 0; i < stage; i++)
		parts += task_stages[i].share;
	return k->created_ms + k->duration_ms * parts / 100;
}

void task_look(const struct cluster *k, int64_t now_ms, struct task *t)
{
	bool fails = k->error_code[0] != '\0';
	int last = fails || k->stuck ? STAGE_FATAL : STAGES;

	t->stage = 0;
	while (t->stage < last && now_ms >= task_stage_ms(k, t->stage + 1))
		t->stage++;
	t->updated_ms = task_stage_ms(k, t->stage);
	if (t->stage == STAGES) {
		t->state = TASK_SUCCESS;
	} else if (fails && now_ms >= task_stage_ms(k, STAGE_FATAL + 1)) {
		t->state = TASK_FAILED;
		t->updated_ms = task_stage_ms(k, STAGE_FATAL + 1);
	} else {
		t->state = TASK_RUNNING;
	}
}

const char *task_word(const struct task *t)
{
	static const char *const words[] = {"running", "success", "failed"};

	return words[t->state];
}

const char *task_cluster_word(const struct task *t)
{
	static const char *const words[] = {"initial", "running", "failed"};

	return words[t->state];
}
