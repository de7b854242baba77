#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# request.json: the body that commit would send, and a whole draft in one
# write.

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

# steps FILE TEXT: how each of its calls ends
steps()
{
	/usr/bin/python3 - "$@" <<-'PY'
		import errno, os, sys
		fd = os.open(sys.argv[1], os.O_WRONLY | os.O_TRUNC)
		for name, call in (
		        ("write", lambda: os.write(fd, sys.argv[2].encode())),
		        ("fsync", lambda: os.fsync(fd)),
		        ("dup", lambda: os.close(os.dup(fd))),
		        ("close", lambda: os.close(fd))):
		    try:
		        call()
		        print(name, "ok")
		    except OSError as e:
		        print(name, errno.errorcode[e.errno])
	PY
}

# Nobody gets the old draft for a new one that came halfway.
@test "text that ends too early fails, and nothing is committed" {
	fill
	body=$(cat "$draft/request.json")
	while read -r file text; do
		printf '%s' "$text" >"$dir/half"
		run -1 cp "$dir/half" "$draft/$file"
		same "$(printf '%s\n' 'write ok' 'fsync EINVAL' 'dup EINVAL' \
			'close EINVAL')" "$(steps "$draft/$file" "$text")"
		same "$body" "$(cat "$draft/request.json")"
		holds "$(cat "$draft/error")" 'is not complete'
		put num_of_nodes 3
		grep -q "^$file: .*is not complete" "$draft/check"
		ends 'write EINVAL' write "$draft/commit" 1
		holds "$(cat "$draft/error")" "$file"
		# written whole, or taken back
		printf '%s' "$body" >"$draft/request.json"
		put login_password "$sample_password"
		lacks "$(cat "$draft/check")" "$file"
		printf '%s' "$text" >"$draft/$file"
		[ -s "$draft/check" ]
		rm "$draft/$file"
		lacks "$(cat "$draft/check")" 'is not complete'
		printf '%s' "$body" >"$draft/request.json"
	done <<-'END'
		request.json {"num_of_nodes": 4
		request.json {"num_of_nodes": 4,"tags":[{"key":"a"
		tags [{"key":"env","value":"prod"},{"key":"te
		addons [{"name":"flannel"},{"name":"cs
		vswitch_ids ["vsw-a","vsw
	END
	same 0 "$(count_requests POST)"
}

# While it is open, too, and of edits.
@test "what goes on being written is not committed yet" {
	fill
	exec 7>"$draft/tags"
	printf '[{"key":"a",' >&7
	grep -q '^tags: ' "$draft/check"
	ends 'write EINVAL' write "$draft/commit" 1
	printf '"value":"1"}]' >&7
	exec 7>&-
	lacks "$(cat "$draft/check")" 'is not complete'
	commit
	wait_until is_committed
	printf '[{"key":"a",' >"$draft/tags" || true
	grep -q '^tags: ' "$draft/check"
	ends 'write EINVAL' write "$draft/commit" 1
	rm "$draft/tags"
	same '' "$(cat "$draft/check")"
	reads tags a=1
}

@test "a shorter body in place, or made anew, is taken" {
	echo '{"num_of_nodes":3}' >"$dir/request.json"
	tar -C "$dir" -cf "$dir/body.tar" request.json
	while read -r how; do
		put num_of_nodes 7
		put timeout_mins 5
		(cd "$draft" && eval "$how")
		same 3 "$(cat "$draft/num_of_nodes")"
		reads timeout_mins ''
	done <<-'END'
		install -m 644 "$dir/request.json" request.json
		cp --remove-destination "$dir/request.json" request.json
		tar -xf "$dir/body.tar"
		rsync -I --inplace "$dir/request.json" request.json
		dd if="$dir/request.json" of=request.json conv=notrunc status=none
		busybox tar -xf "$dir/body.tar"
	END
	put timeout_mins 5
	rm "$draft/request.json"
	/usr/bin/python3 - "$draft/request.json" <<-'PY'
		import os, sys
		fd = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT | os.O_EXCL)
		assert os.pread(fd, 999, 0) == b""
	PY
	reads timeout_mins 5
}

@test "a body that comes in many writes" {
	fill
	jq . "$draft/request.json" >"$dir/body"
	draft other
	dd if="$dir/body" of="$draft/request.json" bs=7 status=none
	reads num_of_nodes 3
	reads container_cidr 172.20.0.0/16
}

@test "a body of the console is taken, and what was left out of it is named" {
	jq -n '{
		name: "x", region_id: "cn-beijing", vpc_id: "vpc-a",
		vswitchid: "vsw-a", pod_cidr: "172.20.0.0/16",
		service_cidr: "172.21.0.0/20", enable_rrsa: false,
		taint: [{key: "a", value: "b", effect: "NoSchedule"}],
		charge_type: "PostPaid", logging_type: "SLS",
		master_vswitch_ids: ["vsw-a"], node_port_range: "30000-32767",
		login_password: "test@19ABCD",
		nodepools: [{
			nodepool_info: {name: "first"}, count: 2,
			management: {enable: true,
				rolling_policy: {max_parallelism: 10}},
			scaling_group: {
				platform: "AliyunLinux", login_password: "test@19ABCD",
				vswitch_ids: ["vsw-a"],
				instance_types: ["ecs.g7.large"]}}]}' >"$dir/body"
	cat "$dir/body" >"$draft/request.json"
	reads vpcid vpc-a
	reads vswitch_ids vsw-a
	reads container_cidr 172.20.0.0/16
	reads rrsa_config false
	reads taints a=b:NoSchedule
	reads num_of_nodes 0
	same 2 "$(jq .scaling_group.desired_size "$draft/extra_nodepools")"
	lacks "$(cat "$draft/extra_nodepools" "$draft/request.json")" 19ABCD
	remount
	for key in charge_type logging_type master_vswitch_ids node_port_range \
		'nodepools\[0\].scaling_group.platform' \
		'nodepools\[0\].management.rolling_policy'; do
		grep -q "^warning: $key: was left out" "$draft/check"
	done
	# a misspelling is refused, and so is every fault of every pool
	jq '.vswich_ids = [] | .nodepools[0].a = 1 | .nodepools[0].b = 2' \
		"$dir/body" >"$dir/wrong"
	ends 'write EINVAL' write "$draft/request.json" "$(cat "$dir/wrong")"
	for word in 'did you mean vswitch_ids' 'pool, a: ' 'pool, b: '; do
		holds "$(cat "$draft/error")" "$word"
	done
	# the next body is another
	echo '{"name":"y"}' >"$draft/request.json"
	lacks "$(cat "$draft/check")" 'left out'
	reads num_of_nodes 0
}
