// SPDX-License-Identifier: MIT
// Starts an ack-sandbox, and speaks to it: through the SDK, or in requests
// of which a test decides every byte.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import http from 'node:http';
import readline from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

// The SDK is CommonJS, and what it exports is only found by require().
const require = createRequire(import.meta.url);
const core = require('@alicloud/openapi-core');
const cs = require('@alicloud/cs20151215');

export const { OpenApiUtil } = core;
export const request = cs;

const program = process.env.ACK_SANDBOX ?? 'ack-sandbox';

export async function start(...options) {
	const child = spawn(program, options,
		{ stdio: ['ignore', 'pipe', 'inherit'] });
	const lines = readline.createInterface({ input: child.stdout });
	const first = await Promise.race([
		once(lines, 'line'),
		once(child, 'exit').then(([code]) => {
			throw new Error(`${program} ended with ${code}`);
		}),
	]);
	const exit = once(child, 'exit');

	return {
		...JSON.parse(first[0]),
		pid: child.pid,
		async stop(signal = 'SIGTERM') {
			child.kill(signal);
			const [code] = await exit;
			return code;
		},
	};
}

export function client(sandbox, keys = {}) {
	return new cs.default(new core.$OpenApiUtil.Config({
		accessKeyId: sandbox.access_key_id,
		accessKeySecret: sandbox.access_key_secret,
		...keys,
		regionId: 'cn-beijing',
		protocol: 'http',
		endpoint: new URL(sandbox.url).host,
	}));
}

// Sends exactly this, and gives the answer; undefined: none came.
export function send(sandbox, { method = 'GET', path, headers = {}, body,
	agent }) {
	return new Promise((resolve, reject) => {
		const req = http.request(sandbox.url + path,
			{ method, headers, agent }, (res) => {
				const parts = [];

				res.on('data', (part) => parts.push(part));
				res.on('error', () => resolve(undefined));
				res.on('end', () => {
					const text = Buffer.concat(parts)
						.toString();
					let json;

					try {
						json = JSON.parse(text);
					} catch {
						json = undefined;
					}
					resolve({ status: res.statusCode,
						headers: res.headers, text,
						json });
				});
			});
		req.on('error', (e) => {
			if (e.code === 'ECONNRESET')
				resolve(undefined);
			else
				reject(e);
		});
		req.end(body);
	});
}

const actions = [
	[/^POST \/clusters$/, 'CreateCluster'],
	[/^GET \/clusters\/[^/]*$/, 'DescribeClusterDetail'],
	[/^GET \/regions\/[^/]*\/clusters$/, 'DescribeClustersForRegion'],
	[/^GET \/tasks\/[^/]*$/, 'DescribeTaskInfo'],
];

let count = 0;

// The headers of a request, signed by the SDK's own code.
export function sign(sandbox, { method = 'GET', path, query = {}, body = '',
	headers = {}, action }) {
	const hash = createHash('sha256').update(body).digest('hex');
	const [, known] = actions.find(([form]) =>
		form.test(`${method} ${path}`)) ?? [null, 'Unknown'];
	const signed = {
		host: new URL(sandbox.url).host,
		'x-acs-action': action ?? known,
		'x-acs-version': '2015-12-15',
		'x-acs-date': OpenApiUtil.getTimestamp(),
		'x-acs-signature-nonce': `${process.pid}-${Date.now()}-${count++}`,
		'x-acs-content-sha256': hash,
		...(body ? { 'content-type': 'application/json' } : {}),
		...headers,
	};

	signed.Authorization = OpenApiUtil.getAuthorization(
		{ method, pathname: path, query, headers: signed },
		'ACS3-HMAC-SHA256', signed['x-acs-content-sha256'],
		sandbox.access_key_id, sandbox.access_key_secret);
	return signed;
}

export function call(sandbox, what) {
	const search = new URLSearchParams(what.query ?? {}).toString();

	return send(sandbox, { ...what, headers: sign(sandbox, what),
		path: what.path + (search ? `?${search}` : '') });
}

// Replaces the rules of faults.
export async function faults(sandbox, ...rules) {
	return await send(sandbox, { method: 'POST', path: '/_sandbox/faults',
		body: JSON.stringify(rules) });
}

// Makes clusters that are there at once; see POST /_sandbox/clusters.
export async function plant(sandbox, what) {
	return await send(sandbox, { method: 'POST', path: '/_sandbox/clusters',
		body: JSON.stringify(what) });
}

// Waits until a task is over, and gives it.
export async function ended(sdk, taskId) {
	for (;;) {
		const { body: task } = await sdk.describeTaskInfo(taskId);

		if (!['running', 'paused'].includes(task.state))
			return task;
		await sleep(5);
	}
}

// For assert.rejects(): a refusal of the service.
export const refused = (code, statusCode = 400) => (e) => {
	assert.equal(e.code, code, e.message);
	assert.equal(e.statusCode, statusCode);
	return true;
};

export async function show(sandbox, what) {
	return (await send(sandbox, { path: `/_sandbox/${what}` })).json;
}

export const password = 'Test@1900ackfs';

// A body in the words of the classic request.
export function body(name, more = {}) {
	return {
		name,
		cluster_type: 'ManagedKubernetes',
		region_id: 'cn-beijing',
		snat_entry: true,
		vpcid: 'vpc-2zegvl5etah5requ09nec',
		vswitch_ids: ['vsw-2ze48rkq464rsdts1abcd'],
		container_cidr: '172.20.0.0/16',
		service_cidr: '172.21.0.0/20',
		node_cidr_mask: '25',
		proxy_mode: 'ipvs',
		endpoint_public_access: false,
		addons: [{ name: 'flannel' }, {
			name: 'nginx-ingress-controller',
			config: '{"IngressSlbNetworkType":"internet"}',
		}],
		worker_instance_types: ['ecs.g7.xlarge'],
		num_of_nodes: 3,
		worker_system_disk_category: 'cloud_efficiency',
		worker_system_disk_size: 120,
		login_password: password,
		tags: [{ key: 'env', value: '中文' }],
		...more,
	};
}

export function create(sandbox, name, more) {
	return call(sandbox, { method: 'POST', path: '/clusters',
		body: JSON.stringify(body(name, more)) });
}
