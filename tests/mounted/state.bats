#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The state directory: what is in it, what it survives, what it does not
# believe (DESIGN.md, State directory).

# shellcheck source=tests/lib/ackfs.bash
source "$BATS_TEST_DIRNAME/../lib/ackfs.bash"
# shellcheck source=tests/lib/state.bash
source "$BATS_TEST_DIRNAME/../lib/state.bash"
bats_require_minimum_version 1.5.0

# Values, names and times of all parameters of $draft.
parameters()
{
	(cd "$draft" && find . -maxdepth 1 -type f -perm /200 ! -name commit \
		! -name login_password ! -name request.json \
		-printf '%f %s %T@\n' | sort &&
		grep . num_of_nodes addons taints worker_data_disks tags)
}

@test "a draft survives kill -9: values, names that rm took, times" {
	mount_sandbox
	draft test
	fill
	put tags "$(printf 'team=a\nstage=b')"
	: >"$draft/timeout_mins"
	rm "$draft/proxy_mode"
	parameters >"$dir/before"
	remount
	parameters >"$dir/after"
	diff "$dir/before" "$dir/after"
	reads tags "$(printf 'team=a\nstage=b')"
	reads timeout_mins ''
	run -1 test -e "$draft/proxy_mode"
	put proxy_mode ipvs
	reads proxy_mode ipvs
	same draft "$(cat "$draft/state")"
	holds "$(cat "$draft/check")" 'login_password|key_pair'
}

@test "every acknowledged edit is there after kill -9, forty times over" {
	mount_sandbox
	draft test
	for i in $(seq 40); do
		put num_of_nodes $((i % 7))
		put worker_system_disk_size $((100 + i))
		if [ $((i % 8)) = 0 ]; then
			remount
			reads num_of_nodes $((i % 7))
			reads worker_system_disk_size $((100 + i))
		fi
	done
}

@test "mkdir, mv and rmdir survive kill -9" {
	mount_sandbox
	draft one
	draft two
	draft three
	put num_of_nodes 5
	mv "$mnt/clusters/three" "$mnt/clusters/four"
	rmdir "$mnt/clusters/two"
	remount
	same 'four one' "$(find "$mnt/clusters" -mindepth 1 -printf '%f\n' \
		-prune | sort | paste -sd' ')"
	draft=$mnt/clusters/four
	reads num_of_nodes 5
	same 'four one' "$(kept "SELECT name FROM directories ORDER BY name" |
		paste -sd' ')"
}

@test "results survive, and what the service said of them" {
	mount_sandbox
	draft test
	fill
	commit
	ids=$(cd "$draft" && cat cluster_id request_id task_id)
	draft refused
	fill
	faults '{"do": "status", "status": 400, "code": "ErrBad",
		"message": "It is bad.", "method": "POST"}'
	ends 'write EINVAL' write "$draft/commit" 1
	remount
	same draft "$(cat "$draft/state")"
	holds "$(cat "$draft/error")" 'code: ErrBad'
	draft=$mnt/clusters/test
	same "$ids" "$(cd "$draft" && cat cluster_id request_id task_id)"
	holds "$(cat "$draft/state")" '^(initial|running)$'
	reads num_of_nodes 3
	commit
	ends 'write EPERM' write "$draft/vpcid" vpc-2zeik9h3ahvv2zz95xxxx
	ends 'rmdir EPERM' rmdir "$draft"
	same 2 "$(count_requests POST)"
}

@test "IDs are on disk before the writer has them" {
	mount_sandbox
	for i in $(seq 5); do
		draft "test-$i"
		fill_little
		commit
		same exists "$(recorded "test-$i" record)"
		same "$(cat "$draft/cluster_id")" \
			"$(recorded "test-$i" cloud_id)"
		same "$(cat "$draft/request_id")" "$(kept "SELECT request_id
			FROM receipts JOIN directories ON id = directory
			WHERE name = 'test-$i'")"
	done
}

has_posted()
{
	[ "$(count_requests POST)" = 1 ]
}

@test "an intent is on disk before the POST has left" {
	mount_sandbox
	draft test
	fill
	faults '{"do": "delay", "ms": 4000, "method": "POST"}'
	commit &
	wait_until has_posted
	same committing "$(cat "$draft/state")"
	same intent "$(recorded test record)"
	wait $!
	same exists "$(recorded test record)"
}

@test "passwords: asked for again, and nowhere in the directory" {
	mount_sandbox
	draft test
	fill
	run -1 grep -v '^warning: ' "$draft/check"
	remount
	only_findings '^login_password: ' '^warning: '
	ends 'write EINVAL' write "$draft/commit" 1
	put login_password "$sample_password"
	faults '{"do": "hang", "method": "POST"}'
	"$lib/try" write "$draft/commit" 1 >/dev/null 3>&- &
	wait_until grep -qx committing "$draft/state"
	same 0 "$(grep -rFc "$sample_password" "$dir/state" |
		awk -F: '{n += $2} END {print n}')"
	same 0 "$(grep -rFc "$key_secret" "$dir/state" |
		awk -F: '{n += $2} END {print n}')"
	daemon_kill
	same 0 "$(grep -rFc "$sample_password" "$dir/state" |
		awk -F: '{n += $2} END {print n}')"
}

@test "modes: 0700 and 0600, whatever the umask and the directory were" {
	mkdir -m 0755 "$dir/state"
	umask 0
	mount_sandbox
	draft test
	fill_little
	commit
	same 'd 700 .|f 600 account|f 600 ackfs.db|f 600 ackfs.db-wal|f 600 audit.log|f 600 region' \
		"$(cd "$dir/state" && find . -printf '%y %m %p\n' |
			sed 's| \./| |' | sort | paste -sd'|')"
}

@test "the default: one directory per endpoint, region and account" {
	sandbox_start
	"$ackfs" "$url" "$mnt" -f -o region=cn-beijing \
		>>"$dir/ackfs.log" 2>&1 </dev/null 3>&- &
	daemon_pid=$!
	wait_until answers_or_died
	draft test
	run -0 find "$XDG_STATE_HOME/ackfs" -name ackfs.db
	holds "$output" "/ackfs/[^/]*127\.0\.0\.1[^/]*cn-beijing[^/]*/ackfs.db$"
	mount_stop
	"$ackfs" "$url" "$mnt" -f -o region=cn-shanghai \
		>>"$dir/ackfs.log" 2>&1 </dev/null 3>&- &
	daemon_pid=$!
	wait_until answers_or_died
	same '' "$(ls "$mnt/clusters")"
}

@test "rows that make no sense are told; the others, and intents, are there" {
	log_expected=('^ackfs: the clusters could not be listed: ')
	mount_sandbox timeout=2 settle=60
	for name in good sent value name; do
		draft $name
		put num_of_nodes 3
		put tags a=b
	done
	draft=$mnt/clusters/sent
	fill
	faults '{"do": "hang_after", "method": "POST"}'
	"$lib/try" write "$draft/commit" 1 >/dev/null 2>&1 3>&- &
	wait_until has_posted
	daemon_kill
	changed "UPDATE parameters SET value = 'many' WHERE parameter =
			'num_of_nodes' AND directory = (SELECT id FROM
			directories WHERE name = 'value');
		UPDATE parameters SET parameter = 'no_such' WHERE parameter =
			'tags' AND directory = (SELECT id FROM directories
			WHERE name = 'sent');
		UPDATE directories SET name = 'a b' WHERE name = 'name'"
	# a list would find what was created, and end the intent
	faults '{"do": "status", "status": 500, "method": "GET",
		"path": "/regions/*", "times": -1}'
	mount_sandbox timeout=2 settle=60
	same 'good sent value' "$(cd "$mnt/clusters" && echo *)"
	for said in 'value num_of_nodes was not read back: "many"' \
		'sent no_such was not read back: there is no such parameter' \
		'the directory a b was not read back: mkdir would refuse'; do
		holds "$(cat "$mnt/error")" "$said"
		holds "$(cat "$dir/ackfs.log")" "$said"
	done
	same unknown "$(cat "$draft/state")"
	same 1 "$(count_requests POST)"
	draft=$mnt/clusters/value
	reads num_of_nodes ''
	reads tags a=b
	put num_of_nodes 4
	mount_stop
	mount_sandbox timeout=2 settle=60
	reads num_of_nodes 4
}

# refused PATTERN: so is the mount, and the files stay as they are.
refused()
{
	(cd "$dir/state" && md5sum ackfs.db* && ls -l --time-style=full-iso) \
		>"$dir/before"
	run -1 "$ackfs" "$url" "$mnt" -o "region=cn-beijing,state=$dir/state"
	holds "$output" "^ackfs: .*$dir/state/ackfs.db.*$1"
	(cd "$dir/state" && md5sum ackfs.db* && ls -l --time-style=full-iso) |
		diff "$dir/before" -
	no_mount_left
}

@test "a later format, and damage: refused, untouched, and back afterwards" {
	mount_sandbox
	draft test
	put num_of_nodes 3
	for killed in true false; do
		if $killed; then
			daemon_kill
		else
			mount_stop
		fi
		cp "$dir"/state/ackfs.db* "$dir"
		changed 'PRAGMA user_version = 9'
		refused 'has the format 9, which a later ackfs wrote'
		for damage in 'truncate -s -1024' 'truncate -s 700' \
			'shred -n 1' 'cp /etc/passwd'; do
			rm "$dir"/state/ackfs.db*
			cp "$dir"/ackfs.db* "$dir/state"
			$damage "$dir/state/ackfs.db"
			refused 'cannot be read'
			holds "$output" 'hint: .*sqlite3 ackfs\.db .*\.recover'
		done
		rm "$dir"/state/ackfs.db*
		mv "$dir"/ackfs.db* "$dir/state"
		mount_sandbox
		reads num_of_nodes 3
	done
}

@test "a log that a power loss tore: what was safe before stands in" {
	mount_sandbox
	draft test
	put num_of_nodes 3
	for damage in 'truncate -s 0' 'truncate -s -9' 'shred -n 1'; do
		put num_of_nodes 3
		remount
		put num_of_nodes 4
		daemon_kill
		$damage "$dir/state/ackfs.db-wal"
		mount_sandbox
		reads num_of_nodes 3
		# what is not whole was never acknowledged
		same '' "$(cat "$mnt/error")"
	done
	put num_of_nodes 5
	remount
	reads num_of_nodes 5
}

@test "records of a version that was never released: told, and let be" {
	mkdir -p "$dir/state/clusters"
	echo '{}' >"$dir/state/clusters/test.json"
	mount_sandbox
	same '' "$(ls "$mnt/clusters")"
	holds "$(cat "$mnt/error")" "$dir/state clusters was not read back"
	holds "$(cat "$dir/ackfs.log")" "$dir/state clusters was not read back"
	same '{}' "$(cat "$dir/state/clusters/test.json")"
}

@test "what is removed stays removed, also while the log is taken in" {
	mount_sandbox
	for i in $(seq 300); do
		mkdir "$mnt/clusters/d$i"
		put_into "d$i" $((i % 90))
	done
	rmdir "$mnt"/clusters/d1*
	left=$(ls "$mnt/clusters")
	mount_stop
	mount_sandbox
	same "$left" "$(ls "$mnt/clusters")"
	remount
	same "$left" "$(ls "$mnt/clusters")"
}

put_into()
{
	draft=$mnt/clusters/$1
	put num_of_nodes "$2"
}

@test "a directory that belongs to another user is refused" {
	mkdir "$dir/state"
	chown 65534 "$dir/state"
	sandbox_start
	run -1 "$ackfs" "$url" "$mnt" -o "region=cn-beijing,state=$dir/state"
	holds "$output" 'belongs to another user'
	rmdir "$dir/state"
	mkdir "$dir/elsewhere"
	ln -s "$dir/elsewhere" "$dir/state"
	run -1 "$ackfs" "$url" "$mnt" -o "region=cn-beijing,state=$dir/state"
	holds "$output" "^ackfs: .*$dir/state"
	no_mount_left
}
