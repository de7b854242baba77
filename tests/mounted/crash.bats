#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
bats_require_minimum_version 1.5.0

# A daemon stopped at every step of a commit: tests/crash.

@test 'a commit survives a kill and a full disk at every step' {
	build=${ACKFS_BUILD:?}
	# the shim must come before the sanitizer's own runtime
	if grep -q '__asan_init' "$build/fs/ackfs"; then
		skip 'the shim and AddressSanitizer replace the same calls'
	fi
	run -0 python3 "$BATS_TEST_DIRNAME/../crash/matrix.py" \
		"$build/fs/ackfs" "$build/api/sandbox/ack-sandbox" \
		"$build/tests/crash/step.so" 6
	echo "${lines[-1]}" >&3
	[[ ${lines[-1]} =~ ^#\ ([0-9]+)\ trials,\ 0\ failed$ ]]
	[ "${BASH_REMATCH[1]}" -ge 40 ]
}
