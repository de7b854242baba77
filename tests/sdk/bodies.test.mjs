// SPDX-License-Identifier: MIT
// The bodies that ackfs makes of the text of its files, and those that the
// SDK sends of the same values: the same keys, the same types.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { capture, urlOf } from './capture.mjs';
import { client, request } from './sandbox.mjs';

// Both forms of the body.
function ours(values) {
	return JSON.parse(execFileSync(process.env.ACK_BOTH_FORMS ?? 'both-forms',
		{ input: JSON.stringify(values), encoding: 'utf8' }));
}

// As it comes over the wire.
async function theirs(map) {
	let seen;
	const server = await capture((r) => {
		seen = JSON.parse(r.body);
	});

	await client({ url: urlOf(server), access_key_id: 'x',
		access_key_secret: 'y' })
		.createCluster(new request.CreateClusterRequest(map));
	server.close();
	return seen;
}

// The sample of the classic request, its evident slips corrected.
const files = {
	name: 'test', cluster_type: 'ManagedKubernetes',
	disable_rollback: 'true', timeout_mins: '60',
	kubernetes_version: '1.12.6-aliyun.1', region_id: 'cn-beijing',
	snat_entry: 'true', cloud_monitor_flags: 'false',
	endpoint_public_access: 'false', node_cidr_mask: '25',
	proxy_mode: 'ipvs',
	addons: 'flannel\n' +
		'aliyun-log-controller {"sls_project_name":"k8s-log-c64"}\n' +
		'nginx-ingress-controller {"IngressSlbNetworkType":"internet"}',
	worker_instance_types: 'ecs.hfc5.xlarge', num_of_nodes: '3',
	worker_system_disk_category: 'cloud_efficiency',
	worker_system_disk_size: '120', worker_instance_charge_type: 'PostPaid',
	vpcid: 'vpc-2zegvl5etah5requ09nec', container_cidr: '172.20.0.0/16',
	service_cidr: '172.21.0.0/20', vswitch_ids: 'vsw-2ze48rkq464rsdts1abcd',
	worker_data_disks: 'cloud_ssd 500', login_password: 'Test@1900ackfs',
	taints: 'special=true:NoSchedule',
};

const common = {
	name: 'test', clusterType: 'ManagedKubernetes',
	kubernetesVersion: '1.12.6-aliyun.1', regionId: 'cn-beijing',
	snatEntry: true, endpointPublicAccess: false, nodeCidrMask: '25',
	proxyMode: 'ipvs', vpcid: 'vpc-2zegvl5etah5requ09nec',
	containerCidr: '172.20.0.0/16', serviceCidr: '172.21.0.0/20',
	vswitchIds: ['vsw-2ze48rkq464rsdts1abcd'],
	addons: [
		new request.Addon({ name: 'flannel' }),
		new request.Addon({ name: 'aliyun-log-controller',
			config: JSON.stringify({ sls_project_name: 'k8s-log-c64' }) }),
		new request.Addon({ name: 'nginx-ingress-controller',
			config: JSON.stringify(
				{ IngressSlbNetworkType: 'internet' }) }),
	],
};

const taints = [new request.Taint(
	{ key: 'special', value: 'true', effect: 'NoSchedule' })];

test('the sample of the classic request, as it is', async () => {
	assert.deepEqual(ours(files).classic, await theirs({
		...common, disableRollback: true, timeoutMins: 60,
		cloudMonitorFlags: false,
		workerInstanceTypes: ['ecs.hfc5.xlarge'], numOfNodes: 3,
		workerSystemDiskCategory: 'cloud_efficiency',
		workerSystemDiskSize: 120,
		workerInstanceChargeType: 'PostPaid',
		workerDataDisks: [new request.CreateClusterRequestWorkerDataDisks(
			{ category: 'cloud_ssd', size: 500 })],
		loginPassword: 'Test@1900ackfs', taints,
	}));
});

const firstPool = () => new request.Nodepool({
	nodepoolInfo: new request.NodepoolNodepoolInfo(
		{ name: 'default-nodepool' }),
	scalingGroup: new request.NodepoolScalingGroup({
		vswitchIds: ['vsw-2ze48rkq464rsdts1abcd'], desiredSize: 3,
		instanceTypes: ['ecs.hfc5.xlarge'],
		instanceChargeType: 'PostPaid',
		systemDiskCategory: 'cloud_efficiency', systemDiskSize: 120,
		dataDisks: [new request.DataDisk(
			{ category: 'cloud_ssd', size: 500 })],
		loginPassword: 'Test@1900ackfs',
	}),
	kubernetesConfig: new request.NodepoolKubernetesConfig({
		runtime: 'containerd', runtimeVersion: '1.6.38', taints,
		cmsEnabled: false,
	}),
});

test('the sample of the classic request, with a node pool', async () => {
	const { nodepools } = ours({ ...files, runtime: 'containerd 1.6.38' });

	assert.deepEqual(nodepools,
		await theirs({ ...common, nodepools: [firstPool()] }));
});

// What today's clusters have besides.
const modern = {
	profile: 'Default', cluster_spec: 'ack.pro.small', ip_stack: 'dual',
	resource_group_id: 'rg-acfm3mkrure4abc', timezone: 'Asia/Shanghai',
	cluster_domain: 'example.com', tags: 'team=search',
	service_account_issuer: 'https://kubernetes.default.svc',
	api_audiences: 'https://kubernetes.default.svc',
	extra_sans: 'api.example.com\n10.0.0.1',
	user_ca: '-----BEGIN CERTIFICATE-----\nTWFkZSB1cA==\n' +
		'-----END CERTIFICATE-----',
	encryption_provider_key: '0fe64791-55eb-4fc7-84c5-c6c7cdca1234',
	load_balancer_id: 'lb-wz9t256gqa3vbouk1234',
	control_plane_endpoints_config: '{"load_balancers_config":[{' +
		'"endpoint_type":"private","load_balancer_id":"nlb-1"}],' +
		'"internal_dns_config":{"bind_vpcs":["vpc-1"]}}',
	controlplane_log_components: 'apiserver\nkcm',
	controlplane_log_project: 'k8s-log-prod', controlplane_log_ttl: '30',
	audit_log_config: '{"enabled":true,"sls_project_name":"audit"}',
	maintenance_window: '{"enable":true,"maintenance_time":"03:00:00Z",' +
		'"duration":"3h","weekly_period":"Monday,Thursday"}',
	operation_policy: '{"cluster_auto_upgrade":{"enabled":true,' +
		'"channel":"stable"}}',
	rrsa_config: 'true', auto_mode: 'false', deletion_protection: 'true',
	is_enterprise_security_group: 'true',
	runtime: 'containerd 1.6.38', cpu_policy: 'static',
	platform: 'AliyunLinux3', user_data: 'IyEvYmluL3NoCg==',
	node_name_mode: 'customized,test.,5,.com',
	extra_nodepools: JSON.stringify({
		nodepool_info: { name: 'web' },
		scaling_group: {
			vswitch_ids: ['vsw-2ze48rkq464rsdts1abcd'],
			instance_types: ['ecs.g7.xlarge'], key_pair: 'my-key',
			instance_charge_type: 'PrePaid', period: 1,
			period_unit: 'Month', auto_renew: true,
			auto_renew_period: 1, desired_size: 2,
			system_disk_size: 40, spot_price_limit: [
				{ instance_type: 'ecs.g7.xlarge', price_limit: '0.4' }],
			data_disks: [{ category: 'cloud_auto', size: 100,
				encrypted: 'true', bursting_enabled: true,
				provisioned_iops: 1000 }],
			tags: [{ key: 'a', value: '' }],
		},
		kubernetes_config: { runtime: 'containerd',
			runtime_version: '1.6.38',
			labels: [{ key: 'example.com/role', value: 'web' }] },
		auto_scaling: { enable: false, max_instances: 5,
			min_instances: 0, type: 'cpu' },
		management: { enable: true, auto_repair: true,
			auto_repair_policy: { restart_node: false } },
		tee_config: { tee_enable: false },
		node_config: { kubelet_configuration: { maxPods: 110 } },
	}),
};

const modernCommon = () => ({
	...common,
	profile: 'Default', clusterSpec: 'ack.pro.small', ipStack: 'dual',
	resourceGroupId: 'rg-acfm3mkrure4abc', timezone: 'Asia/Shanghai',
	clusterDomain: 'example.com',
	tags: [new request.Tag({ key: 'team', value: 'search' })],
	serviceAccountIssuer: 'https://kubernetes.default.svc',
	apiAudiences: 'https://kubernetes.default.svc',
	extraSans: ['api.example.com', '10.0.0.1'],
	userCa: '-----BEGIN CERTIFICATE-----\nTWFkZSB1cA==\n' +
		'-----END CERTIFICATE-----',
	encryptionProviderKey: '0fe64791-55eb-4fc7-84c5-c6c7cdca1234',
	loadBalancerId: 'lb-wz9t256gqa3vbouk1234',
	controlPlaneEndpointsConfig:
		new request.CreateClusterRequestControlPlaneEndpointsConfig({
			loadBalancersConfig: [new request.CreateClusterRequestControlPlaneEndpointsConfigLoadBalancersConfig({
				endpointType: 'private', loadBalancerId: 'nlb-1' })],
			internalDnsConfig: new request.CreateClusterRequestControlPlaneEndpointsConfigInternalDnsConfig({
				bindVpcs: ['vpc-1'] }),
		}),
	controlplaneLogComponents: ['apiserver', 'kcm'],
	controlplaneLogProject: 'k8s-log-prod', controlplaneLogTtl: '30',
	auditLogConfig: new request.CreateClusterRequestAuditLogConfig(
		{ enabled: true, slsProjectName: 'audit' }),
	maintenanceWindow: new request.MaintenanceWindow({ enable: true,
		maintenanceTime: '03:00:00Z', duration: '3h',
		weeklyPeriod: 'Monday,Thursday' }),
	operationPolicy: new request.CreateClusterRequestOperationPolicy({
		clusterAutoUpgrade: new request.CreateClusterRequestOperationPolicyClusterAutoUpgrade(
			{ enabled: true, channel: 'stable' }) }),
	rrsaConfig: new request.CreateClusterRequestRrsaConfig(
		{ enabled: true }),
	autoMode: new request.CreateClusterRequestAutoMode({ enable: false }),
	deletionProtection: true, isEnterpriseSecurityGroup: true,
});

test('a cluster of today with two node pools', async () => {
	const first = firstPool();

	Object.assign(first.scalingGroup, { imageType: 'AliyunLinux3' });
	Object.assign(first.kubernetesConfig, { cpuPolicy: 'static',
		userData: 'IyEvYmluL3NoCg==',
		nodeNameMode: 'customized,test.,5,.com' });
	const second = new request.Nodepool({
		nodepoolInfo: new request.NodepoolNodepoolInfo({ name: 'web' }),
		scalingGroup: new request.NodepoolScalingGroup({
			vswitchIds: ['vsw-2ze48rkq464rsdts1abcd'],
			instanceTypes: ['ecs.g7.xlarge'], keyPair: 'my-key',
			instanceChargeType: 'PrePaid', period: 1,
			periodUnit: 'Month', autoRenew: true,
			autoRenewPeriod: 1, desiredSize: 2, systemDiskSize: 40,
			spotPriceLimit: [
				new request.NodepoolScalingGroupSpotPriceLimit({
					instanceType: 'ecs.g7.xlarge',
					priceLimit: '0.4' })],
			dataDisks: [new request.DataDisk({
				category: 'cloud_auto', size: 100,
				encrypted: 'true', burstingEnabled: true,
				provisionedIops: 1000 })],
			tags: [new request.NodepoolScalingGroupTags(
				{ key: 'a', value: '' })],
		}),
		kubernetesConfig: new request.NodepoolKubernetesConfig({
			runtime: 'containerd', runtimeVersion: '1.6.38',
			labels: [new request.Tag(
				{ key: 'example.com/role', value: 'web' })],
		}),
		autoScaling: new request.NodepoolAutoScaling({ enable: false,
			maxInstances: 5, minInstances: 0, type: 'cpu' }),
		management: new request.NodepoolManagement({ enable: true,
			autoRepair: true,
			autoRepairPolicy:
				new request.NodepoolManagementAutoRepairPolicy(
					{ restartNode: false }) }),
		teeConfig: new request.NodepoolTeeConfig({ teeEnable: false }),
		nodeConfig: new request.NodepoolNodeConfig({
			kubeletConfiguration: new request.KubeletConfig(
				{ maxPods: 110 }) }),
	});

	assert.deepEqual(ours({ ...files, ...modern }).nodepools,
		await theirs({ ...modernCommon(), nodepools: [first, second] }));
});

test('the same cluster, classic: it has one pool', async () => {
	assert.deepEqual(ours({ ...files, ...modern }).classic, await theirs({
		...modernCommon(), disableRollback: true, timeoutMins: 60,
		cloudMonitorFlags: false,
		workerInstanceTypes: ['ecs.hfc5.xlarge'], numOfNodes: 3,
		workerSystemDiskCategory: 'cloud_efficiency',
		workerSystemDiskSize: 120,
		workerInstanceChargeType: 'PostPaid',
		workerDataDisks: [new request.CreateClusterRequestWorkerDataDisks(
			{ category: 'cloud_ssd', size: 500 })],
		loginPassword: 'Test@1900ackfs', taints,
		runtime: new request.Runtime(
			{ name: 'containerd', version: '1.6.38' }),
		cpuPolicy: 'static', platform: 'AliyunLinux3',
		userData: 'IyEvYmluL3NoCg==',
		nodeNameMode: 'customized,test.,5,.com',
	}));
});

test('no nodes, no pool', () => {
	const { classic, nodepools } = ours({ num_of_nodes: '0',
		key_pair: 'my-key', vswitch_ids: 'vsw-1' });

	assert.equal(classic.num_of_nodes, 0);
	assert.deepEqual(nodepools.nodepools, []);
	assert.deepEqual(nodepools.vswitch_ids, ['vsw-1']);
});
