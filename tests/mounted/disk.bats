#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# A state directory on a disk that is full, broken or read-only: an edit
# fails and the old value stays, a commit fails before anything is sent.

# shellcheck source=tests/lib/ackfs.bash
source "$BATS_TEST_DIRNAME/../lib/ackfs.bash"
# shellcheck source=tests/lib/state.bash
source "$BATS_TEST_DIRNAME/../lib/state.bash"
bats_require_minimum_version 1.5.0

teardown()
{
	state_teardown
}

# The draft is as it was, now and after the next mount; it commits then.
nothing_lost()
{
	same draft "$(cat "$draft/state")"
	reads num_of_nodes 3
	reads timeout_mins 60
	reads addons "$(cat "$dir/addons")"
	same 0 "$(count_requests POST)"
}

ready()
{
	mount_sandbox "$@"
	draft test
	fill
	cat "$draft/addons" >"$dir/addons"
	mkdir "$mnt/clusters/f"
}

# fill_state: nor does one page fit behind what is in the log.
fill_state()
{
	local n

	fill_disk
	for n in $(seq 200); do
		echo "a=$((n % 2))" >"$mnt/clusters/f/tags" || return 0
	done 2>/dev/null
	echo 'the log has room without end'
	return 1
}

# refused ERRNO: what a disk that refuses makes of every change.
refused()
{
	ends "write $1" write "$draft/num_of_nodes" 5
	holds "$(cat "$draft/error")" 'state directory'
	ends "write $1" append "$draft/addons" $'terway\n'
	ends "unlink $1" unlink "$draft/timeout_mins"
	ends "mkdir $1" mkdir "$mnt/clusters/more"
	ends "rename $1" rename "$draft" "$mnt/clusters/moved"
	[ -d "$draft" ]
	run -1 test -e "$mnt/clusters/moved"
	# a shell's `: > f` fails in close(2) only, which shells do not see
	: >"$draft/timeout_mins"
	holds "$(cat "$draft/error")" 'state directory'
	nothing_lost
	ends "write $1" write "$draft/commit" 1
	holds "$(cat "$draft/error")" 'state directory'
	nothing_lost
}

@test "full: ENOSPC, the old values stay, nothing is sent" {
	state_tmpfs 256k
	ready
	fill_state
	refused ENOSPC
	[ "$(count_requests GET)" -le 1 ]
	remount
	nothing_lost
	room_on_disk
	put num_of_nodes 4
	put num_of_nodes 3
	put login_password "$sample_password"
	nothing_lost
	commit
	is_committed
	same 1 "$(count_requests POST)"
	remount
	is_committed
}

@test "out of inodes: what needs none goes on" {
	state_tmpfs 256k,nr_inodes=8
	ready
	local n=0

	while : >"$dir/state/filler-$n"; do
		n=$((n + 1))
	done 2>/dev/null
	put num_of_nodes 4
	commit
	is_committed
	remount
	is_committed
	reads num_of_nodes 4
	rm "$dir"/state/filler-*
	remount
	is_committed
}

intent_recorded()
{
	[ "$(recorded test record)" = intent ]
}

@test "full between the intent and the answer: the IDs are shown, then found" {
	state_tmpfs 256k
	# the disk's failure is the expected one
	log_expected=('database ackfs.db failed: No space left')
	ready
	faults '{"do": "delay", "ms": 1500, "method": "POST"}'
	commit &
	writer=$!
	wait_until in_state committing
	wait_until intent_recorded
	fill_state
	wait $writer
	id=$(cat "$draft/cluster_id")
	same "$id" "$(ids_of test)"
	error=$(cat "$draft/error")
	holds "$error" 'No space left'
	holds "$error" "hint: .*$id"
	# the intent that stands on disk leads the next mount to it
	remount timeout=2 settle=2
	wait_until is_committed
	same "$id" "$(cat "$draft/cluster_id")"
	room_on_disk
	daemon_kill
	mount_sandbox timeout=2 settle=2
	wait_until is_committed
	same "$id" "$(cat "$draft/cluster_id")"
	same 1 "$(count_requests POST)"
}

@test "full while a lost answer is looked for: it is found and shown" {
	state_tmpfs 256k
	log_expected=('database ackfs.db failed: No space left')
	ready timeout=2 settle=2
	faults '{"do": "drop_after", "method": "POST"}'
	run "$lib/try" write "$draft/commit" 1
	same unknown "$(cat "$draft/state")"
	fill_state
	wait_until is_committed
	same "$(ids_of test)" "$(cat "$draft/cluster_id")"
	room_on_disk
	remount timeout=2 settle=2
	wait_until is_committed
	same "$(ids_of test)" "$(cat "$draft/cluster_id")"
}

@test "a disk that became read-only: EROFS, nothing is sent, nothing lost" {
	need_loop
	state_loop ext4
	error=/sys/fs/ext4/${loop_device##*/}/trigger_fs_error
	[ -e "$error" ] || skip 'this kernel cannot play a broken ext4'
	mount -o remount,errors=remount-ro "$dir/state"
	ready
	sync -f "$dir/state"
	echo test >"$error"
	run -1 touch "$dir/state/x"
	refused EROFS
	daemon_kill
	# the next mount says why it cannot be one
	run -1 "$ackfs" "$url" "$mnt" -o "region=cn-beijing,state=$dir/state"
	holds "$output" '^ackfs: .*state directory.*Read-only file system'
	umount "$dir/state"
	fsck.ext4 -fp "$loop_device" >/dev/null || [ $? -le 1 ]
	mount "$loop_device" "$dir/state"
	mount_sandbox
	nothing_lost
	put login_password "$sample_password"
	commit
	is_committed
}

@test "a disk that fails every call: EIO, nothing is sent" {
	log_expected=('audit.log cannot be written: Input.output error')
	need_loop
	state_loop xfs
	ready
	sync -f "$dir/state"
	xfs_io -x -c shutdown "$dir/state"
	refused EIO
	daemon_kill
	umount "$dir/state"
	mount "$loop_device" "$dir/state"
	mount_sandbox
	nothing_lost
	put login_password "$sample_password"
	commit
	is_committed
}

@test "fsync(2) of a file of a draft tells when the disk has failed" {
	need_loop
	state_loop xfs
	ready
	sync "$draft/num_of_nodes"
	# what has changed since may be lost
	put num_of_nodes 4
	xfs_io -x -c shutdown "$dir/state"
	run -1 sync "$draft/num_of_nodes"
	holds "$output" 'Input/output error'
}

@test "a directory that is read-only from the start is refused" {
	state_tmpfs 256k
	mount -o remount,ro "$dir/state"
	sandbox_start
	run -1 "$ackfs" "$url" "$mnt" -o "region=cn-beijing,state=$dir/state"
	holds "$output" '^ackfs: .*state.*Read-only file system'
	no_mount_of_ackfs
	mount -o remount,rw "$dir/state"
	mount_sandbox
}

no_mount_of_ackfs()
{
	! mounted "$mnt"
}

@test "a state directory inside the mount itself is no trap" {
	sandbox_start
	run timeout 20 "$ackfs" "$url" "$mnt" -o \
		"region=cn-beijing,state=$mnt/state"
	[ "$status" -ne 124 ]
	if [ "$status" -eq 0 ]; then
		timeout 10 mkdir "$mnt/clusters/test"
		timeout 10 cat "$mnt/status" >/dev/null
		pid=$(daemon_of "$url" "$mnt")
		fusermount3 -u "$mnt"
		wait_until gone "$pid"
	else
		holds "$output" '^ackfs: .+'
	fi
}
