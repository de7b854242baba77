#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# A draft: its files, writing, unsetting, removing, renaming
# (DESIGN.md, Files; Writing).

# shellcheck source=tests/lib/ackfs.bash
source "$BATS_TEST_DIRNAME/../lib/ackfs.bash"
bats_require_minimum_version 1.5.0

setup()
{
	ackfs_setup
	mount_sandbox
	draft test
}

@test "mkdir makes every file, each with its mode" {
	"$ackfs" --schema >"$dir/schema.json"
	{
		jq -r '.cluster[] | select(.places.classic or .places.nodepools) | "\(if .secret then 600 else 644 end) \(.name)"' \
			"$dir/schema.json"
		printf '%s\n' '644 request.json' '444 check' '444 plan' \
			'600 commit' '444 digest' '444 state' '444 error'
	} | sort >"$dir/wanted"
	find "$draft" -type f -printf '%m %f\n' | sort >"$dir/got"
	diff -u "$dir/wanted" "$dir/got"
}

@test "a new draft is unset all over, and its state is draft" {
	for name in $("$ackfs" --schema | jq -r '.cluster[] | select(.places.classic or .places.nodepools).name'); do
		same 0 "$(stat -c %s "$draft/$name")"
	done
	reads num_of_nodes ''
	same draft "$(cat "$draft/state")"
	same '' "$(cat "$draft/error")"
	[ ! -e "$draft/cluster_id" ]
	[ ! -e "$draft/request_id" ]
	[ ! -e "$draft/task_id" ]
}

@test "a value reads as it was written, with one newline" {
	echo 3 >"$draft/num_of_nodes"
	reads num_of_nodes 3
	printf 4 >"$draft/num_of_nodes"
	reads num_of_nodes 4
	printf '5\r\n' >"$draft/num_of_nodes"
	reads num_of_nodes 5
	printf '  6 \n' >"$draft/num_of_nodes"
	reads num_of_nodes 6
	cat "$draft/num_of_nodes" >"$dir/copy"
	cat "$dir/copy" >"$draft/num_of_nodes"
	reads num_of_nodes 6
}

@test "booleans: all words, read back as true and false" {
	for word in true 1 yes on TRUE Yes; do
		put snat_entry $word
		reads snat_entry true
	done
	for word in false 0 no off; do
		put snat_entry $word
		reads snat_entry false
	done
	ends 'write EINVAL' write "$draft/snat_entry" maybe
	reads snat_entry false
}

@test "lists: lines, commas, blanks, JSON; appending adds" {
	wanted=$'ecs.g7.xlarge\necs.c7.xlarge'
	for text in 'ecs.g7.xlarge ecs.c7.xlarge' 'ecs.g7.xlarge,ecs.c7.xlarge' \
		'["ecs.g7.xlarge", "ecs.c7.xlarge"]' "$wanted"; do
		put worker_instance_types "$text"
		reads worker_instance_types "$wanted"
	done
	echo ecs.r7.xlarge >>"$draft/worker_instance_types"
	reads worker_instance_types "$wanted"$'\necs.r7.xlarge'
	ends 'write EINVAL' append "$draft/vswitch_ids" 'no switch'
	reads vswitch_ids ''
}

@test "lists of objects: the line form and JSON" {
	put tags $'env=prod\nteam=a=b\nempty='
	reads tags $'env=prod\nteam=a=b\nempty='
	put tags '[{"key":"k","value":"v"}]'
	reads tags k=v
	put taints $'special=true:NoSchedule\nother:NoExecute'
	holds "$(cat "$draft/taints")" 'special=true:NoSchedule'
	put worker_data_disks $'cloud_ssd 500\ncloud_efficiency 40'
	reads worker_data_disks $'cloud_ssd 500\ncloud_efficiency 40'
	put addons '[{"name":"flannel"},{"name":"x","config":"{\"a\":1}"}]'
	reads addons $'flannel\nx {"a":1}'
	put addons $'flannel\n-nginx-ingress-controller\nlogtail-ds@1.2.3'
	reads addons $'flannel\n-nginx-ingress-controller\nlogtail-ds@1.2.3'
	put runtime 'containerd 1.6.20'
	reads runtime 'containerd 1.6.20'
	put runtime '{"name":"docker","version":"19.03.5"}'
	reads runtime 'docker 19.03.5'
}

@test "truncating to nothing unsets" {
	put num_of_nodes 3
	: >"$draft/num_of_nodes"
	reads num_of_nodes ''
	put num_of_nodes 3
	truncate -s 0 "$draft/num_of_nodes"
	reads num_of_nodes ''
	put num_of_nodes 3
	cp /dev/null "$draft/num_of_nodes"
	reads num_of_nodes ''
}

@test "a refused write fails in write(2) and the old value stays" {
	put num_of_nodes 3
	run -1 bash -c 'echo 500 >"$1"' _ "$draft/num_of_nodes"
	reads num_of_nodes 3
	ends 'write EINVAL' write "$draft/num_of_nodes" 500
	reads num_of_nodes 3
	error=$(cat "$draft/error")
	holds "$error" 'num_of_nodes'
	holds "$error" '100'
	holds "$error" 'param: num_of_nodes'
	put num_of_nodes 4
	same '' "$(cat "$draft/error")"
}

@test "a list that goes wrong on its way keeps its old value" {
	put vswitch_ids vsw-2ze48rkq464rsdts1abcd
	run -1 bash -c 'printf "%s\n" vsw-1aaaaaaaaaaaaaaaaaaaa nonsense >"$1"' \
		_ "$draft/vswitch_ids"
	reads vswitch_ids vsw-2ze48rkq464rsdts1abcd
}

@test "rm unsets and takes the name away until it is written again" {
	put num_of_nodes 3
	rm "$draft/num_of_nodes"
	[ ! -e "$draft/num_of_nodes" ]
	run -0 ls "$draft"
	lacks "$output" num_of_nodes
	put num_of_nodes 7
	reads num_of_nodes 7
	[ -n "$(find "$draft" -name num_of_nodes)" ]
}

@test "rm of a fixed file takes its name away until somebody makes it again" {
	for name in check plan commit state error request.json; do
		ends OK unlink "$draft/$name"
		[ ! -e "$draft/$name" ]
	done
	touch "$draft/commit" "$draft/request.json"
	[ -e "$draft/commit" ]
	# what is only read comes back, too, though nobody may write it
	run ! bash -c ': >"$1"' - "$draft/check"
	[ -e "$draft/check" ]
}

@test "tar x over a draft comes to an end: it unlinks and makes, again and again" {
	put num_of_nodes 3
	tar -C "$draft" -cf "$dir/all.tar" --exclude=login_password \
		--exclude=commit .
	run timeout 20 tar -C "$draft" -xf "$dir/all.tar" --no-same-owner
	[ "$status" -ne 124 ]
	reads num_of_nodes 3
	[ -e "$draft/check" ]
}

@test "rmdir and rm -rf discard a draft" {
	put num_of_nodes 3
	rmdir "$draft"
	[ ! -e "$draft" ]
	draft test
	reads num_of_nodes ''
	put num_of_nodes 3
	rm -rf "$draft"
	[ ! -e "$draft" ]
	same '' "$(ls "$mnt/clusters")"
}

@test "mv renames a draft and keeps its values" {
	put num_of_nodes 3
	mv "$draft" "$mnt/clusters/other"
	[ ! -e "$draft" ]
	draft=$mnt/clusters/other
	reads num_of_nodes 3
	same other "$(jq -r .name "$draft/request.json")"
	mkdir "$mnt/clusters/third"
	run "$lib/try" rename "$draft" "$mnt/clusters/third"
	holds "$output" '^rename E(EXIST|NOTEMPTY)$'
	reads num_of_nodes 3
}

@test "a rename to the same name succeeds, also while the file is written" {
	/usr/bin/python3 - "$draft/snat_entry" <<-'PY'
		import os, sys
		fd = os.open(sys.argv[1], os.O_RDWR | os.O_APPEND)
		os.write(fd, b"yes")
		os.rename(sys.argv[1], sys.argv[1])
		os.close(fd)
	PY
	reads snat_entry true
	same '' "$(cat "$draft/error")"
}

@test "unknown names cannot be made; error says why" {
	ends 'open EPERM' create "$draft/num_of_node" 3
	holds "$(cat "$draft/error")" 'num_of_node is .* did you mean num_of_nodes\?'
	ends 'open EPERM' create "$draft/version" 1.32
	holds "$(cat "$draft/error")" 'did you mean kubernetes_version\?'
	ends 'open EPERM' create "$draft/comit" 1
	holds "$(cat "$draft/error")" 'did you mean commit\?'
	ends 'mkdir EPERM' mkdir "$draft/nodes"
	ends 'open EPERM' create "$mnt/x" y
	ends 'mkdir EPERM' mkdir "$mnt/x"
	ends 'open EPERM' create "$mnt/clusters/x" y
	[ ! -e "$mnt/clusters/x" ]
	for name in cluster_id request_id task_id; do
		ends 'open EPERM' create "$draft/$name" c
		[ ! -e "$draft/$name" ]
	done
}

@test "read-only files refuse writing, orders and secrets read as nothing, as root" {
	for name in check plan state error; do
		run "$lib/try" write "$draft/$name" 1
		holds "$output" '^open E(PERM|ACCES)$'
	done
	for name in README status error; do
		run "$lib/try" write "$mnt/$name" 1
		holds "$output" '^open E(PERM|ACCES)$'
	done
	put login_password "$sample_password"
	for name in commit login_password; do
		same 0 "$(cat "$draft/$name" | wc -c)"
		same '600 0' "$(stat -c '%a %s' "$draft/$name")"
	done
	same draft "$(cat "$draft/state")"
}

@test "names of drafts: what ACK takes, and a reason for what it does not" {
	for name in a A-1 集群 "$(printf 'x%.0s' $(seq 63))"; do
		mkdir "$mnt/clusters/$name"
		[ -d "$mnt/clusters/$name" ]
		rmdir "$mnt/clusters/$name"
	done
	for name in -a 'a b' a.b a_b $'a\nb' "$(printf 'x%.0s' $(seq 64))"; do
		ends 'mkdir EINVAL' mkdir "$mnt/clusters/$name"
		[ -s "$mnt/error" ]
	done
	ends 'mkdir EEXIST' mkdir "$draft"
	ends 'rmdir ENOENT' rmdir "$mnt/clusters/none"
}

@test "an open file keeps the text it had" {
	put worker_instance_types $'ecs.g7.xlarge\necs.c7.xlarge'
	exec 7<"$draft/worker_instance_types"
	put worker_instance_types ecs.r7.large
	same $'ecs.g7.xlarge\necs.c7.xlarge' "$(cat <&7)"
	exec 7<&-
	reads worker_instance_types ecs.r7.large
}

@test "sizes are true, everywhere" {
	fill
	# of live/ they are true only while it is open
	find "$mnt" -path "$mnt/live" -prune -o -type f -print | while read -r file; do
		[ "$(stat -c %s "$file")" -eq "$(cat "$file" | wc -c)" ] || {
			echo "$file"
			exit 1
		}
	done
	same "$(cat "$draft/addons" | wc -c)" \
		"$(ls -l "$draft/addons" | awk '{print $5}')"
}

@test "find -size +0 lists what is set" {
	put num_of_nodes 3
	put vpcid vpc-2zegvl5etah5requ09nec
	same 'num_of_nodes vpcid' "$(
		cd "$mnt/schema" && for name in *; do
			find "$draft/$name" -size +0 -printf '%f\n'
		done | paste -sd' '
	)"
}

@test "unset in the same breath: a write through one descriptor of two" {
	put num_of_nodes 3
	exec 7>"$draft/num_of_nodes"
	reads num_of_nodes 3
	echo 8 >&7
	reads num_of_nodes 8
	exec 7>&-
	reads num_of_nodes 8
}

@test "extended attributes are not supported, and said so" {
	run -0 /usr/bin/python3 - "$draft/num_of_nodes" <<-'PY'
		import errno, os, sys
		try:
		    os.getxattr(sys.argv[1], "user.x")
		except OSError as e:
		    print(errno.errorcode[e.errno])
	PY
	same ENOTSUP "$output"
}

@test "scratch files live in a draft, and renaming one onto a parameter writes" {
	for name in .num_of_nodes.swp num_of_nodes~ 4913 sedAbC123 \
		.num_of_nodes.AbC123; do
		printf 5 >"$draft/$name"
		same 5 "$(cat "$draft/$name")"
		mv "$draft/$name" "$draft/num_of_nodes"
		reads num_of_nodes 5
		[ ! -e "$draft/$name" ]
		: >"$draft/num_of_nodes"
	done
	put num_of_nodes 3
	printf 500 >"$draft/num_of_nodes~"
	ends 'rename EPERM' rename "$draft/num_of_nodes~" "$draft/num_of_nodes"
	reads num_of_nodes 3
	holds "$(cat "$draft/error")" '100'
	rm "$draft/num_of_nodes~"
	# also where rm has taken the name away, as some editors do first
	rm "$draft/num_of_nodes" "$draft/request.json"
	printf '{"num_of_nodes":6}' >"$draft/request.json~"
	mv "$draft/request.json~" "$draft/request.json"
	reads num_of_nodes 6
	rm "$draft/request.json" "$draft/check"
	printf '{}' >"$draft/check~"
	ends 'rename EPERM' rename "$draft/check~" "$draft/check"
	rmdir "$draft"
}

@test "name and region_id default to the directory and the mount" {
	same test "$(jq -r .name "$draft/request.json")"
	same cn-beijing "$(jq -r .region_id "$draft/request.json")"
	same ManagedKubernetes "$(jq -r .cluster_type "$draft/request.json")"
	put name another
	same another "$(jq -r .name "$draft/request.json")"
}

@test "plan names the call that commit would make" {
	same 1 "$(wc -l <"$draft/plan")"
	holds "$(cat "$draft/plan")" 'POST /clusters'
}
