# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # the variables of ackfs_setup; other_id
# Somebody else with the same account: a second mount with a state directory
# of its own.

# other_start [OPTION,...]
other_start()
{
	other_mnt=$dir/other-mnt
	mkdir -p "$other_mnt"
	"$ackfs" "$url" "$other_mnt" -f -o \
		"state=$dir/other,region=cn-beijing,preflight=off$*" \
		>>"$dir/other.log" 2>&1 </dev/null 3>&- &
	other_pid=$!
	wait_until test -s "$other_mnt/README"
}

other_stop()
{
	local pid=${other_pid-}

	[ -n "$pid" ] || return 0
	other_pid=""
	wait_until fusermount3 -q -u "$other_mnt" || return 1
	expect_exit 0 "$pid"
}

# other_makes DIRECTORY NAME: a cluster of that name; $other_id is its ID.
other_makes()
{
	local draft=$other_mnt/clusters/$1

	mkdir "$draft"
	[ "$1" = "$2" ] || put name "$2"
	fill_little
	commit
	other_id=$(cat "$draft/cluster_id")
}

# For teardown when a test failed.
other_kill()
{
	[ -n "${other_pid-}" ] || return 0
	kill -KILL "$other_pid" 2>/dev/null || true
	umount -l "$other_mnt" 2>/dev/null || true
}

# ackfs_teardown for tests with a second mount, too.
other_teardown()
{
	local bad=0

	if [ "${BATS_TEST_COMPLETED-}" = 1 ]; then
		other_stop || bad=1
	fi
	other_kill
	ackfs_teardown || bad=1
	return $bad
}
