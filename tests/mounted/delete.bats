#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# delete: only the ID deletes, and nothing else ever does.

# shellcheck source=tests/lib/ackfs.bash
source "$BATS_TEST_DIRNAME/../lib/ackfs.bash"
# shellcheck source=tests/lib/state.bash
source "$BATS_TEST_DIRNAME/../lib/state.bash"
# shellcheck source=tests/lib/other.bash
source "$BATS_TEST_DIRNAME/../lib/other.bash"
# shellcheck source=tests/lib/life.bash
source "$BATS_TEST_DIRNAME/../lib/life.bash"
bats_require_minimum_version 1.5.0

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

delete()
{
	cat "$draft/cluster_id" >"$draft/delete"
}

delete_ends()
{
	ends "$1" write "$draft/delete" "$id"
}

# Nothing of it is left here, and nothing in the cloud.
is_gone()
{
	wait_until test ! -e "$draft"
	[ ! -e "$mnt/by-id/$id" ]
	[ ! -L "$mnt/by-id/$id" ]
	[ ! -e "$mnt/live/test" ]
	same '' "$(ls "$mnt/clusters")"
	same '' "$(ls "$mnt/by-id")"
	same '[]' "$(clusters | jq -c .)"
	same '' "$(kept 'SELECT name FROM directories')"
}

# The query of the DELETE, decoded: a name and a value a line.
query()
{
	changes | sed -n 's/^DELETE [^?]*?//p' | tr '&' '\n' |
		/usr/bin/python3 -c 'import sys, urllib.parse
for line in sys.stdin: print(urllib.parse.unquote(line.strip()))' | sort
}

@test "the ID deletes: one call, deleting, progress, then it is gone" {
	sandbox_start --speed 3
	mount_sandbox refresh=1
	born test
	from_here
	same 600 "$(stat -c %a "$draft/delete")"
	delete
	same "DELETE /clusters/$id" "$(changes)"
	same deleting "$(cat "$draft/state")"
	same '' "$(cat "$draft/error")"
	holds "$(cat "$draft/progress")" '^[0-9]+% '
	holds "$(cat "$draft/events")" 'info delete: accepted'
	ends 'write EBUSY' write "$draft/delete" "$id"
	error_holds 'already'
	same 1 "$(changes | wc -l)"
	is_gone
}

@test "opening, truncating, other words: nothing is sent" {
	ready
	: >"$draft/delete"
	: >>"$draft/delete"
	truncate -s 0 "$draft/delete"
	for word in 1 yes true delete test commit "${id^^}" "${id:0:20}" \
		"${id}0" "c$(printf '0%.0s' $(seq 32))" "$id $id"; do
		ends 'write EINVAL' write "$draft/delete" "$word"
		error_holds "$id"
	done
	printf '%s\0' "$id" >"$dir/nul"
	ends 'write EINVAL' write "$draft/delete" - <"$dir/nul"
	same '' "$(cat "$draft/delete")"
	same '' "$(changes)"
	same running "$(cat "$draft/state")"
	# blanks around it are no other word
	printf ' %s \n' "$id" >"$draft/delete"
	same "DELETE /clusters/$id" "$(changes)"
}

@test "a draft has no delete" {
	mount_quick
	draft test
	for name in delete delete_plan delete_options retain_resources; do
		[ ! -e "$draft/$name" ]
		ends 'open EPERM' create "$draft/$name" x
	done
}

@test "protection: EPERM, nothing is sent, and the hint's commands work" {
	ready
	put deletion_protection true
	commit
	rests running
	from_here
	holds "$(cat "$draft/delete_plan")" \
		'warning: deletion_protection is true'
	delete_ends 'write EPERM'
	error_holds 'protected'
	same '' "$(changes)"
	hint=$(sed -n 's/^hint: //p' "$draft/error")
	# an edit that was not committed protects no less, and no more
	put deletion_protection false
	delete_ends 'write EPERM'
	rm "$draft/deletion_protection"
	# "commands; then delete it"
	holds "$hint" '; then delete it$'
	(cd "$draft" && bash -euc "${hint%; then delete it}")
	reads deletion_protection false
	rests running
	lacks "$(cat "$draft/delete_plan")" 'deletion_protection'
	delete
	is_gone
}

@test "protection that somebody else switched on: EPERM, in the service's words" {
	mount_quick
	born test
	mount_stop
	mount_sandbox refresh=3600
	wait_until grep -qx false "$draft/deletion_protection"
	other_start
	wait_until test -d "$other_mnt/clusters/test"
	(
		draft=$other_mnt/clusters/test
		put deletion_protection true
		commit
		rests running
	)
	delete_ends 'write EPERM'
	error_holds 'code: ' 'hint: .*protection'
	same running "$(cat "$draft/state")"
}

@test "delete_plan: the call, and what stays and goes on costing money" {
	ready
	same "DELETE /clusters/$id: delete test" \
		"$(sed -n 1p "$draft/delete_plan")"
	holds "$(cat "$draft/delete_plan")" 'warning: nodes that are PrePaid'
	put retain_resources sg-bp1bdue0qc1g7k1234ab
	put delete_options 'SLB retain'
	holds "$(sed -n 1p "$draft/delete_plan")" \
		' retain_resources=\["sg-bp1bdue0qc1g7k1234ab"\] delete_options=\[\{"resource_type":"SLB","delete_mode":"retain"\}\]: delete test$'
	draft=$mnt/clusters/paid
	born paid worker_instance_charge_type PrePaid worker_period 1 \
		worker_period_unit Month worker_auto_renew false
	holds "$(cat "$draft/delete_plan")" \
		'warning: its nodes are PrePaid: they stay'
	# they are no part of plan, nor is there anything to commit
	put delete_options 'SLB retain'
	same '' "$(cat "$draft/plan")"
	from_here
	commit
	same '' "$(changes)"
}

@test "delete_options and retain_resources reach the query" {
	ready
	put delete_options $'SLB retain\nALB delete'
	echo 'SLS_Data delete' >>"$draft/delete_options"
	put retain_resources 'sg-bp1bdue0qc1g7k1234ab, vpc-2zegvl5etah5requ09nec'
	reads retain_resources \
		$'sg-bp1bdue0qc1g7k1234ab\nvpc-2zegvl5etah5requ09nec'
	remount refresh=1
	reads delete_options $'SLB retain\nALB delete\nSLS_Data delete'
	delete
	same 'delete_options=[{"resource_type":"SLB","delete_mode":"retain"},{"resource_type":"ALB","delete_mode":"delete"},{"resource_type":"SLS_Data","delete_mode":"delete"}]
retain_resources=["sg-bp1bdue0qc1g7k1234ab","vpc-2zegvl5etah5requ09nec"]' \
		"$(query)"
	is_gone
}

@test "delete_options: JSON, bad values; retain_resources: all" {
	ready
	put delete_options \
		'[{"resource_type": "ALB", "delete_mode": "delete"}]'
	reads delete_options 'ALB delete'
	for bad in 'ALB keep' 'ALB' 'delete' $'ALB delete\nALB retain' \
		'[{"resource_type": "ALB"}]' '[1]' 'ALB delete SLB'; do
		ends 'write EINVAL' write "$draft/delete_options" "$bad"
		reads delete_options 'ALB delete'
	done
	: >"$draft/delete_options"
	reads delete_options ''
	put delete_options 'SLB retain'
	rm "$draft/delete_options"
	reads delete_options ''
	put retain_resources all
	holds "$(cat "$draft/delete_plan")" ' retain_all_resources=true: '
	delete
	same 'retain_all_resources=true' "$(query)"
}

@test "a commit of other edits leaves what delete is to say" {
	ready
	put delete_options 'SLB retain'
	put retain_resources sg-bp1bdue0qc1g7k1234ab
	put deletion_protection true
	commit
	rests running
	put deletion_protection false
	commit
	rests running
	remount refresh=1
	reads delete_options 'SLB retain'
	reads retain_resources sg-bp1bdue0qc1g7k1234ab
	delete
	same 'delete_options=[{"resource_type":"SLB","delete_mode":"retain"}]
retain_resources=["sg-bp1bdue0qc1g7k1234ab"]' "$(query)"
}

@test "-o no_delete refuses everything, and changing goes on" {
	ready no_delete
	holds "$(cat "$draft/delete_plan")" 'no_delete'
	delete_ends 'write EPERM'
	error_holds 'no_delete'
	put deletion_protection true
	commit
	same "PUT /api/v2/clusters/$id" "$(changes)"
}

@test "-o ro refuses everything" {
	ready
	mount_stop
	mount_sandbox refresh=1 ro
	ends 'open EROFS' write "$draft/delete" "$id"
	ends 'open EROFS' write "$draft/delete_options" 'SLB retain'
	ends 'mkdir EROFS' mkdir "$draft/nodepools/x"
	same '' "$(changes)"
	same running "$(cat "$draft/live/wait")"
}

@test "cat live/wait, watch and tail -f events end; the name is free again" {
	sandbox_start --speed 2
	mount_sandbox refresh=1
	born test
	delete
	cat "$draft/live/wait" >"$dir/wait" 2>&1 3>&- &
	waiter=$!
	cat "$draft/live/watch" >"$dir/watch" 2>&1 3>&- &
	watcher=$!
	exec {events}<"$draft/events" {state}<"$draft/state" \
		{detail}<"$draft/live/detail.json"
	mkdir "$dir/before"
	wait_until gone $waiter
	wait $waiter
	same deleted "$(cat "$dir/wait")"
	wait_until gone $watcher
	wait $watcher
	holds "$(head -n 1 "$dir/watch")" '^deleting '
	holds "$(tail -n 1 "$dir/watch")" '^deleted( 100%)?$'
	wait_until test ! -e "$draft"
	# what was open stays open, and breaks nothing
	cat <&"$events" >/dev/null
	cat <&"$state" >/dev/null
	jq -e --arg id "$id" '.cluster_id == $id' <&"$detail"
	exec {events}<&- {state}<&- {detail}<&-
	draft test
	same draft "$(cat "$draft/state")"
	fill_little
	commit
	[ "$(cat "$draft/cluster_id")" != "$id" ]
	rests running
}

@test "a process stands in the directory when it goes" {
	ready
	(
		cd "$draft"
		cat cluster_id >delete
		for _ in $(seq 600); do
			[ -e "$draft" ] || break
			sleep 0.1
		done
		[ ! -e "$draft" ]
		run ls
		run cat state
		[ "$status" -ne 0 ]
	)
	same '' "$(ls "$mnt/clusters")"
}

@test "a deletion that fails: delete_failed, the reason, and again" {
	ready
	faults '{"do": "delete_failed"}'
	delete
	run cat "$draft/live/wait"
	same 1 "$status"
	holds "$output" 'Remote I/O error'
	same delete_failed "$(cat "$draft/state")"
	error_holds 'DependencyViolation.Resource' 'security group'
	holds "$(cat "$draft/events")" ' error '
	faults
	put retain_resources sg-bp1bdue0qc1g7k1234ab
	delete
	is_gone
}

@test "a refusal: its reason, the cluster stays as it was" {
	ready
	faults '{"do": "status", "status": 403, "code": "StatusForbidden",
		"message": "RAM policy Forbidden for action cs:DeleteCluster",
		"method": "DELETE"}'
	delete_ends 'write EACCES'
	error_holds 'cs:DeleteCluster' 'code: StatusForbidden' 'request_id: '
	same running "$(cat "$draft/state")"
	put deletion_protection true
	commit
	same true "$(detail deletion_protection)"
}

@test "a lost answer: the deletion counts once, and is followed" {
	ready
	faults '{"do": "drop_after", "method": "DELETE"}'
	run "$lib/try" write "$draft/delete" "$id"
	holds "$output" '^(OK|write EBUSY)$'
	# a second one finds it on its way (400), or gone (404)
	same 1 "$(sent 'map(select(.method == "DELETE" and .executed and
		.status != 400 and .status != 404)) | length')"
	is_gone
}

@test "deleted by somebody else: it goes here, too, edits and all" {
	ready
	put num_of_nodes 4
	other_start ,refresh=1
	wait_until test -d "$other_mnt/clusters/test"
	echo "$id" >"$other_mnt/clusters/test/delete"
	deleting()
	{
		[ ! -e "$draft" ] || in_state deleting
	}
	wait_until deleting
	# a list shows that it is gone a minute after it was made at the latest
	wait_until test ! -e "$draft"
	mkdir "$draft"
}

@test "what is gone already: ENOENT is as good as deleted" {
	mount_quick
	born test
	mount_stop
	mount_sandbox refresh=3600
	wait_until test -d "$draft"
	other_start
	wait_until test -d "$other_mnt/clusters/test"
	echo "$id" >"$other_mnt/clusters/test/delete"
	wait_until test ! -e "$other_mnt/clusters/test"
	delete
	wait_until test ! -e "$draft"
}

@test "a crash while it is being deleted: the next mount follows it" {
	sandbox_start --speed 2
	mount_sandbox refresh=1
	born test
	delete
	remount refresh=1
	is_gone
}

@test "rm -rf of everything: not one changing call, every cluster stays" {
	mount_quick
	planted '{"name": "a", "nodes": 2}' '{"name": "b"}' '{"name": "c"}' \
		>"$dir/ids"
	born test
	pool gpu
	commit
	wait_until pool_at_rest
	draft=$mnt/clusters/plan
	mkdir "$draft"
	put num_of_nodes 3
	draft=$mnt/clusters/a
	wait_until test -d "$draft"
	put num_of_nodes 5
	from_here
	run rm -rf "$mnt"/*
	[ "$status" -ne 0 ]
	run rm -rf "$mnt"/clusters/*
	run rm -rf "$mnt"/by-id/* "$mnt"/live/*
	run find "$mnt" -delete
	run busybox rm -rf "$mnt/clusters"
	same '' "$(changes)"
	same $'a\nb\nc\ntest' "$(ls "$mnt/clusters")"
	same 4 "$(ls "$mnt/by-id" | wc -l)"
	same 4 "$(clusters | jq length)"
	draft=$mnt/clusters/test
	same active "$(cat "$draft/nodepools/gpu/state")"
	for name in state delete commit cluster_id num_of_nodes; do
		[ -e "$draft/$name" ]
	done
	# and nothing was lost but drafts and edits
	rests running
	delete
	wait_until test ! -e "$draft"
}

@test "audit.log: who deleted, with the ID and the request ID" {
	ready
	"$lib/try" write "$draft/delete" "$id" >"$dir/ended" 3>&- &
	pid=$!
	wait $pid
	same OK "$(cat "$dir/ended")"
	line=$(grep action=delete "$dir/state/audit.log")
	holds "$line" " uid=0 pid=$pid action=delete directory=test outcome=accepted cluster_id=$id request_id=$(
		sent 'map(select(.method == "DELETE"))[0].request_id') code=-\$"
}
