# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# What every mounted test loads: `load ../lib/ackfs`. A test file that needs
# more than these calls ackfs_setup and ackfs_teardown from its own.

# shellcheck source=tests/lib/process.bash
source "${BASH_SOURCE[0]%/*}/process.bash"
# shellcheck source=tests/lib/mount.bash
source "${BASH_SOURCE[0]%/*}/mount.bash"
# shellcheck source=tests/lib/sandbox.bash
source "${BASH_SOURCE[0]%/*}/sandbox.bash"
# shellcheck source=tests/lib/draft.bash
source "${BASH_SOURCE[0]%/*}/draft.bash"

top=$(cd "${BASH_SOURCE[0]%/*}/../.." && pwd)
build=${ACKFS_BUILD:-$top/build-tests}
ackfs=$build/fs/ackfs
ack_sandbox=$build/api/sandbox/ack-sandbox
lib=$top/tests/lib

setup()
{
	ackfs_setup
}

teardown()
{
	ackfs_teardown
}

ackfs_setup()
{
	[ -x "$ackfs" ] || {
		printf 'there is no %s; run tests/run\n' "$ackfs"
		return 1
	}
	dir=$BATS_TEST_TMPDIR
	mnt=$dir/mnt
	daemon_pid="" sandbox_pid=""
	log_expected=()
	export LC_ALL=C.UTF-8 HOME=$dir/home XDG_STATE_HOME=$dir/home/.state
	mkdir -p "$HOME" "$mnt"
	# nothing of the machine's own account gets into a test
	for name in $(compgen -e); do
		case $name in
		ALIBABA* | ALICLOUD_* | ALIYUN_* | ACS_* | *_proxy | *_PROXY | \
			ACKFS_ECS_* | ACCESS_KEY_* | SECURITY_TOKEN | REGION* | \
			*ENDPOINT* | CREDENTIALS_DIRECTORY | ACK_SANDBOX_KEY)
			unset "$name"
			;;
		esac
	done
	# nor is an instance that the test may run on asked for its role
	export ALIBABA_CLOUD_ECS_METADATA_DISABLED=true
}

ackfs_teardown()
{
	local bad=0

	[ -n "${dir-}" ] || return 0
	if [ "${BATS_TEST_COMPLETED-}" = 1 ]; then
		mount_stop || bad=1
		sandbox_stop || bad=1
	fi
	mount_kill
	sandbox_kill
	no_mount_left || bad=1
	[ "${BATS_TEST_COMPLETED-}" != 1 ] || no_process_left || bad=1
	for log in "$dir/ackfs.log" "$dir/sandbox.log"; do
		lines=$(suspicious_lines "$log")
		if [ -n "$lines" ] && [ "${BATS_TEST_COMPLETED-}" = 1 ]; then
			printf 'suspicious in %s:\n%s\n' "${log##*/}" "$lines"
			bad=1
		fi
	done
	if [ $bad -ne 0 ] || [ "${BATS_TEST_COMPLETED-}" != 1 ]; then
		for log in "$dir/ackfs.log" "$dir/sandbox.log"; do
			[ -s "$log" ] || continue
			printf '%s:\n' "${log##*/}"
			tail -n 60 "$log"
		done
	fi
	return $bad
}

# same WANTED GOT: shows both when they differ.
same()
{
	[ "$1" = "$2" ] || {
		printf 'wanted: %s\ngot:    %s\n' "$1" "$2"
		return 1
	}
}

# holds TEXT PATTERN: the text matches an extended regular expression.
holds()
{
	[[ $1 =~ $2 ]] || {
		printf 'no %s in: %s\n' "$2" "$1"
		return 1
	}
}

# lacks TEXT PATTERN
lacks()
{
	! [[ $1 =~ $2 ]] || {
		printf '%s stands in: %s\n' "$2" "$1"
		return 1
	}
}

# ends RESULT ACTION ARG...: what tests/lib/try prints, see there.
ends()
{
	local wanted=$1

	shift
	same "$wanted" "$("$lib/try" "$@")"
}
