// SPDX-License-Identifier: MIT
// What the state file keeps, and ten thousand clusters.
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { call, client, create, ended, faults, password, plant, refused,
	request as r, show, start } from './sandbox.mjs';

let dir;

before(async () => {
	dir = await mkdtemp(path.join(os.tmpdir(), 'ack-sandbox-'));
});

after(() => rm(dir, { recursive: true }));

// Ends the sandbox without a warning, and starts the next one.
async function again(sandbox, ...options) {
	await sandbox.stop('SIGKILL');
	const next = await start(...options);

	return [next, client(next)];
}

const everything = async (sdk, id) => JSON.parse(JSON.stringify([
	(await sdk.describeClusterDetail(id)).body,
	(await sdk.describeClusterNodePools(id,
		new r.DescribeClusterNodePoolsRequest({}))).body,
	(await sdk.describeClusterNodes(id,
		new r.DescribeClusterNodesRequest({}))).body,
	(await sdk.describeClusterTasks(id,
		new r.DescribeClusterTasksRequest({}))).body.tasks,
	(await sdk.describeClusterEvents(id,
		new r.DescribeClusterEventsRequest({}))).body,
	(await sdk.describeClusterLogs(id)).body,
]));

test('all that changed is there after a restart', async () => {
	const file = path.join(dir, 'changes');
	const options = ['--state', file, '--speed', '1000'];
	let sandbox = await start(...options), sdk = client(sandbox);
	const { json } = await create(sandbox, 'kept',
		{ kubernetes_version: '1.32.1-aliyun.1' });
	const id = json.cluster_id;

	await ended(sdk, json.task_id);
	for (const begin of [
		() => sdk.modifyCluster(id, new r.ModifyClusterRequest({
			clusterName: 'renamed', timezone: 'UTC',
			clientToken: 'token' })),
		() => sdk.upgradeCluster(id, new r.UpgradeClusterRequest(
			{ nextVersion: '1.33.3-aliyun.1' })),
		() => sdk.createClusterNodePool(id,
			new r.CreateClusterNodePoolRequest({
				nodepoolInfo: { name: 'second' },
				scalingGroup: { vswitchIds: ['vsw-a'],
					instanceTypes: ['ecs.g7.large'],
					desiredSize: 2,
					loginPassword: password },
				kubernetesConfig: { runtime: 'containerd',
					runtimeVersion: '1.6.38' } })),
	])
		await ended(sdk, (await begin()).body.taskId);
	await sdk.modifyClusterTags(id, new r.ModifyClusterTagsRequest(
		{ body: [new r.Tag({ key: 'a', value: 'b' })] }));
	const was = await everything(sdk, id);

	[sandbox, sdk] = await again(sandbox, ...options);
	assert.deepEqual(await everything(sdk, id), was);
	const { body: repeated } = await sdk.modifyCluster(id,
		new r.ModifyClusterRequest({ clusterName: 'renamed',
			timezone: 'UTC', clientToken: 'token' }));
	assert(was[3].some((t) => t.taskId === repeated.taskId));

	const { body: { taskId } } = await sdk.deleteCluster(id,
		new r.DeleteClusterRequest({}));
	await ended(sdk, taskId);
	[sandbox, sdk] = await again(sandbox, ...options);
	await assert.rejects(sdk.describeClusterDetail(id),
		refused('ErrorClusterNotFound', 404));
	assert.deepEqual(await show(sandbox, 'clusters'), []);
	assert.equal((await sdk.describeTaskInfo(taskId)).body.state,
		'success');
	assert.equal(await sandbox.stop(), 0);
	assert(!(await readFile(file, 'utf8')).includes(password));
});

test('a task goes on where it was', async () => {
	const file = path.join(dir, 'tasks');
	const options = ['--state', file];
	let sandbox = await start(...options), sdk = client(sandbox);
	const { json } = await plant(sandbox, { clusters: [
		{ name: 'a', nodes: 1 }, { name: 'b' },
		{ name: 'c', current_version: '1.32.1-aliyun.1' }] });
	const [a, b, c] = json.cluster_ids;
	const pool = async () => (await sdk.describeClusterNodePools(a,
		new r.DescribeClusterNodePoolsRequest({}))).body.nodepools[0];
	const np = (await pool()).nodepoolInfo.nodepoolId;

	await faults(sandbox, { do: 'fail_task', method: 'DELETE' });
	await sdk.deleteCluster(b, new r.DeleteClusterRequest({}));
	await sdk.scaleClusterNodePool(a, np,
		new r.ScaleClusterNodePoolRequest({ count: 2 }));
	const { body: { taskId } } = await sdk.upgradeCluster(c,
		new r.UpgradeClusterRequest({ nextVersion: '1.33.3-aliyun.1' }));
	await sdk.pauseTask(taskId);
	[sandbox, sdk] = await again(sandbox, ...options);
	const state = async (id) =>
		(await sdk.describeClusterDetail(id)).body.state;
	assert.equal(await state(a), 'scaling');
	assert.equal((await pool()).status.state, 'scaling');
	assert.equal((await pool()).status.initialNodes, 2);
	assert.equal(await state(b), 'deleting');
	while (await state(a) !== 'running' || await state(b) === 'deleting')
		await sleep(100);
	assert.equal((await pool()).status.healthyNodes, 3);
	assert.equal(await state(b), 'delete_failed');
	assert.equal(await state(c), 'upgrading');
	assert.equal((await sdk.describeTaskInfo(taskId)).body.state, 'paused');
	assert.equal(await sandbox.stop(), 0);
});

test('a state file of the first ack-sandbox is refused, and stays', async () => {
	const file = path.join(dir, 'old');
	const old = `${JSON.stringify({
		cluster_id: `c${'1'.repeat(32)}`, task_id: `T-${'2'.repeat(24)}`,
		request_id: '0B1D0A5E-0000-4000-8000-000000000000',
		error_code: '', error_message: '', created_ms: 1767000000000,
		duration_ms: 12000, listed_ms: 1767000000000, stuck: false,
		request: { name: 'old', cluster_type: 'ManagedKubernetes',
			region_id: 'cn-beijing', num_of_nodes: 3,
			worker_instance_types: ['ecs.g7.xlarge'] },
	})}\n`;

	await writeFile(file, old);
	await assert.rejects(start('--state', file), /ended with 1/);
	assert.equal(await readFile(file, 'utf8'), old);
});

test('only so many tasks of a cluster are kept', async () => {
	const sandbox = await start('--speed', '1000000');
	const sdk = client(sandbox);
	const { json } = await create(sandbox, 'busy');
	const id = json.cluster_id;
	let last;

	for (let i = 0; i < 110; i++) {
		last = (await sdk.modifyCluster(id, new r.ModifyClusterRequest(
			{ timezone: `zone-${i}` }))).body.taskId;
		await ended(sdk, last);
	}
	const { body } = await sdk.describeClusterTasks(id,
		new r.DescribeClusterTasksRequest({ pageNumber: 1,
			pageSize: 100 }));
	assert.equal(body.pageInfo.totalCount, 100);
	assert.equal(body.tasks[0].taskId, last);
	assert.equal(body.tasks.at(-1).taskId, json.task_id);
	assert.equal((await sdk.describeClusterDetail(id)).body.timezone,
		'zone-109');
	assert.equal(await sandbox.stop(), 0);
});

const pages = async (sandbox, query) => {
	const names = [];

	for (let page_number = 1; ; page_number++) {
		const { json } = await call(sandbox, {
			path: '/regions/cn-beijing/clusters',
			query: { page_size: 100, page_number, ...query } });

		names.push(...json.clusters.map((c) => c.name));
		if (page_number * 100 >= json.page_info.total_count)
			return names;
	}
};

test('ten thousand planted clusters, listed, changed, kept', async () => {
	const file = path.join(dir, 'many');
	const options = ['--state', file, '--speed', '1000'];
	let sandbox = await start(...options), sdk;
	let begun = Date.now();
	const took = (what, most) => {
		const ms = Date.now() - begun;

		assert(ms < most, `${what}: ${ms} ms`);
		begun = Date.now();
	};
	const { status, json } = await plant(sandbox,
		{ count: 10000, name: 'many', nodes: 3 });

	assert.equal(status, 200);
	assert.equal(json.cluster_ids.length, 10000);
	took('planting', 5000);
	const names = await pages(sandbox, {});
	took('paging', 10000);
	assert.equal(names.length, 10000);
	assert.equal(names[0], 'many-00001');
	assert.equal(names.at(-1), 'many-10000');
	assert.equal(new Set(names).size, 10000);
	begun = Date.now();
	assert.deepEqual(await pages(sandbox, { name: 'many-09999' }),
		['many-09999']);
	took('finding', 500);
	[sandbox, sdk] = await again(sandbox, ...options);
	took('reloading', 5000);
	await ended(sdk, (await sdk.deleteCluster(json.cluster_ids[4999],
		new r.DeleteClusterRequest({}))).body.taskId);
	assert.equal((await pages(sandbox, {})).length, 9999);
	assert.equal(await sandbox.stop(), 0);
});

test('clusters as odd as a test wants them', async () => {
	const file = path.join(dir, 'odd');
	let sandbox = await start('--state', file), sdk;
	const names = ['a/b', '..', ' ', 'two\nlines', '\u001b[31mred', 'same',
		'same', '中文', 'x'.repeat(300), ''];
	const { json } = await plant(sandbox, { clusters: names.map((name, i) =>
		({ name, state: i % 2 ? 'failed' : 'inactive',
			profile: 'Edge', tags: [{ key: 'i', value: `${i}` }] })) });

	assert.equal(json.cluster_ids.length, names.length);
	[sandbox, sdk] = await again(sandbox, '--state', file);
	assert.deepEqual(await pages(sandbox, { profile: 'Edge' }), names);
	assert.deepEqual(await pages(sandbox, { profile: 'Default' }), []);
	const { body: d } = await sdk.describeClusterDetail(
		json.cluster_ids[0]);
	assert.equal(d.state, 'inactive');
	assert.equal(d.tags[0].value, '0');
	for (const bad of [{ count: 0 }, { count: '1' }, { no_such: 1 },
		{ clusters: [{ state: 'x' }] }, { clusters: [1] }, [], 1])
		assert.equal((await plant(sandbox, bad)).status, 400,
			JSON.stringify(bad));
	assert.equal((await show(sandbox, 'clusters')).length, names.length);
	assert.equal(await sandbox.stop(), 0);
});
