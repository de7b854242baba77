#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The tests themselves: of builds with one bug each (tests/mutants), each must
# turn the test red that is there for it.

bats_require_minimum_version 1.5.0

@test "each planted bug is found by its test" {
	build=${ACKFS_BUILD:?}
	if grep -q __asan_init "$build/fs/ackfs"; then
		skip 'a bug is linked with what a plain build has'
	fi
	# the image for power cuts
	truncate -s 1M "$BATS_TEST_TMPDIR/probe"
	if [ -n "${ACKFS_LONG-}" ] &&
		device=$(losetup -f --show "$BATS_TEST_TMPDIR/probe"); then
		losetup -d "$device"
		long=--long
	fi
	run "$BATS_TEST_DIRNAME/../mutants/run" "$build" ${long:+"$long"}
	printf '%s\n' "$output"
	grep '^# ' <<<"$output" >&3
	[ "$status" -eq 0 ]
}
