#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What others may have put into the state directory, or around it, and what
# happens to it while it is in use.

# shellcheck source=tests/lib/ackfs.bash
source "$BATS_TEST_DIRNAME/../lib/ackfs.bash"
# shellcheck source=tests/lib/state.bash
source "$BATS_TEST_DIRNAME/../lib/state.bash"
# shellcheck source=tests/lib/machine.bash
source "$BATS_TEST_DIRNAME/../lib/machine.bash"
bats_require_minimum_version 1.5.0

teardown()
{
	[ -z "${visitor-}" ] || kill "$visitor" 2>/dev/null || true
	[ -z "${elsewhere-}" ] || umount -l "$elsewhere" 2>/dev/null || true
	ackfs_teardown
}

# What no test may change.
victim()
{
	printf 'precious\n' >"$dir/victim"
	mkdir -p "$dir/state"
}

unharmed()
{
	same precious "$(cat "$dir/victim")"
}

# works: edits, a commit and what is written of them.
works()
{
	draft "works-$((++works))"
	fill_little
	commit
	is_committed
	grep -q "directory=works-$works outcome=" "$dir/state/audit.log"
	same exists "$(recorded "works-$works" record)"
	unharmed
}

# aside NAME: it is under another name now, and that is told.
aside()
{
	[ -e "$dir/state/$1.0.damaged" ] || [ -L "$dir/state/$1.0.damaged" ]
	holds "$(cat "$dir/ackfs.log")" "$1 was set aside as $1\.0\.damaged: "
}

@test "links, pipes and directories in the place of audit.log" {
	victim
	for plant in "ln -s $dir/victim" "ln $dir/victim" mkfifo mkdir; do
		rm -rf "$dir/state"
		mkdir "$dir/state"
		$plant "$dir/state/audit.log"
		mount_sandbox
		holds "$(cat "$mnt/error")" 'audit.log was set aside'
		aside audit.log
		works
		mount_stop
	done
}

# refused PATTERN: the mount says that, and leaves all as it is.
refused()
{
	run -1 "$ackfs" "$url" "$mnt" -o "region=cn-beijing,state=$dir/state"
	holds "$output" "^ackfs: .*$1"
	unharmed
	no_mount_left
}

@test "what is not ours in the place of the database or its log" {
	victim
	mount_sandbox
	draft test
	put num_of_nodes 3
	daemon_kill
	cp -a "$dir/state" "$dir/good"
	for part in ackfs.db ackfs.db-wal; do
		for plant in "ln -s $dir/victim" "ln $dir/victim" mkfifo \
			mkdir 'install -o 65534 /dev/null'; do
			rm -rf "$dir/state"
			cp -a "$dir/good" "$dir/state"
			rm -f "$dir/state/$part"
			$plant "$dir/state/$part"
			refused 'ackfs\.db'
			[ -e "$dir/state/$part" ]
		done
	done
	# and with another name, by which somebody reads what is written
	rm -rf "$dir/state"
	cp -a "$dir/good" "$dir/state"
	ln "$dir/state/ackfs.db" "$dir/backup"
	refused 'has a second name; move it away'
	rm "$dir/backup"
	mount_sandbox
	reads num_of_nodes 3
	works
}

@test "who stands in a directory that was open to all is out" {
	local rc=0

	mkdir -p "$dir/state"
	chmod 777 "$dir" "$dir/state"
	chmod +t "$dir"
	mkfifo "$dir/go"
	(
		cd "$dir/state"
		exec setpriv --reuid 65534 --clear-groups sh -c \
			': >audit.log; read -r _ <&3; : >ackfs.db-journal' \
			3<>"$dir/go" 2>"$dir/said"
	) 3>&- &
	visitor=$!
	wait_until test -e "$dir/state/audit.log"
	mount_sandbox
	echo >"$dir/go"
	wait $visitor || rc=$?
	same 2 $rc
	holds "$(cat "$dir/said")" 'ackfs.db-journal: Permission denied'
	holds "$(cat "$dir/ackfs.log")" \
		"directory $dir/state could be written by others"
	holds "$(cat "$mnt/error")" 'audit.log was set aside'
	same 700 "$(stat -c %a "$dir/state")"
}

@test "everybody can write above it: refused; with a sticky bit, not" {
	mkdir -p "$dir/open/in"
	chmod 777 "$dir/open"
	sandbox_start
	for state in "$dir/open/state" "$dir/open/in/state" "$dir/link/state"; do
		ln -sfn "$dir/open/in" "$dir/link"
		run -1 "$ackfs" "$url" "$mnt" -o "region=cn-beijing,state=$state"
		same 1 "${#lines[@]}"
		holds "$output" "^ackfs: everybody can write to $dir/open, .*chmod o-w"
		no_mount_left
	done
	chmod +t "$dir/open"
	mount_start "$url" region=cn-beijing "state=$dir/open/in/state"
}

@test "a group or another user can: a warning says who" {
	mkdir -p "$dir/open/in"
	chgrp 1234 "$dir/open"
	chmod 775 "$dir/open"
	chown 4321 "$dir/open/in"
	mount_sandbox "state=$dir/open/in/state"
	holds "$(cat "$dir/ackfs.log")" "group 1234 can put .* write to $dir/open"
	holds "$(cat "$dir/ackfs.log")" "user 4321 can put .*: $dir/open/in is"
	draft test
}

# swapped COMMAND...: something happens to the files while they are in use.
swapped()
{
	victim
	mount_sandbox
	draft test
	fill_little
	"$@"
	# what cannot be recorded is not sent
	ends 'write EIO' write "$draft/commit" 1
	holds "$(cat "$draft/error")" 'took .* away'
	same 0 "$(count_requests POST)"
	same draft "$(cat "$draft/state")"
}

@test "the database taken away while in use: nothing is sent unrecorded" {
	for part in ackfs.db ackfs.db-wal; do
		swapped rm "$dir/state/$part"
		run -1 sync "$draft/num_of_nodes"
		run -1 try_commit
		put num_of_nodes 2
		mount_stop
		rm -rf "$dir/state"
	done
}

try_commit()
{
	echo 1 >"$draft/commit"
}

@test "another put in its place: it is not written to" {
	swapped ln -sf "$dir/victim" "$dir/state/ackfs.db-wal"
	run -1 try_commit
	mount_stop
	unharmed
	[ -L "$dir/state/ackfs.db-wal" ]
}

@test "the whole directory taken away: nothing is sent, the mount lives" {
	swapped rm -r "$dir/state"
	run -1 try_commit
	put num_of_nodes 2 || true
	same draft "$(cat "$draft/state")"
	same 0 "$(count_requests POST)"
}

setuid()
{
	installed
	useradd -m ann
	for mode in u+s g+s; do
		install -m 755 "$(command -v ackfs)" /home/ann/ackfs
		chmod $mode /home/ann/ackfs
		fails 1 '^ackfs: this program must not be setuid' \
			as ann env XDG_STATE_HOME=/home/ann/mine \
			/home/ann/ackfs sandbox /home/ann
	done
	[ ! -e /home/ann/mine ]
}

@test "setuid or setgid it does nothing" {
	! under_valgrind || skip 'a script of valgrind cannot be setuid'
	on_machine setuid
}

# stand_in: $mnt is moved away with what it is in, and a link with a directory
# of that name behind it takes its place.
stand_in()
{
	mkdir -p "$dir/elsewhere/mnt"
	mv "$dir/place" "$dir/moved"
	ln -s "$dir/elsewhere" "$dir/place"
}

about_to_mount()
{
	grep -qs 'mount(.*fuse.ackfs' "$dir/trace"
}

@test "a mountpoint swapped while it is mounted on: never where a link leads" {
	sandbox_start
	mkdir -p "$dir/place/mnt"
	mnt=$dir/place/mnt
	ASAN_OPTIONS+=:detect_leaks=0 strace -f -o "$dir/trace" -e trace=mount \
		-e inject=mount:delay_enter=3000000 "$ackfs" "$url" "$mnt" -f \
		-o "region=cn-beijing,state=$dir/state" \
		>>"$dir/ackfs.log" 2>&1 </dev/null 3>&- &
	daemon_pid=$!
	wait_until about_to_mount
	stand_in
	mnt=$dir/moved/mnt
	wait_until answers_or_died
	answers
	run ! mounted "$dir/elsewhere/mnt"
}

@test "what lies where a link leads now is not unmounted at the end" {
	local pid

	sandbox_start
	mkdir -p "$dir/place/mnt"
	mnt=$dir/place/mnt
	mount_start "$url" region=cn-beijing
	stand_in
	elsewhere=$dir/elsewhere/mnt
	mount -t tmpfs tmpfs "$elsewhere"
	pid=$daemon_pid
	kill -TERM "$pid"
	daemon_pid=""
	expect_exit 0 "$pid"
	grep -q " $elsewhere tmpfs" /proc/self/mounts
	umount "$elsewhere"
	umount -l "$dir/moved/mnt" || true
}
