#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# A daemon that gets no memory, and one that gives back all of it: tests/faults.

bats_require_minimum_version 1.5.0

setup()
{
	build=${ACKFS_BUILD:?}
	faults=$BATS_TEST_DIRNAME/../faults
	ackfs=$build/fs/ackfs
	sandbox=$build/api/sandbox/ack-sandbox
	shim=$build/tests/faults/memory.so
}

sanitized()
{
	grep -q __asan_init "$ackfs"
}

# of SHORT LONG: which of them this run is for.
of()
{
	printf '%s\n' "${ACKFS_LONG:+$2}" "$1" | sed '/^$/d' | head -n 1
}

# passes PROGRAM [ARG...]: shows its figures, or all of what it says.
passes()
{
	run python3 "$@"
	printf '%s\n' "$output"
	grep '^# ' <<<"$output" >&3 || true
	[ "$status" -eq 0 ]
}

@test "allocations that fail, one by one: ENOMEM, and it goes on" {
	# the shim must come before the sanitizer's own runtime, whose
	# allocator would then be the shim's
	! sanitized || skip 'the shim and AddressSanitizer replace the same calls'
	passes "$faults/memory.py" "$ackfs" "$sandbox" "$shim" \
		"$(of 25 1)"
}

@test "a busy mount holds no more descriptors and memory at the end" {
	if sanitized; then
		# it counts by itself, at the end
		passes "$faults/flat.py" "$ackfs" "$sandbox" none 3
	else
		passes "$faults/flat.py" "$ackfs" "$sandbox" "$shim" \
			"$(of 6 40)"
	fi
}

@test "valgrind: no leak, no descriptor left, no byte read that nobody wrote" {
	! sanitized || skip 'valgrind cannot run what AddressSanitizer is in'
	passes "$faults/flat.py" "$ackfs" "$sandbox" none 2 valgrind -q \
		--leak-check=full --track-fds=yes --error-exitcode=9 \
		--errors-for-leak-kinds=definite,indirect,possible
}
