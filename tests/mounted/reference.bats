#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The mount against a model of it: the same random system calls on both
# (tests/reference/reference.py). ACKFS_LONG=1 makes a million of them.

# shellcheck source=tests/lib/ackfs.bash
source "$BATS_TEST_DIRNAME/../lib/ackfs.bash"
bats_require_minimum_version 1.5.0

reference=$top/tests/reference/reference.py

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

@test "random calls end as they do on the model" {
	operations=20000
	[ "${ACKFS_LONG-}" != 1 ] || operations=1000000
	run "$reference" "$mnt" "$dir/schema.json" $operations
	printf '%s\n' "$output"
	[ "$status" -eq 0 ]
	printf '# %s\n' "${lines[@]}" >&3
	[[ ${lines[-1]} =~ ^([0-9]+)\ operations ]]
	[ "${BASH_REMATCH[1]}" -ge $operations ]
	same 0 "$(count_requests)"
}

@test "a rule that is told wrongly is found, by a few calls" {
	for rule in truncates-at-once keeps-bad-text torn-read appends-blindly \
		forgets-at-close removes-no-name renames-unchecked \
		creates-anything lists-anew writes-to-the-dead; do
		run -1 "$reference" "$mnt" "$dir/schema.json" 60000 1 $rule
		[[ $output =~ differs,\ ([0-9]+)\ calls ]] || {
			printf '%s: %s\n' $rule "$output"
			return 1
		}
		[ "${BASH_REMATCH[1]}" -le 8 ]
	done
}
