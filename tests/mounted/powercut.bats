#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Power cuts at every step, on XFS and ext4: tests/durable/powercut.py.

# shellcheck source=tests/lib/ackfs.bash
source "$BATS_TEST_DIRNAME/../lib/ackfs.bash"
# shellcheck source=tests/lib/state.bash
source "$BATS_TEST_DIRNAME/../lib/state.bash"
bats_require_minimum_version 1.5.0

setup()
{
	ackfs_setup
	# the shim must come before the sanitizer's own runtime
	if grep -q __asan_init "$build/tests/durable/writer"; then
		skip 'the shim and AddressSanitizer replace the same calls'
	fi
	need_loop
}

# powercut TYPE [SHIM...]: in a mount namespace of its own. One that another
# test makes meanwhile would have a copy of the mount, and as long as it lives,
# mounting again gives what was shut down. Nor may it have copies of theirs.
powercut()
{
	unshare --mount /bin/bash -c 'umount --lazy --all --types fuse.ackfs
		exec "$@"' _ python3 "$top/tests/durable/powercut.py" "$1" \
		"$build" "$dir" "${@:2}"
}

last_line()
{
	[[ ${lines[-1]} =~ ^#\ ([0-9]+)\ trials,\ ([0-9]+)\ failed$ ]] || {
		printf '%s\n' "$output"
		return 1
	}
}

@test "a power cut at every step loses nothing that was safe: xfs, ext4" {
	for type in xfs ext4; do
		run powercut $type
		last_line
		printf '# %s: %s\n' $type "${lines[-1]#* }" >&3
		[ "${BASH_REMATCH[1]}" -ge 200 ]
		same 0 "${BASH_REMATCH[2]}"
		same 0 "$status"
	done
}

@test "the test finds a log that does not reach the disk" {
	for type in xfs ext4; do
		run powercut $type "$build/tests/durable/forgetful.so"
		last_line
		[ "${BASH_REMATCH[2]}" -gt 0 ]
		same 1 "$status"
		holds "$output" 'cut at [0-9]+ .*: (counter|single-[0-9]|moved-[0-9]) '
		# a kill alone, or one after a sync, cannot show it
		lacks "$output" "$type, (kill|sync) at"
	done
}
