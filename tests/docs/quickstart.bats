#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# quickstart: builds, mounts, creates the sample; again; and says what is
# wrong.

# shellcheck source=tests/lib/ackfs.bash
source "$BATS_TEST_DIRNAME/../lib/ackfs.bash"
bats_require_minimum_version 1.5.0

quickstart=$top/mount-helpers/quickstart

# as_nobody SCRIPT: fails; its text is handed over, for the directories above
# it may be closed to others.
as_nobody()
{
	run -1 setpriv --reuid 65534 --regid 65534 --clear-groups \
		bash -c "$(cat "$1")" "$1"
}

teardown()
{
	fusermount3 -q -u "$dir/ack" || true
	[ -z "${pid-}" ] || wait_until gone "$pid"
	ackfs_teardown
}

setup()
{
	ackfs_setup
	export DESTDIR=$dir/installed # its manual pages
}

@test "it creates the sample, shows each command, leaves the mount" {
	run -0 "$quickstart" "$dir/ack" </dev/null
	pid=$(pgrep -f "fs/ackfs sandbox $dir/ack")
	holds "$output" '\$ echo 3 > num_of_nodes'
	holds "$output" '\$ echo 1 > commit'
	holds "$output" $'\nc[0-9a-f]{32}\n'
	holds "$output" $'\nT-[0-9a-f]{24}\n'
	holds "$output" "fusermount3 -u $dir/ack"
	lacks "$output" 'write error|quickstart:'
	MANPATH=$DESTDIR/usr/local/share/man man -w ackfs ack-sandbox \
		ackfs-params mount.ackfs
	draft=$dir/ack/clusters/test
	is_committed
	diff <(jq -S 'del(.login_password)' "$top/tests/mounted/sample.json") \
		<(jq -S . "$draft/request.json")

	# again, on the mount that is there
	run -0 "$quickstart" "$dir/ack" </dev/null
	holds "$output" 'mounted on .* already'
	[ -s "$dir/ack/clusters/test-2/cluster_id" ]
	same "$pid" "$(pgrep -f "fs/ackfs sandbox $dir/ack")"

	# and after an unmount: the service still knows the names
	fusermount3 -u "$dir/ack"
	wait_until gone "$pid"
	run -0 "$quickstart" "$dir/ack" </dev/null
	pid=$(pgrep -f "fs/ackfs sandbox $dir/ack")
	[ -s "$dir/ack/clusters/test-3/cluster_id" ]
}

@test "it does not touch a real account, another file system, or files" {
	mount_service
	run -1 "$quickstart" "$mnt" </dev/null
	holds "$output" 'account is mounted'
	same '' "$(ls "$mnt/clusters")"
	mkdir "$dir/full"
	: >"$dir/full/file"
	run -1 "$quickstart" "$dir/full" </dev/null
	holds "$output" 'not empty'
	run -1 "$quickstart" /proc </dev/null
	holds "$output" 'name another directory'
}

@test "it says when it is not root, and when there is no /dev/fuse" {
	as_nobody "$quickstart"
	holds "$output" 'must be root'
	run -1 unshare -m bash -c 'mount -t tmpfs none /dev && exec "$1"' \
		_ "$quickstart"
	holds "$output" 'no /dev/fuse'
	run -1 "$quickstart" a b </dev/null
	holds "$output" 'usage'
}

@test "tests/run says the same" {
	as_nobody "$top/tests/run"
	holds "$output" 'must be root'
}
