#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Signals to the writer, to the daemon and to the service: whoever is told to
# go goes at once, and a commit is neither lost nor doubled.

# shellcheck source=tests/lib/ackfs.bash
source "$BATS_TEST_DIRNAME/../lib/ackfs.bash"
# shellcheck source=tests/lib/state.bash
source "$BATS_TEST_DIRNAME/../lib/state.bash"
bats_require_minimum_version 1.5.0

# The answer takes far longer than anybody may wait.
slow='{"do": "delay_after", "ms": 8000, "method": "POST", "times": -1}'

# writer_starts: a commit of $draft in the background.
writer_starts()
{
	"$lib/try" write "$draft/commit" 1 >"$dir/writer" 2>&1 3>&- &
	writer=$!
	wait_until in_state committing
}

# ended_by SIGNAL SHELL...: milliseconds until the writer was gone.
ended_by()
{
	/usr/bin/python3 - "$draft" "$@" <<-'PY'
		import os, signal, subprocess, sys, time
		draft, name, *shell = sys.argv[1:]
		def state():
		    with open(draft + "/state") as f:
		        return f.read().strip()
		# a group of its own, as a job of a terminal has
		p = subprocess.Popen(shell + [draft + "/commit"],
		    start_new_session=True, preexec_fn=lambda:
		        signal.signal(signal.SIGINT, signal.SIG_DFL))
		while state() != "committing":
		    time.sleep(0.01)
		time.sleep(0.2)
		begun = time.monotonic()
		os.killpg(p.pid, getattr(signal, name))
		p.wait()
		print(int((time.monotonic() - begun) * 1000), state())
	PY
}

@test "Ctrl-C, TERM and KILL of the writing shell: gone at once" {
	mount_sandbox
	faults "$slow"
	for signal in SIGINT SIGTERM SIGKILL SIGHUP; do
		for shell in bash dash busybox; do
			draft "${signal,,}-$shell"
			fill_little
			case $shell in
			busybox) words=(busybox sh) ;;
			*) words=("$shell") ;;
			esac
			run -0 ended_by $signal "${words[@]}" -c \
				'echo 1 >"$0"'
			holds "$output" '^[0-9]+ committing$'
			[ "${output% *}" -lt 2000 ]
		done
	done
	faults
	for draft in "$mnt"/clusters/*; do
		wait_until is_committed
		same "$(ids_of "${draft##*/}")" "$(cat "$draft/cluster_id")"
		same '' "$(cat "$draft/error")"
	done
	same 12 "$(count_requests POST)"
}

@test "a job that ends or a window that is resized ends no wait, Ctrl-C does" {
	mount_sandbox
	faults '{"do": "delay_after", "ms": 1500, "path": "/clusters",
		"method": "POST", "times": 3}'
	for shell in bash dash 'busybox sh'; do
		draft "idle-${shell%% *}"
		fill_little
		# shellcheck disable=SC2016,SC2086 # its shell expands it
		run -0 $shell -c 'trap : CHLD WINCH CONT
			sleep 0.3 & (sleep 0.6; kill -WINCH $$; kill -CONT $$) &
			echo 1 >"$0" && cat "${0%commit}cluster_id"; wait' \
			"$draft/commit"
		same "$(ids_of "${draft##*/}")" "$output"
		same '' "$(cat "$draft/error")"
	done
	faults "$slow"
	draft ended
	fill_little
	# shellcheck disable=SC2016 # bash expands it
	run -0 ended_by SIGINT bash -c 'sleep 0.1 & sleep 0.2 & echo 1 >"$0"'
	[ "${output% *}" -lt 2000 ]
	faults
	wait_until is_committed
	same 4 "$(count_requests POST)"
	# what reads waits as well
	faults '{"do": "stuck_task"}'
	draft stuck
	fill_little
	commit
	run -124 timeout 3 bash -c 'sleep 0.2 & exec <"$0"; echo ended' \
		"$draft/live/wait"
	same '' "$output"
	# one that does not try again by itself, as most do
	run -124 timeout 3 perl -e '$SIG{CHLD} = sub {};
		open my $watch, "<", $ARGV[0] or die;
		sleep(1), exit if !fork;
		do {} while sysread $watch, my $line, 99;
		print "ended: $!"' "$draft/live/watch"
	same '' "$output"
	# a thread that takes the signal away takes none that ends the wait
	run -124 timeout 5 /usr/bin/python3 - "$draft/live/watch" <<-'P'
		import ctypes, os, signal, subprocess, sys, threading, time
		signal.signal(signal.SIGCHLD, lambda *_: None)
		libc = ctypes.CDLL(None, use_errno=True)
		fd = os.open(sys.argv[1], os.O_RDONLY)
		# long after the daemon has heard of it
		def others():
		    time.sleep(2)
		    threading.Thread(target=int).start()
		threading.Thread(target=others, daemon=True).start()
		# a child, without Python's warning of os.fork() beside threads
		subprocess.Popen(["sleep", "0.5"])
		while libc.read(fd, ctypes.create_string_buffer(99), 99) > 0:
		    pass
		print("ended:", os.strerror(ctypes.get_errno()))
	P
	same '' "$output"
}

@test "a writer stopped and gone on with loses nothing" {
	mount_sandbox
	draft test
	fill_little
	faults '{"do": "delay", "ms": 700, "method": "POST"}'
	writer_starts
	kill -STOP $writer
	wait_until is_committed
	kill -CONT $writer
	wait $writer
	same 1 "$(count_requests POST)"
}

# ends_within SECONDS PID STATUS
ends_within()
{
	local deadline

	deadline=$(($(date +%s%N) + $1 * 1000000000))
	expect_exit "$3" "$2"
	[ "$(date +%s%N)" -lt "$deadline" ]
}

@test "TERM and INT with commits in flight: unmounted in 2 s, nothing lost" {
	mount_sandbox timeout=20 settle=3
	round=0
	for signal in TERM INT; do
		faults '{"do": "hang_after", "method": "POST", "times": 8}' \
			'{"do": "hang", "method": "GET", "times": 2,
				"path": "/regions/*"}'
		writers=()
		for i in 1 2 3 4 5 6 7 8 9; do
			draft "$signal-$i"
			fill_little
			writer_starts
			writers+=("$writer")
		done
		wait_until posted $((round + 7))
		kill -$signal "$daemon_pid"
		ends_within 2 "$daemon_pid" 0
		daemon_pid=""
		run -1 mounted "$mnt"
		wait "${writers[@]}"
		faults
		mount_sandbox timeout=1 settle=2
		wait_until definite
		for i in 1 2 3 4 5 6 7 8 9; do
			draft=$mnt/clusters/$signal-$i
			same "$(ids_of "$signal-$i")" \
				"$(cat "$draft/cluster_id" 2>/dev/null)"
			reads num_of_nodes 0
		done
		round=$(count_requests POST)
	done
	same 14 "$(clusters | jq length)"
	same 14 "$(count_requests POST)"
}

posted()
{
	[ "$(count_requests POST)" -ge "$1" ]
}

definite()
{
	! grep -qE '^(unknown|committing)$' "$mnt"/clusters/*/state
}

@test "TERM while somebody stands in the mount: it ends all the same" {
	mount_sandbox
	draft test
	(cd "$draft" && exec sleep 60) 3>&- &
	stander=$!
	wait_until stands
	exec 8<"$draft" 9<"$draft/state"
	kill -TERM "$daemon_pid"
	ends_within 2 "$daemon_pid" 0
	daemon_pid=""
	exec 8<&- 9<&-
	# nor is anything else unmounted that has the number of a descriptor
	lacks "$(cat "$dir/ackfs.log")" 'unmount'
	kill $stander
	wait $stander || true
	wait_until unmounted
}

stands()
{
	[ "$(readlink "/proc/$stander/cwd")" = "$draft" ]
}

unmounted()
{
	! mounted "$mnt"
}

@test "a service that stands still: only those who wait for it wait" {
	mount_sandbox
	draft waiting
	fill_little
	draft test
	fill
	kill -STOP "$sandbox_pid"
	draft=$mnt/clusters/waiting
	writer_starts
	for i in $(seq 20); do
		timeout 5 ls -l "$mnt/clusters" >/dev/null
		timeout 5 cat "$mnt/clusters/test/check" "$mnt/status" \
			"$mnt/clusters/waiting/state" >/dev/null
		timeout 5 "$lib/try" write "$mnt/clusters/test/num_of_nodes" "$i"
		timeout 5 mkdir "$mnt/clusters/more-$i"
		timeout 5 find "$mnt" -maxdepth 2 >/dev/null
	done
	same committing "$(cat "$draft/state")"
	ends 'open EBUSY' write "$draft/commit" 1
	kill -CONT "$sandbox_pid"
	wait $writer
	same OK "$(cat "$dir/writer")"
	is_committed
	same "$(ids_of waiting)" "$(cat "$draft/cluster_id")"
}

@test "HUP: the keys are read anew, commits under way go on" {
	sandbox_start
	unset ALIBABA_CLOUD_ACCESS_KEY_ID ALIBABA_CLOUD_ACCESS_KEY_SECRET
	write_keys wrong
	mount_start "$url" region=cn-beijing
	draft test
	fill
	ends 'write EKEYREJECTED' write "$draft/commit" 1
	write_keys "$key_secret"
	kill -HUP "$daemon_pid"
	wait_until committed_now
	draft slow
	fill
	faults '{"do": "delay", "ms": 1500, "method": "POST"}'
	writer_starts
	kill -HUP "$daemon_pid"
	kill -HUP "$daemon_pid"
	wait $writer
	same OK "$(cat "$dir/writer")"
	is_committed
	# keys that cannot be read: the old ones stay, and it says so
	rm "$HOME/.aliyun/config.json"
	kill -HUP "$daemon_pid"
	wait_until test -s "$mnt/error"
	draft last
	fill
	commit
	is_committed
}

committed_now()
{
	"$lib/try" write "$draft/commit" 1 >/dev/null
	is_committed
}

write_keys()
{
	mkdir -p "$HOME/.aliyun"
	jq -n --arg id "$key_id" --arg secret "$1" '{current: "main",
		profiles: [{name: "main", mode: "AK", access_key_id: $id,
		access_key_secret: $secret}]}' >"$HOME/.aliyun/new.json"
	chmod 600 "$HOME/.aliyun/new.json"
	mv "$HOME/.aliyun/new.json" "$HOME/.aliyun/config.json"
}

@test "PIPE, USR1 and the like do not end it, and STOP loses nothing" {
	mount_sandbox
	draft test
	fill
	kill -PIPE "$daemon_pid"
	kill -XFSZ "$daemon_pid"
	put num_of_nodes 4
	faults '{"do": "delay", "ms": 300, "method": "POST"}'
	writer_starts
	kill -STOP "$daemon_pid"
	sleep 1
	kill -CONT "$daemon_pid"
	wait $writer
	same OK "$(cat "$dir/writer")"
	is_committed
	same 1 "$(count_requests POST)"
}
