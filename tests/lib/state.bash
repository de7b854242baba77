# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# shellcheck disable=SC2154 # the variables of ackfs_setup
# What outlives a daemon: its state directory, and how to end it rudely.

# daemon_kill: as the machine does when it has no memory left.
daemon_kill()
{
	kill -KILL "$daemon_pid"
	wait_until gone "$daemon_pid"
	wait "$daemon_pid" || true
	daemon_pid=""
}

# remount OPTION...: the daemon is killed, the next one takes over.
remount()
{
	daemon_kill
	mount_sandbox "$@"
}

# kept SQL: what the database says. While it is mounted no other program may
# open it, so a copy is asked.
kept()
{
	rm -rf "$dir/kept"
	mkdir "$dir/kept"
	cp "$dir"/state/ackfs.db* "$dir/kept"
	sqlite3 "$dir/kept/ackfs.db" "$1"
}

# changed SQL: changes it while nothing is mounted.
changed()
{
	sqlite3 "$dir/state/ackfs.db" "$1"
}

# recorded NAME COLUMN: of the row of that directory.
recorded()
{
	kept "SELECT $2 FROM directories WHERE name = '$1'"
}

# The clusters that the sandbox made, a JSON list.
clusters()
{
	curl -fsS "$url/_sandbox/clusters"
}

# ids_of NAME: the IDs of the clusters of that name, one a line.
ids_of()
{
	clusters | jq -r --arg name "$1" '.[] |
		select(.request.name == $name) | .cluster_id'
}

in_state()
{
	[ "$(cat "$draft/state")" = "$1" ]
}

# A file system of its own for the state directory; undone in teardown.
# state_tmpfs SIZE
state_tmpfs()
{
	mkdir -p "$dir/state"
	mount -t tmpfs -o "size=$1,mode=700" tmpfs "$dir/state"
}

state_loop()
{
	loop_make "$1" "$dir/image"
	mkdir -p "$dir/state"
	mount "$loop_device" "$dir/state"
}

# fill_disk: not a page is left on it. room_on_disk: there is again.
fill_disk()
{
	dd if=/dev/zero of="$dir/state/filler" bs=4k status=none \
		2>/dev/null || true
}

room_on_disk()
{
	rm "$dir/state/filler"
}

# loop_make TYPE IMAGE: a new file system on a loop device, $loop_device.
# Not mounted with -o loop: the device must outlive the mount.
loop_make()
{
	truncate -s 400M "$2"
	case $1 in
	xfs) mkfs.xfs -q -f "$2" ;;
	ext4) mkfs.ext4 -q -F -E lazy_itable_init=0 "$2" ;;
	esac
	loop_device=$(losetup -f --show "$2") || return 1
	loop_devices+=" $loop_device"
}

# Whether this machine has loop devices; where it has none the test says so.
need_loop()
{
	local device

	truncate -s 1M "$dir/probe"
	if device=$(losetup -f --show "$dir/probe" 2>&1); then
		losetup -d "$device"
		return 0
	fi
	skip "no loop devices here: $device"
}

# For teardown: the test's file systems, in the order opposite to mounting.
state_release()
{
	mount_kill
	grep -o " $BATS_TEST_TMPDIR/[^ ]*" /proc/self/mounts | tac |
		while read -r at; do
			umount "$at" || umount -l "$at" || true
		done
	# shellcheck disable=SC2086 # a list of devices
	[ -z "${loop_devices-}" ] || losetup -d $loop_devices
	loop_devices=""
}

# ackfs_teardown for tests that mount more than ackfs.
state_teardown()
{
	local bad=0

	if [ "${BATS_TEST_COMPLETED-}" = 1 ]; then
		mount_stop || bad=1
	fi
	state_release || bad=1
	ackfs_teardown || bad=1
	return $bad
}
