#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Watching: progress, events, live/NAME/watch and live/NAME/wait, poll(2), and
# a thousand who wait at once.

# shellcheck source=tests/lib/ackfs.bash
source "$BATS_TEST_DIRNAME/../lib/ackfs.bash"
# shellcheck source=tests/lib/state.bash
source "$BATS_TEST_DIRNAME/../lib/state.bash"
# shellcheck source=tests/lib/fleet.bash
source "$BATS_TEST_DIRNAME/../lib/fleet.bash"
bats_require_minimum_version 1.5.0

teardown()
{
	# who waits goes with the test
	# shellcheck disable=SC2086 # a list
	[ -z "${waiting-}" ] || kill -KILL $waiting 2>/dev/null || true
	ackfs_teardown
}

# making SPEED: a cluster that is being made; $draft is its directory.
making()
{
	sandbox_start --speed "$1"
	mount_sandbox refresh=1
	draft test
	fill_little
	commit
}

# making_for_ever: the same, and its task never ends.
making_for_ever()
{
	sandbox_start --speed 100
	mount_sandbox refresh=1
	faults '{"do": "stuck_task"}'
	draft test
	fill_little
	commit
	wait_until grep -q '70%' "$draft/progress"
}

# blocked COUNT read|poll|follow PATH: as many processes that wait; their outcome is
# going to be in $dir/blocked.N, N from 1 on.
blocked()
{
	nblocked=$((${nblocked-0} + 1))
	"$lib/blocked" "$@" >"$dir/blocked.$nblocked" 2>&1 3>&- &
	waiting+=" $!"
}

all_blocked()
{
	for i in $(seq "$nblocked"); do
		WAIT_SECONDS=120 wait_until grep -qx ready "$dir/blocked.$i"
	done
}

# all_ended: prints how; no order.
all_ended()
{
	for pid in $waiting; do
		WAIT_SECONDS=120 wait_until gone "$pid"
		wait "$pid"
	done
	waiting=
	cat "$dir"/blocked.* | sed '/^ready$/d' | sort
}

@test "watch: a line a change, up to the end" {
	making 3
	begun=$SECONDS
	timeout 60 cat "$draft/live/watch" >"$dir/watch"
	[ $((SECONDS - begun)) -ge 2 ]
	holds "$(head -n 1 "$dir/watch")" '^initial [0-9]+%'
	same 'running 100%' "$(tail -n 1 "$dir/watch")"
	[ "$(wc -l <"$dir/watch")" -ge 3 ]
	# no line is said twice, and it only goes forward
	uniq "$dir/watch" | diff "$dir/watch" -
	sed -n 's/^initial \([0-9]*\)%.*/\1/p' "$dir/watch" | sort -nc
	run -0 grep -vE '^(initial|running) [0-9]+%( [a-z_]+)?$' "$dir/watch" ||
		[ "$status" -eq 1 ]
	same '' "$output"
	# at rest it has one line to say
	same 'running 100%' "$(timeout 20 cat "$draft/live/watch")"
}

# shellcheck disable=SC2154 # run sets stderr
@test "watch by tools that seek, or want a part" {
	making 2
	run -0 --separate-stderr timeout 60 head -n 1 "$draft/live/watch"
	holds "$output" '^initial'
	same '' "$stderr"
	timeout 60 cat "$draft/live/watch" >"$dir/all"
	for tool in "head -n 1" "busybox head -n 1" "sed 1q" "tail -n 1" \
		"busybox tail -n 1" "busybox cat" cat tac "awk 1" \
		"perl -pe 1" "tail -n +1"; do
		# shellcheck disable=SC2086
		run -0 --separate-stderr timeout 60 $tool "$draft/live/watch"
		same "$tool: running 100%" "$tool: $output"
		same '' "$stderr"
	done
	/usr/bin/python3 - "$draft/live/watch" <<-'PY'
		import errno, os, sys

		fd = os.open(sys.argv[1], os.O_RDONLY)
		assert os.read(fd, 100) == b"running 100%\n"
		assert os.lseek(fd, -5, os.SEEK_CUR) == 8
		assert os.read(fd, 100) == b"100%\n"
		assert os.pread(fd, 7, 0) == b"running"
		assert os.read(fd, 100) == b""
		try:
		    os.lseek(fd, 0, os.SEEK_END)
		    raise SystemExit("a stream has no end")
		except OSError as e:
		    assert e.errno == errno.ESPIPE, e
	PY
}

@test "watch in small pieces, and by two at once" {
	making 3
	timeout 60 dd if="$draft/live/watch" bs=1 of="$dir/bytes" \
		status=none 3>&- &
	bytes=$!
	exec 9<"$draft/live/watch"
	# two who share a descriptor share its lines
	timeout 60 cat <&9 >"$dir/one" 3>&- &
	one=$!
	timeout 60 cat <&9 >"$dir/two" 3>&- &
	wait $bytes $one $!
	exec 9<&-
	same 'running 100%' "$(tail -n 1 "$dir/bytes")"
	same 'running 100%' "$(cat "$dir/one" "$dir/two" | sort | tail -n 1)"
	cat "$dir/one" "$dir/two" | sort | uniq -d >"$dir/doubled"
	same '' "$(cat "$dir/doubled")"
}

@test "progress: percent, bar, stage, time so far" {
	making 2
	form='^([0-9]+)% \[(#*)(-*)\]( (done|failed))?( stage ([0-9]) of 5)?(: [a-z_]+)?, ([0-9]+)s$'
	last=0
	while ! in_state running; do
		line=$(cat "$draft/progress")
		holds "$line" "$form"
		[ "${BASH_REMATCH[1]}" -ge "$last" ]
		last=${BASH_REMATCH[1]}
		same 20 $((${#BASH_REMATCH[2]} + ${#BASH_REMATCH[3]}))
		same $((last / 5)) ${#BASH_REMATCH[2]}
		sleep 0.1
	done
	[ "$last" -ge 50 ]
	timeout 20 cat "$draft/live/wait"
	line=$(cat "$draft/progress")
	holds "$line" '^100% \[#{20}\] done stage 5 of 5, [0-9]+s$'
	sleep 2
	same "$line" "$(cat "$draft/progress")"
}

@test "wait: blocks, then tells the final state; impatient ones get EAGAIN" {
	making 3
	run /usr/bin/python3 - "$draft/live" <<-'P'
		import errno, os, sys
		for name in ("wait", "watch"):
		    try:
		        fd = os.open(f"{sys.argv[1]}/{name}",
		            os.O_RDONLY | os.O_NONBLOCK)
		        while os.read(fd, 4096):
		            pass
		        sys.exit(f"{name}: not refused")
		    except BlockingIOError:
		        pass
	P
	same 0 "$status"
	in_state initial
	same running "$(timeout 60 cat "$draft/live/wait")"
	in_state running
	same running "$(timeout 20 cat "$draft/live/wait")"
	timeout 20 cat "$draft/live/wait" && echo next >"$dir/next"
	same next "$(cat "$dir/next")"
	same running "$(/usr/bin/python3 -c 'import os, sys
fd = os.open(sys.argv[1], os.O_RDONLY | os.O_NONBLOCK)
print(os.read(fd, 100).decode(), end="")' "$draft/live/wait")"
}

@test "wait: who is stopped and continued waits on, with sendfile(2), too" {
	for cat in cat 'busybox cat'; do
		[ -z "${sandbox_pid-}" ] || {
			mount_stop
			sandbox_stop
		}
		making 2
		$cat "$draft/live/wait" >"$dir/waited" 3>&- &
		pid=$!
		sleep 0.5
		for _ in 1 2; do
			kill -STOP $pid
			sleep 0.2
			kill -CONT $pid
			sleep 0.2
		done
		in_state initial
		wait $pid
		same running "$(cat "$dir/waited")"
		in_state running
		rm -rf "$dir/state"
	done
}

@test "events: RFC 3339 first, append-only, true sizes" {
	making 2
	: >"$dir/before"
	until in_state running; do
		cat "$draft/events" >"$dir/now"
		size=$(stat -c %s "$draft/events")
		cat "$draft/events" >"$dir/later"
		# what was there stays, and a size lies between
		cmp -n "$(stat -c %s "$dir/before")" "$dir/before" "$dir/now"
		cmp -n "$(stat -c %s "$dir/now")" "$dir/now" "$dir/later"
		[ "$size" -ge "$(stat -c %s "$dir/now")" ]
		[ "$size" -le "$(stat -c %s "$dir/later")" ]
		cp "$dir/later" "$dir/before"
		sleep 0.1
	done
	timeout 20 cat "$draft/live/wait"
	cat "$draft/events" >"$dir/now"
	same "$(stat -c %s "$dir/now")" "$(stat -c %s "$draft/events")"
	run -1 grep -vE '^20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z (info|warning|error) [a-z_ ]+: .+$' "$dir/now"
	for word in create precheck network control_plane nodes addons success
	do
		same 1 "$(grep -c " info $word: " "$dir/now")"
	done
	# a list may tell the state before the task tells its end
	same 1 "$(grep -c ' info cluster_create: done$' "$dir/now")"
	same 1 "$(grep -c ' info state: running$' "$dir/now")"
	same "$(cat "$dir/now")" "$(busybox cat "$draft/events")"
	busybox cp "$draft/events" "$dir/copy"
	cmp "$dir/now" "$dir/copy"
}

# follows FILE WORD: the tail that writes it has come so far.
follows()
{
	grep -q " $2: " "$1"
}

@test "events outlive a remount and a crash, each line once" {
	making 3
	wait_until grep -q precheck "$draft/events"
	daemon_kill
	mount_sandbox refresh=1
	cat "$draft/live/wait" >"$dir/out"
	wait_until grep -q 'state: running' "$draft/events"
	cp "$draft/events" "$dir/events"
	same 1 "$(grep -c ' create: ' "$dir/events")"
	same 1 "$(grep -c ' precheck: ' "$dir/events")"
	mount_stop
	mount_sandbox refresh=1
	diff "$dir/events" "$draft/events"
	# who follows them hears of the service, and of nothing twice
	timeout 10 tail -n +1 -f "$draft/events" >"$dir/followed" || true
	diff <(sort -u "$dir/followed") <(sort "$dir/followed")
	# those of a draft that is removed go with it
	draft other
	rmdir "$draft"
	same '' "$(sqlite3 "$dir/state/ackfs.db" 'SELECT line FROM events WHERE
		directory NOT IN (SELECT id FROM directories)')"
}

@test "tail -f, of GNU and of BusyBox, follows a create and what comes later" {
	need_sdk
	making 3
	tail -n +1 -f "$draft/events" >"$dir/gnu" 3>&- &
	waiting+=" $!"
	busybox tail -n +1 -f "$draft/events" >"$dir/busybox" 3>&- &
	waiting+=" $!"
	for tail in gnu busybox; do
		wait_until follows "$dir/$tail" precheck
		wait_until follows "$dir/$tail" 'state'
	done
	# somebody else does something to the cluster
	sdk modifyCluster "$(cat "$draft/cluster_id")" \
		'{"deletionProtection": true}'
	for tail in gnu busybox; do
		wait_until follows "$dir/$tail" '\(cluster_modify \)\?apply'
	done
	# shellcheck disable=SC2086 # a list
	kill $waiting
	waiting=
	sleep 0.2
	for tail in gnu busybox; do
		cmp -n "$(stat -c %s "$dir/$tail")" "$dir/$tail" "$draft/events"
	done
	# no event stands there twice, by whichever way it came
	same '' "$(sed 's/ \(cluster_[a-z]* \)\?\([a-z_]*: \)/ \2/' \
		"$draft/events" | sort | uniq -d)"
}

@test "tail -f of a cluster that rests hears of it, too" {
	need_sdk
	mount_sandbox refresh=1
	id=$(plant_one test)
	one_refresh
	draft=$mnt/clusters/test
	same '' "$(cat "$draft/events")"
	tail -n +1 -f "$draft/events" >"$dir/tail" 3>&- &
	waiting=$!
	sdk modifyCluster "$id" '{"deletionProtection": true}'
	wait_until follows "$dir/tail" '.*apply'
	kill $waiting
	waiting=
	# with nobody there to hear, nothing is asked
	sleep 2
	n=$(count_requests)
	sleep 4
	same "$n" "$(count_requests)"
}

@test "no event of an earlier task is told again" {
	making 20
	timeout 60 cat "$draft/live/wait"
	put deletion_protection true
	commit
	timeout 60 cat "$draft/live/wait"
	tail -f "$draft/events" >"$dir/tail" 3>&- &
	waiting=$!
	wait_until asked_for_events
	sleep 1
	kill $waiting
	waiting=
	same 1 "$(grep -c 'precheck: Checking quotas' "$draft/events")"
	same 1 "$(grep -c 'precheck: Checking the change' "$draft/events")"
}

asked_for_events()
{
	requests | jq -e \
		'any(.[]; .action == "DescribeClusterEvents" and .status)' \
		>/dev/null
}

@test "the task of others is followed, too" {
	need_sdk
	sandbox_start --speed 2
	mount_sandbox refresh=1
	sdk_creates test
	sleep 2
	appears test
	draft=$mnt/clusters/test
	timeout 60 cat "$draft/live/watch" >"$dir/watch"
	holds "$(head -n 1 "$dir/watch")" '^initial'
	same 'running 100%' "$(tail -n 1 "$dir/watch")"
	same 1 "$(grep -c ' info addons: ' "$draft/events")"
	# its time is the task's, not that since somebody looked
	seconds=$(sed -n 's/^100% .*, \([0-9]*\)s$/\1/p' "$draft/progress")
	[ "$seconds" -ge 5 ]
}

@test "poll(2): POLLPRI when state and events change, silence else" {
	needs_speed
	making 3
	run -0 timeout 60 /usr/bin/python3 - "$draft" <<-'P'
		import os, re, select, sys
		def opened(name):
		    fd = os.open(f"{sys.argv[1]}/{name}", os.O_RDONLY)
		    os.read(fd, 65536)
		    p = select.poll()
		    p.register(fd, select.POLLPRI)
		    return fd, p
		state, on_state = opened("state")
		events, on_events = opened("events")
		assert on_state.poll(0) == [], "nothing has changed yet"
		assert on_events.poll(20000)[0][1] & select.POLLPRI
		new = os.read(events, 65536)
		assert new.endswith(b"\n") and new.count(b": ") >= 1, new
		assert on_state.poll(20000)[0][1] & select.POLLPRI
		assert on_state.poll(0)[0][1] & select.POLLPRI, "until it is read"
		os.lseek(state, 0, os.SEEK_SET)
		assert os.read(state, 100) == b"running\n"
		assert on_state.poll(0) == []
		# always readable, as any file is
		plain = select.poll()
		plain.register(state, select.POLLIN)
		assert plain.poll(0)[0][1] & select.POLLIN
		# a watch that has ended is readable: its end can be read
		watch = os.open(f"{sys.argv[1]}/live/watch", os.O_RDONLY)
		on_watch = select.poll()
		on_watch.register(watch, select.POLLIN)
		lines = []
		while not lines or lines[-1]:
		    assert on_watch.poll(20000)[0][1] & select.POLLIN
		    lines.append(os.read(watch, 4096))
		# its task may be asked for a moment after the state
		assert lines[-2:] == [b"running 100%\n", b""], lines
		assert all(re.fullmatch(rb"running \d\d% \w+\n", line)
		           for line in lines[:-2]), lines
	P
}

@test "poll(2) of watch: readable when there is a line" {
	making_for_ever
	run -0 timeout 60 /usr/bin/python3 - "$draft/live/watch" <<-'P'
		import os, select, sys
		fd = os.open(sys.argv[1], os.O_RDONLY)
		p = select.poll()
		p.register(fd, select.POLLIN)
		assert p.poll(5000)[0][1] & select.POLLIN
		assert os.read(fd, 4096) == b"initial 70% nodes\n"
		assert p.poll(3000) == []
	P
}

# no_more_descriptors THAN: of the daemon, but for a few connections that are
# kept, or not; ticks: of the CPU it took so far
no_more_descriptors()
{
	[ "$(descriptors)" -le $(($1 + 8)) ]
}

descriptors()
{
	find "/proc/$daemon_pid/fd" -type l | wc -l
}

ticks()
{
	awk '{ print $14 + $15 }' "/proc/$daemon_pid/stat"
}

memory()
{
	awk '/^VmRSS/ { print $2 }' "/proc/$daemon_pid/status"
}

thousand()
{
	blocked 400 read "$draft/live/wait"
	blocked 300 read "$draft/live/watch"
	blocked 300 poll "$draft/state"
	all_blocked
}

@test "a thousand who wait: ls answers, and the end of the task ends them all" {
	needs_speed
	making 0.4
	before=$(descriptors)
	thousand
	in_state initial
	for _ in 1 2 3 4 5; do
		timeout 5 ls -lR "$mnt/clusters" >/dev/null
		timeout 5 cat "$draft/progress" "$draft/check" >/dev/null
	done
	draft=$mnt/clusters/more
	mkdir "$draft"
	put num_of_nodes 3
	reads num_of_nodes 3
	draft=$mnt/clusters/test
	same "300 OK running"$'\n'"300 OK running 100%"$'\n'"400 OK running" \
		"$(all_ended)"
	no_more_descriptors "$before"
}

@test "a thousand who wait cost nothing, and SIGINT ends each" {
	making_for_ever
	n=$(count_requests)
	before=$(descriptors)
	held=$(memory)
	thousand
	printf '# memory: %s KiB, with 1000 waiting %s KiB\n' "$held" \
		"$(memory)" >&3
	used=$(ticks)
	sleep 4
	printf '# ticks of the CPU in 4 s: %s\n' $(($(ticks) - used)) >&3
	[ $(($(ticks) - used)) -lt 200 ]
	no_more_descriptors "$before"
	# they wait for one task: it is asked about as for one
	[ $(($(count_requests) - n)) -lt 60 ]
	# shellcheck disable=SC2086 # a list
	kill -INT $waiting
	same $'300 SIGINT\n300 SIGINT\n400 SIGINT' "$(all_ended)"
	no_more_descriptors "$before"
	same initial "$(cat "$draft/state")"
}

@test "a thousand who wait: TERM of the daemon ends them all" {
	making_for_ever
	thousand
	kill -TERM "$daemon_pid"
	expect_exit 0 "$daemon_pid"
	daemon_pid=
	all_ended >"$dir/ended"
	same 1000 "$(awk '{ n += $1 } END { print n }' "$dir/ended")"
	run -1 grep -E 'SIG|OK' "$dir/ended"
	wait_until not_mounted
}

not_mounted()
{
	! mounted "$mnt"
}

@test "who waits for a cluster that others delete is told" {
	need_sdk
	making_for_ever
	blocked 5 read "$draft/live/wait"
	blocked 5 read "$draft/live/watch"
	blocked 5 follow "$draft/state"
	blocked 5 follow "$draft/events"
	all_blocked
	sdk deleteCluster "$(cat "$draft/cluster_id")" '{}'
	vanishes test
	all_ended >"$dir/ended"
	# what was being made is gone: neither kind of waiting ends well
	same 10 "$(awk '$2 == "EREMOTEIO" { n += $1 } END { print n }' \
		"$dir/ended")"
	# and who polls may see it being deleted, then that the file has hung up
	same 10 "$(awk '$2 == "ENOMSG" { n += $1 } END { print n }' \
		"$dir/ended")"
	same 20 "$(awk '{ n += $1 } END { print n }' "$dir/ended")"
	printf '# %s\n' "$(paste -sd, "$dir/ended")" >&3
}

@test "signals end who waits in cat, dd, tail and a shell's read" {
	making_for_ever
	for command in "cat '$draft/live/wait'" "cat '$draft/live/watch'" \
		"dd if='$draft/live/wait'" "exec 5<'$draft/live/wait'" \
		"read -r line <'$draft/live/wait'" \
		"busybox cat '$draft/live/wait'" \
		"tail -f '$draft/live/watch'"; do
		for signal in INT TERM KILL; do
			bash -c "trap - INT; exec 3>&-; $command" \
				>/dev/null 2>&1 3>&- &
			pid=$!
			sleep 0.3
			alive $pid
			# a job in the background ignores INT
			[ $signal = INT ] && signal=HUP
			kill -$signal $pid
			pkill -$signal -P $pid || true
			wait_until gone $pid
			wait $pid || true
		done
	done
	same initial "$(cat "$draft/state")"
}

# Each of them has to be looked at, now and then, for a signal that ends it.
@test "thousands whose window was resized cost little, and each still ends" {
	needs_speed
	making_for_ever
	ulimit -n 8192
	/usr/bin/python3 - "$draft/live/watch" 3000 >"$dir/resized" 3>&- <<-'P' &
		import ctypes, os, signal, sys, threading, time
		threading.stack_size(65536)
		signal.signal(signal.SIGWINCH, lambda *_: None)
		libc = ctypes.CDLL(None, use_errno=True)
		def waits():
		    fd = os.open(sys.argv[1], os.O_RDONLY)
		    os.read(fd, 4096)
		    libc.read(fd, ctypes.create_string_buffer(99), 99)
		threads = [threading.Thread(target=waits, daemon=True)
		           for _ in range(int(sys.argv[2]))]
		for t in threads:
		    t.start()
		def in_kernel(t):
		    with open(f"/proc/self/task/{t.native_id}/syscall") as f:
		        return f.read().startswith("0 ")
		while not all(in_kernel(t) for t in threads):
		    time.sleep(0.1)
		for t in threads:
		    signal.pthread_kill(t.ident, signal.SIGWINCH)
		print("resized", flush=True)
		time.sleep(60)
	P
	waiting=$!
	wait_until grep -q resized "$dir/resized"
	sleep 2
	used=$(ticks)
	sleep 4
	used=$(($(ticks) - used))
	printf '# ticks of the CPU in 4 s, of 3000 with a signal: %s\n' $used >&3
	[ $used -lt 60 ]
	kill $waiting
	wait_until gone $waiting
	wait $waiting || true
	waiting=
}
