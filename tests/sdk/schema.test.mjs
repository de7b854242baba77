// SPDX-License-Identifier: MIT
// The tables of ackfs against the SDK's models of requests and answers: no
// parameter is missing, misspelt or of another type. What is left out is
// listed here, with the reason.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { differences, modelPaths, tablePaths } from './models.mjs';

const { cluster, nodepool } = JSON.parse(execFileSync(
	process.env.ACKFS ?? 'ackfs', ['--schema'], { encoding: 'utf8' }));

// Fails on what no reason is given for, and on reasons that are not needed.
function explained(paths, reasons) {
	const used = new Set();
	const rest = paths.filter((path) => {
		const reason = Object.keys(reasons).find((start) =>
			path === start || path.startsWith(`${start}.`) ||
			path.startsWith(`${start}[`) || path.startsWith(`${start}:`));

		used.add(reason);
		return reason === undefined;
	});

	assert.deepEqual(rest, []);
	assert.deepEqual(Object.keys(reasons).filter((r) => !used.has(r)), []);
}

const merge = (...maps) => new Map(maps.flatMap((m) => [...m]));
const below = (map, start) => new Map([...map].map(
	([path, type]) => [start + path, type]));

const dedicated = 'dedicated clusters only, which ackfs does not make';
const old = 'deprecated by the service, and never a parameter of ackfs';
const edge = 'pools at the edge and of Lingjun nodes only';

const notOfPools = {
	'auto_scaling.eip_bandwidth': old,
	'auto_scaling.eip_internet_charge_type': old,
	'auto_scaling.is_bond_eip': old,
	count: old,
	interconnect_config: edge,
	interconnect_mode: edge,
	max_nodes: edge,
	'scaling_group.platform': 'deprecated: image_type says it',
	'scaling_group.security_group_id': 'security_group_ids says it',
};

const notOfClusters = {
	access_control_list: old, auto_renew: old, charge_type: old,
	auto_renew_period: old, cis_enabled: old, custom_san: old,
	period: old, period_unit: old, enable_rrsa: old, format_disk: old,
	instances: old, keep_instance_name: old,
	load_balancer_spec: old, logging_type: old, nat_gateway: old,
	node_port_range: old, zone_id: old, security_hardening_os: old,
	service_discovery_types: old, soc_enabled: old,
	worker_system_disk_snapshot_policy_id: old, worker_vswitch_ids: old,
	control_plane_config: dedicated, ssh_flags: dedicated,
	master_auto_renew: dedicated, master_auto_renew_period: dedicated,
	master_count: dedicated, master_instance_charge_type: dedicated,
	master_instance_types: dedicated, master_period: dedicated,
	master_period_unit: dedicated, master_vswitch_ids: dedicated,
	master_system_disk_category: dedicated,
	master_system_disk_performance_level: dedicated,
	master_system_disk_size: dedicated,
	master_system_disk_snapshot_policy_id: dedicated,
	...Object.fromEntries(Object.entries(notOfPools).map(
		([path, reason]) => [`nodepools[].${path}`, reason])),
};

test('every parameter of CreateCluster is one of ackfs', () => {
	const sdk = modelPaths('CreateClusterRequest');
	const ours = merge(tablePaths(cluster, 'classic'),
		tablePaths(cluster, 'nodepools'),
		below(tablePaths(nodepool, 'nodepools'), 'nodepools[].'));
	const { missing, other } = differences(sdk, ours);

	assert(sdk.size > 200 && ours.size > 200);
	explained(missing, notOfClusters);
	explained(other, {
		'worker_data_disks[].size': 'a number in the sample of the ' +
			'classic request; the service takes both',
	});
});

test('ackfs sends nothing that CreateCluster does not know', () => {
	const { missing } = differences(merge(tablePaths(cluster, 'classic'),
		tablePaths(cluster, 'nodepools')), modelPaths('CreateClusterRequest'));
	const disks = 'what disks of node pools have, passed on as written';

	explained(missing, {
		worker_data_disk: 'of the classic request',
		'control_plane_endpoints_config.internal_dns_config.enabled':
			'of ModifyCluster, and of the answer',
		...Object.fromEntries(['kms_key_id', 'auto_snapshot_policy_id',
			'snapshot_id', 'device', 'disk_name', 'bursting_enabled',
			'provisioned_iops', 'auto_format', 'file_system',
			'mount_target'].map((key) =>
			[`worker_data_disks[].${key}`, disks])),
	});
});

test('every parameter of CreateClusterNodePool is one of ackfs', () => {
	const sdk = modelPaths('CreateClusterNodePoolRequest');
	const ours = tablePaths(nodepool, 'nodepools');
	const there = differences(sdk, ours), back = differences(ours, sdk);

	assert(sdk.size > 150);
	assert.deepEqual(ours, tablePaths(nodepool, 'classic'));
	explained(there.missing, {
		...notOfPools,
		eflo_node_group: edge, host_network: edge, intranet: edge,
		'scaling_group.cis_enabled': old,
	});
	assert.deepEqual(there.other, []);
	assert.deepEqual(back, { missing: [], other: [] });
});

// Two calls change what a node pool is.
const upgraded = nodepool.filter(({ changes }) => changes === 'upgrade');
const modified = nodepool.filter(({ changes }) => changes !== 'upgrade');

test('edits stand where the modifying calls want them', () => {
	for (const [rows, model, least] of [
		[cluster, 'ModifyClusterRequest', 10],
		[modified, 'ModifyClusterNodePoolRequest', 10],
		[upgraded, 'UpgradeClusterNodepoolRequest', 4]]) {
		const ours = tablePaths(rows, 'edit');

		assert(ours.size >= least);
		assert.deepEqual(differences(ours, modelPaths(model)),
			{ missing: [], other: [] });
	}
});

test('what ModifyCluster takes can be edited', () => {
	const { missing, other } = differences(
		modelPaths('ModifyClusterRequest'), tablePaths(cluster, 'edit'));

	explained(missing, {
		'api_server_custom_cert_sans.action': 'overwrite, always',
		api_server_eip_id: 'an address that the service chooses',
		client_token: 'made anew for each call',
		control_plane_config: dedicated,
		access_control_list: old,
		ingress_domain_rebinding: old, ingress_loadbalancer_id: old,
		instance_deletion_protection: old,
		system_events_logging: 'the log addon has a configuration',
	});
	assert.deepEqual(other, []);
});

test('what ModifyClusterNodePool takes can be edited', () => {
	const { missing } = differences(
		modelPaths('ModifyClusterNodePoolRequest'),
		tablePaths(modified, 'edit'));
	const pools = Object.fromEntries(Object.entries(notOfPools).filter(
		([path]) => path.startsWith('auto_scaling') ||
			path.endsWith('platform')));

	explained(missing, {
		...pools,
		concurrency: 'how, not what', update_nodes: 'how, not what',
		eflo_node_group: edge,
		'management.auto_repair_policy.auto_repair_policy_id':
			'of a policy that is made elsewhere',
		...Object.fromEntries(['scaling_group.image_id',
			'kubernetes_config.runtime',
			'kubernetes_config.runtime_version'].map((path) =>
			[path, 'of UpgradeClusterNodepool, for all nodes'])),
	});
});

test('answers are read where they say it', () => {
	const policy = 'of the request; an answer need not say it';

	for (const [rows, model, reasons] of [
		[cluster, 'DescribeClusterDetailResponseBody', {
			vswitch_id: 'of answers of former years',
		}],
		[nodepool, 'DescribeClusterNodePoolDetailResponseBody', {
			'management.auto_upgrade_policy.auto_upgrade_os': policy,
			'management.auto_upgrade_policy.auto_upgrade_runtime':
				policy,
		}]]) {
		const ours = tablePaths(rows, 'live');
		const { missing, other } = differences(ours, modelPaths(model));

		assert(ours.size > 10);
		explained(missing, reasons);
		assert.deepEqual(other, []);
	}
});

test('what is misspelt, missing or of another type is found', () => {
	const right = modelPaths('ModifyClusterRequest');
	const wrong = new Map(right);

	assert.deepEqual(differences(right, right), { missing: [], other: [] });
	wrong.delete('cluster_name');
	wrong.set('cluster_nam', 'string');
	wrong.set('deletion_protection', 'string');
	wrong.set('vswitch_ids[]', 'number');
	assert.deepEqual(differences(right, wrong), { missing: ['cluster_name'],
		other: ['deletion_protection: boolean, not string',
			'vswitch_ids[]: string, not number'] });
	assert.deepEqual(differences(wrong, right).missing, ['cluster_nam']);
	assert.throws(() => explained(['x'], {}));
	assert.throws(() => explained([], { x: 'no such path' }));
});
