#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Shells at work while everything around them fails: tests/crash/endurance.py.
# 20 seconds of it, with ACKFS_LONG=1 an hour; ACKFS_ENDURANCE says how many
# others.

bats_require_minimum_version 1.5.0

@test "four shells and every fault: one cluster for one commit, nothing grows" {
	build=${ACKFS_BUILD:?}
	seconds=20
	[ -z "${ACKFS_LONG-}" ] || seconds=3600
	run "$BATS_TEST_DIRNAME/../crash/endurance.py" "$build/fs/ackfs" \
		"$build/api/sandbox/ack-sandbox" "${ACKFS_ENDURANCE-$seconds}"
	printf '%s\n' "$output"
	grep '^# ' <<<"$output" >&3
	[ "$status" -eq 0 ]
}
