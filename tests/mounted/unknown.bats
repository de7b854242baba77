#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# A POST whose outcome is not known: never sent again, found again by
# evidence, or left to the user (DESIGN.md, Commit).

# shellcheck source=tests/lib/ackfs.bash
source "$BATS_TEST_DIRNAME/../lib/ackfs.bash"
# shellcheck source=tests/lib/state.bash
source "$BATS_TEST_DIRNAME/../lib/state.bash"
# shellcheck source=tests/lib/other.bash
source "$BATS_TEST_DIRNAME/../lib/other.bash"
bats_require_minimum_version 1.5.0

short=(timeout=2 settle=2)

teardown()
{
	other_teardown
}

ready()
{
	mount_sandbox "$@"
	draft test
	fill
}

# lost RULE...: these faults, and a commit that ends in not knowing.
lost()
{
	faults "$@"
	run "$lib/try" write "$draft/commit" 1
	holds "$output" '^write E(PROTO|REMOTEIO|CONNRESET|IO|TIMEDOUT)$'
	same unknown "$(cat "$draft/state")"
	error=$(cat "$draft/error")
	# with a short settle= that time may be over by now
	holds "$error" 'hint: .* until (20[0-9-]{8} [0-9:]{8} |lists show)'
	holds "$error" 'adopt'
}

# planted NAME [, MEMBER...]: somebody else's cluster is there; its ID.
planted()
{
	curl -fsS --json "{\"clusters\": [{\"name\": \"$1\"${2-}}]}" \
		"$url/_sandbox/clusters" | jq -r '.cluster_ids[]'
}

stays_unknown()
{
	for _ in $(seq "$1"); do
		sleep 1
		same unknown "$(cat "$draft/state")"
	done
}

# exists ID: whoever said so.
exists()
{
	wait_until is_committed
	same "$1" "$(cat "$draft/cluster_id")"
	wait_until grep -qxE 'initial|running' "$draft/state"
	run -1 test -e "$draft/adopt"
}

# adopted ID: by evidence, and it says so.
adopted()
{
	exists "$1"
	holds "$(cat "$draft/error")" "^found, not answered: .*$1"
}

# believed ID: by somebody's word.
believed()
{
	exists "$1"
	same '' "$(cat "$draft/error")"
}

posts()
{
	same "$1" "$(count_requests POST)"
}

# Every way to lose an answer after the cluster was made, each on a draft of
# its own, all looked for at once.
@test "a lost answer: one POST, unknown, then the cluster is adopted" {
	mount_sandbox timeout=2 settle=30
	rules=(drop_after hang_after truncate cut html_after xml_after
		empty_after status_after huge)
	for fault in "${rules[@]}"; do
		draft "test-${fault//_/-}"
		fill_little
		lost "{\"do\": \"$fault\", \"method\": \"POST\"}"
		holds "$(cat "$draft/error")" "${draft##*/}"
	done
	for fault in "${rules[@]}"; do
		draft=$mnt/clusters/test-${fault//_/-}
		adopted "$(ids_of "${draft##*/}")"
	done
	posts ${#rules[@]}
	remount
	for fault in "${rules[@]}"; do
		draft=$mnt/clusters/test-${fault//_/-}
		same "$(ids_of "${draft##*/}")" "$(cat "$draft/cluster_id")"
	done
	posts ${#rules[@]}
}

@test "a request that never had its effect: proven absent, then sent anew" {
	mount_sandbox "${short[@]}"
	rules=(drop hang html xml empty status)
	for fault in "${rules[@]}"; do
		draft "test-$fault"
		fill_little
		lost "{\"do\": \"$fault\", \"method\": \"POST\"}"
	done
	for fault in "${rules[@]}"; do
		draft=$mnt/clusters/test-$fault
		wait_until in_state draft
		holds "$(cat "$draft/error")" 'draft again'
		reads num_of_nodes 0
		put num_of_nodes 0
		commit
		same "$(ids_of "test-$fault")" "$(cat "$draft/cluster_id")"
	done
	posts $((2 * ${#rules[@]}))
	same ${#rules[@]} "$(clusters | jq length)"
}

@test "absence takes two complete lists after the time of the request" {
	ready timeout=2 settle=4
	at=$(date +%s)
	lost '{"do": "drop", "method": "POST"}'
	# lists that fail prove nothing
	faults '{"do": "status", "status": 500, "method": "GET",
		"path": "/regions/*", "times": 9}'
	wait_until in_state draft
	[ $(($(date +%s) - at)) -ge 5 ]
	requests | jq -e 'map(select(.method == "GET")) | .[1:] |
		map(select(.status == 200)) | length >= 2'
	posts 1
}

@test "a list that lags by ten seconds hides nothing for good" {
	ready timeout=2 settle=15
	lost '{"do": "drop_after", "method": "POST"}' \
		'{"do": "list_lag", "ms": 10000}'
	stays_unknown 5
	adopted "$(ids_of test)"
	posts 1
}

@test "an unknown directory takes no edit, no rmdir, no second commit" {
	ready timeout=2 settle=60
	lost '{"do": "hang", "method": "POST"}'
	ends 'write EEXIST' write "$draft/commit" 1
	ends 'open EPERM' write "$draft/num_of_nodes" 5
	ends 'open EPERM' write "$draft/request.json" '{}'
	ends 'unlink EPERM' unlink "$draft/num_of_nodes"
	ends 'rmdir EPERM' rmdir "$draft"
	ends 'rename EPERM' rename "$draft" "$mnt/clusters/moved"
	run rm -rf "$draft"
	[ "$status" -ne 0 ]
	reads num_of_nodes 3
	same 600 "$(stat -c %a "$draft/adopt")"
	same 444 "$(stat -c %a "$draft/num_of_nodes")"
	# neither does another directory take its name
	draft other
	fill_little
	put name test
	ends 'write EEXIST' write "$draft/commit" 1
	holds "$(cat "$draft/error")" 'test'
	posts 1
}

@test "adopt: wrong words, wrong IDs, another name, then the right one" {
	ready timeout=2 settle=60
	draft stranger
	fill_little
	commit
	stranger=$(cat "$draft/cluster_id")
	draft=$mnt/clusters/test
	# the list hides it, so that the user knows more
	lost '{"do": "drop_after", "method": "POST"}' \
		'{"do": "list_lag", "ms": 60000}'
	id=$(ids_of test)
	for word in yes 1 c123 "${id^^}" "$id$id" "x$id" NONE \
		"${id:0:32}" '../'; do
		ends 'write EINVAL' write "$draft/adopt" "$word"
	done
	ends 'write ENOENT' write "$draft/adopt" "c$(printf '0%.0s' $(seq 32))"
	same unknown "$(cat "$draft/state")"
	ends 'write EEXIST' write "$draft/adopt" "$stranger"
	holds "$(cat "$draft/error")" 'stranger'
	other_start
	other_makes else else
	ends 'write EINVAL' write "$draft/adopt" "$other_id"
	holds "$(cat "$draft/error")" 'else'
	same unknown "$(cat "$draft/state")"
	: >"$draft/adopt"
	same unknown "$(cat "$draft/state")"
	echo "$id" >"$draft/adopt"
	believed "$id"
	remount
	believed "$id"
}

@test "adopt none: believed, a draft at once, and it commits" {
	ready timeout=2 settle=60
	lost '{"do": "drop", "method": "POST"}'
	printf 'none\0and more' >"$dir/nul"
	ends 'write EINVAL' write "$draft/adopt" - <"$dir/nul"
	same unknown "$(cat "$draft/state")"
	echo none >"$draft/adopt"
	same draft "$(cat "$draft/state")"
	holds "$(cat "$draft/error")" 'a user wrote none into adopt'
	run -1 test -e "$draft/adopt"
	remount timeout=2 settle=60
	same draft "$(cat "$draft/state")"
	put login_password "$sample_password"
	commit
	believed "$(ids_of test)"
	posts 2
}

@test "two new clusters of that name: the user decides" {
	ready timeout=2 settle=2
	faults '{"do": "hang", "method": "POST"}'
	"$lib/try" write "$draft/commit" 1 >/dev/null 2>&1 3>&- &
	wait_until has_posted
	daemon_kill
	first=$(planted test)
	second=$(planted test)
	mount_sandbox timeout=2 settle=2
	same unknown "$(cat "$draft/state")"
	stays_unknown 9
	error=$(cat "$draft/error")
	holds "$error" '2 clusters are named test'
	holds "$error" "$first"
	holds "$error" "$second"
	holds "$error" 'hint: .*adopt'
	echo "$second" >"$draft/adopt"
	believed "$second"
	remount
	believed "$second"
	run -0 cat "$mnt/clusters/test/cluster_id"
	posts 1
}

has_posted()
{
	[ "$(count_requests POST)" = 1 ]
}

# Lists lag, and may not be asked at all.
@test "a name that this mount knows is taken, whatever a list says" {
	mount_sandbox
	faults '{"do": "list_lag", "ms": 600000}'
	draft a
	fill_little
	put name same
	commit
	first=$(cat "$draft/cluster_id")
	draft b
	fill_little
	put name same
	ends 'write EEXIST' write "$draft/commit" 1
	holds "$(cat "$draft/error")" "same exists already: $first"
	remount preflight=off
	put num_of_nodes 0
	ends 'write EEXIST' write "$draft/commit" 1
	posts 1
	# one that goes has it until it is gone
	faults '{"do": "stuck_task", "method": "DELETE", "path": "/clusters/*"}'
	echo "$first" >"$mnt/clusters/a/delete"
	ends 'write EEXIST' write "$draft/commit" 1
	holds "$(cat "$draft/error")" "same is being deleted, .*: $first"
	posts 1
}

# What was sent is compared with what is there, see test_intent.c for all of it.
@test "a cluster that contradicts what was sent: told, and left to adopt" {
	mount_sandbox timeout=2 settle=2
	draft test
	fill_little
	put tags owner=a
	lost '{"do": "drop", "method": "POST"}'
	id=$(planted test ', "tags": [{"key": "owner", "value": "b"}]')
	stays_unknown 8
	error=$(cat "$draft/error")
	holds "$error" "$id is named test, but its tags lack owner=a"
	holds "$error" 'hint: .*adopt'
	echo "$id" >"$draft/adopt"
	believed "$id"
	posts 1
}

@test "-o tag: the tag travels, and is the only evidence that counts" {
	mount_sandbox tag "${short[@]}"
	draft test
	fill_little
	lost '{"do": "drop", "method": "POST"}'
	# somebody makes one of that name in the meantime
	id=$(planted test)
	# whose tags the list may show later
	stays_unknown 8
	holds "$(cat "$draft/error")" "$id .* does not show the tag ackfs-commit"
	echo none >"$draft/adopt"
	same draft "$(cat "$draft/state")"
	ends 'write EEXIST' write "$draft/commit" 1
	draft mine
	fill_little
	put tags team=a
	lost '{"do": "drop_after", "method": "POST"}'
	adopted "$(ids_of mine)"
	reads tags team=a
	lacks "$(cat "$draft/request.json")" ackfs-commit
	clusters | jq -e '.[] | select(.request.name == "mine") |
		.request.tags | map(select((.key == "ackfs-commit" and
			(.value | test("^[0-9A-F-]{36}$")))
			or (.key == "team" and .value == "a"))) | length == 2'
}

@test "-o tag: the evidence is as good after a crash" {
	mount_sandbox tag "${short[@]}"
	draft test
	fill_little
	faults '{"do": "hang", "method": "POST"}'
	"$lib/try" write "$draft/commit" 1 >/dev/null 2>&1 3>&- &
	wait_until has_posted
	daemon_kill
	planted test >/dev/null
	# also when the next mount is told nothing of tags
	mount_sandbox "${short[@]}"
	stays_unknown 8
	echo none >"$draft/adopt"
	ends 'write EEXIST' write "$draft/commit" 1
}

@test "a crash after the effect: the next mount says unknown, and adopts" {
	log_expected=('^ackfs: the clusters could not be listed: ')
	ready "${short[@]}"
	faults '{"do": "hang_after", "method": "POST"}'
	"$lib/try" write "$draft/commit" 1 >/dev/null 2>&1 3>&- &
	wait_until has_posted
	daemon_kill
	id=$(ids_of test)
	faults '{"do": "status", "status": 500, "method": "GET",
		"path": "/regions/*", "times": 4}'
	mount_sandbox "${short[@]}"
	same unknown "$(cat "$draft/state")"
	error=$(cat "$draft/error")
	holds "$error" 'hint: .* 20[0-9]{2}-[0-9]{2}-[0-9]{2} [0-9:]{8} '
	holds "$error" 'adopt'
	ends 'open EPERM' write "$draft/num_of_nodes" 5
	adopted "$id"
	posts 1
}

@test "a crash before the effect: unknown, proven absent, sent anew" {
	ready "${short[@]}"
	faults '{"do": "hang", "method": "POST"}'
	"$lib/try" write "$draft/commit" 1 >/dev/null 2>&1 3>&- &
	wait_until has_posted
	remount "${short[@]}"
	same unknown "$(cat "$draft/state")"
	wait_until in_state draft
	put login_password "$sample_password"
	commit
	believed "$(ids_of test)"
	posts 2
}

@test "crashes while it is looked for change nothing" {
	needs_speed
	ready timeout=2 settle=6
	lost '{"do": "drop_after", "method": "POST"}' \
		'{"do": "list_lag", "ms": 5000}'
	for _ in 1 2 3; do
		sleep 0.7
		remount timeout=2 settle=6
		same unknown "$(cat "$draft/state")"
	done
	adopted "$(ids_of test)"
	posts 1
}

@test "the dates do not agree: not adopted, not given up" {
	ready timeout=2 settle=2
	faults '{"do": "hang_after", "method": "POST"}'
	"$lib/try" write "$draft/commit" 1 >/dev/null 2>&1 3>&- &
	wait_until has_posted
	daemon_kill
	# as if this machine's clock had been ten minutes ahead
	changed "UPDATE intents SET date = unixepoch() + 600,
		signed = unixepoch() + 600"
	mount_sandbox timeout=2 settle=2
	stays_unknown 3
	daemon_kill
	# and ten minutes behind, with its time long over
	changed "UPDATE intents SET date = unixepoch() - 2000,
		signed = unixepoch() - 2000"
	mount_sandbox timeout=2 settle=2
	stays_unknown 9
	error=$(cat "$draft/error")
	holds "$error" "$(ids_of test)"
	holds "$error" 'hint: .*adopt'
	ids_of test >"$draft/adopt"
	believed "$(ids_of test)"
}

@test "the name is taken: EEXIST with its ID, and nothing is recorded" {
	ready
	other_start
	other_makes test test
	ends 'write EEXIST' write "$draft/commit" 1
	error=$(cat "$draft/error")
	holds "$error" "test exists already: $other_id"
	holds "$error" 'param: name'
	same draft "$(cat "$draft/state")"
	same 0 "$(kept 'SELECT count(*) FROM intents')"
	# names that only begin alike are no hindrance
	put name tes
	commit
	is_committed
}

@test "no permission to list: EACCES, what to grant, nothing is sent" {
	ready
	faults '{"do": "status", "status": 403, "code": "StatusForbidden",
		"message": "RAM policy forbids it", "method": "GET",
		"path": "/regions/*", "times": -1}'
	ends 'write EACCES' write "$draft/commit" 1
	error=$(cat "$draft/error")
	holds "$error" 'code: StatusForbidden'
	holds "$error" 'hint: .*cs:DescribeClustersForRegion'
	holds "$error" 'preflight=off'
	same draft "$(cat "$draft/state")"
	posts 0
	mount_stop
	mount_start "$url" region=cn-beijing preflight=off
	put login_password "$sample_password"
	commit
	is_committed
}

@test "two directories, one name, at the same time: one cluster" {
	mount_sandbox
	for name in a b c d; do
		draft $name
		fill_little
		put name same
	done
	faults '{"do": "delay", "ms": 300, "method": "GET", "times": -1}' \
		'{"do": "delay", "ms": 300, "method": "POST", "times": -1}'
	pids=()
	for name in a b c d; do
		"$lib/try" write "$mnt/clusters/$name/commit" 1 \
			>"$dir/$name" 3>&- &
		pids+=($!)
	done
	wait "${pids[@]}"
	same 'OK 1|write EEXIST 3' "$(cat "$dir"/[abcd] | sort | uniq -c |
		awk '{n = $1; $1 = ""; print substr($0, 2), n}' | paste -sd'|')"
	same 1 "$(ids_of same | wc -l)"
	posts 1
}

@test "why it stays unknown is told, and no time that has passed" {
	ready timeout=2 settle=2,preflight=off
	lost '{"do": "drop", "method": "POST"}' '{"do": "status", "status": 403,
		"code": "StatusForbidden", "method": "GET", "times": -1}'
	wait_until grep -q 'cannot be looked for: .*code: StatusForbidden' \
		"$draft/error"
	same "$(head -n 1 <<<"$error")" "$(head -n 1 "$draft/error")"
	until_lists()
	{
		grep -q '^hint: .* until lists show' "$draft/error"
	}
	wait_until until_lists
	lacks "$(cat "$draft/error")" 'until 20[0-9][0-9]-'
	faults
	wait_until in_state draft
	lacks "$(cat "$draft/error")" 'cannot be looked for'
}

@test "a refusal meanwhile does not hide until when, and what there is to do" {
	ready "${short[@]}" settle=600
	lost '{"do": "drop_after", "method": "POST"}' \
		'{"do": "list_lag", "ms": 10000}'
	ends 'write EINVAL' write "$draft/adopt" nonsense
	error=$(cat "$draft/error")
	holds "$error" '^write the ID'
	holds "$error" 'hint: .* 20[0-9]{2}-[0-9]{2}-[0-9]{2} [0-9:]{8} '
	ends 'unlink EPERM' unlink "$draft/vpcid"
	holds "$(cat "$draft/error")" 'hint: .*, into adopt'
}
