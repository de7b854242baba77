#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What plan says is what a commit does, whatever others do meanwhile: random
# clusters, edits and changes by others (tests/plans/plans.py). ACKFS_LONG=1
# plays more.

# shellcheck source=tests/lib/ackfs.bash
source "$BATS_TEST_DIRNAME/../lib/ackfs.bash"
bats_require_minimum_version 1.5.0

setup()
{
	ackfs_setup
}

teardown()
{
	ackfs_teardown
}

# At least so many of what has to be tried.
[ -n "${ACKFS_LONG-}" ] && rounds=20000 || rounds=400

tried()
{
	[[ $output =~ ([0-9]+)\ $1 ]]
	[ "${BASH_REMATCH[1]}" -ge "$2" ]
}

@test "what is sent is what plan said, or nothing is" {
	run "$top/tests/plans/plans.py" "$ackfs" "$rounds"
	printf '%s\n' "$output"
	[ "$status" -eq 0 ]
	printf '# %s\n' "${lines[0]}" "${lines[@]: -2}" >&3
	tried 'rounds, 0 broken' "$rounds"
	tried 'sent as planned' $((rounds / 3))
	tried ESTALE $((rounds / 10))
	tried EPERM 1
	tried EINVAL $((rounds / 20))
	tried 'another account' $((rounds / 40))
}
