#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# request.json: the body that commit would send, and a whole draft in one
# write.

# shellcheck source=tests/lib/ackfs.bash
source "$BATS_TEST_DIRNAME/../lib/ackfs.bash"
bats_require_minimum_version 1.5.0

setup()
{
	ackfs_setup
	mount_sandbox
	draft test
}

@test "it is the body of the sample, without the password" {
	fill
	diff <(jq -S 'del(.login_password)' "$top/tests/mounted/sample.json") \
		<(jq -S . "$draft/request.json")
}

@test "cp a/request.json b/request.json clones a draft" {
	fill
	old=$draft
	draft copy
	cp "$old/request.json" "$draft/request.json"
	for name in $("$ackfs" --schema | jq -r '.cluster[].name'); do
		case $name in
		name | login_password) continue ;;
		esac
		same "$(cat "$old/$name")" "$(cat "$draft/$name")"
	done
	same copy "$(jq -r .name "$draft/request.json")"
	grep -qE '^(login_password|key_pair): ' "$draft/check"
}

@test "what is read can be written back, and changes nothing" {
	fill
	before=$(cat "$draft/request.json")
	cat "$draft/request.json" >"$dir/body"
	cat "$dir/body" >"$draft/request.json"
	same "$before" "$(cat "$draft/request.json")"
	lacks "$(cat "$draft/check")" 'login_password: '
}

@test "writing replaces the whole draft" {
	put timeout_mins 90
	printf '{"num_of_nodes": 4}' >"$draft/request.json"
	reads num_of_nodes 4
	reads timeout_mins ''
}

@test "the nodepools form gives the same draft" {
	fill
	jq -n '{
		name: "test", cluster_type: "ManagedKubernetes",
		region_id: "cn-beijing", snat_entry: true,
		kubernetes_version: "1.12.6-aliyun.1",
		vpcid: "vpc-2zegvl5etah5requ09nec",
		vswitch_ids: ["vsw-2ze48rkq464rsdts1abcd"],
		nodepools: [{
			scaling_group: {
				desired_size: 3,
				instance_types: ["ecs.hfc5.xlarge"],
				system_disk_category: "cloud_efficiency",
				system_disk_size: 120,
				data_disks: [{category: "cloud_ssd", size: 500}],
				instance_charge_type: "PostPaid"},
			kubernetes_config: {
				cms_enabled: false,
				taints: [{key: "special", value: "true",
					effect: "NoSchedule"}]}}]}' >"$dir/body"
	draft other
	cp "$dir/body" "$draft/request.json"
	reads num_of_nodes 3
	reads worker_instance_types ecs.hfc5.xlarge
	reads worker_system_disk_size 120
	reads worker_data_disks 'cloud_ssd 500'
	reads cloud_monitor_flags false
	reads taints special=true:NoSchedule
}

@test "broken JSON, wrong types, unknown keys: the draft stays" {
	fill
	before=$(cat "$draft/request.json")
	for body in '{"num_of_nodes": 4,}' '{"num_of_nodes": "four"}' \
		'{"num_of_nodes": 400}' '{"no_such_key": 1}' '[]' '7' \
		'{"num_of_nodes": 4} x' '{"vswitch_ids": {"a": 1}}'; do
		ends 'write EINVAL' write "$draft/request.json" "$body"
		[ -s "$draft/error" ]
		same "$before" "$(cat "$draft/request.json")"
	done
	holds "$(cat "$draft/error")" 'vswitch_ids'
}

@test "text that ends too early is no draft" {
	fill
	before=$(cat "$draft/request.json")
	printf '{"num_of_nodes": 4' >"$draft/request.json" || true
	same "$before" "$(cat "$draft/request.json")"
	[ -s "$draft/error" ]
}

@test "a body that comes in many writes" {
	fill
	jq . "$draft/request.json" >"$dir/body"
	draft other
	dd if="$dir/body" of="$draft/request.json" bs=7 status=none
	reads num_of_nodes 3
	reads container_cidr 172.20.0.0/16
}
