// SPDX-License-Identifier: MIT
// The official SDK, unmodified, finds its way in the sandbox; and the sandbox
// refuses what the service refuses.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { capture, urlOf } from './capture.mjs';
import { recompute } from './recompute.mjs';
import { body, call, client, password, request, send, show, sign, start }
	from './sandbox.mjs';

let sandbox;

before(async () => {
	sandbox = await start('--speed', '100');
});

after(async () => {
	assert.equal(await sandbox.stop(), 0);
});

const refused = (code, statusCode) => (e) => {
	assert.equal(e.code, code);
	assert.equal(e.statusCode, statusCode);
	return true;
};

function sdkBody(name) {
	const b = body(name);

	return new request.CreateClusterRequest({
		name: b.name,
		clusterType: b.cluster_type,
		regionId: b.region_id,
		snatEntry: b.snat_entry,
		vpcid: b.vpcid,
		vswitchIds: b.vswitch_ids,
		containerCidr: b.container_cidr,
		serviceCidr: b.service_cidr,
		nodeCidrMask: b.node_cidr_mask,
		proxyMode: b.proxy_mode,
		endpointPublicAccess: b.endpoint_public_access,
		addons: b.addons.map((a) => new request.Addon(a)),
		workerInstanceTypes: b.worker_instance_types,
		numOfNodes: b.num_of_nodes,
		workerSystemDiskCategory: b.worker_system_disk_category,
		workerSystemDiskSize: b.worker_system_disk_size,
		loginPassword: b.login_password,
		tags: b.tags.map((t) => new request.Tag(t)),
	});
}

test('the SDK creates, lists, describes and follows a cluster', async () => {
	const sdk = client(sandbox);
	const { statusCode, body: made } =
		await sdk.createCluster(sdkBody('sdk-1'));

	assert.equal(statusCode, 202);
	assert.match(made.clusterId, /^c[0-9a-f]{32}$/);
	assert.match(made.taskId, /^T-[0-9a-f]{24}$/);
	assert.match(made.requestId, /^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/);

	const { body: list } = await sdk.describeClustersForRegion('cn-beijing',
		new request.DescribeClustersForRegionRequest(
			{ name: 'sdk', pageNumber: 1, pageSize: 50 }));
	assert.deepEqual(list.clusters.map((c) => c.clusterId),
		[made.clusterId]);
	assert.equal(list.pageInfo.totalCount, 1);

	let task;
	do {
		({ body: task } = await sdk.describeTaskInfo(made.taskId));
		await sleep(5);
	} while (task.state === 'running');
	assert.equal(task.state, 'success');
	assert.equal(task.clusterId, made.clusterId);
	assert.equal(task.taskType, 'cluster_create');
	assert(task.stages.length > 1);
	assert(task.stages.every((s) => s.state === 'success'));
	assert(task.events.length >= task.stages.length);

	const { body: detail } =
		await sdk.describeClusterDetail(made.clusterId);
	assert.equal(detail.name, 'sdk-1');
	assert.equal(detail.state, 'running');
	assert.equal(detail.size, 3);
	assert.equal(detail.vpcId, 'vpc-2zegvl5etah5requ09nec');
	assert.deepEqual(detail.vswitchIds, ['vsw-2ze48rkq464rsdts1abcd']);
	assert.equal(detail.nodeCidrMask, '25');
	assert.equal(detail.deletionProtection, false);
	assert.deepEqual(detail.tags.map((t) => ({ ...t })),
		[{ key: 'env', value: '中文' }]);
	assert.match(detail.created, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00$/);
	assert.match(JSON.parse(detail.masterUrl).intranet_api_server_endpoint,
		/^https:/);

	const { body: tasks } = await sdk.describeClusterTasks(made.clusterId,
		new request.DescribeClusterTasksRequest({}));
	assert.deepEqual(tasks.tasks.map((t) => t.taskId), [made.taskId]);
});

test('the SDK lists regions', async () => {
	const { body: { regions } } = await client(sandbox).describeRegions(
		new request.DescribeRegionsRequest({}));

	assert(regions.some((r) => r.regionId === 'cn-beijing'));
});

test('names are found by any part, also with odd characters', async () => {
	const sdk = client(sandbox);

	await sdk.createCluster(sdkBody('集群-中文-1'));
	for (const [name, count] of [['中文', 1], ['文-1', 1], ['nothing', 0],
		["a b+c&d=e!'()*~%2F", 0]]) {
		const { body: list } = await sdk.describeClustersForRegion(
			'cn-beijing',
			new request.DescribeClustersForRegionRequest({ name }));

		assert.equal(list.clusters.length, count, name);
	}
	const { body: elsewhere } = await sdk.describeClustersForRegion(
		'cn-hangzhou',
		new request.DescribeClustersForRegionRequest({}));
	assert.equal(elsewhere.clusters.length, 0);
});

test('temporary credentials of the SDK pass', async () => {
	const { body: list } = await client(sandbox,
		{ securityToken: 'made-up-token' })
		.describeClustersForRegion('cn-beijing',
			new request.DescribeClustersForRegionRequest({}));

	assert(Array.isArray(list.clusters));
});

test('a wrong secret and an unknown ID are refused', async () => {
	const list = (keys) => client(sandbox, keys)
		.describeClustersForRegion('cn-beijing',
			new request.DescribeClustersForRegionRequest({}));

	await assert.rejects(list({ accessKeySecret: 'wrong' }),
		refused('SignatureDoesNotMatch', 400));
	await assert.rejects(list({ accessKeyId: 'LTAI5tNobody' }),
		refused('InvalidAccessKeyId.NotFound', 404));
});

test('what does not exist is not found', async () => {
	const sdk = client(sandbox);

	await assert.rejects(sdk.describeClusterDetail(`c${'0'.repeat(32)}`),
		refused('ErrorClusterNotFound', 404));
	await assert.rejects(sdk.describeTaskInfo(`T-${'0'.repeat(24)}`),
		refused('ErrorTaskNotFound', 404));
	await assert.rejects(
		sdk.describeClusters(new request.DescribeClustersRequest({})),
		refused('InvalidApi.NotFound', 404));
});

// A request that the SDK made and signed, as it came over the wire.
async function captured(act) {
	let seen;
	const server = await capture((r) => {
		seen = r;
	});

	await act(client({ ...sandbox, url: urlOf(server) }));
	server.close();
	return seen;
}

function replay({ method, url, headers, body: text }, more = {}) {
	const rest = { ...headers };

	delete rest['transfer-encoding'];
	delete rest.connection;
	return send(sandbox, { method, path: url, body: text,
		headers: { ...rest, ...more } });
}

const one = () => captured((sdk) => sdk.createCluster(sdkBody('captured')));

test('a request passes once: its nonce is used up then', async () => {
	const seen = await one();
	const before = (await show(sandbox, 'clusters')).length;
	const first = await replay(seen), second = await replay(seen);

	assert.equal(first.status, 202);
	assert.equal(second.status, 400);
	assert.equal(second.json.Code, 'SignatureNonceUsed');
	assert.equal((await show(sandbox, 'clusters')).length, before + 1);
});

test('a header that is not signed is refused', async () => {
	const seen = await one();

	for (const name of ['x-acs-added', 'X-Acs-Security-Token']) {
		const answer = await replay(seen, { [name]: 'x' });

		assert.equal(answer.status, 400);
		assert.equal(answer.json.Code, 'IncompleteSignature');
	}
	assert.equal((await replay(seen)).status, 202);
});

test('a request that was changed on its way is refused', async () => {
	const seen = await one();
	const changes = [
		[{ ...seen, body: seen.body.replace('captured', 'capturer') }],
		[{ ...seen, url: `${seen.url}?a=b` }],
		[seen, { 'content-type': 'application/json' }],
		[seen, { host: 'cs.cn-beijing.aliyuncs.com' }],
		[seen, { 'x-acs-date': '2026-01-02T03:04:05Z' }],
		[seen, { 'x-acs-content-sha256': '0'.repeat(64) }],
	];

	for (const change of changes) {
		const answer = await replay(...change);

		assert.equal(answer.status, 400);
		assert.equal(answer.json.Code, 'SignatureDoesNotMatch');
	}
	const { Message } = (await replay(seen, { host: 'x' })).json;
	assert.match(Message, /ACS3-HMAC-SHA256\n[0-9a-f]{64}/);
});

test('the SDK\'s own signing code agrees with what it sent', async () => {
	const seen = await captured((sdk) => sdk.describeClustersForRegion(
		'cn-beijing', new request.DescribeClustersForRegionRequest(
			{ name: 'te st!\'()*', pageSize: 50 })));

	assert.deepEqual(recompute(seen, sandbox.access_key_id,
		sandbox.access_key_secret), []);
	assert.equal(recompute(seen, sandbox.access_key_id, 'wrong').length, 1);
	assert.equal(recompute({ ...seen, body: 'x' }, sandbox.access_key_id,
		sandbox.access_key_secret).length, 2);
});

test('dates and formats', async () => {
	const path = '/regions/cn-beijing/clusters';
	const at = (ms) => new Date(Date.now() + ms).toISOString()
		.replace(/\.\d+Z/, 'Z');
	const cases = [
		['x-acs-date', at(-880_000), 200],
		['x-acs-date', at(880_000), 200],
		['x-acs-date', at(-920_000), 'InvalidTimeStamp.Expired'],
		['x-acs-date', at(920_000), 'InvalidTimeStamp.Expired'],
		['x-acs-date', new Date().toISOString(),
			'InvalidTimeStamp.Format'],
		['x-acs-date', 'Fri, 02 Jan 2026 03:04:05 GMT',
			'InvalidTimeStamp.Format'],
		['x-acs-version', '2014-05-26', 'InvalidVersion'],
		['x-acs-action', 'CreateCluster', 'InvalidApi.NotFound'],
		['x-acs-signature-nonce', '', 'IncompleteSignature'],
		['x-acs-content-sha256', '0'.repeat(64),
			'SignatureDoesNotMatch'],
	];

	for (const [name, value, wanted] of cases) {
		const { status, json } = await call(sandbox,
			{ path, headers: { [name]: value } });

		assert.equal(wanted === 200 ? status : json.Code, wanted,
			`${name}: ${value}`);
	}
});

test('a request without a usable Authorization is refused', async () => {
	const path = '/regions/cn-beijing/clusters';
	const { Authorization, ...headers } = sign(sandbox, { path });

	for (const text of [undefined, '', 'acs LTAI:c2ln',
		Authorization.replace('ACS3-HMAC-SHA256', 'ACS3-HMAC-SM3'),
		Authorization.replace(/,SignedHeaders=[^,]*/, ''),
		Authorization.replace('host;', ''),
		`${Authorization}0`]) {
		const answer = await send(sandbox, { path, headers:
			text === undefined ? headers
				: { ...headers, Authorization: text } });

		assert.equal(answer.json.Code, 'IncompleteSignature', text);
	}
	const { 'x-acs-date': _, ...dateless } = headers;
	const answer = await send(sandbox,
		{ path, headers: { ...dateless, Authorization } });
	assert.equal(answer.json.Code, 'IncompleteSignature');
});

test('no secret is shown', async () => {
	await client(sandbox).createCluster(sdkBody('secret'));
	for (const what of ['clusters', 'requests'])
		assert(!JSON.stringify(await show(sandbox, what))
			.includes(password));
});
