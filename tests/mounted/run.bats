#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2317 # what runs on the machine is reached another way
# shellcheck disable=SC2016 # the command expands what it is given
# `ackfs run`: a mount for one command, of which nothing is left.

# shellcheck source=tests/lib/ackfs.bash
source "$BATS_TEST_DIRNAME/../lib/ackfs.bash"
# shellcheck source=tests/lib/machine.bash
source "$BATS_TEST_DIRNAME/../lib/machine.bash"
bats_require_minimum_version 1.5.0

people()
{
	installed
	useradd -m ann
	cd /tmp
	mkdir /tmp/job
	chown ann: /tmp/job
	# all directories of it are to be seen by ann
	PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
}

no_daemon()
{
	! pgrep -x 'ackfs|ack-sandbox' >/dev/null 2>&1
}

# No mount, no process, no directory.
nothing_left()
{
	wait_until no_daemon
	same "" "$(grep fuse.ackfs /proc/self/mounts || true)"
	! compgen -G '/tmp/ackfs-run-*'
}

# ran WHO COMMAND...: what it prints and exits with, on a mount of a sandbox.
ran()
{
	local rc=0

	as "$1" HOME="$(getent passwd "$1" | cut -d: -f6)" ackfs run sandbox \
		-- "${@:2}" 2>&1 </dev/null || rc=$?
	printf '%s\n' $rc
}

serves()
{
	people
	for who in ann root; do
		# another's shell sees no mount, and nothing of the hardening
		# of a daemon reaches the command
		same "/tmp /tmp/job 0022 $(ulimit -c)
hello
fuse.ackfs
sandbox 3 draft $(id -un "$who") $(id -g "$who")
7" "$(ran $who bash -c 'cd $OLDPWD && [ $PWD = /tmp ] && cd - >/dev/null &&
			[ $PWD = $ACKFS ] || exit 99
			echo ${ACKFS%/*} /tmp/job $(umask) $(ulimit -c)
			mkdir clusters/a; cd clusters/a
			trap "echo hello" USR1; kill -USR1 $$
			echo 3 >num_of_nodes
			stat -f -c %T $ACKFS/status >/dev/null
			sed -n "s,^\([^ ]*\) $ACKFS \([^ ]*\) .*,\2,p" /proc/self/mounts
			echo sandbox $(cat num_of_nodes state) $(id -un) $(id -g)
			exit 7')"
		nothing_left
		# drafts are those of the next mount, and a program's name is
		# a path from where the user is
		printf '#!/bin/sh\nls clusters; echo "$@"\n' >/tmp/job/tool
		chmod 755 /tmp/job/tool
		same 'a
b c
0' "$(ran $who job/tool b c)"
		same 143 "$(ran $who sh -c 'kill $$' | tail -n 1)"
	done
	# one within another: both are seen
	same '2
0' "$(ran ann sh -c 'a=$ACKFS; export a
		ackfs run sandbox -o state=/home/ann/inner -- \
			sh -c '\''ls $a/status $ACKFS/status | grep -c .'\')"
	# the place for the mount
	mkdir /tmp/job/tmp
	same "/tmp/job/tmp
0" "$(TMPDIR=/tmp/job/tmp ackfs run sandbox -- sh -c 'echo ${ACKFS%/*}'
		echo $?)"
	same '' "$(ls /tmp/job/tmp)"
	nothing_left
}

@test "run: the command has a mount of its own, and its status is the status" {
	on_machine serves
}

refuses()
{
	people
	fails 125 'SOURCE is missing; usage: ackfs run SOURCE' ackfs run
	fails 125 'COMMAND is missing; usage: ackfs run SOURCE' \
		ackfs run sandbox --
	fails 125 'one argument too many: true; COMMAND stands after --' \
		ackfs run sandbox true
	fails 125 'no credentials were found' as ann ackfs run cn-beijing -- true
	fails 127 'ackfs: nowhere: No such file' \
		as ann ackfs run sandbox -- nowhere
	fails 126 'ackfs: /etc/passwd: Permission denied' \
		as ann ackfs run sandbox -- /etc/passwd
	nothing_left
	# in a chroot a user has no namespaces, and fusermount3 mounts
	mkdir /tmp/job/root
	mount --rbind / /tmp/job/root
	mount --make-rslave /tmp/job/root
	same "$(readlink /proc/self/ns/mnt) fuse.ackfs
5" "$(chroot /tmp/job/root setpriv --reuid ann --regid ann --clear-groups \
		env HOME=/home/ann ackfs run sandbox -- sh -c '
		echo $(readlink /proc/self/ns/mnt) $(sed -n \
			"s,^sandbox [^ ]*$ACKFS \([^ ]*\) .*,\1,p" \
			/proc/self/mounts)
		exit 5' 2>&1 || echo $?)"
	umount -l /tmp/job/root
	nothing_left
	mv /dev/fuse /dev/elsewhere
	fails 125 '/dev/fuse cannot be used: No such file.*start a container with --device /dev/fuse --cap-add SYS_ADMIN' \
		ackfs run sandbox -- true
	nothing_left
}

@test "run: what cannot be has a sentence, and another way where there is one" {
	on_machine refuses
}

# started WHO COMMAND: $runner and $command are their processes, $shell waits.
started()
{
	rm -f /tmp/job/{runner,command}
	as "$1" HOME="$(getent passwd "$1" | cut -d: -f6)" bash -c '
		echo $$ >/tmp/job/runner
		exec ackfs run sandbox -- bash -c "$0"' "$2"' &
		echo $$ >/tmp/job/command; wait; sleep 1000' &
	shell=$!
	wait_until test -s /tmp/job/command
	runner=$(cat /tmp/job/runner)
	command=$(cat /tmp/job/command)
}

ends()
{
	people
	for who in ann root; do
		# what somebody sends it is the command's
		started $who 'trap "exit 5" TERM; sleep 1000'
		kill "$runner"
		expect_exit 5 "$shell"
		nothing_left
		started $who 'sleep 1000'
		kill -HUP "$runner"
		expect_exit 129 "$shell"
		nothing_left
		# nor does killing it leave anything
		started $who 'sleep 1000'
		kill -9 "$runner"
		expect_exit 137 "$shell"
		wait_until gone "$command"
		nothing_left
	done
	pkill -x sleep || true
	# before the mount answers, a signal ends both
	cloud_silent
	ackfs run "$silent" -o region=cn-beijing -- \
		touch /tmp/job/ran &
	runner=$!
	wait_until compgen -G '/tmp/ackfs-run-*'
	kill "$runner"
	expect_exit 143 "$runner"
	[ ! -e /tmp/job/ran ]
	nothing_left
}

# $silent is the address of what takes connections and does not answer.
cloud_silent()
{
	python3 -c 'import socket, time
s = socket.socket(); s.bind(("127.0.0.1", 0)); s.listen(9)
print(s.getsockname()[1], flush=True); time.sleep(1000)' >/tmp/job/port &
	wait_until test -s /tmp/job/port
	silent=http://127.0.0.1:$(cat /tmp/job/port)
	export ALIBABA_CLOUD_ACCESS_KEY_ID=id ALIBABA_CLOUD_ACCESS_KEY_SECRET=s
}

@test "run: signals are the command's, and kill -9 leaves nothing either" {
	on_machine ends
}
