#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Passwords and keys: written, used, and seen nowhere.

# shellcheck source=tests/lib/ackfs.bash
source "$BATS_TEST_DIRNAME/../lib/ackfs.bash"
bats_require_minimum_version 1.5.0

# none_in WHERE: neither password nor key secret stands in standard input.
none_in()
{
	local text

	text=$(cat)
	for secret in "$sample_password" Other@1900ackfs "$key_secret"; do
		if [ -n "$secret" ] && [[ $text == *"$secret"* ]]; then
			printf 'a secret stands in %s\n' "$1"
			return 1
		fi
	done
}

# Everything that can be read through the mount, and all that was written
# beside it.
nowhere()
{
	# wait and watch would block: the cluster never comes to rest
	find "$mnt" -type f -perm /444 ! -name wait ! -name watch -print0 | xargs -0 cat |
		none_in 'a file of the mount'
	none_in 'the log' <"$dir/ackfs.log"
	tr '\0' '\n' <"/proc/$daemon_pid/cmdline" | none_in 'the command line'
	if [ -d "$dir/state" ]; then
		find "$dir/state" -type f -print0 | xargs -0r cat |
			none_in 'the state directory'
	fi
}

@test "the password is written and cannot be read, also by root" {
	mount_sandbox
	draft test
	put login_password "$sample_password"
	same '' "$(cat "$draft/login_password")"
	same 0 "$(stat -c %s "$draft/login_password")"
	same 600 "$(stat -c %a "$draft/login_password")"
	# nor through the descriptor that writes it, nor as a backup
	exec 7<>"$draft/login_password"
	printf %s "$sample_password" >&7
	same '' "$(cat <&7)"
	same '' "$(/usr/bin/python3 -c 'import os; print(
		os.pread(7, 99, 0).decode(), end="")')"
	exec 7>&-
	mv "$draft/login_password" "$draft/login_password.bak"
	same '' "$(cat "$draft/login_password.bak")"
	nowhere
}

@test "a refused password does not stand in error" {
	mount_sandbox
	draft test
	for password in 5hort# onlylettershere 1234567890 \
		"Test@1900ackfs$(printf 'x%.0s' $(seq 30))"; do
		ends 'write EINVAL' write "$draft/login_password" "$password"
		error=$(cat "$draft/error")
		holds "$error" 'login_password'
		[[ $error != *"$password"* ]]
	done
	nowhere
}

@test "request.json leaves it out, the wire carries it" {
	mount_service
	draft test
	fill
	jq -e 'has("login_password") | not' "$draft/request.json"
	commit
	same "$sample_password" "$(posted_body | jq -r .login_password)"
	nowhere
}

@test "through a whole life with -d, in no log and no file" {
	# libfuse tells every answer; an errno is no trouble there
	log_expected=('^ackfs: *unique: [0-9]+, error: -[0-9]+ \(')
	sandbox_start
	mount_spawn "$url" ,region=cn-beijing -d
	wait_until answers_or_died
	answers
	draft test
	fill
	put login_password Other@1900ackfs
	cat "$draft/request.json" "$draft/check" >/dev/null
	put snat_entry false
	commit
	is_committed
	nowhere
}

@test "a refused commit keeps the password, and shows it nowhere" {
	mount_sandbox
	draft test
	fill
	faults '{"do": "status", "status": 400, "code": "ErrBad",
		"message": "It is bad.", "method": "POST"}'
	run -1 bash -c 'echo 1 >"$1"' _ "$draft/commit"
	holds "$(cat "$draft/error")" 'code: ErrBad'
	nowhere
	commit
	is_committed
	nowhere
}

@test "no core dump, not dumpable, keys not in the environment of a child" {
	mount_start sandbox
	grep -E '^Max core file size +0 +0 ' "/proc/$daemon_pid/limits"
	# a process that is not dumpable has its files owned by root, also
	# when it belongs to another user, and gdb cannot attach
	run /usr/bin/python3 - "$daemon_pid" <<-'PY'
		import os, sys
		pid = int(sys.argv[1])
		os.setgid(65534)
		os.setuid(65534)
		try:
		    os.readlink(f"/proc/{pid}/exe")
		    print("readable")
		except PermissionError:
		    print("closed")
	PY
	same closed "$output"
	child=$(pgrep -P "$daemon_pid" ack-sandbox)
	tr '\0' '\n' <"/proc/$child/cmdline" | none_in 'the command line'
	run tr '\0' '\n' <"/proc/$child/environ"
	lacks "$output" 'ACCESS_KEY'
}
