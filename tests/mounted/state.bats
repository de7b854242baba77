#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The state directory: what is in it, what it survives, what it does not
# believe (design 8).

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
	wait_until journal_empty
	same 'four.json one.json' "$(find "$dir/state/clusters" -type f \
		-printf '%f\n' | sort | paste -sd' ')"
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
	ends 'open EPERM' write "$draft/vpcid" vpc-2zeik9h3ahvv2zz95xxxx
	ends 'rmdir EPERM' rmdir "$draft"
	same 2 "$(count_requests POST)"
}

@test "IDs are on disk before the writer has them" {
	mount_sandbox
	for i in $(seq 5); do
		draft "test-$i"
		fill_little
		commit
		same exists "$(recorded "test-$i" | jq -r .record)"
		same "$(cat "$draft/cluster_id")" \
			"$(recorded "test-$i" | jq -r .cluster_id)"
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
	same intent "$(recorded test | jq -r .record)"
	wait $!
	same exists "$(recorded test | jq -r .record)"
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
	settle
	same 'd 700 .|d 700 clusters|f 600 account|f 600 audit.log|f 600 clusters/test.json|f 600 journal' \
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
	run -0 grep -rl '"directory":"test"' "$XDG_STATE_HOME/ackfs"
	holds "$output" "/ackfs/[^/]*127\.0\.0\.1[^/]*cn-beijing[^/]*/journal"
	mount_stop
	"$ackfs" "$url" "$mnt" -f -o region=cn-shanghai \
		>>"$dir/ackfs.log" 2>&1 </dev/null 3>&- &
	daemon_pid=$!
	wait_until answers_or_died
	same '' "$(ls "$mnt/clusters")"
}

# What the mount makes of a bad record, given as a command that makes it.
set_aside()
{
	local name=$1

	run find "$dir/state/clusters" -name "$name.*.damaged"
	same 1 "${#lines[@]}"
	holds "$(cat "$mnt/error" "$dir/ackfs.log")" \
		"the record $name was set aside as $name\.0\.damaged: .+"
}

@test "damaged records are set aside with a reason; the others are there" {
	mount_sandbox
	for name in good cut garbage empty wrong format kind intent value list \
		bell huge deep nul; do
		draft $name
		put num_of_nodes 3
	done
	settle
	daemon_kill
	cd "$dir/state/clusters"
	truncate -s -40 cut.json
	head -c 3000 /dev/urandom >garbage.json
	: >empty.json
	cp good.json wrong.json
	jq -c '.format = "ackfs-9"' good.json | sed 's/"good"/"format"/' \
		>format.json
	sed 's/"good"/"kind"/; s/"record":"draft"/"record":"exists"/' \
		good.json >kind.json
	sed 's/"good"/"intent"/; s/"record":"draft"/"record":"intent"/' \
		good.json >intent.json
	sed 's/"good"/"value"/; s/"text":"3"/"text":"many"/' good.json \
		>value.json
	jq -c '.directory = "list" | .values = [.values]' good.json >list.json
	jq -c '.directory = "bell" | .record = "intent" | .intent = {
		commit: "01234567-89ab-4def-8123-456789abcdef",
		name: "be\u0007ll", date: 1767225600}' good.json >bell.json
	truncate -s 64M huge.json
	{
		printf '{"format":"ackfs-1","directory":"deep","x":'
		printf '%*s' 100000 '' | tr ' ' '['
	} >deep.json
	sed 's/"good"/"nul"/; s/{/{\x00/' good.json >nul.json
	cp ./*.json "$dir"
	cd "$dir"
	mount_sandbox
	same good "$(ls "$mnt/clusters")"
	draft=$mnt/clusters/good
	reads num_of_nodes 3
	for name in cut garbage empty wrong format kind intent value list bell \
		huge deep nul; do
		set_aside $name.json
		cmp "$dir/$name.json" \
			"$dir/state/clusters/$name.json.0.damaged"
	done
	holds "$(cat "$mnt/error")" 'set aside'
	# the names are free again, and the next mount is quiet
	draft cut
	mount_stop
	mount_sandbox
	same '' "$(cat "$mnt/error")"
	same 'cut good' "$(cd "$mnt/clusters" && echo *)"
}

@test "a second damage to the same name keeps the first" {
	mount_sandbox
	for word in one two three; do
		draft test
		settle
		daemon_kill
		echo $word >"$(record test)"
		mount_sandbox
	done
	same 'one two three' "$(cd "$dir/state/clusters" &&
		cat test.json.0.damaged test.json.1.damaged \
			test.json.2.damaged | paste -sd' ')"
}

@test "a journal that a power loss tore: what was safe before stands in" {
	mount_sandbox
	draft test
	put num_of_nodes 3
	settle
	put num_of_nodes 4
	remount
	reads num_of_nodes 4
	for damage in 'truncate -s 0' 'truncate -s -9' 'shred -n 1'; do
		put num_of_nodes 3
		settle
		put num_of_nodes 4
		daemon_kill
		$damage "$dir/state/journal"
		mount_sandbox
		reads num_of_nodes 3
		# a line without its end was never acknowledged
		case $damage in
		shred*) holds "$(cat "$mnt/error")" \
			'the end of journal was set aside' ;;
		*) same '' "$(cat "$mnt/error")" ;;
		esac
	done
	same 1 "$(find "$dir/state" -name 'journal.*.damaged' | wc -l)"
	put num_of_nodes 5
	settle
	reads num_of_nodes 5
	same '' "$(cat "$mnt/error")"
}

@test "rmdir takes the record, and what the journal says" {
	mount_sandbox
	draft test
	settle
	put num_of_nodes 4
	rmdir "$draft"
	same '' "$(ls "$dir/state/clusters")"
	remount
	same '' "$(ls "$mnt/clusters")"
}

@test "what is no file, or no record, in its place: neither read nor followed" {
	mkdir -p "$dir/state/clusters/directory.json"
	cd "$dir/state/clusters"
	mkfifo fifo.json
	echo '{}' >"$dir/outside"
	ln -s "$dir/outside" link.json
	ln -s /dev/zero zero.json
	echo hello >notes.txt
	echo hello >.json
	cd "$dir"
	mount_sandbox
	same '' "$(ls "$mnt/clusters")"
	for name in directory.json fifo.json link.json zero.json notes.txt \
		.json; do
		set_aside $name
	done
	same '{}' "$(cat "$dir/outside")"
	same hello "$(cat "$dir/state/clusters/notes.txt.0.damaged")"
	holds "$(cat "$mnt/error")" 'set aside'
}

@test "a record of another user's is not believed" {
	mount_sandbox
	draft test
	settle
	daemon_kill
	chown 65534 "$(record test)"
	mount_sandbox
	set_aside test.json
}

@test "a record whose name could not be a directory's is set aside" {
	mount_sandbox
	draft good
	settle
	daemon_kill
	names=(. .. 'a b' $'a\tb' '-x y' "$(printf 'x%.0s' $(seq 200))" '<x>')
	for name in "${names[@]}"; do
		jq -c --arg name "$name" '.directory = $name' \
			"$(record good)" >"$(record "$name")"
	done
	mount_sandbox
	same good "$(find "$mnt/clusters" -mindepth 1 -maxdepth 1 \
		-printf '%f\n')"
	same "${#names[@]}" "$(find "$dir/state/clusters" \
		-name '*.damaged' | wc -l)"
}

@test "what interrupted writes left is removed" {
	mount_sandbox
	draft test
	put num_of_nodes 3
	daemon_kill
	echo half >"$dir/state/clusters/test.new"
	echo half >"$dir/state/clusters/other.new"
	mount_sandbox
	wait_until journal_empty
	same test.json "$(ls "$dir/state/clusters")"
	same test "$(ls "$mnt/clusters")"
	draft=$mnt/clusters/test
	reads num_of_nodes 3
	put num_of_nodes 4
	same '' "$(cat "$mnt/error")"
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
