#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# kill -9 with fifty commits in flight: afterwards the clusters and the
# directories match one to one.

# shellcheck source=tests/lib/ackfs.bash
source "$BATS_TEST_DIRNAME/../lib/ackfs.bash"
# shellcheck source=tests/lib/state.bash
source "$BATS_TEST_DIRNAME/../lib/state.bash"
bats_require_minimum_version 1.5.0

commits=50
rounds=3
[ -z "${ACKFS_LONG-}" ] || rounds=20
options=(timeout=3 settle=3)

definite()
{
	! grep -qE '^(unknown|committing)$' "$mnt"/clusters/*/state
}

# Name and ID of every directory that says it has a cluster.
directories()
{
	(cd "$mnt/clusters" && for name in *; do
		[ ! -e "$name/cluster_id" ] ||
			printf '%s %s\n' "$name" "$(cat "$name/cluster_id")"
	done | sort)
}

# round N: as many commits, each at another step when the daemon dies.
round()
{
	local i n=$1 writers=()

	for i in $(seq $commits); do
		draft "r$n-$i"
		fill_little
	done
	# some clusters are made after the crash, some answers are on their
	# way, some are lost, the rest is as fast as it can be
	faults '{"do": "delay", "ms": 400, "method": "POST", "times": 10}' \
		'{"do": "drop_after", "method": "POST", "times": 5}' \
		'{"do": "delay_after", "ms": 400, "method": "POST",
			"times": 10, "after": 8}' \
		'{"do": "drop", "method": "POST", "times": 5, "after": 25}'
	for i in $(seq $commits); do
		"$lib/try" write "$mnt/clusters/r$n-$i/commit" 1 \
			>/dev/null 2>&1 3>&- &
		writers+=($!)
	done
	# the rounds differ in how far it has come
	wait_until posted $((before + n % 4 * 12))
	daemon_kill
	wait "${writers[@]}" || true
	mount_sandbox "${options[@]}"
	wait_until definite
	clusters | jq -r '.[] | "\(.request.name) \(.cluster_id)"' |
		sort >"$dir/clusters"
	directories >"$dir/directories"
	diff "$dir/clusters" "$dir/directories"
	same '' "$(cut -d' ' -f1 "$dir/clusters" | uniq -d)"
	same $((n * commits)) "$(find "$mnt/clusters" -mindepth 1 -maxdepth 1 |
		wc -l)"
	before=$(count_requests POST)
}

posted()
{
	[ "$(count_requests POST)" -ge "$1" ]
}

@test "$rounds rounds of $commits commits and a kill -9" {
	before=0
	mount_sandbox "${options[@]}"
	for n in $(seq $rounds); do
		round "$n"
	done
	printf '# %s clusters, %s POSTs\n' "$(wc -l <"$dir/clusters")" \
		"$(count_requests POST)"
	[ "$(wc -l <"$dir/clusters")" -gt 0 ]
	# and what was proven absent is a draft that commits
	drafts=$(grep -l '^draft$' "$mnt"/clusters/*/state | wc -l)
	same $((rounds * commits)) $((drafts + $(wc -l <"$dir/clusters")))
	faults
	for file in $(grep -l '^draft$' "$mnt"/clusters/*/state | head -n 5); do
		draft=${file%/state}
		commit
		is_committed
	done
}

@test "an answer that the kernel does not take: no mount, and nobody hangs" {
	! sanitized || skip 'LeakSanitizer does not work under strace'
	mount_sandbox
	draft test
	strace -f -q -o /dev/null -e trace=writev \
		-e inject=writev:error=EIO:when=3 -p "$daemon_pid" 3>&- &
	tracer=$!
	wait_until traced
	run timeout 10 ls -l "$draft"
	[ "$status" -ne 0 ] && [ "$status" -ne 124 ]
	pid=$daemon_pid
	daemon_pid=
	expect_exit 1 "$pid"
	wait $tracer || true
	holds "$(cat "$dir/ackfs.log")" 'the mount broke: Input/output error'
	run -1 mounted "$mnt"
	: >"$dir/ackfs.log"
}

traced()
{
	! grep -q '^TracerPid:.0$' "/proc/$daemon_pid/status"
}

# The kernel may call the end of a connection by either name.
@test "the end of the connection is an end of the mount, by both its names" {
	! sanitized || skip 'LeakSanitizer does not work under strace'
	while read -r error ended; do
		: >"$dir/ackfs.log"
		mount_sandbox
		strace -f -q -o /dev/null -e trace=read -P /dev/fuse \
			-e "inject=read:error=$error" -p "$daemon_pid" 3>&- &
		tracer=$!
		wait_until traced
		timeout 10 stat -f "$mnt" >"$dir/out" 2>&1 || true
		pid=$daemon_pid
		daemon_pid=
		expect_exit "$ended" "$pid"
		wait $tracer || true
		! mounted "$mnt"
		[ "$ended" -eq 1 ] ||
			lacks "$(cat "$dir/ackfs.log")" 'broke|reading device'
	done <<-'END'
		ENODEV 0
		ECONNABORTED 0
		EIO 1
	END
	holds "$(cat "$dir/ackfs.log")" 'the mount broke: Input/output error'
	: >"$dir/ackfs.log"
}

@test "a mount right after umount waits for the end of the one before" {
	! sanitized || skip 'LeakSanitizer does not work under strace'
	mount_sandbox
	draft test
	put num_of_nodes 3
	# its last sync takes a while, as on a slow disk
	strace -f -qq -p "$daemon_pid" -o /dev/null -e trace=fsync,fdatasync \
		-e inject=fsync,fdatasync:delay_enter=300000 3>&- &
	tracer=$!
	wait_until grep -qE '^TracerPid:.[1-9]' "/proc/$daemon_pid/status"
	before=$daemon_pid
	fusermount3 -u "$mnt"
	run ! gone "$before"
	mount_sandbox
	gone "$before"
	wait $tracer || true
	reads num_of_nodes 3
}
