#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What README.md says is so.

# shellcheck source=tests/lib/ackfs.bash
source "$BATS_TEST_DIRNAME/../lib/ackfs.bash"
# shellcheck source=tests/lib/state.bash
source "$BATS_TEST_DIRNAME/../lib/state.bash"
# shellcheck source=tests/lib/life.bash
source "$BATS_TEST_DIRNAME/../lib/life.bash"
# shellcheck source=tests/lib/walk.bash
source "$BATS_TEST_DIRNAME/../lib/walk.bash"
bats_require_minimum_version 1.5.0

readme()
{
	cat "$top/README.md"
}

# session: the transcript, with anything for what differs each time.
session()
{
	readme | awk '/^```$/ { inside = 0 } inside { print }
		/^```console$/ { inside = 1 }' |
		sed -E "s|/mnt/ack|$mnt|
			s/\<(c|np)[0-9a-f]{32}/…/g"
}

@test "the session goes as it is shown" {
	mount_quick
	mkdir "$dir/bin"
	printf '#!/bin/sh\ngrep server: "$KUBECONFIG"\n' >"$dir/bin/kubectl"
	chmod +x "$dir/bin/kubectl"
	session >"$dir/session"
	[ "$(grep -c '^\$ ' "$dir/session")" -ge 20 ]
	PATH=$dir/bin:$PATH walk <"$dir/session"
	wait_until test ! -e "$mnt/clusters/test"
}

# least COMMAND...: the best of a few runs, in microseconds.
least()
{
	local best=0 from took

	for _ in 1 2 3 4 5; do
		from=${EPOCHREALTIME/./}
		"$@" >/dev/null || return
		took=$((${EPOCHREALTIME/./} - from))
		[ "$best" -ne 0 ] && [ "$best" -le "$took" ] || best=$took
	done
	echo "$best"
}

@test "a script takes less than a fifth of the time of the SDK" {
	# shellcheck source=tests/lib/fleet.bash
	source "$lib/fleet.bash"
	need_sdk
	mount_sandbox
	session | sed -n 's/^\$ //p' |
		sed "1s|.*|cd \$(mktemp -d $mnt/clusters/n-XXXXXX)|
			/500/d; /^cat/d; /commit/q" >"$dir/script"
	sdk=$(least sdk createCluster '{"name": "n",
		"clusterType": "ManagedKubernetes", "regionId": "cn-beijing",
		"numOfNodes": 3, "workerInstanceTypes": ["ecs.g7.xlarge"],
		"workerSystemDiskCategory": "cloud_efficiency",
		"workerSystemDiskSize": 120, "snatEntry": true,
		"addons": [{"name": "flannel"}], "keyPair": "my-key"}')
	script=$(least bash -eu "$dir/script")
	echo "script: $script us, SDK: $sdk us"
	same 10 "$(requests | jq '[.[] | select(.action == "CreateCluster" and
		.executed)] | length')"
	[ $((script * 5)) -lt "$sdk" ]
}

# runs NODES TYPE: the script of README.md, with these.
runs()
{
	readme | awk '/^```$/ { inside = 0 } inside { print }
		/^```bash$/ { inside = 1 }' |
		sed "s|/mnt/ack|$mnt|; s/echo 3 /echo $1 /
			s/ecs\.g7\.xlarge/$2/" >"$dir/script"
	bash "$dir/script" </dev/null
}

@test "the script makes a cluster once, and scales it" {
	mount_quick
	draft=$mnt/clusters/ci
	for _ in 1 2 3; do
		same running "$(runs 3 ecs.g7.xlarge)"
	done
	same 'CreateCluster' "$(changes_sent)"
	same running "$(runs 4 ecs.g7.xlarge)"
	same $'CreateCluster\nModifyClusterNodePool' "$(changes_sent)"
	reads num_of_nodes 4
	run -1 runs 4 ecs.g8i.xlarge
	holds "$(cat "$draft/error")" worker_instance_types
	reads worker_instance_types ecs.g7.xlarge
	same $'CreateCluster\nModifyClusterNodePool' "$(changes_sent)"
	jq .num_of_nodes=5 "$draft/request.json" >"$dir/ci.json"
	cp "$dir/ci.json" "$draft/request.json"
	holds "$(cat "$draft/plan")" 'num_of_nodes: 4 -> 5'
}

# changes_sent: the calls that changed something, in their order.
changes_sent()
{
	requests | jq -r '.[] | select(.executed and .method != "GET") | .action'
}

@test "every line form is taken" {
	mount_sandbox
	draft test
	put tags key=value
	put taints key=value:NoSchedule
	put worker_data_disks 'cloud_ssd 500'
	put runtime 'containerd 1.6.20'
	put addons $'name\nother@version\nthird {"json": "config"}\n-fourth'
	same 4 "$(wc -l <"$draft/addons")"
}

# Two minutes of reading, without the session.
@test "README.md is short, and names no errno that there is not" {
	[ "$(wc -w <"$top/README.md")" -lt 1500 ]
	[ "$(readme | grep -oE '\bE[A-Z]{3,}\b' | sort -u | tee "$dir/errnos" |
		wc -l)" -ge 8 ]
	while read -r name; do
		/usr/bin/python3 -c "import errno; errno.$name"
	done <"$dir/errnos"
}

@test "commands and files that are named exist" {
	for path in $(readme | grep -oE '(\./)?(mount-helpers|tests|api|fs)/[a-z0-9/_.*-]*' |
		sort -u); do
		path=${path%.}
		compgen -G "$top/${path%,}" >/dev/null || [ -e "$build/$path" ] || {
			echo "$path"
			return 1
		}
	done
}

# blocks FILE: what stands in blocks of code.
blocks()
{
	awk '/^```/ { inside = !inside; next } inside || /^    /' "$1"
}

# words FILE: what stands as code in the text and the tables.
words()
{
	awk '/^```/ { inside = !inside } !inside && !/^    /' "$1" |
		grep -oE '`[^`]+`|^\| E[A-Z, ]+ ' | sort -u
}

@test "README.zh-CN.md has the same commands, files, options and errnos" {
	diff <(blocks "$top/README.md") <(blocks "$top/README.zh-CN.md")
	diff <(words "$top/README.md") <(words "$top/README.zh-CN.md")
	same "$(grep -c '^## ' "$top/README.md")" \
		"$(grep -c '^## ' "$top/README.zh-CN.md")"
	same "$(grep -c '^|' "$top/README.md")" \
		"$(grep -c '^|' "$top/README.zh-CN.md")"
}
