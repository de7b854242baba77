# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Processes of a test: started, waited for, ended, none left behind.

# wait_until COMMAND...: within 60 s; a build with sanitizers on a busy
# machine is slow, and a passing test never waits that long.
wait_until()
{
	local deadline=$((SECONDS + ${WAIT_SECONDS:-60}))

	until "$@"; do
		if [ $SECONDS -ge $deadline ]; then
			printf 'waited in vain for: %s\n' "$*"
			return 1
		fi
		sleep 0.02
	done
}

alive()
{
	kill -0 "$1" 2>/dev/null
}

gone()
{
	! alive "$1"
}

# expect_exit STATUS PID: the child ends by itself, with this status.
expect_exit()
{
	local rc=0

	wait_until gone "$2" || return 1
	wait "$2" || rc=$?
	[ $rc -eq "$1" ] || {
		printf 'process %s ended with status %s, not %s\n' "$2" $rc "$1"
		return 1
	}
}

# Prints what is wrong in a program's log: a line that says error, warning …
# and is not one of those that the test expects (log_expected).
suspicious_lines()
{
	local pattern='error|warning|fatal|abort|assert|sanitizer|panic|leak'
	local expected

	[ -f "$1" ] || return 0
	expected=$(printf '%s\n' "${log_expected[@]-}" | sed '/^$/d')
	grep -aiE "$pattern" "$1" |
		if [ -n "$expected" ]; then
			grep -avE "$expected"
		else
			cat
		fi || true
}

# Nothing that runs has the test's directory in its command line.
no_process_left()
{
	local pids

	pids=$(pgrep -f "$BATS_TEST_TMPDIR/" || true)
	[ -n "$pids" ] || return 0
	# the shells of the test itself are not what is looked for
	for pid in $pids; do
		case $(readlink "/proc/$pid/exe" || true) in
		*/ackfs | */ack-sandbox)
			printf 'left running: '
			tr '\0' ' ' <"/proc/$pid/cmdline"
			printf '\n'
			return 1
			;;
		esac
	done
}
