#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What crosses something else: answers that are older than what was done
# since, writes that are refused while a commit is under way, tasks that the
# service forgets.

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
	if [ -n "${writer_pid-}" ]; then
		kill -KILL "$writer_pid" 2>/dev/null || true
	fi
	other_teardown
}

# ended_with: how a read of live/wait ends, which must be soon.
ended_with()
{
	local status=0

	timeout 60 cat "$draft/live/wait" >/dev/null 2>&1 || status=$?
	echo "$status"
}

# opens_and_writes PARAM TEXT: from one descriptor, now; what is written to
# fd 8 goes into it at its beginning, and the answer to that is the status.
opens_and_writes()
{
	mkfifo "$dir/go"
	python3 - "$draft/$1" "$2" "$dir/go" <<-'EOF' 3>&- &
	import os, sys
	fd = os.open(sys.argv[1], os.O_WRONLY | os.O_TRUNC)
	os.write(fd, sys.argv[2].encode() + b"\n")
	with open(sys.argv[3]) as go:
	    text = go.read()
	try:
	    os.pwrite(fd, text.encode(), 0)
	except OSError:
	    sys.exit(7)
	EOF
	writer_pid=$!
	wait_until has_value "$1" "$2"
}

has_value()
{
	[ "$(cat "$draft/$1")" = "$2" ]
}

# writes_again TEXT: into that descriptor; the write must be refused.
writes_again()
{
	local status=0

	printf '%s\n' "$1" >"$dir/go"
	wait "$writer_pid" || status=$?
	writer_pid=
	same 7 "$status"
}

@test "a task that the service forgets ends live/wait all the same" {
	mount_quick
	born test
	faults '{"do": "status", "status": 404, "code": "ErrorTaskNotFound",
		"path": "/tasks/*", "times": -1}'
	put kubernetes_version 1.32.7-aliyun.1
	commit
	same 0 "$(ended_with)"
	in_state running
}

@test "a task that fails is told by live/wait, though the cluster runs" {
	mount_quick
	born test
	faults '{"do": "fail_task", "code": "Some.Fault", "message": "broken"}'
	put kubernetes_version 1.32.7-aliyun.1
	commit
	same 1 "$(ended_with)"
	in_state running
	holds "$(cat "$draft/live/watch")" 'failed'
}

@test "a list from before a node pool was made does not take it away" {
	mount_quick preflight=off
	born test
	pool gpu
	faults '{"do": "delay_after", "ms": 2000, "method": "GET",
		"path": "/clusters/*/nodepools", "times": 1}'
	from_here
	pools >/dev/null 3>&- &
	wait_until list_was_asked
	commit
	wait $!
	[ -s "$draft/nodepool_id" ]
	wait_until pool_at_rest
}

list_was_asked()
{
	[ "$(sent '[.[] | select(.path | endswith("/nodepools"))] | length')" \
		-gt 0 ]
}

@test "a password is hidden in what refuses an edit, too" {
	mount_quick
	born test
	pool gpu
	: >"$draft/key_pair"
	put login_password 'Before-4711x'
	commit
	wait_until pool_at_rest
	faults '{"do": "status", "status": 400, "code": "InvalidLoginPassword",
		"message": "the password Secret-4711x is bad",
		"method": "PUT", "times": -1}'
	put login_password 'Secret-4711x'
	run -1 commit
	holds "$(cat "$draft/error")" 'the password \*+ is bad'
	run -1 grep -rE '(Before|Secret)-4711x' "$dir/state" "$dir/ackfs.log"
}

@test "a write that is refused in a commit undoes nothing of it" {
	sandbox_start
	mount_sandbox
	draft test
	fill
	opens_and_writes num_of_nodes 5
	faults '{"do": "delay", "ms": 3000, "method": "POST"}'
	echo 1 >"$draft/commit" 3>&- &
	wait_until in_state committing
	writes_again 6
	same 5 "$(cat "$draft/num_of_nodes")"
	wait $!
	same 5 "$(jq '.num_of_nodes // .nodepools[0].scaling_group.desired_size' \
		"$draft/request.json")"
}

@test "a write that is refused while unknown leaves the name that was sent" {
	sandbox_start
	mount_sandbox timeout=3
	draft test
	fill
	opens_and_writes name alpha
	faults '{"do": "drop_after", "method": "POST", "path": "/clusters"}' \
		'{"do": "list_lag", "ms": 10000}'
	run -1 commit
	in_state unknown
	writes_again beta
	same alpha "$(cat "$draft/name")"
}

@test "polls of a hundred clusters do not keep anybody from reading live/" {
	sandbox_start
	for n in $(seq 100); do
		printf '{"name": "c%s", "state": "updating"}\n' "$n"
	done | jq -s '{clusters: .}' |
		curl -fsS --json @- "$url/_sandbox/clusters" >/dev/null
	mount_sandbox refresh=1 qps=2
	wait_until polled
	from_here
	cat "$mnt/live/c7/detail.json" >/dev/null
	# beside it no more than what was on its way already
	[ "$(sent length)" -lt 10 ]
}

polled()
{
	[ "$(requests | jq '[.[] | select(.path | endswith("/tasks"))] |
		length')" -gt 2 ]
}

@test "what rm hid of a draft is no edit of the cluster" {
	mount_quick
	draft test
	fill
	rm "$draft/deletion_protection"
	commit
	rests running
	[ -e "$draft/deletion_protection" ]
	put num_of_nodes 5
	remount refresh=1
	wait_until in_state running
	# its node pools are known: no line warns that they are not
	pools >/dev/null
	same 1 "$(wc -l <"$draft/plan")"
}

@test "who polls state hears of what others do" {
	mount_quick
	born test
	python3 - "$draft/state" >"$dir/heard" <<-'EOF' 3>&- &
	import select, sys
	f = open(sys.argv[1])
	f.read()
	p = select.poll()
	p.register(f, select.POLLPRI)
	print("ready", flush=True)
	p.poll(60000)
	f.seek(0)
	print(f.read().strip())
	EOF
	writer_pid=$!
	wait_until grep -q ready "$dir/heard"
	faults '{"do": "stuck_task"}'
	other_start ,refresh=1
	draft=$other_mnt/clusters/test
	wait_until test -d "$draft"
	put kubernetes_version 1.32.7-aliyun.1
	commit
	wait "$writer_pid"
	writer_pid=
	same upgrading "$(tail -n 1 "$dir/heard")"
}

@test "a proxy's 404 does not take a cluster away" {
	log_expected=('^ackfs: test is not known to be: ')
	mount_quick
	born test
	faults '{"do": "status", "status": 404, "path": "/clusters/'"$id"'",
		"method": "GET", "times": -1}'
	put num_of_nodes 4
	# nothing is sent on top of what could not be read
	from_here
	ends 'write EREMOTEIO' write "$draft/commit" 1
	same '' "$(changes)"
	same "$id" "$(cat "$draft/cluster_id")"
	faults
	commit
	faults '{"do": "status", "status": 404, "path": "/clusters/'"$id"'",
		"method": "GET", "times": 3}'
	rests running
	same "$id" "$(cat "$draft/cluster_id")"
}
