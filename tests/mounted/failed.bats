#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What goes wrong after a commit was accepted: the task fails, never ends, or
# cannot be asked about.

# shellcheck source=tests/lib/ackfs.bash
source "$BATS_TEST_DIRNAME/../lib/ackfs.bash"
# shellcheck source=tests/lib/state.bash
source "$BATS_TEST_DIRNAME/../lib/state.bash"
# shellcheck source=tests/lib/fleet.bash
source "$BATS_TEST_DIRNAME/../lib/fleet.bash"
bats_require_minimum_version 1.5.0

# failing CODE MESSAGE: a create whose task ends so; $draft is its directory.
failing()
{
	faults "$(jq -n --arg code "$1" --arg message "$2" \
		'{do: "fail_task", code: $code, message: $message}')" \
		'{"do": "delay", "ms": 1500, "path": "/clusters/*/logs"}'
	draft "${3-test}"
	fill_little
	commit
}

@test "a create that fails: the code, the stage, the log, a hint" {
	sandbox_start --speed 20
	mount_sandbox refresh=1
	failing InvalidVSwitchId.IpNotEnough 'vsw-2ze48 has 2 free addresses'
	run timeout 60 cat "$draft/live/wait"
	[ "$status" -eq 1 ]
	holds "$output" 'Remote I/O error'
	# whoever waited finds the reason at once
	error=$(cat "$draft/error")
	lacks "$error" 'log: '
	same failed "$(cat "$draft/state")"
	holds "$(head -n 1 <<<"$error")" '^cluster_create failed: vsw-2ze48 has'
	holds "$error" $'\ncode: InvalidVSwitchId.IpNotEnough(\n|$)'
	holds "$error" $'\nhint: [^\n]*vSwitch'
	holds "$error" $'\nstage: nodes'
	wait_until grep -q '^log: ' "$draft/error"
	same "$error" "$(sed '/^log: /d' "$draft/error")"
	told=$(grep -c '^log: ' "$draft/error")
	[ "$told" -ge 2 ]
	[ "$told" -le 8 ]
	grep '^log: ' "$draft/error" | grep -q 'vsw-2ze48'
	# the rest of the directory agrees
	holds "$(cat "$draft/progress")" '^[0-9]+% \[#*-*\] failed stage 4 of 5: nodes, [0-9]+s$'
	same 1 "$(grep -c ' error cluster_create: failed$' "$draft/events")"
	holds "$(tail -n 1 "$draft/events")" ' error state: failed$'
	holds "$(timeout 20 cat "$draft/live/watch")" '^failed '
	run "$lib/try" read "$draft/live/wait"
	same 'open EREMOTEIO' "$output"
	run bash -c 'cat "$1" 2>/dev/null && echo next' _ "$draft/live/wait"
	same '' "$output"
	same 1 "$(count_requests POST)"
}

@test "a create that failed: what to do next, and no network that goes with it" {
	sandbox_start --speed 20
	mount_sandbox refresh=1
	sent=$(failing InvalidVSwitchId.IpNotEnough 'made up' &&
		cat "$draft/request.json")
	draft=$mnt/clusters/test
	run timeout 60 cat "$draft/live/wait"
	same 1 "$status"
	holds "$(cat "$draft/error")" 'hint: .*delete_plan.*request\.json'
	# the list may be newer than the answer of the task
	cat "$draft/live/detail.json" >/dev/null
	reads vpcid ''
	reads vswitch_ids ''
	same "$sent" "$(cat "$draft/request.json")"
	# reading what is not there keeps the reason, here and on the page
	error=$(cat "$draft/error")
	for name in kubeconfig nodes.json resources.json upgrades; do
		run cat "$draft/live/$name"
	done
	same "$(grep -v '^log: ' <<<"$error")" \
		"$(grep -v '^log: ' "$draft/error")"
	grep -q IpNotEnough "$draft/error"
	# the last line of watch says so, and its last read
	run timeout 20 cat "$draft/live/watch"
	same 1 "$status"
	holds "$output" '^failed .*Remote I/O error$'
}

@test "the known codes have hints" {
	sandbox_start --speed 50
	mount_sandbox refresh=1
	while read -r code hint; do
		failing "$code" 'made up' "test-${code//[^A-Za-z]/-}"
		run timeout 60 cat "$draft/live/wait"
		same 1 "$status"
		holds "$(cat "$draft/error")" $'\n'"code: $code"
		holds "$(cat "$draft/error")" $'\n'"hint: [^"$'\n'"]*$hint"
	done <<-'END'
		ErrManagedKuberneteRoleNotAttach role
		PAY.InsufficientBalance money
		InvalidVSwitchId.IpNotEnough vSwitch
		QuotaExceeded.Cluster quota
		InsufficientBalance money
		InvalidPodVswitchIds pod
	END
}

@test "an unknown code is told as it is, and no control character comes out" {
	sandbox_start --speed 50
	mount_sandbox refresh=1
	failing Made.Up $'two\nlines \e[31mred\e[0m and a \a bell'
	run timeout 60 cat "$draft/live/wait"
	same 1 "$status"
	holds "$(cat "$draft/error")" 'code: Made.Up'
	lacks "$(cat "$draft/error")" $'\nlines'
	wait_until grep -q '^log: ' "$draft/error"
	cat "$draft/error" "$draft/events" "$draft/progress" \
		"$draft/state" >"$dir/all"
	run -1 grep -P '[\x00-\x08\x0b-\x1f\x7f]' "$dir/all"
}

@test "a failed cluster is deleted through delete, not through rmdir" {
	sandbox_start --speed 50
	mount_sandbox refresh=1
	failing QuotaExceeded.Cluster 'made up'
	run timeout 60 cat "$draft/live/wait"
	in_state failed
	commit
	holds "$(cat "$draft/error")" QuotaExceeded.Cluster
	ends 'rmdir EPERM' rmdir "$draft"
	same 1 "$(count_requests POST)"
	faults
	cat "$draft/cluster_id" >"$draft/delete"
	wait_until in_state draft
	# and so it is mended
	commit
	timeout 60 cat "$draft/live/wait"
	same '' "$(cat "$draft/error")"
}

# gone_with CLUSTER: nothing in the draft tells of what was.
gone_with()
{
	local name

	for name in "$draft"/{cluster_id,request_id,task_id,delete,live} \
		"$draft"/{nodepools,progress} "$mnt/by-id/$1" "$mnt/live/test"
	do
		[ ! -e "$name" ] || {
			printf '%s is there\n' "$name"
			return 1
		}
	done
}

@test "a create that failed is a draft again when its cluster was deleted" {
	need_sdk
	sandbox_start --speed 20
	mount_sandbox refresh=1
	failing QuotaExceeded.Cluster 'made up'
	sent=$(cat "$draft/request.json")
	for way in here and_a_crash there; do
		printf '# deleted %s\n' "$way"
		id=$(cat "$draft/cluster_id")
		run timeout 60 cat "$draft/live/wait"
		same 1 "$status"
		same "$sent" "$(cat "$draft/request.json")"
		faults
		case $way in
		here)
			# a shell may stand in it all the time
			cd "$draft"
			echo "$id" >delete
			wait_until grep -qx draft state
			cd "$dir"
			;;
		and_a_crash)
			echo "$id" >"$draft/delete"
			same deleting "$(recorded test state)"
			remount refresh=1
			;;
		there) sdk deleteCluster "$id" '{}' ;;
		esac
		wait_until in_state draft
		gone_with "$id"
		same "$sent" "$(cat "$draft/request.json")"
		same '' "$(cat "$draft/check")"
		remount refresh=1
		same draft "$(cat "$draft/state")"
		gone_with "$id"
		same "$sent" "$(cat "$draft/request.json")"
		faults '{"do": "fail_task", "code": "Made.Up"}'
		commit
		[ "$(cat "$draft/cluster_id")" != "$id" ]
	done
	same 4 "$(count_requests POST)"
}

@test "one that came to be, and failed later, goes with its cluster" {
	sandbox_start --speed 20
	mount_sandbox refresh=1
	draft test
	fill_little
	commit
	same running "$(timeout 60 cat "$draft/live/wait")"
	faults '{"do": "delete_failed"}'
	cat "$draft/cluster_id" >"$draft/delete"
	wait_until in_state delete_failed
	faults
	cat "$draft/cluster_id" >"$draft/delete"
	vanishes test
}

@test "a failure is told after a remount, too" {
	sandbox_start --speed 2
	mount_sandbox refresh=1
	failing InsufficientBalance 'the balance is 3 yuan'
	remount refresh=1
	run timeout 60 cat "$draft/live/wait"
	same 1 "$status"
	same failed "$(cat "$draft/state")"
	holds "$(cat "$draft/error")" 'the balance is 3 yuan'
	mount_stop
	# also when nobody was there to see it fail
	mount_sandbox refresh=1
	failing QuotaExceeded.Cluster 'ten are enough' missed
	daemon_kill
	failed_there()
	{
		clusters | jq -e 'any(.name == "missed" and .state == "failed")' \
			>/dev/null
	}
	wait_until failed_there
	mount_sandbox refresh=1
	run timeout 60 cat "$draft/live/wait"
	same 1 "$status"
	same failed "$(cat "$draft/state")"
	holds "$(cat "$draft/error")" 'ten are enough'
}

@test "a task that never ends stays in progress, and is not asked for madly" {
	sandbox_start --speed 100
	mount_sandbox refresh=1
	faults '{"do": "stuck_task"}'
	draft test
	fill_little
	commit
	wait_until grep -q '^70% ' "$draft/progress"
	sleep 1
	n=$(requests | jq '[.[] | select(.action == "DescribeTaskInfo")] | length')
	sleep 8
	more=$(requests |
		jq '[.[] | select(.action == "DescribeTaskInfo")] | length')
	[ "$more" -gt "$n" ]
	[ $((more - n)) -le 8 ]
	same initial "$(cat "$draft/state")"
	holds "$(cat "$draft/progress")" '^70% .* stage 4 of 5'
	same '' "$(cat "$draft/error")"
	ends 'open EBUSY' write "$draft/commit" 1 ||
		ends 'write EBUSY' write "$draft/commit" 1 || commit
	run -124 timeout 1 cat "$draft/live/wait"
}

@test "polling that fails is told once, and goes on" {
	sandbox_start --speed 100
	mount_sandbox refresh=1 timeout=1
	log_expected=('is not known to be')
	faults '{"do": "stuck_task"}'
	draft test
	fill_little
	commit
	wait_until grep -q '^70% ' "$draft/progress"
	line=$(sed 's/, .*//' "$draft/progress")
	faults '{"do": "status", "status": 500, "path": "/tasks/*",
		"times": -1}'
	wait_until grep -q 'test is not known to be' "$dir/ackfs.log"
	n=$(count_requests GET)
	# for longer than a task that does not answer is waited for
	wait_until asked_more $((n + 12))
	same 1 "$(grep -c 'is not known to be' "$dir/ackfs.log")"
	same initial "$(cat "$draft/state")"
	same "$line" "$(sed 's/, .*//' "$draft/progress")"
	# the failure of a look is none of the cluster
	same '' "$(cat "$draft/error")"
	faults
	n=$(answered)
	wait_until answered_more $((n + 1))
	wait_until grep -q 'what is on its way is known again' "$dir/ackfs.log"
	# what comes and goes must not fill the log
	faults '{"do": "html", "path": "/tasks/*", "times": -1}'
	n=$(count_requests GET)
	wait_until asked_more $((n + 4))
	same 1 "$(grep -c 'is not known to be' "$dir/ackfs.log")"
	faults
}

asked_more()
{
	[ "$(count_requests GET)" -gt "$1" ]
}

answered()
{
	requests | jq '[.[] | select(.action == "DescribeTaskInfo" and
		.status == 200)] | length'
}

answered_more()
{
	[ "$(answered)" -gt "$1" ]
}

@test "a task the service forgot: the state of the cluster tells the rest" {
	sandbox_start --speed 2
	mount_sandbox refresh=1 timeout=2
	faults '{"do": "status", "status": 404, "code": "ErrorTaskNotFound",
		"path": "/tasks/*", "times": -1}'
	draft test
	fill_little
	commit
	same running "$(timeout 60 cat "$draft/live/wait")"
	same running "$(cat "$draft/state")"
	same '' "$(cat "$draft/error")"
	# nothing more is asked when it is at rest, but once for another of its
	# name
	asked()
	{
		requests | jq 'map(select(.path | contains("name=") | not)) |
			length'
	}
	sleep 2
	n=$(asked)
	sleep 4
	same "$n" "$(asked)"
	faults
}

@test "a cluster that is gone when it is asked for goes" {
	sandbox_start --speed 2
	mount_sandbox refresh=600
	draft test
	fill_little
	commit
	id=$(cat "$draft/cluster_id")
	timeout 60 cat "$draft/live/wait"
	faults '{"do": "status", "status": 404, "code": "ErrorClusterNotFound",
		"path": "/clusters/*", "times": -1}'
	run cat "$draft/live/detail.json"
	[ "$status" -ne 0 ]
	holds "$output" 'No such file'
	faults
	# lists still have it: nothing is lost
	one_refresh
	same "$id" "$(cat "$draft/cluster_id")"
}

@test "states that are no rest are waited for, others are not" {
	mount_sandbox refresh=1
	plant '{"clusters": [{"name": "still", "state": "stopped"},
		{"name": "moving", "state": "updating"},
		{"name": "strange", "state": "updating_failed"}]}'
	appears strange
	same $'stopped\nupdating\nupdating_failed' \
		"$(cat "$mnt"/clusters/{still,moving,strange}/state)"
	run "$lib/try" read "$mnt/live/still/wait"
	same 'open EREMOTEIO' "$output"
	run -124 timeout 2 cat "$mnt/live/moving/wait"
	same '' "$output"
	run -124 timeout 2 cat "$mnt/live/moving/watch"
	same updating "$output"
}
