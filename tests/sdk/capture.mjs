// SPDX-License-Identifier: MIT
// usage: node capture.mjs FILE
//
// A service that believes everything: prints one line of JSON with its url,
// appends every request to FILE as a line of JSON {method, url, headers,
// body}, and answers a POST with three IDs and anything else with an empty
// list of clusters.
import { appendFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { pathToFileURL } from 'node:url';

const created = {
	cluster_id: 'cb95aa626a47740afbf6aa099b650123',
	request_id: '687C5BAA-D103-4993-884B-C35E4314A1E1',
	task_id: 'T-5a54309c80282e39ea00002f',
};
const empty = {
	clusters: [],
	page_info: { page_number: 1, page_size: 50, total_count: 0 },
};

// Calls back with every request; resolves to the server, listening.
export function capture(take) {
	const server = http.createServer((req, res) => {
		const parts = [];

		req.on('data', (part) => parts.push(part));
		req.on('end', () => {
			take({ method: req.method, url: req.url,
				headers: req.headers,
				body: Buffer.concat(parts).toString() });
			res.writeHead(req.method === 'POST' ? 202 : 200,
				{ 'content-type': 'application/json' });
			res.end(JSON.stringify(
				req.method === 'POST' ? created : empty));
		});
	});

	return new Promise((resolve) => {
		server.listen(0, '127.0.0.1', () => resolve(server));
	});
}

export function urlOf(server) {
	return `http://127.0.0.1:${server.address().port}`;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
	const file = process.argv[2];

	if (!file) {
		console.error('usage: node capture.mjs FILE');
		process.exit(2);
	}
	writeFileSync(file, '');
	const server = await capture((request) =>
		appendFileSync(file, `${JSON.stringify(request)}\n`));
	console.log(JSON.stringify({
		url: urlOf(server),
		access_key_id: 'LTAI5tMadeUpKeyId0000001',
		access_key_secret: 'MadeUpSecret00000000000000001',
	}));
	process.on('SIGTERM', () => process.exit(0));
}
