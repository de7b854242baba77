#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2317 # what runs on the machine is reached another way
# What the daemon says: where, how much, and how often.

# shellcheck source=tests/lib/ackfs.bash
source "$BATS_TEST_DIRNAME/../lib/ackfs.bash"
# shellcheck source=tests/lib/machine.bash
source "$BATS_TEST_DIRNAME/../lib/machine.bash"
bats_require_minimum_version 1.5.0

logged()
{
	grep -qE "$1" "$dir/ackfs.log"
}

count_logged()
{
	grep -cE "$1" "$dir/ackfs.log" || true
}

to_syslog()
{
	installed
	"$lib/syslog" /tmp/test/log &
	wait_until test -s /tmp/test/log
	mkdir -p /mnt/ack
	mount -t ackfs sandbox /mnt/ack
	pid=$(pgrep -x ackfs)
	# daemon.info, daemon.notice: the facility is 3, times 8
	wait_until grep -qE "^<30>.* ackfs\[$pid\]: mounted on /mnt/ack\$" \
		/tmp/test/log
	kill -USR1 "$pid"
	wait_until grep -qE "^<29>.* ackfs\[$pid\]: region: cn-beijing\$" \
		/tmp/test/log
	umount /mnt/ack
	# what goes wrong before it is a daemon is for whoever started it
	fails 32 'credentials' \
		mount -t ackfs cn-beijing /mnt/ack -o state=/tmp/test/x
	fails 1 '^$' grep 'no credentials' /tmp/test/log
	# without syslogd it runs just so
	rm /dev/log
	mount -t ackfs sandbox /mnt/ack
	[ -s /mnt/ack/README ]
	umount /mnt/ack
}

@test "syslog has it under ackfs, with its process and its priority" {
	on_machine to_syslog
}

@test "-f says it on stderr; log= says how much" {
	mount_sandbox
	mount_stop
	logged '^ackfs: mounted on '
	for level in error warning; do
		: >"$dir/ackfs.log"
		mount_sandbox log=$level
		mount_stop
		same '' "$(cat "$dir/ackfs.log")"
	done
	mount_sandbox log=debug
	ls "$mnt" >/dev/null
	mount_stop
	logged '^ackfs: .*mounted on'
}

@test "under systemd, stderr carries the priorities of the journal" {
	sandbox_start
	mkfifo "$dir/pipe"
	cat "$dir/pipe" >"$dir/journal" &
	exec 9>"$dir/pipe"
	JOURNAL_STREAM=$(stat -Lc %d:%i /dev/fd/9) "$ackfs" "$url" "$mnt" -f \
		-o "state=$dir/state,region=cn-beijing" 2>&9 3>&- 9>&- &
	daemon_pid=$!
	exec 9>&-
	wait_until answers_or_died
	mount_stop
	grep -qx "<6>mounted on $mnt" "$dir/journal"
}

@test "USR2 is the next level, and USR1 writes the status at any" {
	log_expected=('log level' 'errors: 0')
	mount_sandbox
	for level in debug error warning info debug; do
		before=$(count_logged "log level: $level\$")
		kill -USR2 "$daemon_pid"
		wait_until more_logged "log level: $level\$"
	done
	kill -USR2 "$daemon_pid"
	wait_until logged 'log level: error$'
	run -1 logged 'calls:'
	kill -USR1 "$daemon_pid"
	wait_until logged '^ackfs: errors: 0$'
	same "$(grep -v '^list:' "$mnt/status")" \
		"$(sed -n 's/^ackfs: //p' "$dir/ackfs.log" |
			grep -E '^(version|endpoint|region|body|credentials|account|directories|calls|retries|throttled|errors):')"
	run -1 grep -F "$key_secret" "$dir/ackfs.log"
}

more_logged()
{
	[ "$(count_logged "$1")" -gt "$before" ]
}

@test "USR1 and USR2 before it listens end nothing" {
	service_start
	mount_spawn "$url" ,region=cn-beijing
	wait_until ignores_usr1
	for _ in $(seq 20); do
		kill -USR1 "$daemon_pid"
		kill -USR2 "$daemon_pid"
		sleep 0.01
	done
	log_expected=('.')
	wait_until answers_or_died
	answers
}

# It is this program by now, and it has begun.
ignores_usr1()
{
	local mask

	mask=$(sed -n 's/^SigIgn:.//p' "/proc/$daemon_pid/status")
	[ $((0x$mask & 0x200)) -ne 0 ]
}

@test "a list that fails and fails is said once, and counted" {
	mount_sandbox refresh=0.1 qps=1000
	faults '{"do": "status", "status": 403, "method": "GET", "times": -1}'
	log_expected=('could not be listed')
	for _ in $(seq 30); do
		ls "$mnt/clusters" >/dev/null
		sleep 0.1
	done
	same 1 "$(count_logged 'could not be listed')"
	faults
	wait_until listed_again
	logged 'the clusters can be listed again, after [0-9]+ more failures'
	[ "$(count_logged .)" -le 4 ]
}

listed_again()
{
	ls "$mnt/clusters" >/dev/null
	logged 'can be listed again'
}

@test "a look that fails and fails is said once, and counted" {
	mount_sandbox refresh=0.1 qps=1000
	draft test
	fill_little
	commit
	faults '{"do": "status", "status": 403, "method": "GET", "times": -1}'
	log_expected=('could not be listed' 'is not known to be')
	wait_until logged 'is not known to be'
	sleep 1
	same 1 "$(count_logged 'is not known to be')"
	faults
	wait_until logged 'what is on its way is known again'
}
