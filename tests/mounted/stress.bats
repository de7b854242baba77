#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# stress-ng's file stressors and fio, as Debian has them. What they are made
# for is not what this is for: they have to be refused as they were, and the
# mount to live.

# shellcheck source=tests/lib/ackfs.bash
source "$BATS_TEST_DIRNAME/../lib/ackfs.bash"
bats_require_minimum_version 1.5.0

seconds=3
[ -z "${ACKFS_LONG-}" ] || seconds=120

# All those of its classes filesystem and io that need no device and no other
# file system. Not mmapfork and hdd's kin that fill memory or a disk.
stressors=(access chdir chmod chown copy-file dentry dir dirdeep dirmany
	dnotify dup fallocate fanotify fcntl fiemap file-ioctl filename flock
	fpunch fstat getdent hdd inode-flags inotify io iomix lease link locka
	lockf lockofd mknod mmap mmapmany open readahead rename seek sendfile
	splice symlink sync-file touch utime verity xattr)

# What they may complain of, and why it is right.
expected=(
	# no file but those of the table, and scratch files of editors, can be
	# made, and no directory in a draft but in nodepools/
	'Operation not permitted'
	'cannot create .*stress-ng'
	# what was not made is not there
	'rename: fopen failed[:,] errno=2'
	'failed to determine maximum filename length'
	'took [0-9]+ retries to create'
	# what follows from the above
	'terminated with an error, exit status=[123]'
	'aborted early, out of system resources'
	'unsuccessful run completed'
)

# At rest: what was begun may have a connection of its own for a while.
descriptors()
{
	find "/proc/$daemon_pid/fd" -type l ! -lname 'socket:*' | wc -l
}

unharmed()
{
	alive "$daemon_pid"
	same "$held" "$(descriptors)"
	same '' "$(requests | jq -r '.[] | select(.method != "GET") | .path')"
	draft=$mnt/clusters/precious
	reads num_of_nodes 3
	same precious "$(ls "$mnt/clusters")"
	lacks "$(cat "$mnt/clusters/precious/state")" '[^draft]'
}

begin()
{
	mount_sandbox
	draft precious
	put num_of_nodes 3
	held=$(descriptors)
}

@test "stress-ng's file stressors: refused as they should be, and survived" {
	local args=()

	begin
	for stressor in "${stressors[@]}"; do
		args+=("--$stressor" 1)
	done
	run timeout $((seconds + 60)) stress-ng --timeout "$seconds" \
		--temp-path "$mnt/clusters" "${args[@]}" </dev/null
	printf '%s\n' "$output"
	[ "$status" -ne 124 ]
	complaints=$(grep -E ' (fail|error): ' <<<"$output" |
		grep -vE "$(IFS='|' && echo "${expected[*]}")" || true)
	same '' "$complaints"
	# not because nothing was tried
	[ "$(grep -c 'Operation not permitted' <<<"$output")" -ge 20 ]
	# what ended early may have left the draft that its directory was
	rm -rf "$mnt"/clusters/tmp-stress-ng-*
	unharmed
}

@test "fio: what it writes into scratch files is there, and all can be read" {
	begin
	draft=$mnt/clusters/precious
	# they hold 256 KiB, and no blocks that could be laid out before
	# it leaves a file where it runs
	cd "$dir"
	run -0 fio --name=scratch --filename="$draft/data~" --size=128k \
		--rw=randrw --bs=1k --verify=crc32c --fallocate=none \
		--loops=5 --numjobs=1 --output-format=terse
	rm "$draft/data~"
	run -0 fio --readonly --name=read --rw=randread --bs=512 --time_based \
		--runtime="$seconds" --numjobs=4 --group_reporting \
		--filename="$draft/request.json:$draft/check:$mnt/index.html:$mnt/README" \
		--output-format=terse
	# files of its own are none of a draft's
	run fio --name=own --directory="$draft" --size=4k --rw=write \
		--fallocate=none
	[ "$status" -ne 0 ]
	holds "$output" 'Operation not permitted'
	unharmed
}
