// SPDX-License-Identifier: MIT
// The official SDK creates clusters in one process.
//
// usage: node sdk.mjs URL NAME [COUNT [all]]
//
// COUNT of them one after the other; all: at the same time. Keys come from
// the usual variables.
import { createRequire } from 'node:module';

const require = createRequire(new URL('../sdk/', import.meta.url));
const core = require('@alicloud/openapi-core');
const cs = require('@alicloud/cs20151215');
const [url, name, count = '1', all] = process.argv.slice(2);
const sdk = new cs.default(new core.$OpenApiUtil.Config({
	accessKeyId: process.env.ALIBABA_CLOUD_ACCESS_KEY_ID,
	accessKeySecret: process.env.ALIBABA_CLOUD_ACCESS_KEY_SECRET,
	regionId: 'cn-beijing',
	protocol: 'https',
	endpoint: new URL(url).host,
	// a busy machine is no failure
	connectTimeout: 60000,
	readTimeout: 60000,
}));

async function create(i) {
	const answer = await sdk.createCluster(new cs.CreateClusterRequest({
		name: `${name}-${i}`,
		clusterType: 'ManagedKubernetes',
		regionId: 'cn-beijing',
		vpcid: 'vpc-2zegvl5etah5requ09nec',
		vswitchIds: ['vsw-2ze48rkq464rsdts1abcd'],
		containerCidr: '172.20.0.0/16',
		serviceCidr: '172.21.0.0/20',
		nodeCidrMask: '25',
		proxyMode: 'ipvs',
		addons: [new cs.Addon({ name: 'flannel' })],
		workerInstanceTypes: ['ecs.g7.xlarge'],
		numOfNodes: 3,
		workerSystemDiskCategory: 'cloud_efficiency',
		workerSystemDiskSize: 120,
		keyPair: 'my-key',
		snatEntry: true,
		endpointPublicAccess: false,
		cloudMonitorFlags: false,
	}));

	return answer.body.clusterId;
}

const numbers = Array.from({ length: Number(count) }, (_, i) => i);
const ids = [];

if (all)
	ids.push(...await Promise.all(numbers.map(create)));
else
	for (const i of numbers)
		ids.push(await create(i));
if (ids.length !== numbers.length || !ids.every((id) => id))
	throw new Error('a cluster has no ID');
