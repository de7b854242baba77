#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# check: what is wrong or missing, all at once (the rules between parameters).

# shellcheck source=tests/lib/ackfs.bash
source "$BATS_TEST_DIRNAME/../lib/ackfs.bash"
# shellcheck source=tests/lib/state.bash
source "$BATS_TEST_DIRNAME/../lib/state.bash"
bats_require_minimum_version 1.5.0

setup()
{
	ackfs_setup
	mount_sandbox
	draft test
}

@test "the sample has nothing to find but what is deprecated" {
	fill
	only_findings '^warning: disable_rollback'
}

@test "an empty draft: everything that is missing, at once" {
	n=$(grep -vc '^warning: ' "$draft/check")
	[ "$n" -ge 6 ]
	for name in num_of_nodes snat_entry addons; do
		grep -q "^$name: " "$draft/check"
	done
}

@test "without nodes no worker parameter is required" {
	fill_little
	only_findings
	put num_of_nodes 1
	findings=$(cat "$draft/check")
	for name in worker_instance_types worker_system_disk_category \
		worker_system_disk_size; do
		holds "$findings" "$name: "
	done
	holds "$findings" '(login_password|key_pair): '
}

@test "each line names its parameter and is a sentence" {
	put num_of_nodes 3
	while read -r line; do
		holds "$line" '^(warning: )?[a-z_]+: .+'
	done <"$draft/check"
}

@test "R1: a password or a key pair, not both" {
	fill
	put key_pair mine
	grep -qE '^(key_pair|login_password): ' "$draft/check"
	rm "$draft/login_password"
	only_findings '^warning: disable_rollback'
}

@test "R2 and R3: VPC and vSwitches both or neither; a new VPC needs SNAT" {
	fill
	: >"$draft/vpcid"
	grep -qE '^(vpcid|vswitch_ids): ' "$draft/check"
	: >"$draft/vswitch_ids"
	only_findings '^warning: disable_rollback'
	put snat_entry false
	grep -q '^snat_entry: ' "$draft/check"
}

@test "R5: one network plugin, not none, not two" {
	fill
	put addons nginx-ingress-controller
	grep -q '^addons: ' "$draft/check"
	put addons $'flannel\nterway-eniip {"PodVswitchId":{"a":["vsw-1"]}}'
	grep -q '^addons: ' "$draft/check"
}

@test "R6 and R7: flannel needs a container_cidr, Terway pod vSwitches" {
	fill
	: >"$draft/container_cidr"
	grep -q '^container_cidr: ' "$draft/check"
	fill
	put addons terway-eniip
	grep -q '^addons: ' "$draft/check"
}

@test "R9: the networks are compared as ranges" {
	fill
	put service_cidr 172.20.128.0/20
	grep -qE '^(service_cidr|container_cidr): ' "$draft/check"
	put service_cidr 172.21.0.0/20
	only_findings '^warning: disable_rollback'
	# only of a VPC that is made is the range known
	put container_cidr 192.168.64.0/18
	only_findings '^warning: disable_rollback'
	: >"$draft/vpcid"
	: >"$draft/vswitch_ids"
	grep -q '^container_cidr: ' "$draft/check"
}

@test "R10: more nodes than the pod network has room for" {
	fill
	put container_cidr 172.20.0.0/24
	put node_cidr_mask 25
	grep -qE '^(warning: )?(num_of_nodes|node_cidr_mask|container_cidr): ' \
		"$draft/check"
}

@test "R11: subscription nodes need a period; they survive the cluster" {
	fill
	put worker_instance_charge_type PrePaid
	findings=$(cat "$draft/check")
	holds "$findings" 'worker_period: '
	holds "$findings" 'worker_period_unit: '
	put worker_period 1
	put worker_period_unit Month
	put worker_auto_renew false
	only_findings '^warning: disable_rollback' '^warning: .*(PrePaid|charge)'
}

@test "R13: a CPU policy needs Kubernetes 1.12.6" {
	fill
	put cpu_policy static
	only_findings '^warning: disable_rollback'
	put kubernetes_version 1.11.5
	grep -q '^cpu_policy: ' "$draft/check"
}

@test "warnings: another cluster_type, deprecated parameters" {
	fill
	put cluster_type my-test-Kubernetes-cluster
	put public_slb false
	only_findings '^warning: disable_rollback' '^warning: cluster_type' \
		'^warning: public_slb'
}

@test "warnings do not stop a commit, findings do, and all are told" {
	fill
	put cluster_type Kubernetes
	put service_cidr 172.20.0.0/20
	put snat_entry false
	: >"$draft/vpcid"
	ends 'write EINVAL' write "$draft/commit" 1
	error=$(cat "$draft/error")
	while read -r line; do
		holds "$error" "${line%%:*}"
	done < <(grep -v '^warning: ' "$draft/check")
	same 0 "$(count_requests)"
	fill
	put cluster_type Kubernetes
	commit
	is_committed
}

@test "what the mount knows beyond the tables is said, too" {
	remount tag
	draft first
	fill
	put kubernetes_version 1.32.1-aliyun.1
	commit
	wait_until is_committed
	draft other
	fill
	put region_id cn-hangzhou
	grep -q '^warning: region_id: is cn-hangzhou, and this mount' \
		"$draft/check"
	same 'POST /clusters: create other in cn-hangzhou' "$(cat "$draft/plan")"
	rm "$draft/region_id"
	# the pods of another cluster of that VPC
	grep -q '^warning: container_cidr: overlaps .* of the cluster first ' \
		"$draft/check"
	put container_cidr 10.8.0.0/16
	lacks "$(cat "$draft/check")" '^warning: container_cidr'
	# once the versions are known
	put kubernetes_version 1.5.0-aliyun.1
	lacks "$(cat "$draft/check")" kubernetes_version:
	cat "$mnt/live/versions" >"$dir/versions"
	grep -q '^warning: kubernetes_version: the service does not offer' \
		"$draft/check"
	put kubernetes_version "$(cut -d' ' -f1 "$dir/versions" | head -n 1)"
	lacks "$(cat "$draft/check")" kubernetes_version:
	# a tag more is one too many
	for n in {1..19}; do echo "t$n="; done >"$draft/tags"
	lacks "$(cat "$draft/check")" '^tags: '
	for n in {1..20}; do echo "t$n="; done >"$draft/tags"
	grep -q '^tags: there are 20; this mount adds one' "$draft/check"
	ends 'write EINVAL' write "$draft/commit" 1
}
