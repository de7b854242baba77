#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Mounting and unmounting: it answers when the command returns, or it fails
# with a sentence.

# shellcheck source=tests/lib/ackfs.bash
source "$BATS_TEST_DIRNAME/../lib/ackfs.bash"
bats_require_minimum_version 1.5.0

# refused PATTERN ARG...: ackfs fails, says so in one sentence, mounts nothing,
# and no process of its is left when it says so.
refused()
{
	local pattern=$1

	shift
	run "$lib/childless" "$ackfs" "$@"
	[ "$status" -eq 1 ]
	holds "$output" '^ackfs: .+'
	holds "$output" "$pattern"
	no_mount_left
}

@test "the command returns when the mount answers, and leaves a daemon" {
	sandbox_start
	run "$ackfs" "$url" "$mnt" -o region=cn-beijing,state="$dir/state"
	[ "$status" -eq 0 ]
	same '' "$output"
	[ -s "$mnt/README" ]
	draft test
	pid=$(daemon_of "$url" "$mnt")
	same / "$(readlink "/proc/$pid/cwd")"
	for fd in 0 1 2; do
		same /dev/null "$(readlink "/proc/$pid/fd/$fd")"
	done
	rmdir "$draft"
	fusermount3 -u "$mnt"
	wait_until gone "$pid"
}

@test "a daemon with a sandbox keeps nothing of the caller's open" {
	# a pipe that stays open would keep whoever reads it waiting
	run -0 bash -o pipefail -c '"$1" sandbox "$2" -o state="$3" 2>&1 |
		timeout 30 cat' _ "$ackfs" "$mnt" "$dir/state"
	same '' "$output"
	pid=$(daemon_of sandbox "$mnt")
	fusermount3 -u "$mnt"
	wait_until gone "$pid"
}

# faketime(1) keeps a thing of its own for each process that it runs, and waits
# for the one that it started.
@test "with the clock of faketime, one that stands still, too, it works" {
	! under_valgrind || skip 'valgrind and faketime do not go together'
	for clock in '+1 hour=3[56][0-9][0-9] s ahead of' \
		'2020-12-24 20:30:00=[0-9]* s behind'; do
		# a sanitizer wants to be the first library that is loaded
		ASAN_OPTIONS=${ASAN_OPTIONS-}:verify_asan_link_order=0 \
			run -0 timeout 60 faketime -f "${clock%%=*}" \
			"$ackfs" sandbox "$mnt" -o state="$dir/state-${clock%% *}"
		same '' "$output"
		pid=$(daemon_of sandbox "$mnt")
		draft test
		fill
		commit
		is_committed
		timeout 60 cat "$draft/live/wait"
		holds "$(cat "$mnt/status")" \
			"clock: ${clock#*=} the clock of the service"
		fusermount3 -u "$mnt"
		wait_until gone "$pid"
	done
}

# open_in PID: what of the test's own files the process has open.
open_in()
{
	find "/proc/$1/fd" -lname "$dir/lock*" -printf '%l\n'
}

# A lock of flock(1) is held until the last descriptor of it is closed.
@test "a daemon and its children keep no descriptor that it inherited" {
	local child=

	touch "$dir/lock"
	exec 9>"$dir/lock" 21>"$dir/lock-too"
	flock 9
	"$ackfs" sandbox "$mnt" -o state="$dir/state"
	exec 9>&- 21>&-
	flock -n "$dir/lock" true
	pid=$(daemon_of sandbox "$mnt")
	child=$(pgrep -P "$pid" ack-sandbox)
	same '' "$(open_in "$pid")"
	same '' "$(open_in "$child")"
	fusermount3 -u "$mnt"
	wait_until gone "$pid"
	# with -f it is the caller's to hold one as long as it runs
	exec 9>"$dir/lock"
	flock 9
	mount_start sandbox
	exec 9>&-
	run -1 flock -n "$dir/lock" true
	same '' "$(open_in "$(pgrep -P "$daemon_pid" ack-sandbox)")"
}

@test "a daemon keeps the mount that was handed over, between others" {
	[ "$(id -u)" = 0 ] || skip 'only root can mount by hand'
	sandbox_start
	exec 9>"$dir/lock" 41>"$dir/lock-too"
	python3 - "$mnt" "$ackfs" "$url" "$dir/state" <<-'END'
		import ctypes, os, sys
		mnt, ackfs, url, state = sys.argv[1:]
		fd = os.open("/dev/fuse", os.O_RDWR)
		how = f"fd={fd},rootmode=40000,user_id=0,group_id=0".encode()
		if ctypes.CDLL(None, use_errno=True).mount(b"by-hand",
		        mnt.encode(), b"fuse.ackfs", 6, how):
		    raise OSError(ctypes.get_errno(), "mount")
		os.dup2(fd, 33)
		os.close(fd)
		os.execv(ackfs, [ackfs, url, "/dev/fd/33", "-o",
		                 f"region=cn-beijing,state={state}"])
	END
	exec 9>&- 41>&-
	[ -s "$mnt/README" ]
	pid=$(daemon_of "$url" /dev/fd/33)
	same '' "$(open_in "$pid")"
	umount "$mnt"
	wait_until gone "$pid"
}

@test "in the foreground, unmounting ends it and its sandbox with status 0" {
	mount_start sandbox
	child=$(pgrep -P "$daemon_pid" ack-sandbox)
	grep -q "^endpoint: http://127.0.0.1:" "$mnt/status"
	mount_stop
	wait_until gone "$child"
}

@test "a sandbox that is stopped, or will not end, holds up no unmount" {
	mount_start sandbox
	child=$(pgrep -P "$daemon_pid" ack-sandbox)
	kill -STOP "$child"
	mount_stop
	wait_until gone "$child"
	# one beside this copy that no TERM ends
	mkdir "$dir/bin"
	cp "$ackfs" "$dir/bin/ackfs"
	cat >"$dir/bin/ack-sandbox" <<-'END'
		#!/bin/bash
		trap '' TERM
		echo '{"url": "http://127.0.0.1:9", "access_key_id": "A",' \
			'"access_key_secret": "B"}'
		while :; do read -rt 1 <> <(:); done
	END
	chmod 755 "$dir/bin/ack-sandbox"
	ackfs=$dir/bin/ackfs mount_start sandbox
	child=$(pgrep -P "$daemon_pid")
	mount_stop
	wait_until gone "$child"
	mount_start sandbox
}

@test "without /proc it says so" {
	unshare -m true 2>/dev/null || skip 'no mount namespace here'
	# shellcheck disable=SC2016 # for the inner shell
	for source in cn-beijing sandbox; do
		run -1 unshare -m sh -c 'umount -R -l /proc; "$@"' _ \
			"$ackfs" $source "$mnt" -o "state=$dir/state"
		holds "$output" '/proc is not mounted'
	done
}

@test "TERM and INT unmount and end it with status 0" {
	for signal in TERM INT; do
		mount_start sandbox
		child=$(pgrep -P "$daemon_pid" ack-sandbox)
		kill -$signal "$daemon_pid"
		expect_exit 0 "$daemon_pid"
		daemon_pid=""
		no_mount_left
		wait_until gone "$child"
	done
}

@test "the sandbox dies with a daemon that is killed; the next cleans up" {
	mount_start sandbox
	child=$(pgrep -P "$daemon_pid" ack-sandbox)
	kill -KILL "$daemon_pid"
	wait "$daemon_pid" || true
	wait_until gone "$child"
	run -1 cat "$mnt/README"
	mount_start sandbox
	[ -s "$mnt/README" ]
}

@test "one thread, one for the disk, and no descriptor more after twenty commits" {
	mount_sandbox
	fds()
	{
		find "/proc/$daemon_pid/fd" -lname 'socket:*' -prune -o -print |
			wc -l
	}
	before=$(fds)
	for i in $(seq 20); do
		draft "test-$i"
		fill_little
		commit
	done
	same "$before" "$(fds)"
	same 2 "$(find "/proc/$daemon_pid/task" -mindepth 1 -maxdepth 1 |
		wc -l)"
}

@test "the top of the tree" {
	mount_sandbox
	same "README by-id clusters error index.html live schema status" \
		"$(find "$mnt" -mindepth 1 -maxdepth 1 -printf '%f\n' |
			sort | paste -sd' ')"
	same "444 755 444 555 444" \
		"$(cd "$mnt" && stat -c %a README clusters error schema status |
			paste -sd' ')"
	grep -q 'num_of_nodes' "$mnt/README"
	[ "$(wc -l <"$mnt/README")" -le 40 ]
	same '' "$(cat "$mnt/error")"
}

@test "status tells endpoint, region, body form, masked key and counters" {
	mount_sandbox
	status=$(cat "$mnt/status")
	holds "$status" "endpoint: $url"
	holds "$status" 'region: cn-beijing'
	holds "$status" 'body: classic \(.+\)'
	holds "$status" 'version: .*[0-9]+\.[0-9]+'
	holds "$status" 'credentials: environment'
	holds "$status" 'calls: 1'
	lacks "$status" "$key_id"
	lacks "$status" "$key_secret"
	draft test
	fill_little
	commit
	# the roles, who has the name, the create
	wait_until grep -qx 'calls: 4' "$mnt/status"
}

@test "schema/ explains each parameter" {
	mount_sandbox
	"$ackfs" --schema >"$dir/schema.json"
	names=$(jq -r '.cluster[].name' "$dir/schema.json" | sort)
	# what stands elsewhere than in the directory of a cluster says where
	same "$(tr / _ <<<"$names" | sort)" "$(find "$mnt/schema" -maxdepth 1 \
		-type f -printf '%f\n' | sort)"
	same "$names" "$(find "$mnt/schema" -maxdepth 1 -type f -exec \
		sed -n 's/^name: //p' {} + | sort)"
	grep -qx live/addons <<<"$names"
	[ "$(wc -l <<<"$names")" -ge 40 ]
	for name in $names; do
		text=$(cat "$mnt/schema/${name//\//_}")
		holds "$text" 'type: .+'
	done
	holds "$(cat "$mnt/schema/num_of_nodes")" '100'
	ends 'mkdir EACCES' mkdir "$mnt/schema/x" ||
		ends 'mkdir EPERM' mkdir "$mnt/schema/x"
}

@test "every parameter of the classic request is in the table" {
	"$ackfs" --schema | jq -r '.cluster[].name' | sort >"$dir/names"
	tr ' ' '\n' <<-'END' | sort >"$dir/wanted"
		addons cloud_monitor_flags cluster_type container_cidr cpu_policy
		deletion_protection disable_rollback endpoint_public_access key_pair
		kubernetes_version login_password name node_cidr_mask num_of_nodes
		os_type platform proxy_mode public_slb region_id runtime
		security_group_id service_cidr snat_entry tags taints timeout_mins
		vpcid vswitch_ids worker_auto_renew worker_auto_renew_period
		worker_data_disk worker_data_disk_category worker_data_disk_size
		worker_data_disks worker_instance_charge_type worker_instance_types
		worker_period worker_period_unit worker_system_disk_category
		worker_system_disk_size
	END
	same 40 "$(wc -l <"$dir/wanted")"
	same '' "$(comm -13 "$dir/names" "$dir/wanted")"
}

@test "--help, --version and --schema" {
	run -0 "$ackfs" --help
	holds "$output" 'usage: ackfs SOURCE MOUNTPOINT'
	holds "$output" '-o timeout='
	run -0 "$ackfs" --version
	holds "$output" '^ackfs [0-9]+\.[0-9]+'
	"$ackfs" --schema | jq -e '.cluster | length >= 40' >/dev/null
}

@test "refused: no arguments, unknown options, bad values" {
	refused 'usage'
	refused 'usage' cn-beijing
	refused 'nonsense' cn-beijing "$mnt" -o nonsense
	refused 'timeout' cn-beijing "$mnt" -o timeout=soon
	refused 'body' cn-beijing "$mnt" -o body=flat
	refused 'too many' cn-beijing "$mnt" more
}

@test "refused: a region that cannot be one" {
	export ALIBABA_CLOUD_ACCESS_KEY_ID=LTAI5tMadeUpKeyId0000001
	export ALIBABA_CLOUD_ACCESS_KEY_SECRET=MadeUpSecret00000000000000001
	refused 'region' 'CN Beijing' "$mnt"
	refused 'region' cn_beijing "$mnt"
	refused 'region' cn-beijing/../.. "$mnt"
}

@test "refused: an endpoint without a region" {
	export ALIBABA_CLOUD_ACCESS_KEY_ID=LTAI5tMadeUpKeyId0000001
	export ALIBABA_CLOUD_ACCESS_KEY_SECRET=MadeUpSecret00000000000000001
	refused 'region' http://127.0.0.1:9 "$mnt"
	refused 'region' http://127.0.0.1:9 "$mnt" -o region='Not One'
}

@test "refused: http to an address that is not loopback" {
	export ALIBABA_CLOUD_ACCESS_KEY_ID=LTAI5tMadeUpKeyId0000001
	export ALIBABA_CLOUD_ACCESS_KEY_SECRET=MadeUpSecret00000000000000001
	refused 'http' http://192.0.2.1 "$mnt" -o region=cn-beijing
	refused 'ftp|http' ftp://127.0.0.1 "$mnt" -o region=cn-beijing
}

@test "refused: a mountpoint that is missing or no directory" {
	refused 'no/such' sandbox "$dir/no/such" -o state="$dir/state"
	: >"$dir/file"
	refused 'irectory' sandbox "$dir/file" -o state="$dir/state"
	no_process_left
}

@test "refused: no credentials, and the sources tried are named" {
	refused 'environment|ALIBABA_CLOUD_ACCESS_KEY_ID' cn-beijing "$mnt" \
		-o state="$dir/state"
	holds "$output" 'config.json'
}

@test "the region comes from the environment when SOURCE is a URL" {
	sandbox_start
	export ALIBABA_CLOUD_REGION_ID=cn-shanghai
	mount_start "$url"
	grep -qx 'region: cn-shanghai' "$mnt/status"
}

@test "keys of the CLI's config.json: the current profile, and another" {
	sandbox_start
	unset ALIBABA_CLOUD_ACCESS_KEY_ID ALIBABA_CLOUD_ACCESS_KEY_SECRET
	mkdir -p "$HOME/.aliyun"
	jq -n --arg id "$key_id" --arg secret "$key_secret" '{
		current: "main", profiles: [
		{name: "main", mode: "AK", access_key_id: $id,
		 access_key_secret: $secret, region_id: "cn-hangzhou"},
		{name: "other", mode: "AK", access_key_id: "LTAI5tOther",
		 access_key_secret: "wrong", region_id: "cn-shenzhen"}]}' \
		>"$HOME/.aliyun/config.json"
	chmod 600 "$HOME/.aliyun/config.json"
	mount_start "$url"
	grep -qx 'region: cn-hangzhou' "$mnt/status"
	draft test
	fill_little
	commit
	is_committed
	mount_stop
	mount_start "$url" profile=other "state=$dir/other"
	grep -qx 'region: cn-shenzhen' "$mnt/status"
	draft other
	fill_little
	run -1 bash -c 'echo 1 >"$1"' _ "$draft/commit"
	holds "$(cat "$draft/error")" 'InvalidAccessKeyId.NotFound'
}

@test "a security token travels with the key" {
	export ALIBABA_CLOUD_SECURITY_TOKEN=made-up-token-1234567890
	mount_service
	draft test
	fill_little
	commit
	service_heard | jq -es 'length == 2 and all(.[].headers;
		.["x-acs-security-token"] == "made-up-token-1234567890" and
		(.authorization | contains("x-acs-security-token")))'
}

@test "an option list as mount(8) hands it over is taken" {
	sandbox_start
	mount_start "$url" region=cn-beijing rw nofail _netdev noauto \
		x-systemd.automount nosuid nodev noatime
	[ -s "$mnt/README" ]
}
