#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Few calls: a list is read once for everybody, browsing costs none, and qps=
# is a ceiling whatever users do.

# shellcheck source=tests/lib/ackfs.bash
source "$BATS_TEST_DIRNAME/../lib/ackfs.bash"
# shellcheck source=tests/lib/fleet.bash
source "$BATS_TEST_DIRNAME/../lib/fleet.bash"
bats_require_minimum_version 1.5.0

# memory_of_daemon: what it holds just now, in KiB; told, never judged.
memory_of_daemon()
{
	awk '/^VmRSS/ { print $2 }' "/proc/$daemon_pid/status"
}

# calls_stay COUNT: nothing was asked since.
calls_stay()
{
	same "$1" "$(count_requests)"
}

@test "10,000 clusters: 200 calls, and none to browse them" {
	export WAIT_SECONDS=300
	mount_sandbox refresh=86400 qps=10000 timeout=120
	printf '# memory before: %s KiB\n' "$(memory_of_daemon)" >&3
	plant '{"count": 10000}' >"$dir/ids"
	same 10000 "$(sort -u "$dir/ids" | wc -l)"
	n=$(count_lists)
	one_refresh
	same 200 $(($(count_lists) - n))
	n=$(count_requests)
	same 10000 "$(ls "$mnt/clusters" | wc -l)"
	same cluster-00001 "$(ls "$mnt/clusters" | head -n 1)"
	same cluster-10000 "$(ls "$mnt/clusters" | tail -n 1)"
	same 10000 "$(find "$mnt/clusters" -mindepth 1 -maxdepth 1 \
		-name 'cluster-*' -type d | wc -l)"
	same 10000 "$(ls "$mnt/by-id" | wc -l)"
	ls -l "$mnt/live" >"$dir/live"
	same 10000 "$(grep -c cluster- "$dir/live")"
	same 10000 "$(cat "$mnt"/clusters/*/state | grep -cx running)"
	same "$(sort "$dir/ids")" \
		"$(cat "$mnt"/clusters/*/cluster_id | sort)"
	calls_stay "$n"
	printf '# memory after: %s KiB\n' "$(memory_of_daemon)" >&3
	# a second list is 200 calls again, and changes no directory
	stat -c %i "$mnt/clusters/cluster-00001" "$mnt/clusters/cluster-10000" \
		>"$dir/before"
	one_refresh
	same $((n + 200)) "$(count_requests)"
	stat -c %i "$mnt/clusters/cluster-00001" "$mnt/clusters/cluster-10000" |
		diff "$dir/before" -
}

@test "ls -lR, find, grep -r, tar and du of 300 clusters make no call" {
	mount_sandbox refresh=86400 qps=10000
	plant '{"count": 300, "nodes": 2}' >/dev/null
	one_refresh
	n=$(count_requests)
	ls -lR "$mnt/clusters" "$mnt/by-id" >"$dir/ls"
	same 300 "$(grep -c ' state$' "$dir/ls")"
	same 300 "$(find "$mnt/clusters" -name num_of_nodes -size +0 | wc -l)"
	same 300 "$(grep -rlx 2 "$mnt/clusters" --include num_of_nodes | wc -l)"
	same 300 "$(grep -rx running "$mnt/clusters" --include state | wc -l)"
	tar -C "$mnt" -cf "$dir/all.tar" --exclude='nodepools' \
		--exclude=commit --exclude=delete --exclude=login_password \
		clusters
	same 300 "$(tar -tf "$dir/all.tar" | grep -c '/num_of_nodes$')"
	same 2 "$(tar -xOf "$dir/all.tar" clusters/cluster-00300/num_of_nodes)"
	du -s "$mnt/clusters" >/dev/null
	cat "$mnt"/clusters/*/{check,plan,request.json,error} >/dev/null
	find "$mnt/clusters/" -type f -readable -exec true {} +
	calls_stay "$n"
}

@test "names that do not exist never reach the network" {
	mount_sandbox refresh=86400
	plant_one test
	one_refresh
	n=$(count_requests)
	for i in $(seq 50); do
		for at in "" clusters/ clusters/test/ live/ live/test/ by-id/ \
			schema/; do
			run -1 test -e "$mnt/$at.git"
			run -1 test -e "$mnt/$at.Trash-$i"
			run -1 test -e "$mnt/$at$i"
		done
	done
	run -1 test -e "$mnt/by-id/c0123456789abcdef0123456789abcdef"
	calls_stay "$n"
	# who goes into nodepools/ asks for its list, once, then refresh= holds
	for i in $(seq 50); do
		for name in .git ".Trash-$i" "$i"; do
			run -1 test -e "$mnt/clusters/test/nodepools/$name"
		done
	done
	calls_stay $((n + 1))
}

@test "many who look at once need one list" {
	needs_speed
	mount_sandbox refresh=2 qps=1000
	plant '{"count": 3}' >/dev/null
	one_refresh
	faults '{"do": "delay", "ms": 1500, "path": "/regions/*", "times": -1}'
	n=$(count_lists)
	begun=$SECONDS
	pids=()
	for _ in 1 2 3 4 5 6; do
		(
			until [ $SECONDS -ge $((begun + 10)) ]; do
				ls -l "$mnt/clusters" "$mnt/by-id" "$mnt/live"
				cat "$mnt"/clusters/*/state
			done >/dev/null 2>&1
		) 3>&- &
		pids+=($!)
	done
	wait "${pids[@]}"
	lists=$(($(count_lists) - n))
	# each takes 1.5 s, and the next begins 2 s after it has ended
	[ $lists -ge 2 ]
	[ $lists -le $(((SECONDS - begun) / 3 + 1)) ]
	faults
}

# asked_within SECONDS: the most calls, but for changes and what a commit asks
# before, that came within so many seconds.
asked_within()
{
	requests | jq --argjson span "$1" '[.[] |
		select(.method == "GET" and (.path | contains("name=") | not)) |
		.time |
		(sub("(\\.[0-9]+)?\\+08:00$"; "Z") | fromdateiso8601)] as $t |
		[range($t | length) as $i |
			[$t[$i:][] | select(. < $t[$i] + $span)] | length] | max'
}

@test "qps=1: files of live/ wait for their turn, commits do not" {
	mount_sandbox refresh=86400 qps=1 timeout=60
	plant '{"count": 120, "nodes": 1}' >/dev/null
	kill -HUP "$daemon_pid"
	wait_until test -d "$mnt/live/cluster-00012"
	pids=()
	for i in 01 02 03 04 05 06 07 08 09 10 11 12; do
		for file in detail.json resources.json; do
			cat "$mnt/live/cluster-000$i/$file" \
				>"$dir/$i.$file" 3>&- &
			pids+=($!)
		done
	done
	# a burst of 2 may come first; after that it is one a second
	sleep 3
	[ "$(count_requests GET)" -le 12 ]
	draft test
	fill_little
	commit
	is_committed
	kill -0 "${pids[@]}" 2>"$dir/ended" ||
		[ "$(wc -l <"$dir/ended")" -lt 24 ]
	wait "${pids[@]}"
	for i in 01 02 03 04 05 06 07 08 09 10 11 12; do
		same "$(cat "$mnt/clusters/cluster-000$i/cluster_id")" \
			"$(jq -r .cluster_id "$dir/$i.detail.json")"
	done
	# within 10 s by a clock of whole seconds: 10, the burst, and one
	[ "$(asked_within 10)" -le 13 ]
	[ "$(asked_within 10)" -ge 8 ]
}

@test "a file of live/ that many open at once is fetched once" {
	mount_sandbox refresh=86400
	id=$(plant_one test '{"nodes": 2}')
	one_refresh
	faults '{"do": "delay", "ms": 1500, "path": "/clusters/*"}'
	n=$(count_requests)
	pids=()
	for i in $(seq 20); do
		cat "$mnt/live/test/detail.json" >"$dir/got.$i" 3>&- &
		pids+=($!)
	done
	wait "${pids[@]}"
	same $((n + 1)) "$(count_requests)"
	for i in $(seq 20); do
		same "$id" "$(jq -r .cluster_id "$dir/got.$i")"
	done
}
