// SPDX-License-Identifier: MIT
// Node pools and nodes, as the official SDK sees them.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { body, call, client, create, ended, faults, password, plant, refused,
	request as r, send, show, start } from './sandbox.mjs';

let sandbox, sdk;

before(async () => {
	sandbox = await start('--speed', '10');
	sdk = client(sandbox);
});

afterEach(() => faults(sandbox));

after(async () => {
	assert.equal(await sandbox.stop(), 0);
});

const plain = (value) => JSON.parse(JSON.stringify(value));

async function cluster(name, nodes = 0) {
	const { json } = await plant(sandbox, { clusters: [{ name, nodes }] });

	return json.cluster_ids[0];
}

const info = (what) => new r.CreateClusterNodePoolRequestNodepoolInfo(what);
const group = (what) => new r.CreateClusterNodePoolRequestScalingGroup({
	vswitchIds: ['vsw-a'], instanceTypes: ['ecs.g7.xlarge'], ...what });
const config = (what) => new r.CreateClusterNodePoolRequestKubernetesConfig({
	runtime: 'containerd', runtimeVersion: '2.1.3', ...what });

const add = async (id, name, size, more = {}) =>
	(await sdk.createClusterNodePool(id,
		new r.CreateClusterNodePoolRequest({
			nodepoolInfo: info({ name }),
			scalingGroup: group({ desiredSize: size,
				loginPassword: password }),
			kubernetesConfig: config({}), ...more }))).body;
const pool = async (id, np) =>
	(await sdk.describeClusterNodePoolDetail(id, np)).body;
const pools = async (id, nodepoolName) =>
	(await sdk.describeClusterNodePools(id,
		new r.DescribeClusterNodePoolsRequest({ nodepoolName })))
		.body.nodepools;
const change = async (id, np, what) =>
	(await sdk.modifyClusterNodePool(id, np,
		new r.ModifyClusterNodePoolRequest(what))).body;
const resize = (id, np, desiredSize) => change(id, np, { scalingGroup:
	new r.ModifyClusterNodePoolRequestScalingGroup({ desiredSize }) });
const scale = async (id, np, count) => (await sdk.scaleClusterNodePool(id, np,
	new r.ScaleClusterNodePoolRequest({ count }))).body;
const nodes = async (id, what = {}) => (await sdk.describeClusterNodes(id,
	new r.DescribeClusterNodesRequest({ pageSize: '100', ...what }))).body;
const counts = ({ status: s }) => [s.totalNodes, s.healthyNodes,
	s.initialNodes, s.removingNodes, s.failedNodes];

test('both forms of the body make a default pool', async () => {
	const { login_password, num_of_nodes, worker_instance_types,
		worker_system_disk_category, worker_system_disk_size,
		...rest } = body('modern');
	const modern = { ...rest, nodepools: [{
		nodepool_info: { name: 'default-nodepool' },
		scaling_group: { vswitch_ids: rest.vswitch_ids,
			instance_types: worker_instance_types,
			instance_charge_type: 'PostPaid',
			desired_size: num_of_nodes, login_password,
			system_disk_category: worker_system_disk_category,
			system_disk_size: worker_system_disk_size },
		kubernetes_config: { runtime: 'containerd',
			runtime_version: '1.6.38' } }] };
	const post = (b) => call(sandbox, { method: 'POST', path: '/clusters',
		body: JSON.stringify(b) });
	const specs = [];

	for (const b of [body('classic'), modern]) {
		const { json } = await post(b);

		await ended(sdk, json.task_id);
		const [only, ...others] = await pools(json.cluster_id);
		assert.deepEqual(others, []);
		assert.equal(only.nodepoolInfo.isDefault, true);
		assert.equal(only.nodepoolInfo.name, 'default-nodepool');
		assert.match(only.nodepoolInfo.nodepoolId, /^np[0-9a-f]{32}$/);
		assert.equal(only.nodepoolInfo.regionId, 'cn-beijing');
		assert.deepEqual(counts(only), [3, 3, 0, 0, 0]);
		assert.equal(only.status.state, 'active');
		const { scalingGroupId, ...spec } = plain(only.scalingGroup);
		assert.match(scalingGroupId, /^asg-/);
		specs.push(spec);
	}
	assert.deepEqual(specs[0], specs[1]);
	assert.equal(specs[0].desiredSize, 3);
	assert.deepEqual(specs[0].instanceTypes, ['ecs.g7.xlarge']);
	const { json } = await create(sandbox, 'empty', { num_of_nodes: 0,
		login_password: undefined });
	assert.deepEqual(await pools(json.cluster_id), []);
});

test('the nodes of a creation come with their stage', async () => {
	await faults(sandbox, { do: 'stuck_task' });
	const { json } = await create(sandbox, 'coming');
	const id = json.cluster_id;
	const [p] = await pools(id);

	assert.equal(p.status.state, 'scaling');
	assert.deepEqual(counts(p), [3, 0, 3, 0, 0]);
	assert.equal((await sdk.describeClusterDetail(id)).body.size, 0);
	assert.equal((await nodes(id, { state: 'initial' })).nodes.length, 3);
	assert.equal((await nodes(id, { state: 'running' })).nodes.length, 0);
});

test('a pool is made, answered, and found by its name', async () => {
	const id = await cluster('pools', 2);
	const { nodepoolId, taskId } = await add(id, 'gpu', 4, {
		autoScaling: new r.CreateClusterNodePoolRequestAutoScaling({
			enable: true, maxInstances: 5, minInstances: 3,
			type: 'gpu' }),
		kubernetesConfig: config({
			labels: [new r.Tag({ key: 'a', value: 'b' })],
			taints: [new r.Taint({ key: 'c', value: 'd',
				effect: 'NoExecute' })] }) });

	let p = await pool(id, nodepoolId);
	assert.equal(p.status.state, 'scaling');
	assert.deepEqual(counts(p), [4, 0, 4, 0, 0]);
	const task = await ended(sdk, taskId);
	assert.equal(task.taskType, 'nodepool_create');
	assert.deepEqual(plain(task.target),
		{ id: nodepoolId, type: 'nodepool' });
	p = await pool(id, nodepoolId);
	assert.equal(p.status.state, 'active');
	assert.deepEqual(counts(p), [4, 4, 0, 0, 0]);
	assert.equal(p.nodepoolInfo.isDefault, false);
	assert.equal(p.autoScaling.maxInstances, 5);
	assert.deepEqual(plain(p.kubernetesConfig), {
		runtime: 'containerd', runtimeVersion: '2.1.3',
		labels: [{ key: 'a', value: 'b' }],
		taints: [{ key: 'c', value: 'd', effect: 'NoExecute' }] });
	assert.deepEqual((await pools(id)).map((q) => q.nodepoolInfo.name),
		['default-nodepool', 'gpu']);
	assert.deepEqual((await pools(id, 'gpu')).map((q) =>
		q.nodepoolInfo.nodepoolId), [nodepoolId]);
	assert.deepEqual(await pools(id, 'gp'), []);
	assert.equal((await sdk.describeClusterDetail(id)).body.size, 6);
	const everything = JSON.stringify([await show(sandbox, 'clusters'),
		(await call(sandbox, { action: 'DescribeClusterNodePools',
			path: `/clusters/${id}/nodepools` })).text]);
	assert(!everything.includes(password));
	assert(!everything.includes('login_password'));
	await assert.rejects(add(id, 'gpu', 1),
		refused('InvalidParameter.Name'));
	// what it began with was its maker's to say, its size is nobody's
	assert.equal(p.scalingGroup.desiredSize, undefined);
	await assert.rejects(resize(id, nodepoolId, 4),
		refused('InvalidDesiredSizeOrCount.NotNull'));
	await assert.rejects(pool(id, 'np0'),
		refused('ErrorNodePoolNotFound', 404));
});

test('all that is wrong with a pool is told at once', async () => {
	const id = await cluster('strict');
	const post = async (b) => (await call(sandbox, { method: 'POST',
		action: 'CreateClusterNodePool',
		path: `/clusters/${id}/nodepools`, body: JSON.stringify(b) }));
	const whole = { nodepool_info: { name: 'x' }, scaling_group: {
		vswitch_ids: ['vsw-a'], instance_types: ['ecs.g7.xlarge'] },
	kubernetes_config: { runtime: 'containerd' } };
	const cases = [
		[{}, ['nodepool_info', 'scaling_group', 'kubernetes_config']],
		[{ nodepool_info: {}, scaling_group: {}, kubernetes_config: {} },
			['nodepool_info.name', 'scaling_group.vswitch_ids',
				'scaling_group.instance_types',
				'kubernetes_config.runtime']],
		[{ ...whole, nodepool_info: { name: 1 }, scaling_group: {
			vswitch_ids: 'vsw-a', instance_types: [1],
			desired_size: '3', key_pair: true,
			data_disks: [{ size: 'big', encrypted: true }, 1],
			system_disk_size: 4.5, no_such: 1 }, more: {} },
		['nodepool_info.name', 'vswitch_ids', 'instance_types[]',
			'desired_size', 'key_pair', 'data_disks[].size',
			'data_disks[].encrypted', 'data_disks[]: ',
			'system_disk_size', 'no_such', 'more']],
		[{ ...whole, scaling_group: { ...whole.scaling_group,
			desired_size: 1 } }, ['login_password']],
		[{ ...whole, scaling_group: { ...whole.scaling_group,
			key_pair: 'k', login_password: password } },
		['login_password']],
		[{ ...whole, auto_scaling: { enable: true, min_instances: 5,
			max_instances: 2 } }, ['auto_scaling']],
		[[], ['body']], [1, ['body']],
	];

	for (const [b, names] of cases) {
		const { status, json, text } = await post(b);

		assert.equal(status, 400, text);
		for (const name of names)
			assert(json.data.some(({ message }) =>
				message.includes(name)), `${name}: ${text}`);
		assert(!text.includes(password));
	}
	assert.equal((await post('[')).status, 400);
	assert.equal((await call(sandbox, { method: 'POST',
		action: 'CreateClusterNodePool',
		path: `/clusters/${id}/nodepools`, body: '{' })).status, 400);
	let deep = {};
	for (let i = 0; i < 20; i++)
		deep = { deep };
	assert.equal((await post({ ...whole, node_config: deep })).status, 400);
	assert.equal((await post(whole)).status, 202);
	const [p] = await pools(id);
	assert.equal(p.kubernetesConfig.runtimeVersion, '1.6.38');
	assert.equal(p.scalingGroup.instanceChargeType, 'PostPaid');
});

test('a pool grows and shrinks to what is wanted', async () => {
	const id = await cluster('sizes', 2);
	const np = (await pools(id))[0].nodepoolInfo.nodepoolId;

	const { taskId } = await resize(id, np, 5);
	assert.deepEqual(counts(await pool(id, np)), [5, 2, 3, 0, 0]);
	assert.equal((await pool(id, np)).status.state, 'scaling');
	assert.equal((await sdk.describeClusterDetail(id)).body.state,
		'scaling');
	await assert.rejects(resize(id, np, 6), refused('InvalidNodePoolStatus.Forbidden'));
	assert.equal((await ended(sdk, taskId)).taskType, 'cluster_scaleout');
	assert.deepEqual(counts(await pool(id, np)), [5, 5, 0, 0, 0]);
	const before = (await nodes(id)).nodes.map((n) => n.instanceId);

	const less = await resize(id, np, 1);
	assert.equal((await pool(id, np)).status.state, 'removing');
	assert.deepEqual(counts(await pool(id, np)), [5, 1, 0, 4, 0]);
	assert.equal((await nodes(id, { state: 'removing' })).nodes.length, 4);
	await ended(sdk, less.taskId);
	assert.deepEqual(counts(await pool(id, np)), [1, 1, 0, 0, 0]);
	assert.equal((await pool(id, np)).scalingGroup.desiredSize, 1);

	const more = await scale(id, np, 2);
	await ended(sdk, more.taskId);
	const p = await pool(id, np);
	assert.deepEqual(counts(p), [3, 3, 0, 0, 0]);
	assert.equal(p.scalingGroup.desiredSize, 3);
	const after = (await nodes(id)).nodes.map((n) => n.instanceId);
	assert.equal(after[0], before[0]);
	assert(after.slice(1).every((n) => !before.includes(n)),
		'an address is not given again');
	for (const count of [0, 501, 1.5, 'x'])
		assert.equal((await call(sandbox, { method: 'POST',
			action: 'ScaleClusterNodePool',
			path: `/clusters/${id}/nodepools/${np}`,
			body: JSON.stringify({ count }) })).status, 400);
});

test('a change merges its parts into the pool', async () => {
	const id = await cluster('merge');
	const { nodepoolId: np, taskId } = await add(id, 'pool', 1, {
		management: new r.CreateClusterNodePoolRequestManagement(
			{ enable: true, autoRepair: true }) });

	await ended(sdk, taskId);
	const { taskId: second } = await change(id, np, {
		nodepoolInfo: new r.ModifyClusterNodePoolRequestNodepoolInfo(
			{ name: 'renamed' }),
		kubernetesConfig:
			new r.ModifyClusterNodePoolRequestKubernetesConfig(
				{ cmsEnabled: true }),
		management: new r.ModifyClusterNodePoolRequestManagement(
			{ autoRepair: false }),
		updateNodes: true, concurrency: true });
	assert.equal((await pool(id, np)).status.state, 'updating');
	const task = await ended(sdk, second);
	assert.equal(task.taskType, 'nodepool_update');
	const p = plain(await pool(id, np));
	assert.equal(p.nodepoolInfo.name, 'renamed');
	assert.deepEqual(p.kubernetesConfig, { runtime: 'containerd',
		runtimeVersion: '2.1.3', cmsEnabled: true });
	assert.deepEqual(p.management, { enable: true, autoRepair: false });
	assert.equal(p.scalingGroup.desiredSize, 1);
	assert.equal((await call(sandbox, { method: 'PUT',
		action: 'ModifyClusterNodePool',
		path: `/clusters/${id}/nodepools/${np}`,
		body: '{"scaling_group":{"desired_size":"1"}}' })).status, 400);
});

test('faults: nodes that do not come, and ones that do not go', async () => {
	const id = await cluster('failing', 2);
	const np = (await pools(id))[0].nodepoolInfo.nodepoolId;

	await faults(sandbox, { do: 'fail_task', path: '/clusters/*/nodepools/*' });
	const { taskId } = await scale(id, np, 2);
	assert.equal((await ended(sdk, taskId)).error.code,
		'InvalidVSwitchId.IpNotEnough');
	assert.deepEqual(counts(await pool(id, np)), [4, 2, 0, 0, 2]);
	const failed = (await nodes(id, { state: 'failed' })).nodes;
	assert.equal(failed.length, 2);
	assert(failed.every((n) => n.errorMessage && n.nodeStatus === 'Offline'));

	await faults(sandbox, { do: 'fail_task', code: 'InternalError',
		method: 'PUT' });
	await ended(sdk, (await resize(id, np, 1)).taskId);
	assert.equal((await pool(id, np)).status.state, 'active');
	await ended(sdk, (await resize(id, np, 1)).taskId);
	assert.deepEqual(counts(await pool(id, np)), [1, 1, 0, 0, 0]);
});

test('a scale-out that is canceled leaves no nodes behind', async () => {
	const id = await cluster('cancel', 1);
	const np = (await pools(id))[0].nodepoolInfo.nodepoolId;

	await faults(sandbox, { do: 'stuck_task' });
	const { taskId } = await scale(id, np, 4);
	await sdk.cancelTask(taskId);
	assert.deepEqual(counts(await pool(id, np)), [1, 1, 0, 0, 0]);
});

test('a pool is deleted when it is empty, or by force', async () => {
	const id = await cluster('deleting', 1);
	const np = (await pools(id))[0].nodepoolInfo.nodepoolId;
	const drop = async (force) => (await sdk.deleteClusterNodepool(id, np,
		new r.DeleteClusterNodepoolRequest({ force }))).body;

	await assert.rejects(drop(), refused('ErrorNodePoolNotEmpty'));
	const { taskId } = await drop(true);
	assert.equal((await pool(id, np)).status.state, 'deleting');
	assert.equal((await ended(sdk, taskId)).taskType, 'nodepool_delete');
	await assert.rejects(pool(id, np),
		refused('ErrorNodePoolNotFound', 404));
	assert.equal((await nodes(id)).page.totalCount, 0);
	const { taskId: again, nodepoolId } = await add(id, 'empty', 0);
	await ended(sdk, again);
	await sdk.deleteClusterNodepool(id, nodepoolId,
		new r.DeleteClusterNodepoolRequest({}));
});

test('single nodes are removed', async () => {
	const id = await cluster('removing', 3);
	const np = (await pools(id))[0].nodepoolInfo.nodepoolId;
	const all = (await nodes(id)).nodes.map((n) => n.instanceId);
	const remove = async (instanceIds) =>
		(await sdk.removeNodePoolNodes(id, np,
			new r.RemoveNodePoolNodesRequest({ instanceIds,
				releaseNode: true, drainNode: true }))).body;

	await assert.rejects(remove([]), refused('MissingParameter'));
	await assert.rejects(remove([all[0], 'i-none']),
		refused('ErrorNodeNotFound', 404));
	const { taskId } = await remove([all[1]]);
	await ended(sdk, taskId);
	assert.deepEqual((await nodes(id)).nodes.map((n) => n.instanceId),
		[all[0], all[2]]);
	assert.equal((await pool(id, np)).scalingGroup.desiredSize, 2);
});

const kubelet = (p) => plain(p.nodeComponents)
	.find(({ name }) => name === 'kubelet').version;

test('nodes are upgraded after their cluster, which leaves them', async () => {
	const { json } = await plant(sandbox, { clusters: [
		{ name: 'behind', nodes: 1, current_version: '1.32.1-aliyun.1' }] });
	const [id] = json.cluster_ids;
	const np = (await pools(id))[0].nodepoolInfo.nodepoolId;
	const upgrade = async (what) => (await sdk.upgradeClusterNodepool(id, np,
		new r.UpgradeClusterNodepoolRequest(what))).body;
	const version = '1.33.3-aliyun.1';

	assert.equal(kubelet(await pool(id, np)), '1.32.1-aliyun.1');
	await assert.rejects(upgrade({ kubernetesVersion: version }),
		refused('InvalidKubernetesVersion'));
	await ended(sdk, (await sdk.upgradeCluster(id,
		new r.UpgradeClusterRequest({ nextVersion: version }))).body
		.taskId);
	assert.equal(kubelet(await pool(id, np)), '1.32.1-aliyun.1');
	const { taskId } = await upgrade({ kubernetesVersion: version,
		runtimeType: 'containerd', runtimeVersion: '2.1.3',
		imageId: 'm-2zeabcdefghijklmnopq' });
	assert.equal((await pool(id, np)).status.state, 'updating');
	await sdk.pauseTask(taskId);
	assert.equal((await sdk.describeTaskInfo(taskId)).body.state, 'paused');
	await sdk.resumeTask(taskId);
	assert.equal((await ended(sdk, taskId)).taskType, 'nodepool_upgrade');
	const p = await pool(id, np);
	assert.equal(kubelet(p), version);
	assert.equal(p.kubernetesConfig.runtimeVersion, '2.1.3');
	assert.equal(p.scalingGroup.imageId, 'm-2zeabcdefghijklmnopq');
	assert.equal(kubelet((await pools(id))[0]), version);
	await faults(sandbox, { do: 'fail_task', path: '*/upgrade' });
	await ended(sdk, (await upgrade({ runtimeVersion: '1.6.38' })).taskId);
	assert.equal((await pool(id, np)).kubernetesConfig.runtimeVersion,
		'2.1.3');
});

test('nodes come page by page and are found', async () => {
	const id = await cluster('nodes', 7);
	const { nodepoolId, taskId } = await add(id, 'more', 2);
	const all = (await nodes(id)).nodes;

	await ended(sdk, taskId);
	assert.equal(all.length, 9);
	assert.equal(new Set(all.map((n) => n.ipAddress[0])).size, 9);
	assert.equal(all[0].nodeName, `cn-beijing.${all[0].ipAddress[0]}`);
	assert.match(all[0].instanceId, /^i-2ze[0-9a-f]{17}$/);
	assert.equal(all[0].nodeStatus, 'Ready');
	assert.equal(all[0].isAliyunNode, true);
	assert.match(all[0].creationTime, /Z$/);
	const ids = async (what) =>
		(await nodes(id, what)).nodes.map((n) => n.instanceId);
	const wanted = all.map((n) => n.instanceId);
	assert.deepEqual(await ids({ pageSize: '4', pageNumber: '2' }),
		wanted.slice(4, 8));
	assert.equal((await nodes(id, { pageSize: '4' })).page.totalCount, 9);
	assert.equal((await call(sandbox, { action: 'DescribeClusterNodes',
		path: `/clusters/${id}/nodes` })).json.page.page_size, 10);
	assert.deepEqual(await ids({ nodepoolId }), wanted.slice(7));
	assert.deepEqual(await ids({ instanceIds: wanted.slice(2, 4).join() }),
		wanted.slice(2, 4));
	assert.deepEqual(await ids({ nodeNames: all[5].nodeName }), [wanted[5]]);
	for (const query of [{ pageSize: 0 }, { pageSize: 101 },
		{ pageNumber: 0 }, { state: 'x' }])
		assert.equal((await call(sandbox, {
			action: 'DescribeClusterNodes',
			path: `/clusters/${id}/nodes`, query })).status, 400,
		JSON.stringify(query));
});

test('pools of a cluster that does not run stay as they are', async () => {
	const { json } = await plant(sandbox, { clusters: [
		{ name: 'blocked', state: 'inactive', nodes: 1 }] });
	const [id] = json.cluster_ids;
	const np = (await pools(id))[0].nodepoolInfo.nodepoolId;

	await assert.rejects(add(id, 'x', 1), refused('InvalidStatus.Forbidden'));
	await assert.rejects(resize(id, np, 3), refused('InvalidStatus.Forbidden'));
	await assert.rejects(scale(id, np, 1), refused('InvalidStatus.Forbidden'));
	assert.equal((await send(sandbox, { path: '/_sandbox/clusters' }))
		.status, 200);
});
