#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2317 # what runs on the machine is reached another way
# The units, and what systemd is told. Where a machine can be made for it, they
# run below a systemd of their own.

# shellcheck source=tests/lib/ackfs.bash
source "$BATS_TEST_DIRNAME/../lib/ackfs.bash"
# shellcheck source=tests/lib/machine.bash
source "$BATS_TEST_DIRNAME/../lib/machine.bash"
bats_require_minimum_version 1.5.0

teardown()
{
	[ -z "${listener-}" ] || kill "$listener" 2>/dev/null || true
	ackfs_teardown
}

# listens SOCKET: $dir/told has what comes.
listens()
{
	"$lib/notified" "$1" "$dir/told" 3>&- &
	listener=$!
	wait_until test -s "$dir/told"
	export NOTIFY_SOCKET=$1
}

told()
{
	grep -qE "$1" "$dir/told"
}

@test "READY comes when the mount answers, STOPPING when it ends" {
	listens "$dir/socket"
	export WATCHDOG_USEC=200000
	# a list that nobody answers holds up the start for a second
	sandbox_start
	faults '{"do": "hang", "method": "GET"}'
	mount_spawn "$url" ,region=cn-beijing
	wait_until told '^READY=1 '
	[ -s "$mnt/README" ]
	told "^READY=1 MAINPID=$daemon_pid STATUS=$url\$"
	wait_until test "$(grep -c WATCHDOG=1 "$dir/told")" -gt 0
	before=$(grep -c WATCHDOG=1 "$dir/told")
	wait_until more_signs
	run -1 told STOPPING
	mount_stop
	told '^STOPPING=1'
}

more_signs()
{
	[ "$(grep -c WATCHDOG=1 "$dir/told")" -ge $((before + 3)) ]
}

@test "an abstract socket; and a daemon tells its own process" {
	listens "@ackfs-test-$$-$BATS_TEST_NUMBER"
	sandbox_start
	"$ackfs" "$url" "$mnt" -o "state=$dir/state,region=cn-beijing"
	wait_until told "^READY=1 MAINPID=$(daemon_of "$url" "$mnt") "
	fusermount3 -u "$mnt"
	wait_until told STOPPING
}

@test "a failure is told with its errno and its sentence" {
	listens "$dir/socket"
	log_expected=('ALIBABA_CLOUD')
	run -1 "$ackfs" cn-beijing "$mnt" -f -o "state=$dir/state"
	wait_until told '^ERRNO=126 STATUS=.*credentials'
	run -1 told READY
}

@test "no socket, or one that nobody listens to: it mounts all the same" {
	sandbox_start
	for socket in "$dir/nobody" @nobody nonsense ''; do
		export NOTIFY_SOCKET=$socket
		mount_start "$url" region=cn-beijing
		mount_stop
	done
}

@test "--hand-over mounts and gives the descriptor away" {
	listens "$dir/socket"
	# libfuse frees the name of a mountpoint only when it unmounts
	ASAN_OPTIONS=detect_leaks=0 "$ackfs" --hand-over cn-beijing "$mnt"
	mounted "$mnt"
	wait_until told '^FDSTORE=1 FDNAME=ackfs \+fd$'
	# while somebody holds it, it is no dead mount; then it is
	kill "$listener"
	wait "$listener" || true
	listener=
	run -1 stat -f "$mnt"
	holds "$output" 'not connected'
	umount "$mnt"
	# without a manager there is nobody to serve it
	unset NOTIFY_SOCKET
	run -1 env ASAN_OPTIONS=detect_leaks=0 "$ackfs" --hand-over \
		cn-beijing "$mnt"
	holds "$output" 'service manager'
	run -1 mounted "$mnt"
	run -1 "$ackfs" -f cn-beijing /dev/fd/77
	holds "$output" 'handed over'
}

units()
{
	installed
	export XDG_RUNTIME_DIR=/run/user/0
	mkdir -p /etc/ackfs $XDG_RUNTIME_DIR
	at=/usr/local/lib/systemd
	same '' "$(systemd-analyze verify --man=no \
		$at/system/ackfs@.service 2>&1)"
	same '' "$(systemd-analyze verify --man=no --user \
		$at/user/ackfs@.service 2>&1)"
	same '' "$(systemd-analyze verify --man=no \
		/usr/local/share/doc/ackfs/examples/* 2>&1)"
	# 1.0 here; what it counts grows with its version
	systemd-analyze security --offline=true --threshold=15 --no-pager \
		$at/system/ackfs@.service
	systemd-analyze security --offline=true --threshold=65 --no-pager \
		$at/user/ackfs@.service | tail -n 1
}

@test "systemd-analyze has nothing to say about the units" {
	on_machine units
}

# Sanitizers need rights that the service does not have.
needs_plain_build()
{
	! grep -q __asan_init "$ackfs" || skip 'sanitizers do not run so'
}

state_of()
{
	systemctl show -P "$1" "$unit"
}

service_of_system()
{
	installed
	systemctl daemon-reload
	sandbox_start
	unit=ackfs@cn-beijing
	at=/mnt/ack-cn-beijing
	mkdir -p /etc/ackfs /etc/credstore
	echo "SOURCE=$url" >/etc/ackfs/cn-beijing.conf
	echo 'OPTIONS=region=cn-beijing,refresh=1' >>/etc/ackfs/cn-beijing.conf
	# without keys it fails, and says why
	systemctl start $unit && return 1
	holds "$(state_of StatusText)" 'credentials'
	not_mounted $at
	systemctl stop $unit
	umask 077
	echo "$key_id" >/etc/credstore/ackfs.cn-beijing.access_key_id
	echo "$key_secret" >/etc/credstore/ackfs.cn-beijing.access_key_secret
	systemctl start $unit
	same active "$(state_of ActiveState)"
	grep -q '^credentials: credentials directory' $at/status
	pid=$(state_of MainPID)
	grep -q 'CapBnd:.0000000000000000' "/proc/$pid/status"
	grep -q 'NoNewPrivs:.1' "/proc/$pid/status"
	[ "$(stat -c %u "/proc/$pid")" -ge 61184 ] # a user of its own
	same 'root root' "$(stat -c '%U %G' $at/clusters)"
	draft=$at/clusters/test
	mkdir $draft
	fill_little
	commit
	is_committed
	id=$(cat $draft/cluster_id)
	systemctl reload $unit
	# killed: no dead mount meanwhile, and back by itself
	systemctl kill --kill-who=main -s KILL $unit
	wait_until not_mounted $at
	wait_until restarted
	same "$id" "$(cat $at/clusters/test/cluster_id)"
	# unmounted: over, and no failure
	umount $at
	wait_until rests inactive
	same success "$(state_of Result)"
	systemctl start $unit
	[ -s $at/README ]
	systemctl stop $unit
	same inactive "$(state_of ActiveState)"
	not_mounted $at
	same 0 "$(pgrep -xc ackfs)"
}

restarted()
{
	[ "$(state_of ActiveState)" = active ] && [ "$(state_of MainPID)" != "$pid" ]
}

rests()
{
	[ "$(state_of ActiveState)" = "$1" ]
}

@test "ackfs@ of the system: started, killed, unmounted, stopped" {
	needs_plain_build
	on_machine --boot service_of_system
}

# A manager of ann's, as logind would start it.
manager_of_ann()
{
	installed
	useradd -m ann
	runtime=/run/user/$(id -u ann)
	mkdir -p "$runtime"
	chown ann: "$runtime"
	cat >/etc/systemd/system/manager.service <<-END
		[Service]
		User=ann
		Delegate=yes
		Type=notify
		Environment=XDG_RUNTIME_DIR=$runtime HOME=/home/ann
		ExecStart=/lib/systemd/systemd --user --unit=basic.target
	END
	systemctl daemon-reload
	systemctl start manager
}

of_ann()
{
	as ann env XDG_RUNTIME_DIR="$runtime" systemctl --user "$@"
}

service_of_user()
{
	manager_of_ann
	unit=ackfs@sandbox at=/home/ann/ack-sandbox
	of_ann start $unit
	same active "$(of_ann show -P ActiveState $unit)"
	pid=$(of_ann show -P MainPID $unit)
	grep -q 'NoNewPrivs:.1' "/proc/$pid/status"
	same "$(id -u ann)" "$(ps -o uid= -p "$pid" | tr -d ' ')"
	as ann bash -e -c 'mkdir "$0"; cd "$0"
		echo 0 >num_of_nodes; echo true >snat_entry
		echo flannel >addons; echo 1 >commit; test -s cluster_id' \
		$at/clusters/test
	[ -d /home/ann/.local/state/ackfs ]
	of_ann kill --kill-who=main -s KILL $unit
	wait_until not_mounted $at
	wait_until mounted $at
	wait_until as ann test -s $at/clusters/test/cluster_id
	of_ann stop $unit
	not_mounted $at
}

@test "ackfs@ of a user: started, killed, stopped" {
	needs_plain_build
	on_machine --boot service_of_user
}

mount_units()
{
	installed
	cp /usr/local/share/doc/ackfs/examples/* /etc/systemd/system
	sed -i 's/^What=.*/What=sandbox/' /etc/systemd/system/mnt-ack.mount
	systemctl daemon-reload
	systemctl start mnt-ack.mount
	[ -s /mnt/ack/README ]
	grep -q ' /mnt/ack fuse.ackfs .*nosuid,nodev,noexec' /proc/mounts
	systemctl stop mnt-ack.mount
	not_mounted /mnt/ack
	# the kernel's part of an .automount does not work among processes of
	# one's own, so that one is only verified above
	# a failure is one of the unit
	sed -i 's/^What=.*/What=no_region/' /etc/systemd/system/mnt-ack.mount
	systemctl daemon-reload
	systemctl start mnt-ack.mount && return 1
	same exit-code "$(systemctl show -P Result mnt-ack.mount)"
}

@test "the example of a .mount" {
	on_machine --boot mount_units
}
