#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# One state directory, one mount: two would make two clusters of one draft.

# shellcheck source=tests/lib/ackfs.bash
source "$BATS_TEST_DIRNAME/../lib/ackfs.bash"
# shellcheck source=tests/lib/state.bash
source "$BATS_TEST_DIRNAME/../lib/state.bash"
bats_require_minimum_version 1.5.0

# second PATH [OPTION...] of ackfs: refused, with a sentence.
second()
{
	local state=$1

	shift
	mkdir -p "$dir/second"
	run -1 "$ackfs" "$url" "$dir/second" \
		-o "region=cn-beijing,state=$state" "$@"
	holds "$output" "^ackfs: another mount uses the state directory .+"
	holds "$output" "process $daemon_pid; unmount it.*state="
	holds "$output" 'hint: .*unmounted lazily'
	run ! mounted "$dir/second"
}

@test "the second mount is refused with a sentence, the first goes on" {
	mount_sandbox
	draft test
	fill_little
	second "$dir/state"
	second "$dir/state" -f
	second "$dir/../${dir##*/}/state"
	second "$dir/state/."
	commit
	is_committed
	same '' "$(cat "$mnt/error")"
	same 1 "$(count_requests POST)"
}

@test "a mount that was unmounted lazily is named, and ends with its last user" {
	mount_sandbox
	exec 9<"$mnt/README"
	umount -l "$mnt"
	second "$dir/state"
	exec 9<&-
	wait_until gone "$daemon_pid"
	daemon_pid=
	mount_sandbox
}

@test "also while a commit is under way" {
	mount_sandbox
	draft test
	fill_little
	faults '{"do": "delay", "ms": 1000, "method": "POST"}'
	commit &
	wait_until in_state committing
	second "$dir/state"
	wait $!
	is_committed
	same 1 "$(count_requests POST)"
}

@test "of many at once one mounts" {
	sandbox_start
	pids=()
	for i in 1 2 3 4 5 6; do
		mkdir "$dir/mnt-$i"
		"$ackfs" "$url" "$dir/mnt-$i" -o \
			"region=cn-beijing,state=$dir/state" \
			>"$dir/out-$i" 2>&1 </dev/null 3>&- &
		pids+=($!)
	done
	wait "${pids[@]}" || true
	mounts=$(grep -c " $dir/mnt-. fuse.ackfs" /proc/self/mounts)
	for i in 1 2 3 4 5 6; do
		! mounted "$dir/mnt-$i" || one=$dir/mnt-$i
	done
	pid=$(daemon_of "$url" "$one")
	same 1 "$mounts"
	mkdir "$one/clusters/test"
	same 5 "$(cat "$dir"/out-* | grep -c 'another mount uses')"
	fusermount3 -u "$one"
	wait_until gone "$pid"
}

@test "the lock goes with the daemon, however it ends" {
	mount_sandbox
	draft test
	for _ in 1 2 3; do
		remount
		[ -d "$draft" ]
	done
	mount_stop
	mount_sandbox
	[ -d "$draft" ]
	# nor does a child keep it
	mount_stop
	rm -rf "$dir/state"
	mount_start sandbox
	child=$(pgrep -P "$daemon_pid" ack-sandbox)
	same '' "$(find "/proc/$child/fd" -lname "$dir/state" -o \
		-lname '*ackfs.db*' -o -lname '*audit.log')"
}

@test "two mounts with a directory each are two" {
	mount_sandbox
	mkdir "$dir/second"
	"$ackfs" "$url" "$dir/second" -f -o \
		"region=cn-beijing,state=$dir/state2" \
		>>"$dir/ackfs.log" 2>&1 </dev/null 3>&- &
	pid=$!
	wait_until test -s "$dir/second/README"
	draft test
	same '' "$(ls "$dir/second/clusters")"
	fusermount3 -u "$dir/second"
	expect_exit 0 $pid
}
