# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# shellcheck disable=SC2154 # the variables of ackfs_setup
# A mount of one test: private directories, a daemon in the foreground, and an
# end that has to be clean.

mounted()
{
	grep -q " $1 fuse" /proc/self/mounts
}

# A dead mount still tells what the kernel keeps of it; statfs(2) asks.
answers()
{
	mounted "$mnt" && stat -f "$mnt" >/dev/null 2>&1 && [ -s "$mnt/README" ]
}

answers_or_died()
{
	answers || gone "$daemon_pid"
}

# mount_spawn SOURCE OPTIONS [ARG...]: starts ackfs; $mnt is where.
mount_spawn()
{
	local source=$1 options=$2

	shift 2
	"$ackfs" "$source" "$mnt" -f -o "state=$dir/state$options" "$@" \
		>>"$dir/ackfs.log" 2>&1 </dev/null 3>&- &
	daemon_pid=$!
}

# mount_start SOURCE [OPTION...]: the same, and returns when it answers.
mount_start()
{
	local source=$1 options=

	shift
	for option in "$@"; do
		options+=,$option
	done
	mount_spawn "$source" "$options"
	wait_until answers_or_died
	if ! answers; then
		printf 'ackfs did not mount:\n'
		cat "$dir/ackfs.log"
		return 1
	fi
}

# Mounts the test's own sandbox, whose faults the test sets.
mount_sandbox()
{
	[ -n "${sandbox_pid-}" ] || sandbox_start
	mount_start "$url" region=cn-beijing "$@"
}

# Whether what is tested is built with a sanitizer of memory, which keeps a copy
# of its environment and makes mlock(2) do nothing.
sanitized()
{
	readelf -Ws --dyn-syms "$ackfs" | grep -qE '__(asan|tsan)_init'
}

# Whether valgrind runs it (tests/run): thirty times as slow, and with another
# program to be seen from outside.
under_valgrind()
{
	[ -d "$build/valgrind" ]
}

# For tests that take times which a daemon keeps, unless valgrind runs it.
needs_speed()
{
	! under_valgrind || skip 'valgrind is too slow for what is timed here'
}

# daemon_of SOURCE MOUNTPOINT: the process that has detached itself.
daemon_of()
{
	pgrep -f "fs/ackfs $1 $2( |\$)"
}

# Unmounts as a user does; the daemon must then end by itself, with 0.
mount_stop()
{
	local pid=$daemon_pid

	[ -n "$pid" ] || return 0
	wait_until fusermount3 -q -u "$mnt" || return 1
	daemon_pid=""
	expect_exit 0 "$pid"
}

# For teardown when a test failed: whatever it takes.
mount_kill()
{
	[ -z "$daemon_pid" ] || kill -KILL "$daemon_pid" 2>/dev/null || true
	while read -r _ at _; do
		case $at in
		"$BATS_TEST_TMPDIR"/*) umount -l "$at" 2>/dev/null || true ;;
		esac
	done </proc/self/mounts
}

no_mount_left()
{
	! grep " $BATS_TEST_TMPDIR/" /proc/self/mounts
}
