#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2317 # what runs on the machine is reached another way
# What a running daemon has done for its own safety, seen from outside, and
# that its environment cannot undo it.

# shellcheck source=tests/lib/ackfs.bash
source "$BATS_TEST_DIRNAME/../lib/ackfs.bash"
# shellcheck source=tests/lib/machine.bash
source "$BATS_TEST_DIRNAME/../lib/machine.bash"
# shellcheck source=tests/lib/front.bash
source "$BATS_TEST_DIRNAME/../lib/front.bash"
bats_require_minimum_version 1.5.0

teardown()
{
	front_stop
	ackfs_teardown
}

# status FIELD of the process $daemon_pid.
status()
{
	sed -n "s/^$1:[[:space:]]*//p" "/proc/$daemon_pid/status"
}

locks()
{
	same '256 kB' "$(status VmLck)"
}

hardened()
{
	same 0077 "$(status Umask)"
	grep -E '^Max core file size +0 +0 ' "/proc/$daemon_pid/limits"
	# what can be dumped, or traced by its user, is that user's here
	same 'root root' "$(stat -c '%U %G' "/proc/$daemon_pid/mem")"
	# and is open in nobody's name but the daemon's
	same / "$(readlink "/proc/$daemon_pid/cwd")"
}

by_hand()
{
	local umask

	installed
	sandbox_start --speed 50
	useradd -m ann
	mnt=/home/ann/ack
	mkdir $mnt
	chown ann: $mnt
	for umask in 0 022; do
		umask $umask
		as ann ackfs "$url" $mnt -o region=cn-beijing
		daemon_pid=$(pgrep -x ackfs)
		same ann "$(ps -o user= -p "$daemon_pid")"
		hardened
		fails 1 '.' as ann cat "/proc/$daemon_pid/environ"
		as ann fusermount3 -u $mnt
		wait_until gone "$daemon_pid"
	done
	# a limit that allows no locking is no reason to fail
	as ann prlimit --memlock=0 --core=unlimited \
		ackfs "$url" $mnt -o region=cn-beijing
	daemon_pid=$(pgrep -x ackfs)
	same '0 kB' "$(status VmLck)"
	hardened
	as ann mkdir $mnt/clusters/test
	as ann "$lib/try" write $mnt/clusters/test/login_password \
		Test@1900ackfs | grep -qx OK
	as ann fusermount3 -u $mnt
}

@test "a user's daemon: no dump, no core, nobody's files, without a limit too" {
	on_machine by_hand
}

@test "in the foreground, and with memory that is locked" {
	ulimit -c unlimited 2>/dev/null || true
	umask 0
	mount_sandbox
	hardened
	! sanitized || skip 'a sanitizer locks nothing'
	locks
	draft test
	put login_password "$sample_password"
	locks
}

where()
{
	printf '%s\n' "$1" | "$lib/scan" --where "$daemon_pid" | sort |
		paste -sd' '
}

has_posted()
{
	[ "$(count_requests POST)" = 1 ]
}

# Also while they are sent, and the answer is waited for.
in_the_locked_part()
{
	draft test
	fill
	same locked "$(where "$sample_password")"
	# the environment is the only other place
	same 'locked stack' "$(where "$key_secret")"
	faults '{"do": "hang", "method": "POST"}'
	"$lib/try" write "$draft/commit" 1 >/dev/null 3>&- &
	writer=$!
	wait_until has_posted
	same 'locked stack' "$(where "$key_secret")"
	same locked "$(where "$sample_password" | tr ' ' '\n' | sort -u)"
	# while it writes, the mount is in use
	kill $writer
	wait $writer || true
}

@test "keys and passwords are in the locked part, also while they are sent" {
	mount_sandbox
	! sanitized || skip 'a sanitizer locks nothing'
	in_the_locked_part
}

@test "and while they are sent over TLS" {
	command -v node >/dev/null || skip 'no node here'
	sandbox_start
	front_start
	mount_start "$front" region=cn-beijing ca="$dir/ca.pem"
	! sanitized || skip 'a sanitizer locks nothing'
	in_the_locked_part
}

@test "what libcurl's tool would obey is not obeyed" {
	export CURL_HOME=$HOME NETRC=$HOME/.netrc SSLKEYLOGFILE=$dir/keys
	printf '%s\n' 'proxy = http://127.0.0.1:1' 'header = "X-Planted: 1"' \
		>"$HOME/.curlrc"
	printf 'default login planted password planted\n' >"$HOME/.netrc"
	chmod 600 "$HOME/.netrc"
	mount_service
	draft test
	fill
	commit
	is_committed
	service_heard | jq -s 'map(.headers)' >"$dir/headers"
	run -1 grep -i planted "$dir/headers"
	holds "$(cat "$dir/headers")" 'ACS3-HMAC-SHA256'
	[ ! -e "$dir/keys" ]
}
