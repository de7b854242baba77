#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Ordinary programs write right values, and read right ones back.

# shellcheck source=tests/lib/ackfs.bash
source "$BATS_TEST_DIRNAME/../lib/ackfs.bash"
# shellcheck source=tests/lib/life.bash
source "$BATS_TEST_DIRNAME/../lib/life.bash"
bats_require_minimum_version 1.5.0

types=$'ecs.g7.xlarge\necs.c7.xlarge\necs.r7.xlarge'

setup()
{
	ackfs_setup
	mount_sandbox
	draft test
	printf '%s\n' "$types" >"$dir/types"
}

@test "echo and printf of several lines, in bash, dash and BusyBox" {
	for shell in bash dash 'busybox ash'; do
		$shell -c 'echo 3 >"$1/num_of_nodes" &&
			printf "%s\n" ecs.g7.xlarge ecs.c7.xlarge \
				ecs.r7.xlarge >"$1/worker_instance_types"' \
			sh "$draft"
		reads num_of_nodes 3
		reads worker_instance_types "$types"
		run $shell -c 'echo 500 >"$1/num_of_nodes"' sh "$draft"
		[ "$status" -ne 0 ]
		reads num_of_nodes 3
		: >"$draft/num_of_nodes"
		: >"$draft/worker_instance_types"
	done
}

@test "a shell that writes each line by itself" {
	{
		echo ecs.g7.xlarge
		echo ecs.c7.xlarge
		echo ecs.r7.xlarge
	} >"$draft/worker_instance_types"
	reads worker_instance_types "$types"
}

@test "cat > and cat >>" {
	cat "$dir/types" >"$draft/worker_instance_types"
	reads worker_instance_types "$types"
	echo ecs.g8i.large | cat >>"$draft/worker_instance_types"
	reads worker_instance_types "$types"$'\necs.g8i.large'
}

@test "tee and tee -a" {
	tee "$draft/num_of_nodes" >/dev/null <<<12
	reads num_of_nodes 12
	run -1 tee "$draft/num_of_nodes" <<<500
	reads num_of_nodes 12
	echo ecs.g7.xlarge | tee "$draft/worker_instance_types" >/dev/null
	echo ecs.c7.xlarge | tee -a "$draft/worker_instance_types" >/dev/null
	reads worker_instance_types $'ecs.g7.xlarge\necs.c7.xlarge'
}

@test "dd of a number, a byte at a time" {
	printf 42 | dd bs=1 of="$draft/num_of_nodes" status=none
	reads num_of_nodes 42
	echo 100 | dd bs=1 of="$draft/num_of_nodes" status=none
	reads num_of_nodes 100
	dd bs=1 if="$dir/types" of="$draft/worker_instance_types" status=none
	reads worker_instance_types "$types"
}

@test "cp, cp -p, cp --remove-destination, install" {
	echo 9 >"$dir/nine"
	cp "$dir/nine" "$draft/num_of_nodes"
	reads num_of_nodes 9
	cp -p "$dir/nine" "$draft/timeout_mins"
	reads timeout_mins 9
	echo 10 >"$dir/nine"
	cp --remove-destination "$dir/nine" "$draft/num_of_nodes"
	reads num_of_nodes 10
	echo 11 >"$dir/nine"
	install -m 644 "$dir/nine" "$draft/num_of_nodes"
	reads num_of_nodes 11
	echo 500 >"$dir/nine"
	run -1 cp "$dir/nine" "$draft/num_of_nodes"
	reads num_of_nodes 11
	cp "$draft/num_of_nodes" "$dir/back"
	same 11 "$(cat "$dir/back")"
}

@test "BusyBox echo, cat, cp, dd, tee, head" {
	busybox echo 7 >"$draft/num_of_nodes"
	same 7 "$(busybox cat "$draft/num_of_nodes")"
	busybox cp "$dir/types" "$draft/worker_instance_types"
	same "$types" "$(busybox cat "$draft/worker_instance_types")"
	busybox cp "$draft/worker_instance_types" "$dir/back"
	cmp "$dir/types" "$dir/back"
	same ecs.g7.xlarge \
		"$(busybox head -n 1 "$draft/worker_instance_types")"
	busybox echo 8 | busybox tee "$draft/num_of_nodes"
	reads num_of_nodes 8
	run busybox cp /etc/passwd "$draft/num_of_nodes"
	[ "$status" -ne 0 ]
	reads num_of_nodes 8
}

@test "GNU tar packs a draft and unpacks it into another" {
	fill
	tar -C "$draft" -cf "$dir/draft.tar" --exclude=login_password \
		--exclude=commit --exclude=request.json --exclude=check \
		--exclude=plan --exclude=state --exclude=error \
		--exclude=digest .
	tar -tvf "$dir/draft.tar" | grep -q 'num_of_nodes'
	old=$draft
	draft copy
	tar -C "$draft" -xf "$dir/draft.tar" --no-same-owner
	put name test
	put login_password "$sample_password"
	diff <(jq -S . "$old/request.json") <(jq -S . "$draft/request.json")
}

@test "sed -i" {
	put num_of_nodes 3
	sed -i s/3/5/ "$draft/num_of_nodes"
	reads num_of_nodes 5
	printf '%s\n' "$types" >"$draft/worker_instance_types"
	sed -i /c7/d "$draft/worker_instance_types"
	reads worker_instance_types $'ecs.g7.xlarge\necs.r7.xlarge'
	run sed -i s/5/500/ "$draft/num_of_nodes"
	[ "$status" -ne 0 ]
	reads num_of_nodes 5
}

@test "rsync of saved values" {
	mkdir "$dir/saved"
	echo 13 >"$dir/saved/num_of_nodes"
	cp "$dir/types" "$dir/saved/worker_instance_types"
	rsync -r "$dir/saved/" "$draft/"
	reads num_of_nodes 13
	reads worker_instance_types "$types"
	echo 14 >"$dir/saved/num_of_nodes"
	rsync -rI --inplace "$dir/saved/" "$draft/"
	reads num_of_nodes 14
}

@test "python: text files, pathlib, low-level, and an error that is raised" {
	run -0 /usr/bin/python3 - "$draft" <<-'PY'
		import errno, os, pathlib, sys
		d = pathlib.Path(sys.argv[1])
		with open(d / "num_of_nodes", "w") as f:
		    f.write("21\n")
		assert (d / "num_of_nodes").read_text() == "21\n"
		(d / "tags").write_text("a=b\nc=d\n")
		assert (d / "tags").read_text().split() == ["a=b", "c=d"]
		with open(d / "tags", "a") as f:
		    f.write("e=f\n")
		assert (d / "tags").read_text().split() == ["a=b", "c=d", "e=f"]
		with open(d / "timeout_mins", "r+") as f:
		    f.write("75")
		assert (d / "timeout_mins").read_text() == "75\n"
		try:
		    (d / "num_of_nodes").write_text("500")
		    sys.exit("not refused")
		except OSError as e:
		    assert e.errno == errno.EINVAL
		assert (d / "num_of_nodes").read_text() == "21\n"
		fd = os.open(d / "num_of_nodes", os.O_RDWR)
		assert os.pread(fd, 100, 0) == b"21\n"
		assert os.fstat(fd).st_size == 3
		os.close(fd)
	PY
}

@test "grep -r and find over the whole mount read every byte" {
	fill
	same "$draft/vpcid" "$(grep -rl vpc-2zegvl5etah5requ09nec \
		"$draft" --exclude=request.json 2>/dev/null)"
	n=$(find "$mnt" -type f | wc -l)
	[ "$n" -ge 80 ]
	find "$mnt/schema" -type f -exec wc -c {} + >/dev/null
}

@test "grep, tar, rsync, cp, diff, find and git go through directories" {
	mount_stop
	sandbox_stop
	rm -rf "$dir/state"
	mount_quick
	born web
	from_here
	draft test
	fill
	ends 'write EINVAL' write "$draft/num_of_nodes" 500
	before=$(cat "$draft/error")
	cd "$mnt/clusters"
	git init -q "$dir/git"
	while read -r wanted command; do
		rc=0
		eval "$command" >"$dir/out" 2>"$dir/said" || rc=$?
		[[ " ${wanted//,/ } " == *" $rc "* ]] || {
			printf '%s: %s\n' "$command" $rc
			cat "$dir/said"
			return 1
		}
		same '' "$(cat "$dir/said")"
	done <<-'END'
		1 grep -r no-such-text test web
		0 tar -cf "$dir/all.tar" test web
		0 busybox tar -cf "$dir/all.tar" test web
		0 cp -r test web "$dir/"
		0 rsync -a test web "$dir/copies/"
		0,1 diff -r test web
		0 find test web -type f -exec cat {} +
		0 git --git-dir="$dir/git/.git" --work-tree=. add test web
	END
	run -1 grep -rq "$sample_password" "$dir/test" "$dir/copies" \
		"$dir/all.tar"
	# empty orders that come back order nothing
	cp "$dir/test/commit" test/commit
	tar -xf "$dir/all.tar" test/commit
	same draft "$(cat test/state)"
	same "$before" "$(cat test/error)"
	cd /
	same '' "$(changes)"
}

@test "ls -l, stat, du and wc agree" {
	printf '%s\n' "$types" >"$draft/worker_instance_types"
	same 42 "$(stat -c %s "$draft/worker_instance_types")"
	same 42 "$(wc -c <"$draft/worker_instance_types")"
	same 42 "$(du -b "$draft/worker_instance_types" | cut -f1)"
	same 42 "$(busybox stat -c %s "$draft/worker_instance_types")"
	echo ecs.g8i.large >>"$draft/worker_instance_types"
	same 56 "$(stat -c %s "$draft/worker_instance_types")"
}

@test "a script of make(1)'s kind: test -e, test -s, -nt" {
	[ ! -e "$draft/cluster_id" ]
	[ ! -s "$draft/num_of_nodes" ]
	touch "$dir/before"
	sleep 0.05
	put num_of_nodes 3
	[ -s "$draft/num_of_nodes" ]
	[ "$draft/num_of_nodes" -nt "$dir/before" ]
}
