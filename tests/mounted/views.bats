#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# However a file is read, the same comes of it (tests/lib/views): 200 random
# changes, or 10,000 with ACKFS_LONG=1.

# shellcheck source=tests/lib/ackfs.bash
source "$BATS_TEST_DIRNAME/../lib/ackfs.bash"
bats_require_minimum_version 1.5.0

@test "read, splice, sendfile, mmap, BusyBox, cat and cp give the same" {
	rounds=200
	[ "${ACKFS_LONG-}" != 1 ] || rounds=10000
	mount_sandbox refresh=1
	draft made
	fill_little
	commit
	cat "$draft/live/wait" >"$dir/out"
	cluster=$draft
	draft test
	"$lib/views" "$draft" "$cluster" $rounds "$dir/copy"
}

@test "a scratch file ends calls and reads as a file elsewhere" {
	rounds=5000
	[ "${ACKFS_LONG-}" != 1 ] || rounds=200000
	mount_sandbox
	draft test
	"$lib/shadow" "$draft/num_of_nodes.x" "$dir/copy" $rounds
}

# A descriptor goes on reading what it was opened with, by whatever way, and
# new ones read what is there.
@test "what one descriptor reads is not what another has written" {
	mount_sandbox
	draft test
	put num_of_nodes 100
	exec 7<"$draft/num_of_nodes"
	put num_of_nodes 5
	same 5 "$(busybox cat "$draft/num_of_nodes")"
	same 2 "$(stat -c %s "$draft/num_of_nodes")"
	same 100 "$(busybox cat <&7)"
	exec 8>"$draft/num_of_nodes"
	same 5 "$(busybox cat "$draft/num_of_nodes")"
	exec 8>&-
	truncate -s 0 "$draft/num_of_nodes"
	same '' "$(busybox cat "$draft/num_of_nodes")"
	same "$(stat -c %i "$draft/num_of_nodes")" \
		"$(stat -L -c %i /dev/fd/7)"
	# by a way that has no name to look up
	put num_of_nodes 7
	same 7 "$(cat /proc/self/fd/7)"
	exec 7<&-
	# a boolean that reads back longer than it was written
	echo 1 >"$draft/snat_entry"
	same true "$(busybox cat "$draft/snat_entry")"
	# O_APPEND that comes after the open
	put tags a=1
	/usr/bin/python3 - "$draft/tags" <<-'PY'
		import fcntl, os, sys
		fd = os.open(sys.argv[1], os.O_WRONLY)
		other = os.open(sys.argv[1], os.O_WRONLY | os.O_APPEND)
		os.write(other, b"b=2\n")
		fcntl.fcntl(fd, fcntl.F_SETFL, os.O_APPEND)
		os.write(fd, b"c=3\n")
	PY
	reads tags $'a=1\nb=2\nc=3'
}
