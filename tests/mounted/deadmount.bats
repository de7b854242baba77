#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# A mount whose daemon was killed: the next ackfs takes it over, nobody has
# to clean up first.

# shellcheck source=tests/lib/ackfs.bash
source "$BATS_TEST_DIRNAME/../lib/ackfs.bash"
# shellcheck source=tests/lib/state.bash
source "$BATS_TEST_DIRNAME/../lib/state.bash"
bats_require_minimum_version 1.5.0

teardown()
{
	[ -z "${stander-}" ] || kill -KILL "$stander" 2>/dev/null || true
	ackfs_teardown
}

# How many file systems lie on the mountpoint.
layers()
{
	grep -c " $mnt fuse.ackfs" /proc/self/mounts
}

@test "at once, later, and again and again" {
	mount_sandbox
	draft test
	put num_of_nodes 3
	for _ in $(seq 5); do
		remount
		same 1 "$(layers)"
		reads num_of_nodes 3
	done
	daemon_kill
	sleep 1.5
	run -1 cat "$mnt/status"
	holds "$output" 'not connected'
	mount_sandbox
	same 1 "$(layers)"
	reads num_of_nodes 3
}

@test "umount -f of a mount that is in use leaves none" {
	mount_sandbox
	draft test
	put num_of_nodes 3
	(cd "$draft" && run umount -f "$mnt")
	wait_until gone "$daemon_pid"
	daemon_pid=""
	same 0 "$(layers || true)"
	mount_sandbox
	reads num_of_nodes 3
}

@test "without -f: the command returns with status 0 and it answers" {
	mount_sandbox
	draft test
	daemon_kill
	"$ackfs" "$url" "$mnt" -o "region=cn-beijing,state=$dir/state"
	daemon_pid=$(daemon_of "$url" "$mnt")
	[ -d "$draft" ]
	same 1 "$(layers)"
	fusermount3 -u "$mnt"
	wait_until gone "$daemon_pid"
	daemon_pid=""
}

@test "while a shell stands in it and a file of it is open" {
	mount_sandbox
	draft test
	put num_of_nodes 3
	(cd "$draft" && exec sleep 60) 3>&- &
	stander=$!
	wait_until stands
	exec 9<"$draft/state"
	remount
	same 1 "$(layers)"
	reads num_of_nodes 3
	put num_of_nodes 4
	# who held on to the old one is told so, and is not held up
	run -1 timeout 5 cat <&9
	run timeout 5 ls "/proc/$stander/cwd/"
	[ "$status" -ne 0 ] && [ "$status" -ne 124 ]
	exec 9<&-
	kill $stander
	wait $stander || true
	stander=""
	mount_stop
	same 0 "$(layers || true)"
}

stands()
{
	[ "$(readlink "/proc/$stander/cwd")" = "$draft" ]
}

@test "with a commit of it that nobody answered" {
	mount_sandbox timeout=2 settle=2
	draft test
	fill_little
	faults '{"do": "hang_after", "method": "POST"}'
	"$lib/try" write "$draft/commit" 1 >"$dir/writer" 2>&1 3>&- &
	writer=$!
	wait_until in_state committing
	wait_until has_cluster
	daemon_kill
	wait_until gone $writer
	wait $writer
	holds "$(cat "$dir/writer")" '^(write|close) E(NOTCONN|CONNABORTED)'
	mount_sandbox timeout=2 settle=2
	wait_until is_committed
	same "$(ids_of test)" "$(cat "$draft/cluster_id")"
}

has_cluster()
{
	[ -n "$(ids_of test)" ]
}

@test "by a relative path, with dots in it, and through a link" {
	mount_sandbox
	draft test
	mkdir "$dir/sub"
	ln -s "$mnt" "$dir/link"
	for path in mnt sub/../mnt ./mnt/ link; do
		daemon_kill
		(cd "$dir" && exec "$ackfs" "$url" "$path" -f -o \
			"region=cn-beijing,state=$dir/state") \
			>>"$dir/ackfs.log" 2>&1 </dev/null 3>&- &
		daemon_pid=$!
		wait_until answers_or_died
		answers
		[ -d "$draft" ]
		same 1 "$(layers)"
	done
}

@test "a live one is not taken over" {
	mount_sandbox
	draft test
	run -1 "$ackfs" "$url" "$mnt" -o "region=cn-beijing,state=$dir/more"
	holds "$output" "^ackfs: .*mounted on $mnt already"
	holds "$output" 'fusermount3 -u'
	[ -d "$draft" ]
	same 1 "$(layers)"
}

@test "somebody else's dead mount is left alone" {
	/usr/bin/python3 - "$mnt" <<-'PY'
		import ctypes, os, sys
		# a FUSE connection that dies with its only descriptor
		fd = os.open("/dev/fuse", os.O_RDWR)
		libc = ctypes.CDLL(None, use_errno=True)
		data = f"fd={fd},rootmode=40000,user_id=0,group_id=0"
		if libc.mount(b"other", sys.argv[1].encode(), b"fuse.other", 0,
		        data.encode()):
		    sys.exit(os.strerror(ctypes.get_errno()))
	PY
	sandbox_start
	run -1 "$ackfs" "$url" "$mnt" -o "region=cn-beijing,state=$dir/state"
	holds "$output" "^ackfs: $mnt is a dead mount"
	holds "$output" 'fusermount3 -u'
	grep -q " $mnt fuse.other" /proc/self/mounts
	umount "$mnt"
}
