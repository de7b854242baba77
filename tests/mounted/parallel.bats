#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Many at once: commits hold nothing up, and each is sent once.

# shellcheck source=tests/lib/ackfs.bash
source "$BATS_TEST_DIRNAME/../lib/ackfs.bash"
bats_require_minimum_version 1.5.0

@test "200 commits against a service that takes 2 s: all once, ls answers" {
	mount_sandbox timeout=120
	for i in $(seq 200); do
		draft "test-$i"
		fill_little
	done
	faults '{"do": "delay", "ms": 2000, "method": "POST", "times": -1}'
	pids=()
	for i in $(seq 200); do
		(echo 1 >"$mnt/clusters/test-$i/commit") 3>&- &
		pids+=($!)
	done
	# what is read while all of them wait comes before any of them ends
	wait_until grep -qx committing "$mnt/clusters/test-200/state"
	ls -l "$mnt/clusters" >/dev/null
	cat "$mnt"/clusters/test-*/state >"$dir/states"
	draft meanwhile
	put num_of_nodes 3
	reads num_of_nodes 3
	grep -qx committing "$dir/states"
	for pid in "${pids[@]}"; do
		wait "$pid"
	done
	same 200 "$(cat "$mnt"/clusters/test-*/cluster_id | sort -u | wc -l)"
	same 200 "$(count_requests POST /clusters)"
}

@test "four shells write, read, make and remove at once" {
	mount_sandbox
	pids=()
	for shell in 1 2 3 4; do
		bash -eu -c '
			for i in $(seq 25); do
				d=$1/clusters/shell-$2
				mkdir "$d"
				echo $((i % 100)) >"$d/num_of_nodes"
				[ "$(cat "$d/num_of_nodes")" = $((i % 100)) ]
				echo ecs.g7.xlarge >"$d/worker_instance_types"
				echo ecs.c7.xlarge >>"$d/worker_instance_types"
				[ "$(wc -l <"$d/worker_instance_types")" = 2 ]
				ls -l "$d" "$1/clusters" >/dev/null 2>&1 || true
				cat "$d/check" "$d/request.json" >/dev/null
				rm -rf "$d"
			done' _ "$mnt" $shell 3>&- &
		pids+=($!)
	done
	for pid in "${pids[@]}"; do
		wait "$pid"
	done
	same '' "$(ls "$mnt/clusters")"
}

@test "two commits of one draft: one is sent, the other is told" {
	mount_sandbox
	draft test
	fill_little
	faults '{"do": "delay", "ms": 2000, "method": "POST"}'
	echo 1 >"$draft/commit" 3>&- &
	first=$!
	wait_until grep -qx committing "$draft/state"
	ends 'open EBUSY' write "$draft/commit" 1
	ends 'open EBUSY' write "$draft/num_of_nodes" 3
	wait $first
	commit
	same 1 "$(count_requests POST /clusters)"
}
