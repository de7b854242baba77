// SPDX-License-Identifier: MIT
// The life of a cluster as the official SDK sees it: changed, upgraded,
// tagged, read, deleted.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { call, client, create, ended, faults, plant, refused, request as r,
	show, start } from './sandbox.mjs';

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

async function running(name, more) {
	const { json } = await create(sandbox, name, more);

	await ended(sdk, json.task_id);
	return json.cluster_id;
}

async function planted(...clusters) {
	const { status, json } = await plant(sandbox, { clusters });

	assert.equal(status, 200, JSON.stringify(json));
	return json.cluster_ids;
}

const detail = async (id) => (await sdk.describeClusterDetail(id)).body;
const modify = async (id, what) =>
	(await sdk.modifyCluster(id, new r.ModifyClusterRequest(what))).body;
const remove = async (id, what = {}) =>
	(await sdk.deleteCluster(id, new r.DeleteClusterRequest(what))).body;
const listed = async (name) => (await sdk.describeClustersForRegion(
	'cn-beijing', new r.DescribeClustersForRegionRequest({ name })))
	.body.clusters;

test('a change shows in detail and list, and is a task', async () => {
	const id = await running('before');
	const begun = modify(id, {
		clusterName: 'after', deletionProtection: true,
		apiServerEip: true, resourceGroupId: 'rg-other',
		securityGroupId: 'sg-other', vswitchIds: ['vsw-a', 'vsw-b'],
		timezone: 'Europe/Berlin', enableRrsa: true,
		maintenanceWindow: new r.MaintenanceWindow({ enable: true,
			maintenanceTime: '03:00:00Z', duration: '4h',
			weeklyPeriod: 'Monday' }),
		operationPolicy: new r.ModifyClusterRequestOperationPolicy({
			clusterAutoUpgrade: new r
				.ModifyClusterRequestOperationPolicyClusterAutoUpgrade(
					{ enabled: true, channel: 'stable' }) }),
	});
	const { clusterId, taskId } = await begun;

	assert.equal(clusterId, id);
	assert.equal((await detail(id)).state, 'updating');
	const task = await ended(sdk, taskId);
	assert.equal(task.state, 'success');
	assert.equal(task.taskType, 'cluster_modify');
	assert.deepEqual(plain(task.target), { id, type: 'cluster' });
	const d = await detail(id);
	assert.equal(d.state, 'running');
	assert.equal(d.name, 'after');
	assert.equal(d.deletionProtection, true);
	assert.equal(d.resourceGroupId, 'rg-other');
	assert.equal(d.securityGroupId, 'sg-other');
	assert.deepEqual(d.vswitchIds, ['vsw-a', 'vsw-b']);
	assert.equal(d.timezone, 'Europe/Berlin');
	assert.equal(d.rrsaConfig.enabled, true);
	assert.equal(d.maintenanceWindow.weeklyPeriod, 'Monday');
	assert.equal(d.operationPolicy.clusterAutoUpgrade.channel, 'stable');
	assert.match(JSON.parse(d.masterUrl).api_server_endpoint, /^https:/);
	const [item] = await listed('after');
	assert.equal(item.clusterId, id);
	assert.equal(item.timezone, 'Europe/Berlin');
	assert.equal(item.deletionProtection, true);
	assert.deepEqual(await listed('before'), []);
});

test('a bad change is refused with all its faults', async () => {
	const [id] = await planted({ name: 'strict' });
	const { status, json } = await call(sandbox, { method: 'PUT',
		action: 'ModifyCluster', path: `/api/v2/clusters/${id}`,
		body: JSON.stringify({ cluster_name: '', timezone: 1,
			deletion_protection: 'true', vswitch_ids: 'vsw-a',
			no_such: 1, operation_policy: { cluster_auto_upgrade: {
				channel: 'weekly' } } }) });

	assert.equal(status, 400);
	for (const name of ['cluster_name', 'timezone', 'deletion_protection',
		'vswitch_ids', 'no_such', 'channel'])
		assert(json.data.some(({ message }) => message.includes(name)),
			name);
});

test('a name that is taken is refused', async () => {
	const [, id] = await planted({ name: 'taken' }, { name: 'free' });

	await assert.rejects(modify(id, { clusterName: 'taken' }),
		refused('ErrorClusterNameAlreadyExist'));
	await modify(id, { clusterName: 'free' });
});

test('client_token: the same again, or another body', async () => {
	const [id] = await planted({ name: 'token' });
	const what = { timezone: 'UTC', clientToken: 'a-token' };
	const first = await modify(id, what);

	assert.deepEqual(await modify(id, what), first);
	await assert.rejects(modify(id, { ...what, timezone: 'Asia/Tokyo' }),
		refused('IdempotentParameterMismatch'));
	const { body } = await sdk.describeClusterTasks(id,
		new r.DescribeClusterTasksRequest({}));
	assert.deepEqual(body.tasks.map((t) => t.taskId), [first.taskId]);
});

test('only deletion protection can change while a cluster is blocked',
	async () => {
		for (const state of ['inactive', 'failed', 'unavailable']) {
			const [id] = await planted({ name: state, state,
				deletion_protection: true });

			await assert.rejects(modify(id, { timezone: 'UTC' }),
				refused('InvalidStatus.Forbidden'));
			await modify(id, { deletionProtection: false });
			assert.equal((await detail(id)).deletionProtection,
				false);
			assert.equal((await detail(id)).state, state);
		}
	});

test('a change that fails has changed nothing', async () => {
	const [id] = await planted({ name: 'unchanged' });

	await faults(sandbox, { do: 'fail_task', code: 'InternalError',
		message: 'It did not work.', method: 'PUT' });
	const { taskId } = await modify(id, { clusterName: 'changed' });
	const task = await ended(sdk, taskId);
	assert.equal(task.state, 'failed');
	assert.deepEqual(plain(task.error), { code: 'InternalError',
		message: 'It did not work.' });
	assert.equal((await detail(id)).name, 'unchanged');
	assert.equal((await detail(id)).state, 'running');
});

const upgrade = async (id, nextVersion) => (await sdk.upgradeCluster(id,
	new r.UpgradeClusterRequest({ nextVersion }))).body;

test('an upgrade to what is offered, and to nothing else', async () => {
	const id = await running('old', { kubernetes_version: '1.32.1-aliyun.1' });
	const next = (await detail(id)).nextVersion;

	assert.equal(next, '1.33.3-aliyun.1');
	for (const bad of ['1.32.1-aliyun.1', '1.31.9-aliyun.1', '9.9.9', ''])
		await assert.rejects(upgrade(id, bad));
	const { taskId } = await upgrade(id, next);
	assert.equal((await detail(id)).state, 'upgrading');
	await assert.rejects(modify(id, { timezone: 'UTC' }),
		refused('InvalidStatus.Forbidden'));
	const task = await ended(sdk, taskId);
	assert.equal(task.taskType, 'cluster_upgrade');
	assert.equal(task.parameters.next_version, next);
	const d = await detail(id);
	assert.equal(d.state, 'running');
	assert.equal(d.currentVersion, next);
	assert.equal(d.initVersion, '1.32.1-aliyun.1');
	assert.equal(d.nextVersion, '');
});

test('an upgrade is paused, resumed, and canceled', async () => {
	const [id] = await planted({ name: 'paused',
		current_version: '1.32.1-aliyun.1' });
	const { taskId } = await upgrade(id, '1.32.7-aliyun.1');

	await sdk.pauseTask(taskId);
	await assert.rejects(sdk.pauseTask(taskId), refused('ErrorTaskState'));
	// Longer than all of it would take.
	await sleep(1000);
	assert.equal((await sdk.describeTaskInfo(taskId)).body.state, 'paused');
	assert.equal((await detail(id)).state, 'upgrading');
	await sdk.resumeTask(taskId);
	assert.equal((await ended(sdk, taskId)).state, 'success');
	assert.equal((await detail(id)).currentVersion, '1.32.7-aliyun.1');
	await assert.rejects(sdk.cancelTask(taskId), refused('ErrorTaskState'));

	const { taskId: second } = await upgrade(id, '1.33.3-aliyun.1');
	await sdk.pauseTask(second);
	await sdk.cancelTask(second);
	assert.equal((await ended(sdk, second)).state, 'canceled');
	assert.equal((await detail(id)).state, 'running');
	assert.equal((await detail(id)).currentVersion, '1.32.7-aliyun.1');
	await assert.rejects(sdk.cancelTask('T-none'),
		refused('ErrorTaskNotFound', 404));
});

test('only an upgrade can be paused; a creation can be canceled', async () => {
	await faults(sandbox, { do: 'stuck_task' });
	const { json } = await create(sandbox, 'canceled');

	await assert.rejects(sdk.pauseTask(json.task_id),
		refused('ErrorTaskState'));
	await sdk.cancelTask(json.task_id);
	assert.equal((await detail(json.cluster_id)).state, 'failed');
	assert.equal((await ended(sdk, json.task_id)).state, 'canceled');
});

test('a cluster is deleted, and its task still tells of it', async () => {
	const id = await running('short-lived');
	const { taskId, clusterId } = await remove(id, {
		retainAllResources: false, retainResources: ['sg-1'],
		deleteOptions: [new r.DeleteClusterRequestDeleteOptions(
			{ resourceType: 'SLB', deleteMode: 'delete' })] });

	assert.equal(clusterId, id);
	assert.equal((await detail(id)).state, 'deleting');
	await assert.rejects(remove(id), refused('InvalidStatus.Forbidden'));
	const task = await ended(sdk, taskId);
	assert.equal(task.state, 'success');
	assert.equal(task.taskType, 'cluster_delete');
	await assert.rejects(detail(id), refused('ErrorClusterNotFound', 404));
	await assert.rejects(remove(id), refused('ErrorClusterNotFound', 404));
	assert.deepEqual(await listed('short-lived'), []);
});

test('what is wrong with a deletion', async () => {
	const [id] = await planted({ name: 'kept', deletion_protection: true });

	await assert.rejects(remove(id), refused('ErrorDeletionProtection'));
	for (const query of [{ retain_resources: 'x' },
		{ retain_resources: '[1]' }, { retain_all_resources: 'yes' },
		{ delete_options: '{}' }, { delete_options: '[{}]' },
		{ delete_options: '[{"resource_type":"VPC",' +
			'"delete_mode":"delete"}]' }]) {
		const { status } = await call(sandbox, { method: 'DELETE',
			action: 'DeleteCluster', path: `/clusters/${id}`,
			query });

		assert.equal(status, 400, JSON.stringify(query));
	}
	assert.equal((await detail(id)).state, 'running');
});

test('fault: delete_failed, and another try', async () => {
	const [id] = await planted({ name: 'sticky', nodes: 2 });

	const pool = async () => (await sdk.describeClusterNodePools(id,
		new r.DescribeClusterNodePoolsRequest({})))
		.body.nodepools[0].status;
	await faults(sandbox, { do: 'delete_failed' });
	const { taskId } = await remove(id);
	assert.equal((await pool()).state, 'deleting');
	assert.equal((await pool()).removingNodes, 2);
	const task = await ended(sdk, taskId);
	assert.equal((await pool()).healthyNodes, 2);
	assert.equal(task.state, 'failed');
	assert.equal(task.error.code, 'DependencyViolation.Resource');
	assert.equal((await detail(id)).state, 'delete_failed');
	await ended(sdk, (await remove(id)).taskId);
	await assert.rejects(detail(id), refused('ErrorClusterNotFound', 404));
});

test('a cluster goes while it comes up', async () => {
	const { json } = await create(sandbox, 'hasty');
	const { taskId } = await remove(json.cluster_id);

	assert.equal((await ended(sdk, json.task_id)).state, 'canceled');
	assert.equal((await ended(sdk, taskId)).state, 'success');
});

const tagsOf = async (id) => plain((await detail(id)).tags);
const about = (...ids) => ({ regionId: 'cn-beijing', resourceType: 'CLUSTER',
	resourceIds: ids });

test('tags are set, listed, taken away, and replaced', async () => {
	const [one, two] = await planted({ name: 'tag-1' }, { name: 'tag-2' });

	await sdk.tagResources(new r.TagResourcesRequest({ ...about(one, two),
		tags: [new r.Tag({ key: 'env', value: 'test' }),
			new r.Tag({ key: 'empty', value: '' })] }));
	await sdk.tagResources(new r.TagResourcesRequest({ ...about(one),
		tags: [new r.Tag({ key: 'env', value: '中文' })] }));
	assert.deepEqual(await tagsOf(one), [{ key: 'env', value: '中文' },
		{ key: 'empty', value: '' }]);
	assert.deepEqual(plain((await listed('tag-2'))[0].tags),
		[{ key: 'env', value: 'test' }, { key: 'empty', value: '' }]);

	const list = async (more) => (await sdk.listTagResources(
		new r.ListTagResourcesRequest({ ...about(one, two), ...more })))
		.body.tagResources.tagResource;
	assert.equal((await list({})).length, 4);
	const found = await list({ tags: [new r.Tag(
		{ key: 'env', value: 'test' })] });
	assert.deepEqual(plain(found[0]), { resourceId: two,
		resourceType: 'ALIYUN::CS::CLUSTER', tagKey: 'env',
		tagValue: 'test' });

	await sdk.untagResources(new r.UntagResourcesRequest(
		{ ...about(one), tagKeys: ['env', 'none'] }));
	assert.deepEqual(await tagsOf(one), [{ key: 'empty', value: '' }]);
	await sdk.untagResources(new r.UntagResourcesRequest(
		{ ...about(two), all: true }));
	assert.deepEqual(await tagsOf(two), []);
	await sdk.modifyClusterTags(one, new r.ModifyClusterTagsRequest(
		{ body: [new r.Tag({ key: 'x', value: 'y' })] }));
	assert.deepEqual(await tagsOf(one), [{ key: 'x', value: 'y' }]);
});

test('tags that cannot be are refused', async () => {
	const [id] = await planted({ name: 'tag-bad' });
	const tag = (key, value = '') => new r.Tag({ key, value });

	for (const tags of [[tag('')], [tag('acs:x')], [tag('a'), tag('a')],
		[tag('k'.repeat(65))], [tag('a', 'http://x')],
		Array.from({ length: 21 }, (_, i) => tag(`k${i}`))])
		await assert.rejects(sdk.tagResources(
			new r.TagResourcesRequest({ ...about(id), tags })),
		refused('InvalidParameter.Format'));
	await assert.rejects(sdk.tagResources(new r.TagResourcesRequest(
		{ ...about('cnone'), tags: [tag('a')] })),
	refused('ErrorClusterNotFound', 404));
	assert.deepEqual(await tagsOf(id), []);
});

const kubeconfig = async (id, what = {}) =>
	(await sdk.describeClusterUserKubeconfig(id,
		new r.DescribeClusterUserKubeconfigRequest(what))).body;

test('a kubeconfig, private and public, for a while and for long', async () => {
	const [open, closed] = await planted(
		{ name: 'open', endpoint_public_access: true },
		{ name: 'closed', endpoint_public_access: false });
	const { config, expiration } = await kubeconfig(open);

	assert.match(config, /server: https:\/\/203\.0\.113\.10:6443/);
	assert.match(expiration, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
	const inside = await kubeconfig(closed, { privateIpAddress: true,
		temporaryDurationMinutes: 15 });
	assert.match(inside.config, /server: https:\/\/192\.168\.0\.10:6443/);
	const left = (new Date(inside.expiration) - Date.now()) / 60000;
	assert(left > 13 && left <= 15, inside.expiration);
	for (const [, data] of config.matchAll(/-data: (.*)/g))
		assert.match(Buffer.from(data, 'base64').toString(),
			/^-----BEGIN [A-Z ]+-----\n[\w+/=\n]+-----END [A-Z ]+-----\n$/);
	await assert.rejects(kubeconfig(closed),
		refused('ErrorPublicEndpointNotFound'));
	for (const temporaryDurationMinutes of [14, 4321, -1])
		await assert.rejects(kubeconfig(open,
			{ temporaryDurationMinutes }),
		refused('InvalidParameter.Format'));
	const [failed] = await planted({ name: 'failed', state: 'failed' });
	await assert.rejects(kubeconfig(failed, { privateIpAddress: true }),
		refused('InvalidStatus.Forbidden'));
});

test('kubectl takes the kubeconfig', async (t) => {
	const [id] = await planted({ name: 'kubectl' });
	const { config } = await kubeconfig(id, { privateIpAddress: true });
	const file = path.join(os.tmpdir(), `kubeconfig-${process.pid}`);
	let view;

	t.after(() => rm(file, { force: true }));
	await writeFile(file, config, { mode: 0o600 });
	try {
		view = execFileSync('kubectl', ['config', 'view', '--raw',
			'-o', 'json', '--kubeconfig', file]);
	} catch (e) {
		if (e.code !== 'ENOENT')
			throw e;
		t.skip('there is no kubectl');
		return;
	}
	const parsed = JSON.parse(view);
	const context = parsed.contexts.find((c) =>
		c.name === parsed['current-context']).context;
	assert(parsed.users.some((u) => u.name === context.user));
	assert(parsed.clusters.some((c) => c.name === context.cluster));
});

test('what a failed creation leaves to read', async () => {
	await faults(sandbox, { do: 'fail_task', code: 'QuotaExceeded.Eip',
		message: 'No EIP is left.' });
	const { json } = await create(sandbox, 'failing');
	const task = await ended(sdk, json.task_id);
	const id = json.cluster_id;

	assert.equal(task.state, 'failed');
	assert(task.stages.some((s) => s.state === 'failed' &&
		s.message === 'No EIP is left.'));
	assert(task.events.some((e) => e.level === 'error'));
	const { body } = await sdk.describeClusterEvents(id,
		new r.DescribeClusterEventsRequest({ taskId: json.task_id }));
	assert.deepEqual(plain(body.events[0].data), { level: 'error',
		reason: 'QuotaExceeded.Eip', message: 'No EIP is left.' });
	assert.equal(body.events[0].subject, id);
	assert.match(body.events[0].eventId, /^e-[0-9A-F-]{36}$/);
	const { body: logs } = await sdk.describeClusterLogs(id);
	assert(logs.some((l) => l.clusterLog.includes('No EIP is left.')));
	assert(logs.some((l) => l.clusterLog.includes(json.request_id)));
	assert.deepEqual(logs.map((l) => l.ID), logs.map((_, i) => i + 1));
});

test('events come page by page, the newest first, and by region', async () => {
	const id = await running('events');
	const page = async (pageNumber, pageSize) =>
		(await sdk.describeClusterEvents(id,
			new r.DescribeClusterEventsRequest(
				{ pageNumber, pageSize }))).body;
	const all = (await page(1, 100)).events;

	assert.equal(all.at(-1).data.reason, 'precheck');
	assert.equal(all[0].data.reason, 'success');
	assert.deepEqual((await page(2, 2)).events, all.slice(2, 4));
	assert.equal((await page(1, 2)).pageInfo.totalCount, all.length);
	for (const region of [null, 'cn-beijing', 'cn-hangzhou']) {
		const { body } = region
			? await sdk.describeEventsForRegion(region,
				new r.DescribeEventsForRegionRequest(
					{ clusterId: id }))
			: await sdk.describeEvents(new r.DescribeEventsRequest(
				{ clusterId: id, type: 'cluster_create' }));

		assert.equal(body.events.length,
			region === 'cn-hangzhou' ? 0 : all.length);
	}
});

test('the resources of a cluster', async () => {
	const id = await running('resources',
		{ endpoint_public_access: true });
	const list = async (withAddonResources) =>
		(await sdk.describeClusterResources(id,
			new r.DescribeClusterResourcesRequest(
				{ withAddonResources }))).body;
	const some = await list(false), all = await list(true);
	const of = (type) => some.filter((o) => o.resourceType === type);

	assert.equal(of('ALIYUN::ECS::VPC')[0].autoCreate, 0);
	assert.equal(of('ALIYUN::VPC::NatGateway')[0].autoCreate, 1);
	assert.equal(of('ALIYUN::VPC::EIP').length, 1);
	assert.equal(of('ALIYUN::ESS::ScalingGroup').length, 1);
	assert(some.every((o) => o.state === 'CREATE_COMPLETE' &&
		o.clusterId === id));
	assert(all.length > some.length);
});

test('versions, and what they can be upgraded to', async () => {
	const list = async (more) => (await sdk
		.describeKubernetesVersionMetadata(
			new r.DescribeKubernetesVersionMetadataRequest({
				region: 'cn-beijing',
				clusterType: 'ManagedKubernetes', ...more })))
		.body;
	const creatable = await list({});
	const supported = await list({ mode: 'supported' });

	assert(creatable.every((v) => v.creatable));
	assert(supported.length > creatable.length);
	const [one] = await list({ kubernetesVersion: '1.32.1-aliyun.1',
		queryUpgradableVersion: true });
	assert.deepEqual(one.upgradableVersions,
		['1.33.3-aliyun.1', '1.32.7-aliyun.1']);
	assert.equal(one.runtimes[0].name, 'containerd');
	assert(one.images.some((i) => i.imageType === 'AliyunLinux3'));
	assert.deepEqual(await list({ kubernetesVersion: '1.2.3' }), []);
	for (const bad of [{ region: undefined }, { clusterType: 'x' },
		{ mode: 'x' }, { queryUpgradableVersion: true }])
		await assert.rejects(list(bad));
});

test('quota, addons, and service roles', async () => {
	const { body: quota } = await sdk.describeUserQuota();
	assert(quota.amkClusterQuota > 0);
	assert(Number(quota.quotas.q_nodes.quota) > 0);

	const [id] = await planted({ name: 'addons' });
	const addons = async (what) => (await sdk.listAddons(
		new r.ListAddonsRequest(what))).body.addons;
	const list = await addons({ clusterId: id });
	assert(list.some((a) => a.name === 'terway-eniip'));
	assert(list.every((a) => JSON.parse(a.configSchema)));
	assert.deepEqual(await addons({ regionId: 'cn-beijing',
		clusterType: 'ManagedKubernetes', profile: 'Default',
		clusterSpec: 'ack.standard',
		clusterVersion: '1.33.3-aliyun.1' }), list);
	await assert.rejects(addons({ regionId: 'cn-beijing' }),
		refused('MissingParameter'));
	await assert.rejects(addons({ clusterId: 'cnone' }),
		refused('ErrorClusterNotFound', 404));

	const roles = async (...names) => (await sdk.checkServiceRole(
		new r.CheckServiceRoleRequest({ roles: names.map((name) =>
			new r.CheckServiceRoleRequestRoles({ name })) })))
		.body.roles.map(({ name, granted }) => [name, granted]);
	await faults(sandbox, { do: 'role_missing', code: 'RoleB' });
	assert.deepEqual(await roles('RoleA', 'RoleB', 'RoleC'),
		[['RoleA', true], ['RoleB', false], ['RoleC', true]]);
	assert.deepEqual(await roles('RoleB'), [['RoleB', true]]);
});

test('the log has every call by its name', async () => {
	const actions = new Set((await show(sandbox, 'requests'))
		.map((q) => q.action));

	for (const action of ['ModifyCluster', 'UpgradeCluster',
		'DeleteCluster', 'PauseTask', 'TagResources',
		'DescribeClusterUserKubeconfig'])
		assert(actions.has(action), action);
});

test('a kubeconfig that is revoked is another one afterwards', async () => {
	const [id, other] = await planted({ name: 'revoked' },
		{ name: 'blocked', state: 'inactive' });
	const config = async () => (await sdk.describeClusterUserKubeconfig(id,
		new r.DescribeClusterUserKubeconfigRequest(
			{ privateIpAddress: true }))).body.config;
	const first = await config();

	assert.equal(await config(), first);
	await sdk.revokeK8sClusterKubeConfig(id);
	assert.notEqual(await config(), first);
	await assert.rejects(sdk.revokeK8sClusterKubeConfig(other),
		refused('InvalidStatus.Forbidden'));
});

test('a Basic cluster becomes a Pro one, and no other does', async () => {
	const [id] = await planted({ name: 'basic',
		cluster_spec: 'ack.standard' });
	const spec = async () => (await sdk.describeClusterDetail(id)).body
		.clusterSpec;
	const migrate = () => sdk.migrateCluster(id,
		new r.MigrateClusterRequest({}));

	assert.equal(await spec(), 'ack.standard');
	await ended(sdk, (await migrate()).body.taskId);
	assert.equal(await spec(), 'ack.pro.small');
	await assert.rejects(migrate(), refused('InvalidParameter.ClusterSpec'));
});

test('checks and vulnerabilities of a cluster, events of its region', async () => {
	const [id, other] = await planted({ name: 'checked', nodes: 1 },
		{ name: 'unchecked', state: 'inactive' });
	const run = async (cluster, type) => (await sdk.runClusterCheck(cluster,
		new r.RunClusterCheckRequest({ type }))).body.checkId;
	const get = async (check) => (await sdk.getClusterCheck(id, check)).body;
	const check = await run(id, 'ClusterUpgrade');

	await ended(sdk, check);
	const { checkItems, type, finishedAt } = await get(check);

	assert.equal(type, 'ClusterUpgrade');
	assert(finishedAt);
	assert.equal(checkItems.nodes.length, 1);
	await assert.rejects(run(id, 'NoSuch'),
		refused('InvalidParameter.Format'));
	await assert.rejects(run(other, 'ClusterUpgrade'),
		refused('InvalidStatus.Forbidden'));
	await assert.rejects(get('T-none'), refused('ErrorCheckNotFound', 404));
	const [vul] = (await sdk.describeClusterVuls(id)).body.vulRecords;

	assert.equal(vul.necessity, 'asap');
	assert.equal(vul.nodeCount, 1);
	const { events } = (await sdk.describeEventsForRegion('cn-beijing',
		new r.DescribeEventsForRegionRequest({ clusterId: id }))).body;

	assert(events.some((e) => e.type === 'cluster_check'
		&& e.clusterId === id));
});

test('addons are installed, upgraded, modified and uninstalled', async () => {
	const [id] = await planted({ name: 'addons' });
	const list = async () => (await sdk.listClusterAddonInstances(id)).body
		.addons.map(({ name, version }) => `${name}@${version}`);
	const get = async (name) =>
		(await sdk.getClusterAddonInstance(id, name)).body;
	const install = async (...addons) => (await sdk.installClusterAddons(id,
		new r.InstallClusterAddonsRequest({ body: addons.map((a) =>
			new r.InstallClusterAddonsRequestBody(a)) }))).body;
	const upgrade = async (addon) => (await sdk.upgradeClusterAddons(id,
		new r.UpgradeClusterAddonsRequest({ body: [
			new r.UpgradeClusterAddonsRequestBody(addon)] }))).body;
	const uninstall = async (name) => (await sdk.unInstallClusterAddons(id,
		new r.UnInstallClusterAddonsRequest({ addons: [
			new r.UnInstallClusterAddonsRequestAddons({ name })] })))
		.body;
	const modify = (name, config) => sdk.modifyClusterAddon(id, name,
		new r.ModifyClusterAddonRequest({ config }));

	assert((await list()).includes('coredns@v1.9.3.10-aliyun'));
	const { taskId } = await install({ name: 'arms-prometheus',
		version: '1.1.33', config: '{"a":"b"}' });
	assert.equal((await ended(sdk, taskId)).taskType, 'cluster_addon_install');
	assert.equal((await get('arms-prometheus')).config, '{"a":"b"}');
	await modify('arms-prometheus', '{"a":"c"}');
	assert.equal((await get('arms-prometheus')).config, '{"a":"c"}');
	await ended(sdk, (await upgrade({ componentName: 'coredns',
		nextVersion: 'v1.11.3.5-aliyun' })).taskId);
	assert.equal((await get('coredns')).version, 'v1.11.3.5-aliyun');
	await ended(sdk, (await uninstall('arms-prometheus')).taskId);
	assert(!(await list()).some((a) => a.startsWith('arms-prometheus')));
	await faults(sandbox, { do: 'fail_task', path: '*/install' });
	await ended(sdk, (await install({ name: 'arms-prometheus',
		version: '1.1.33' })).taskId);
	assert(!(await list()).some((a) => a.startsWith('arms-prometheus')));
	for (const [call, code, status] of [
		[() => get('nono'), 'AddonNotFound', 404],
		[() => install({ name: 'nono', version: '1' }), 'AddonNotFound',
			404],
		[() => install({ name: 'coredns', version: '1' }),
			'AddonAlreadyInstalled'],
		[() => install({ name: 'flannel', version: '1' }),
			'InvalidParameter.Version'],
		[() => upgrade({ componentName: 'flannel', nextVersion: '1' }),
			'AddonNotInstalled'],
		[() => uninstall('flannel'), 'AddonNotInstalled'],
		[() => modify('flannel', '{}'), 'AddonNotInstalled']])
		await assert.rejects(call(), refused(code, status));
});
