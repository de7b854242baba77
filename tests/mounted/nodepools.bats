#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Node pools: directories below a cluster, with the gestures of clusters.

# shellcheck source=tests/lib/ackfs.bash
source "$BATS_TEST_DIRNAME/../lib/ackfs.bash"
# shellcheck source=tests/lib/state.bash
source "$BATS_TEST_DIRNAME/../lib/state.bash"
# shellcheck source=tests/lib/other.bash
source "$BATS_TEST_DIRNAME/../lib/other.bash"
# shellcheck source=tests/lib/life.bash
source "$BATS_TEST_DIRNAME/../lib/life.bash"
bats_require_minimum_version 1.5.0

np_form='^np[0-9a-f]{32}$'

teardown()
{
	other_teardown
}

ready()
{
	mount_quick "$@"
	born test
	from_here
}

# Of the service, by name.
pool_count()
{
	pools | jq --arg name "$1" \
		'map(select(.nodepool_info.name == $name)) | length'
}

of_service()
{
	pools | jq -c --arg name "${draft##*/}" \
		".[] | select(.nodepool_info.name == \$name) | $1"
}

@test "mkdir drafts one: nothing is sent, check and plan say what is to be" {
	ready
	cluster=$draft
	draft=$cluster/nodepools/gpu
	mkdir "$draft"
	same draft "$(cat "$draft/state")"
	findings=$(cat "$draft/check")
	holds "$findings" 'instance_types: is required'
	holds "$findings" 'login_password: .*key_pair'
	same "POST /clusters/$id/nodepools: create gpu" "$(cat "$draft/plan")"
	ends 'write EINVAL' write "$draft/commit" 1
	error_holds instance_types key_pair
	fill_pool
	same '' "$(cat "$draft/check")"
	jq -e '.nodepool_info.name == "gpu" and
		.scaling_group.instance_types == ["ecs.g7.xlarge"] and
		.scaling_group.vswitch_ids == ["vsw-2ze48rkq464rsdts1abcd"] and
		.scaling_group.key_pair == "my-key" and
		.kubernetes_config.runtime_version == "1.6.38"' \
		"$draft/request.json"
	for name in nodepool_id delete delete_plan progress live nodepools; do
		[ ! -e "$draft/$name" ]
	done
	# every parameter has its explanation
	for name in instance_types labels desired_size max_instances; do
		holds "$(cat "$mnt/schema/nodepool/$name")" "$name|English|type"
	done
	same '' "$(changes)"
	rmdir "$draft"
	same '' "$(cat "$cluster/plan")"
}

@test "values, bad values, lists, rm and mv work as in a cluster" {
	ready
	pool gpu
	ends 'write EINVAL' write "$draft/system_disk_size" 5
	reads system_disk_size 120
	ends 'write EINVAL' write "$draft/taints" nonsense
	put taints $'a=b:NoSchedule\nc=d:NoExecute'
	reads taints $'a=b:NoSchedule\nc=d:NoExecute'
	echo 'team=a' >>"$draft/labels"
	echo 'env=b' >>"$draft/labels"
	reads labels $'team=a\nenv=b'
	put data_disks 'cloud_essd 100'
	put auto_scaling true
	only_findings '^max_instances: ' '^min_instances: '
	put min_instances 5
	put max_instances 2
	only_findings '^min_instances: is 5, more'
	put max_instances 9
	same '' "$(cat "$draft/check")"
	rm "$draft/data_disks"
	[ ! -e "$draft/data_disks" ]
	mv "$draft" "$cluster/nodepools/cpu"
	draft=$cluster/nodepools/cpu
	jq -e '.nodepool_info.name == "cpu" and
		.auto_scaling == {"enable": true, "max_instances": 9,
			"min_instances": 5}' "$draft/request.json"
	# a clone
	mkdir "$cluster/nodepools/copy"
	cp "$draft/request.json" "$cluster/nodepools/copy/request.json"
	same 9 "$(cat "$cluster/nodepools/copy/max_instances")"
	jq -e '.nodepool_info.name == "copy"' \
		"$cluster/nodepools/copy/request.json"
	ends 'open EPERM' create "$draft/nonsense" 1
	ends 'open EPERM' create "$draft/num_of_nodes" 3
	error_holds 'did you mean desired_size\?'
	error_holds 'not a parameter'
	same '' "$(changes)"
}

@test "a whole life: create, change, scale, delete" {
	ready
	pool gpu desired_size 2
	commit
	np=$(cat "$draft/nodepool_id")
	holds "$np" "$np_form"
	same "POST /clusters/$id/nodepools" "$(changes)"
	same '' "$(cat "$draft/error")"
	[ -s "$draft/request_id" ]
	holds "$(cat "$draft/task_id")" '^T-'
	wait_until pool_at_rest
	holds "$(cat "$draft/progress")" '^100% \[#{20}\] done stage 3 of 3'
	holds "$(cat "$draft/events")" "info create: $np"
	holds "$(cat "$draft/events")" 'info state: active'
	same 2 "$(of_service .status.total_nodes)"
	same '' "$(cat "$draft/plan")"

	from_here
	put desired_size 3
	put labels team=a
	put taints a=b:NoSchedule
	same 1 "$(wc -l <"$draft/plan")"
	holds "$(cat "$draft/plan")" "^PUT /clusters/$id/nodepools/$np: "
	holds "$(cat "$draft/plan")" '[:,] desired_size: 2 -> 3(,|$)'
	holds "$(cat "$draft/plan")" '[:,] labels: unset -> team=a(,|$)'
	commit
	same "PUT /clusters/$id/nodepools/$np" "$(changes)"
	body 0 | jq -e '. == {"scaling_group": {"desired_size": 3},
		"kubernetes_config": {
			"labels": [{"key": "team", "value": "a"}],
			"taints": [{"key": "a", "value": "b",
				"effect": "NoSchedule"}]},
		"update_nodes": true}'
	wait_until pool_at_rest
	same 3 "$(of_service .status.total_nodes)"
	reads desired_size 3
	reads labels team=a

	put desired_size 1
	holds "$(cat "$draft/plan")" \
		$'\n''loses: desired_size: 2 nodes of the node pool gpu'
	echo gpu >"$draft/commit"
	wait_until pool_at_rest
	same 1 "$(of_service .status.total_nodes)"
	draft=$cluster
	wait_until reads num_of_nodes 4

	draft=$cluster/nodepools/gpu
	from_here
	for word in 1 yes gpu "$id" "${np}0" "${np^^}"; do
		ends 'write EINVAL' write "$draft/delete" "$word"
	done
	error_holds "$np"
	same '' "$(changes)"
	cat "$draft/nodepool_id" >"$draft/delete"
	same "DELETE /clusters/$id/nodepools/$np?force=true" "$(changes)"
	same deleting "$(cat "$draft/state")"
	wait_until test ! -e "$draft"
	same 0 "$(pool_count gpu)"
	# and the name is free
	mkdir "$draft"
	same draft "$(cat "$draft/state")"
}

@test "a pool that exists: rmdir, rm, mv and editing what is fixed are refused" {
	ready
	pool gpu
	commit
	ends 'rmdir EPERM' rmdir "$draft"
	error_holds 'never deletes anything'
	ends 'unlink EPERM' unlink "$draft/nodepool_id"
	ends 'unlink EPERM' unlink "$draft/labels"
	ends 'rename EPERM' rename "$draft" "$cluster/nodepools/moved"
	ends 'write EPERM' write "$draft/ram_role_name" x
	error_holds 'cannot be changed any more'
	same 444 "$(stat -c %a "$draft/ram_role_name")"
	same 644 "$(stat -c %a "$draft/labels")"
	same 600 "$(stat -c %a "$draft/login_password")"
	put request.json "$(cat "$draft/request.json")"
	put request.json '{}'
	same '' "$(cat "$draft/plan")"
	commit
	same 1 "$(changes | wc -l)"
}

@test "fixed directories and wrong places" {
	ready
	ends 'rmdir ENOTDIR' rmdir "$draft/nodepools"
	ends 'rmdir EPERM' rmdir "$draft/live/nodepools"
	ends 'unlink EPERM' unlink "$draft/nodepools"
	same ../../live/test/nodepools "$(readlink "$draft/nodepools")"
	ends 'mkdir EPERM' mkdir "$draft/elsewhere"
	error_holds 'nodepools/'
	draft other
	# a pool of a cluster that does not exist
	ends 'mkdir ENOENT' mkdir "$draft/nodepools/gpu"
	ends 'mkdir EPERM' mkdir "$draft/nodepools"
	same '' "$(changes)"
}

@test "the pools that there are appear when live/NAME/nodepools.json is read" {
	ready
	same 1 "$(pools | jq length)"
	same default-nodepool "$(ls "$draft/nodepools")"
	np=$draft/nodepools/default-nodepool
	same 3 "$(cat "$np/desired_size")"
	same active "$(cat "$np/state")"
	same ecs.hfc5.xlarge "$(cat "$np/instance_types")"
	same special=true:NoSchedule "$(cat "$np/taints")"
	holds "$(cat "$np/nodepool_id")" "$np_form"
	other_start ,refresh=1
	wait_until test -d "$other_mnt/clusters/test"
	(
		draft=$other_mnt/clusters/test
		pool theirs desired_size 1 labels a=b
		commit
		wait_until pool_at_rest
	)
	pools >/dev/null
	same $'default-nodepool\ntheirs' "$(ls "$draft/nodepools")"
	same a=b "$(cat "$draft/nodepools/theirs/labels")"
	# what they change is seen by the next reader, what they delete goes
	echo 2 >"$other_mnt/clusters/test/nodepools/theirs/desired_size"
	echo 1 >"$other_mnt/clusters/test/nodepools/theirs/commit"
	settled()
	{
		pools | jq -e 'map(select(.nodepool_info.name == "theirs" and
			.status.total_nodes == 2 and
			.status.state == "active")) | length == 1' >/dev/null
	}
	wait_until settled
	same 2 "$(cat "$draft/nodepools/theirs/desired_size")"
	cat "$draft/nodepools/theirs/nodepool_id" \
		>"$draft/nodepools/theirs/delete"
	wait_until test ! -e "$draft/nodepools/theirs"
	cat "$other_mnt/clusters/test/live/nodepools.json" >/dev/null
	wait_until test ! -e "$other_mnt/clusters/test/nodepools/theirs"
}

@test "the first look into nodepools shows what there is, listed or walked" {
	sandbox_start
	planted '{"name": "test", "nodes": 2}'
	for look in 'ls nodepools' 'cat nodepools/default-nodepool/state' \
		'for p in nodepools/*/; do echo "$p"; done' \
		'cd nodepools && ls -d default-nodepool'; do
		mount_sandbox refresh=60
		draft=$mnt/clusters/test
		wait_until test -d "$draft"
		from_here
		run -0 bash -c "cd '$draft' && $look"
		holds "$output" '^(nodepools/)?default-nodepool/?$|^active$'
		# and once is enough
		run -0 bash -c "cd '$draft' && ($look) && ($look)"
		same 1 "$(sent 'map(select(.path |
			endswith("/nodepools"))) | length')"
		# without the right to ask that is said, not that there are none
		mount_stop
		rm -rf "$dir/state"
	done
	log_expected+=('test is not known to be')
	faults '{"do": "status", "status": 403, "code": "StatusForbidden",
		"path": "/clusters/*/nodepools", "times": -1}'
	mount_sandbox refresh=1
	wait_until test -d "$draft"
	ends 'mkdir EACCES' mkdir "$draft/nodepools/gpu"
	run ls "$draft/nodepools"
	same 2 "$status"
	holds "$(cat "$draft/live/error")" 'code: StatusForbidden'
	same '' "$(cat "$draft/error")"
	# but the cluster is as usable as before
	same running "$(timeout 20 cat "$draft/live/wait")"
}

@test "each pool has wait and watch, and its cluster waits for it" {
	sandbox_start --speed 3
	planted '{"name": "test", "nodes": 1}'
	mount_sandbox refresh=1
	draft=$mnt/clusters/test
	wait_until test -d "$draft"
	pool gpu desired_size 2
	commit
	put desired_size 3
	ends 'write EBUSY' write "$draft/commit" 1
	error_holds 'cat its wait'
	rm "$draft/desired_size"
	timeout 60 cat "$cluster/live/watch" >"$dir/watch" 3>&- &
	same active "$(timeout 60 cat "$draft/wait")"
	same running "$(timeout 60 cat "$cluster/live/wait")"
	same 2 "$(of_service .status.healthy_nodes)"
	wait $!
	holds "$(cat "$dir/watch")" 'nodepools/gpu initial [0-9]+%'
	holds "$(tail -n 1 "$dir/watch")" '^running'
	# one that could not be made is told to both
	faults '{"do": "fail_task", "method": "POST",
		"path": "*/nodepools", "code": "OperationDenied.NoStock"}'
	draft=$cluster
	pool bad
	commit
	for file in "$draft/wait" "$cluster/live/wait"; do
		run timeout 60 cat "$file"
		same 1 "$status"
		holds "$output" 'Remote I/O error'
	done
	holds "$(cat "$cluster/live/error")" 'node pool bad'
	error_holds NoStock
	run timeout 20 cat "$cluster/live/watch"
	same 1 "$status"
	holds "$output" 'nodepools/bad .*failed'
}

@test "a name that the cluster has already: EEXIST, here and there" {
	ready
	pools >/dev/null
	ends 'mkdir EEXIST' mkdir "$draft/nodepools/default-nodepool"
	pool other name default-nodepool
	ends 'write EEXIST' write "$draft/commit" 1
	error_holds 'exists already' 'param: name'
	same draft "$(cat "$draft/state")"
	same '' "$(changes)"
	# another cluster may have it
	draft=$cluster
	id1=$id
	born second
	pool gpu
	commit
	draft=$mnt/clusters/test
	pool gpu
	commit
	same "POST /clusters/$id/nodepools
POST /clusters/$id1/nodepools" "$(changes | grep -v '^POST /clusters$')"
}

@test "a lost answer: unknown, then found; never two pools" {
	ready timeout=2 settle=30
	for fault in drop_after hang_after truncate html_after status_after; do
		draft=$mnt/clusters/test
		pool "gpu-${fault//_/-}"
		# it is not found before the second order was refused
		faults "{\"do\": \"$fault\", \"method\": \"POST\",
			\"path\": \"/clusters/*/nodepools\"}" \
			'{"do": "status", "status": 500, "method": "GET",
			"path": "/clusters/*/nodepools", "after": 1,
			"times": -1}'
		run "$lib/try" write "$draft/commit" 1
		holds "$output" '^write E(PROTO|REMOTEIO|CONNRESET|IO|TIMEDOUT)$'
		same unknown "$(cat "$draft/state")"
		error_holds 'hint: .*adopt'
		[ -e "$draft/adopt" ]
		ends 'write EEXIST' write "$draft/commit" 1
		ends 'rmdir EPERM' rmdir "$draft"
		faults
		wait_until test -s "$draft/nodepool_id"
		same "$(of_service .nodepool_info.nodepool_id)" \
			"\"$(cat "$draft/nodepool_id")\""
		holds "$(cat "$draft/error")" '^found, not answered: '
		wait_until pool_at_rest
		same 1 "$(pool_count "${draft##*/}")"
	done
	same 5 "$(changes | wc -l)"
	remount refresh=1
	wait_until test -s "$draft/nodepool_id"
	same 6 "$(pools | jq length)"
}

@test "a request that had no effect: proven absent, then sent anew" {
	ready timeout=2 settle=2
	pool gpu
	faults '{"do": "drop", "method": "POST",
		"path": "/clusters/*/nodepools"}'
	run "$lib/try" write "$draft/commit" 1
	same unknown "$(cat "$draft/state")"
	wait_until in_state draft
	error_holds 'draft again'
	commit
	same 1 "$(pool_count gpu)"
	same 2 "$(changes | wc -l)"
}

@test "adopt: another pool's ID is refused, the right one is taken" {
	ready timeout=2 settle=60
	np=$(pools | jq -r '.[0].nodepool_info.nodepool_id')
	pool gpu
	faults '{"do": "drop_after", "method": "POST",
		"path": "/clusters/*/nodepools"}' \
		'{"do": "status", "status": 500, "method": "GET", "times": -1,
		"path": "/clusters/*/nodepools", "after": 1}'
	run "$lib/try" write "$draft/commit" 1
	same unknown "$(cat "$draft/state")"
	ends 'write EINVAL' write "$draft/adopt" "$id"
	ends 'write EINVAL' write "$draft/adopt" "$np"
	error_holds 'is named default-nodepool, not gpu'
	ends 'write ENOENT' write "$draft/adopt" \
		"np$(printf '0%.0s' $(seq 32))"
	faults
	mine=$(of_service .nodepool_info.nodepool_id | tr -d '"')
	run "$lib/try" write "$draft/adopt" "$mine"
	# it may have been found meanwhile
	holds "$output" '^(OK|open (EPERM|ENOENT)|write (EPERM|EEXIST))$'
	wait_until test -s "$draft/nodepool_id"
	same "$mine" "$(cat "$draft/nodepool_id")"
	same 1 "$(pool_count gpu)"
}

@test "a crash after the effect: the next mount says unknown, and finds it" {
	ready timeout=2 settle=30
	pool gpu
	faults '{"do": "hang_after", "method": "POST",
		"path": "/clusters/*/nodepools"}'
	"$lib/try" write "$draft/commit" 1 >/dev/null 2>&1 3>&- &
	has_posted()
	{
		[ "$(changes | wc -l)" = 1 ]
	}
	wait_until has_posted
	faults '{"do": "status", "status": 500, "method": "GET",
		"path": "/clusters/*/nodepools", "times": 2}'
	remount refresh=1 timeout=2 settle=30
	same unknown "$(cat "$draft/state")"
	wait_until test -s "$draft/nodepool_id"
	same 1 "$(pool_count gpu)"
	same 1 "$(changes | wc -l)"
}

@test "drafts and edits survive a remount, secrets do not, and are never on disk" {
	ready
	pool gpu desired_size 2 labels a=b
	: >"$draft/key_pair"
	put login_password "$sample_password"
	same '' "$(cat "$draft/check")"
	remount refresh=1
	same draft "$(cat "$draft/state")"
	reads desired_size 2
	reads labels a=b
	only_findings '^login_password: '
	put login_password "$sample_password"
	commit
	same 1 "$(sent 'map(select(.method == "POST")) | length')"
	wait_until pool_at_rest
	np=$(cat "$draft/nodepool_id")
	put desired_size 1
	put login_password "New$sample_password"
	holds "$(cat "$draft/plan")" 'login_password: unset -> \(not shown\)'
	lacks "$(cat "$draft/plan" "$draft/request.json")" "$sample_password"
	remount refresh=1
	same "$np" "$(cat "$draft/nodepool_id")"
	reads desired_size 1
	holds "$(cat "$draft/plan")" 'desired_size: 2 -> 1'
	run -1 grep -rqF "$sample_password" "$dir/state" "$dir/ackfs.log"
	echo gpu >"$draft/commit"
	wait_until pool_at_rest
	same 1 "$(of_service .status.total_nodes)"
	remount refresh=1
	reads desired_size 1
	same "$np" "$(cat "$draft/nodepool_id")"
	same '' "$(cat "$draft/plan")"
}

@test "an edit of a pool that others made survives a remount" {
	mount_quick
	id=$(planted '{"name": "theirs", "nodes": 2}')
	draft=$mnt/clusters/theirs
	wait_until test -d "$draft"
	pools >/dev/null
	draft=$draft/nodepools/default-nodepool
	put labels a=b
	remount refresh=1
	wait_until test -d "$draft"
	reads labels a=b
	holds "$(cat "$draft/plan")" '/nodepools/np[0-9a-f]{32}: labels: '
	from_here
	commit
	same 1 "$(changes | wc -l)"
}

@test "a pool on its way: EBUSY, and the cluster's own commit is not held up" {
	sandbox_start --speed 3
	mount_sandbox refresh=1
	born test
	pool gpu desired_size 1
	commit
	put labels a=b
	ends 'write EBUSY' write "$draft/commit" 1
	reads labels a=b
	(
		draft=$cluster
		put deletion_protection true
		commit
	)
	wait_until pool_at_rest
	commit
	wait_until pool_at_rest
	reads labels a=b
}

@test "a create that fails in its task: the reason is told, delete works" {
	ready
	pool gpu desired_size 1
	faults '{"do": "fail_task", "method": "POST",
		"path": "/clusters/*/nodepools"}'
	commit
	told()
	{
		grep -q 'IpNotEnough' "$draft/error"
	}
	wait_until told
	holds "$(cat "$draft/progress")" 'failed'
	faults
	cat "$draft/nodepool_id" >"$draft/delete"
	wait_until test ! -e "$draft"
}

@test "a delete that the service refuses: the reason, and it stays" {
	ready
	pool gpu
	commit
	wait_until pool_at_rest
	faults '{"do": "status", "status": 403, "code": "StatusForbidden",
		"message": "RAM policy Forbidden for action cs:DeleteClusterNodepool",
		"method": "DELETE"}'
	ends 'write EACCES' write "$draft/delete" "$(cat "$draft/nodepool_id")"
	error_holds 'cs:DeleteClusterNodepool'
	same active "$(cat "$draft/state")"
	cat "$draft/nodepool_id" >"$draft/delete"
	wait_until test ! -e "$draft"
}

@test "ls -lR, grep -r, tar and rm -rf ask for nothing and change nothing" {
	ready
	pools >/dev/null
	pool gpu
	commit
	wait_until pool_at_rest
	mkdir "$cluster/nodepools/draft"
	# the versions, for the runtime of the draft, are asked for once
	cat "$cluster/nodepools/draft/check" >/dev/null
	known()
	{
		requests | jq -e 'any(.[]; .status == 200 and
			(.path | contains("/metadata/versions")))' >/dev/null
	}
	wait_until known
	from_here
	ls -lR "$cluster" >/dev/null
	ls --color=always "$cluster" >/dev/null
	grep -rs . "$cluster" >/dev/null || true
	find "$cluster" -type f -exec stat {} + >/dev/null
	cat "$draft"/*_id "$draft/events" "$draft/progress" >/dev/null
	tar -cf /dev/null --exclude=commit --exclude=delete \
		--exclude=login_password -C "$cluster" .
	same '' "$(sent '.[].path')"
	run rm -rf "$cluster"
	[ "$status" -ne 0 ]
	same '' "$(sent '.[].path')"
	# it does not follow the link
	same 'default-nodepool draft gpu' "$(ls "$cluster/nodepools" |
		paste -sd' ')"
	# whoever goes into it asks, for them all, once they are old
	sleep 1.1
	grep -rs --exclude=w{ait,atch} . "$cluster/nodepools/" >/dev/null || true
	same "/clusters/$id/nodepools" "$(sent '.[].path' | sort -u)"
	same active "$(cat "$draft/state")"
	ends 'write EINVAL' write "$draft/delete" 1
}

@test "no_delete refuses pools, too" {
	ready no_delete
	pool gpu
	commit
	holds "$(cat "$draft/delete_plan")" 'no_delete'
	ends 'write EPERM' write "$draft/delete" "$(cat "$draft/nodepool_id")"
	error_holds 'no_delete'
	same 1 "$(changes | wc -l)"
}

@test "delete_plan: the call, and what stays" {
	ready
	pool gpu instance_charge_type PrePaid period 1 period_unit Month
	commit
	same "DELETE /clusters/$id/nodepools/$(cat "$draft/nodepool_id") force=true: delete gpu" \
		"$(sed -n 1p "$draft/delete_plan")"
	holds "$(cat "$draft/delete_plan")" 'PrePaid: they stay'
}

@test "the end of the cluster is the end of its pools, open files and all" {
	ready
	pool gpu
	commit
	wait_until pool_at_rest
	exec {fd}<"$draft/labels"
	draft=$cluster
	cat "$draft/cluster_id" >"$draft/delete"
	wait_until test ! -e "$cluster"
	cat <&"$fd" >/dev/null || true
	exec {fd}<&-
	same '' "$(ls "$mnt/clusters")"
}

@test "audit.log has the lines of pools, by their IDs" {
	ready
	pool gpu
	commit
	wait_until pool_at_rest
	put labels a=b
	commit
	wait_until pool_at_rest
	np=$(cat "$draft/nodepool_id")
	echo "$np" >"$draft/delete"
	same 'create sending
create accepted
modify accepted
delete accepted' "$(sed -n 's/.* action=\([^ ]*\) directory=test.gpu outcome=\([^ ]*\) .*/\1 \2/p' \
		"$dir/state/audit.log")"
	same 3 "$(grep -c " cluster_id=$np " "$dir/state/audit.log")"
	wait_until test ! -e "$draft"
}

@test "what belongs together is sent together" {
	ready
	pool web user_data ZWNobyBoaQo= auto_scaling true min_instances 1 \
		max_instances 4 desired_size ''
	commit
	wait_until pool_at_rest
	from_here
	put max_instances 6
	commit
	body 0 | jq -e '. == {"auto_scaling": {"enable": true,
		"min_instances": 1, "max_instances": 6}}'
	wait_until pool_at_rest
	put labels a=b
	commit
	body 1 | jq -e '. == {"kubernetes_config": {"user_data":
		"ZWNobyBoaQo=", "labels": [{"key": "a", "value": "b"}]},
		"update_nodes": true}'
}

@test "request.json of a cluster is all of it, and a copy of it is the same" {
	mount_quick
	born test vpcid '' vswitch_ids '' snat_entry true
	cluster=$draft
	pool gpu desired_size 2 instance_types ecs.gn7i-c8g1.2xlarge \
		vswitch_ids vsw-2ze48rkq464rsdts1abcd
	commit
	wait_until pool_at_rest
	cat "$cluster/live/nodepools.json" >/dev/null
	# its network came along with it, and goes with it
	jq -e '[.vpcid, .vswitch_ids, .security_group_id] == [null, null, null]
		and (.nodepools | map(.scaling_group.desired_size) == [3, 2])
		and (.nodepools[1].scaling_group.vswitch_ids == null)' \
		"$cluster/request.json"
	# and what was read is what is there
	cat "$cluster/request.json" >"$dir/body"
	cat "$dir/body" >"$cluster/request.json"
	same '' "$(cat "$cluster/plan")"
	draft copy
	cat "$dir/body" >"$draft/request.json"
	reads num_of_nodes 3
	same '["gpu",2]' "$(jq -c \
		'[.nodepool_info.name, .scaling_group.desired_size]' \
		"$draft/extra_nodepools")"
	same 2 "$(jq '.nodepools | length' "$draft/request.json")"
}

@test "edits earn the warnings that drafts do, and no older ones" {
	ready
	pool web desired_size 1
	commit
	wait_until pool_at_rest
	put instance_types g7.xlarge
	same 'warning: instance_types: "g7.xlarge" has not the form of an instance type, such as ecs.g7.xlarge' \
		"$(cat "$draft/check")"
	put instance_types ecs.g8i.xlarge
	same '' "$(cat "$draft/check")"
}
