// SPDX-License-Identifier: MIT
// Makes one call through the official SDK, as somebody else's program would.
//
// usage: node call.mjs METHOD [ID...] [JSON]
//
// METHOD is the SDK's, such as deleteCluster; JSON holds the fields of its
// request, in the SDK's spelling. The endpoint comes from ACK_URL, the keys
// from the usual variables. Prints the body of the answer, in the service's
// spelling.
import { client, request } from './sandbox.mjs';

const [method, ...rest] = process.argv.slice(2);
const fields = rest.at(-1)?.startsWith('{') ? JSON.parse(rest.pop()) : {};
const kind = request[method[0].toUpperCase() + method.slice(1) + 'Request'];
const sdk = client({
	url: process.env.ACK_URL,
	access_key_id: process.env.ALIBABA_CLOUD_ACCESS_KEY_ID,
	access_key_secret: process.env.ALIBABA_CLOUD_ACCESS_KEY_SECRET,
});
const answer = await sdk[method](...rest, ...(kind ? [new kind(fields)] : []));

console.log(JSON.stringify(answer.body?.toMap?.() ?? answer.body ?? {}));
