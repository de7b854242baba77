#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Bad inputs of every type: the right errno, the old value stays, `error` says
# why, nothing is sent (tests/reference/inputs.py). ACKFS_LONG=1 tries more.

# shellcheck source=tests/lib/ackfs.bash
source "$BATS_TEST_DIRNAME/../lib/ackfs.bash"
bats_require_minimum_version 1.5.0

setup()
{
	ackfs_setup
	# the disk is not what is tried here
	memory=$(mktemp -d -p /dev/shm)
	mount_sandbox refresh=600 "state=$memory/state"
	"$ackfs" --schema >"$dir/schema.json"
}

teardown()
{
	local bad=0

	ackfs_teardown || bad=1
	rm -rf "$memory"
	return $bad
}

# play LEAST KIND: at least so many cases, all as they should be
play()
{
	local least=$1

	run "$top/tests/reference/inputs.py" "$mnt" "$dir/schema.json" "$2"
	printf '%s\n' "$output"
	[ "$status" -eq 0 ]
	[[ ${lines[-1]} =~ ^([0-9]+)\ cases,\ 0\ wrong$ ]]
	[ "${BASH_REMATCH[1]}" -ge "$least" ]
	printf '# %s: %s\n' "$2" "${lines[-1]}" >&3
	same 0 "$(count_requests)"
	same '' "$(ls "$mnt/clusters")"
}

# In the long run of every parameter, and also in pieces.
@test "values of every type" {
	if [ "${ACKFS_LONG-}" = 1 ]; then
		play 19000 all
		play 30000 pieces
	else
		play 10000 texts
	fi
}

@test "names of directories" {
	play 150 names
}

@test "words for commit" {
	play 120 orders
}

@test "a bound that is another one is found" {
	jq '.cluster |= map(select(.name == ("name", "num_of_nodes")) |
		select(.name == "num_of_nodes").max = 101)' \
		"$dir/schema.json" >"$dir/other.json"
	run -1 "$top/tests/reference/inputs.py" "$mnt" "$dir/other.json" texts
	holds "$output" "num_of_nodes: b'101'"
	[[ ${lines[-1]} =~ ,\ [1-9][0-9]*\ wrong$ ]]
}
