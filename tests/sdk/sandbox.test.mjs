// SPDX-License-Identifier: MIT
// What the sandbox is for: bad bodies, bad days, many at once, starting over.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdtemp, readFile, readdir, rm, stat } from 'node:fs/promises';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { body, call, create, faults, password, send, show, start }
	from './sandbox.mjs';

let sandbox, dir;

before(async () => {
	sandbox = await start('--speed', '1000');
	dir = await mkdtemp(path.join(os.tmpdir(), 'ack-sandbox-'));
});

afterEach(() => faults(sandbox));

after(async () => {
	assert.equal(await sandbox.stop(), 0);
	await rm(dir, { recursive: true });
});

const list = (name = '', more = {}) => call(sandbox, {
	path: '/regions/cn-beijing/clusters',
	query: { page_size: 100, ...(name ? { name } : {}), ...more } });

const names = async (...args) =>
	(await list(...args)).json.clusters.map((c) => c.name);

const count = async (name) => (await show(sandbox, 'clusters'))
	.filter((c) => c.request.name === name).length;

test('all faults of a body are told at once', async () => {
	const { status, json } = await create(sandbox, 'bad', {
		num_of_nodes: 500, snat_entry: 'maybe', proxy_mode: 'none' });

	assert.equal(status, 400);
	assert.equal(json.code, json.data[0].code);
	assert.equal(json.message, json.data[0].message);
	assert.match(json.requestId, /^[0-9A-F-]{36}$/);
	for (const name of ['num_of_nodes', 'snat_entry', 'proxy_mode'])
		assert(json.data.some(({ message }) => message.includes(name)),
			name);
	assert.equal(await count('bad'), 0);
});

test('rules between parameters are checked, and told together', async () => {
	const { status, json } = await create(sandbox, 'rules', {
		container_cidr: '172.21.0.0/16', vpcid: undefined,
		key_pair: 'a-key' });

	assert.equal(status, 400);
	assert(json.data.length >= 3, JSON.stringify(json.data));
	assert(json.data.every(({ code, message }) => code && message));
});

test('what is no body at all is refused', async () => {
	for (const text of ['', '{', '{"name":"x"', '[]', 'x', '{"name":1}',
		'{"name":"a\\u0000b"}', '{"no_such_key":1}', 'null',
		'['.repeat(10000)]) {
		const { status, json } = await call(sandbox,
			{ method: 'POST', path: '/clusters', body: text });

		assert.equal(status, 400, text.slice(0, 20));
		assert(json.code && json.data.length > 0);
	}
});

test('the password is never in an answer', async () => {
	const { text } = await create(sandbox, 'bad',
		{ login_password: 'short', key_pair: 'both' });

	assert(!text.includes('short'));
});

test('the nodepools form is understood', async () => {
	const { login_password, num_of_nodes, worker_instance_types,
		worker_system_disk_category, worker_system_disk_size,
		...rest } = body('pools');
	const { status, text, json } = await call(sandbox, { method: 'POST',
		path: '/clusters', body: JSON.stringify({ ...rest, nodepools: [{
			nodepool_info: { name: 'default-nodepool' },
			scaling_group: {
				vswitch_ids: rest.vswitch_ids,
				instance_types: worker_instance_types,
				instance_charge_type: 'PostPaid',
				desired_size: num_of_nodes,
				login_password,
				system_disk_category: worker_system_disk_category,
				system_disk_size: worker_system_disk_size,
			},
			kubernetes_config: { runtime: 'containerd',
				runtime_version: '1.6.38' },
		}] }) });

	assert.equal(status, 202, text);
	const [made] = (await show(sandbox, 'clusters')).filter((c) =>
		c.cluster_id === json.cluster_id);
	assert.equal(made.request.num_of_nodes, num_of_nodes);
});

test('two clusters may have one name', async () => {
	assert.equal((await create(sandbox, 'twin')).status, 202);
	assert.equal((await create(sandbox, 'twin')).status, 202);
	assert.deepEqual(await names('twin'), ['twin', 'twin']);
});

test('lists come page by page', async () => {
	for (let i = 0; i < 5; i++)
		await create(sandbox, `page-${i}`);
	const page = (page_number) => list('page-',
		{ page_size: 2, page_number });
	const all = [];

	for (let i = 1; i <= 4; i++) {
		const { json } = await page(i);

		assert.deepEqual(json.page_info, { page_number: i,
			page_size: 2, total_count: 5 });
		all.push(...json.clusters.map((c) => c.name));
	}
	assert.deepEqual(all, [0, 1, 2, 3, 4].map((i) => `page-${i}`));
	for (const bad of ['0', '101', '-1', 'x', '1e1'])
		assert.equal((await list('', { page_size: bad })).status, 400,
			bad);
});

test('a body over 1 MiB is refused, in one piece or in many', async () => {
	const big = Buffer.alloc((1 << 20) + 1, ' ');
	const post = { method: 'POST', path: '/clusters', body: big };
	const whole = await send(sandbox, { ...post,
		headers: { 'content-length': big.length } });
	const chunks = await send(sandbox, { ...post,
		headers: { 'transfer-encoding': 'chunked' } });

	assert.equal(whole.status, 413);
	assert.equal(chunks.status, 413);
	assert.equal((await send(sandbox, { path: '/regions' })).status, 400);
});

test('fault: delay and delay_after', async () => {
	await faults(sandbox, { do: 'delay', ms: 20, method: 'POST' },
		{ do: 'delay_after', ms: 20, method: 'POST' });
	assert.equal((await create(sandbox, 'late')).status, 202);
	assert.equal(await count('late'), 1);
});

test('fault: status, throttle, html, xml, empty', async () => {
	const cases = [
		[{ do: 'status' }, 500, 'InternalError'],
		[{ do: 'status', status: 403, code: 'Forbidden.RAM',
			message: 'Not for you.' }, 403, 'Forbidden.RAM'],
		[{ do: 'throttle' }, 429, 'Throttling.User', '1500'],
		[{ do: 'throttle', status: 503, retry_after_ms: 20 }, 503,
			'Throttling.User', '20'],
		[{ do: 'throttle', status: 400, retry_after_ms: 0 }, 400,
			'Throttling.User'],
		[{ do: 'html' }, 502],
		[{ do: 'html', status: 200 }, 200],
		[{ do: 'xml' }, 503],
		[{ do: 'empty' }, 200],
	];

	for (const [rule, status, code, hint] of cases) {
		await faults(sandbox, rule);
		const answer = await create(sandbox, 'instead');

		assert.equal(answer.status, status, JSON.stringify(rule));
		assert.equal(answer.json?.Code, code);
		assert.equal(answer.headers['x-acs-retry-after'], hint);
	}
	assert.equal(await count('instead'), 0);
});

test('fault: the same after the cluster was made', async () => {
	for (const word of ['status', 'html', 'xml', 'empty', 'drop']) {
		await faults(sandbox, { do: `${word}_after` });
		const answer = await create(sandbox, `made-${word}`);

		assert.equal(answer?.json?.cluster_id, undefined);
		assert.equal(await count(`made-${word}`), 1, word);
	}
});

test('fault: drop closes without a word and without an effect', async () => {
	await faults(sandbox, { do: 'drop' });
	assert.equal(await create(sandbox, 'dropped'), undefined);
	assert.equal(await count('dropped'), 0);
	const { outcome, executed, status } =
		(await show(sandbox, 'requests')).at(-1);
	assert.deepEqual({ outcome, executed, status },
		{ outcome: 'dropped', executed: false, status: 0 });
});

test('fault: truncate, cut, chunked, huge', async () => {
	await faults(sandbox, { do: 'truncate' }, { do: 'cut' },
		{ do: 'chunked' }, { do: 'huge' });
	const half = await create(sandbox, 'half');
	const cut = await create(sandbox, 'cut');
	const chunked = await create(sandbox, 'chunked');
	const huge = await create(sandbox, 'huge');

	assert.equal(half.status, 202);
	assert.equal(half.json, undefined);
	assert.equal(Number(half.headers['content-length']), half.text.length);
	assert.match(half.text, /^{"cluster_id":/);
	assert.equal(cut, undefined);
	assert.equal(chunked.headers['transfer-encoding'], 'chunked');
	assert(chunked.json.cluster_id);
	assert.equal(huge.text.length, 64 << 20);
	assert(huge.json.cluster_id);
});

test('fault: key_case', async () => {
	await faults(sandbox, { do: 'key_case', case: 'upper', times: -1 });
	const upper = await create(sandbox, 'bad', { num_of_nodes: 500 });
	await faults(sandbox, { do: 'key_case', case: 'lower' },
		{ do: 'status' });
	const lower = await create(sandbox, 'bad');

	assert(upper.json.Code && upper.json.Message && upper.json.RequestId);
	assert(lower.json.code && lower.json.message && lower.json.requestId);
});

test('fault: fail_task and stuck_task', async () => {
	await faults(sandbox, { do: 'fail_task', code: 'QuotaExceeded.Eip' },
		{ do: 'stuck_task' });
	const failing = (await create(sandbox, 'failing')).json;
	const stuck = (await create(sandbox, 'stuck')).json;
	const look = async ({ task_id, cluster_id }) => [
		(await call(sandbox, { path: `/tasks/${task_id}` })).json,
		(await call(sandbox, { path: `/clusters/${cluster_id}` })).json,
	];
	let task, detail;

	do {
		await sleep(5);
		[task, detail] = await look(failing);
	} while (task.state === 'running');
	assert.equal(task.state, 'failed');
	assert.equal(task.error.code, 'QuotaExceeded.Eip');
	assert.equal(detail.state, 'failed');
	assert(task.stages.some((s) => s.state === 'failed'));
	await sleep(50);
	[task, detail] = await look(stuck);
	assert.equal(task.state, 'running');
	assert.equal(detail.state, 'initial');
});

test('fault: list_lag hides a cluster from lists only', async () => {
	await faults(sandbox, { do: 'list_lag', ms: 500 });
	const { json } = await create(sandbox, 'lagging');

	assert.deepEqual(await names('lagging'), []);
	assert.equal((await call(sandbox,
		{ path: `/clusters/${json.cluster_id}` })).status, 200);
	while ((await names('lagging')).length === 0)
		await sleep(20);
});

test('times, after, method and path choose the requests', async () => {
	await faults(sandbox, { do: 'status', method: 'POST',
		path: '/clusters', times: 2, after: 1 });
	const statuses = [];

	await list();
	for (let i = 0; i < 5; i++)
		statuses.push((await create(sandbox, 'chosen')).status);
	assert.deepEqual(statuses, [202, 500, 500, 202, 202]);
	await faults(sandbox, { do: 'html', path: '/regions/*', times: -1 });
	assert.equal((await create(sandbox, 'chosen')).status, 202);
	assert.equal((await list()).status, 502);
	assert.equal((await list()).status, 502);
});

test('bad rules are refused with a sentence, and change nothing', async () => {
	await faults(sandbox, { do: 'html', times: -1 });
	const bad = [
		[{ do: 'nonsense' }], [{}], [{ do: 'drop_before' }],
		[{ do: 'truncate_after' }], [{ do: 'drop', ms: 5 }],
		[{ do: 'delay', ms: -1 }], [{ do: 'delay', ms: '5' }],
		[{ do: 'drop', times: -2 }], [{ do: 'status', status: 99 }],
		[{ do: 'key_case', case: 'Upper' }], [{ do: 'drop', x: 1 }],
		[{ do: 'drop' }, { do: 'drop', path: '' }], [1], ['drop'],
	];

	for (const rules of bad) {
		const { status, json } = await faults(sandbox, ...rules);

		assert.equal(status, 400, JSON.stringify(rules));
		assert.match(json.message, /^Rule [12]: .*\.$/);
	}
	for (const text of ['', '{}', '[', 'x']) {
		const { status, json } = await send(sandbox, { method: 'POST',
			path: '/_sandbox/faults', body: text });

		assert.equal(status, 400);
		assert.match(json.message, /\.$/);
	}
	assert.equal((await list()).status, 502);
});

test('the log shows what came', async () => {
	const before = (await show(sandbox, 'requests')).length;

	await create(sandbox, 'logged');
	const log = (await show(sandbox, 'requests')).slice(before);
	assert.equal(log.length, 1);
	const [{ method, path: target, action, status, executed, outcome,
		nonce, time }] = log;
	assert.deepEqual({ method, target, action, status, executed, outcome },
		{ method: 'POST', target: '/clusters', action: 'CreateCluster',
			status: 202, executed: true, outcome: 'answered' });
	assert(nonce.length > 0 && time.endsWith('+08:00'));
});

const post = (name, agent) => call(sandbox, { method: 'POST',
	path: '/clusters', agent, body: JSON.stringify(body(name)) });

test('a request that hangs is let go when its client leaves', async () => {
	const total = 50;
	const agent = new http.Agent();
	const connections = async () =>
		(await readdir(`/proc/${sandbox.pid}/fd`)).length;
	const held = async () => (await show(sandbox, 'requests'))
		.filter((r) => r.outcome === 'held').length;

	await faults(sandbox, { do: 'hang', times: total });
	const hanging = Array.from({ length: total }, () =>
		post('hanging', agent));
	while (await held() < total)
		await sleep(10);
	assert.equal((await list()).status, 200);
	const most = await connections();

	agent.destroy();
	assert((await Promise.all(hanging)).every((a) => a === undefined));
	while (await connections() > most - total)
		await sleep(10);
	assert.equal(await count('hanging'), 0);
});

test('1,200 at once, each delayed, and others answered meanwhile', async () => {
	const total = 1200;
	const agent = new http.Agent();

	await faults(sandbox,
		{ do: 'delay', ms: 4000, method: 'POST', times: -1 });
	const all = Array.from({ length: total }, (_, i) =>
		post(`many-${i}`, agent));
	const came = async () => (await show(sandbox, 'requests'))
		.filter((r) => r.outcome === 'pending').length;

	while (await came() < total && (await list('many')).json
		.page_info.total_count === 0)
		await sleep(10);
	assert((await Promise.all(all)).every(({ status }) => status === 202));
	assert.equal((await list('many')).json.page_info.total_count, total);
	agent.destroy();
});

test('the state file: a restart goes on, a torn line is no harm', async () => {
	const file = path.join(dir, 'state');
	const options = ['--state', file, '--key', 'LTAI5tTest:secret'];
	let s = await start(...options);

	assert.equal(s.access_key_id, 'LTAI5tTest');
	assert.equal(s.access_key_secret, 'secret');
	const { json } = await create(s, 'kept');
	assert.equal((await create(s, 'kept-too')).status, 202);
	const described = async (id) =>
		(await call(s, { path: `/clusters/${id}` })).json;
	const { updated: _, ...before } = await described(json.cluster_id);
	assert.equal(await s.stop('SIGKILL'), null);

	const text = await readFile(file, 'utf8');
	assert(!text.includes(password));
	assert.equal((await stat(file)).mode & 0o777, 0o600);
	await appendFile(file, '{"cluster_id":"c12');
	s = await start(...options);
	assert.equal(await readFile(file, 'utf8'), text);
	const { updated: __, ...again } = await described(json.cluster_id);
	assert.deepEqual({ ...again, state: before.state }, before);
	assert.equal((await create(s, 'third')).status, 202);
	assert.equal(await s.stop('SIGINT'), 0);

	await appendFile(file, '{"cluster_id":"c12"}\n');
	const child = spawn(process.env.ACK_SANDBOX, options,
		{ stdio: ['ignore', 'ignore', 'pipe'] });
	const [said] = await once(child.stderr, 'data');
	assert.match(String(said), /line 4/);
	assert.deepEqual(await once(child, 'exit'), [1, null]);
});

test('two sandboxes cannot share a state file, nor a port', async () => {
	const file = path.join(dir, 'shared');
	const s = await start('--state', file);

	await assert.rejects(start('--state', file), /ended with 1/);
	await assert.rejects(start('--port', new URL(s.url).port),
		/ended with 1/);
	assert.equal(await s.stop(), 0);
});

test('options that make no sense are refused', async () => {
	for (const options of [['--port', '65536'], ['--port', 'x'],
		['--speed', '0'], ['--speed', 'nan'], ['--key', 'x'],
		['--key', ':x'], ['--no-such'], ['x']])
		await assert.rejects(start(...options), /ended with 2/,
			options.join(' '));
});
