// SPDX-License-Identifier: MIT
// usage: node recompute.mjs <REQUEST
//
// Computes the signature of a captured request again, with the SDK's own
// code, and compares. REQUEST is JSON: method, url or path (with the query),
// headers, body. The key is in ALIBABA_CLOUD_ACCESS_KEY_ID and _SECRET.
// Prints "equal", or what differs, and ends with 0 or 1.
import { createHash } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { OpenApiUtil } from './sandbox.mjs';

// The list of what differs.
export function recompute(captured, keyId, keySecret) {
	const headers = Object.fromEntries(Object.entries(captured.headers).map(
		([name, value]) => [name.toLowerCase(), value]));
	const url = new URL(captured.url ?? captured.path, 'http://localhost');
	const hash = createHash('sha256').update(captured.body ?? '')
		.digest('hex');
	const differs = [];

	if (headers['x-acs-content-sha256'] !== hash)
		differs.push(`x-acs-content-sha256: the body has ${hash}, ` +
			`the header ${headers['x-acs-content-sha256']}`);
	const ours = OpenApiUtil.getAuthorization({
		method: captured.method,
		pathname: url.pathname,
		query: Object.fromEntries(url.searchParams),
		headers,
	}, 'ACS3-HMAC-SHA256', hash, keyId, keySecret);
	if (ours !== headers.authorization)
		differs.push(`Authorization: the SDK computes ${ours}, ` +
			`the request has ${headers.authorization}`);
	return differs;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
	const differs = recompute(JSON.parse(await text(process.stdin)),
		process.env.ALIBABA_CLOUD_ACCESS_KEY_ID,
		process.env.ALIBABA_CLOUD_ACCESS_KEY_SECRET);

	console.log(differs.join('\n') || 'equal');
	process.exit(differs.length > 0 ? 1 : 0);
}
