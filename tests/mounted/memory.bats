#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The daemon's memory, which root can read: what is in it, and what is no more.

# shellcheck source=tests/lib/ackfs.bash
source "$BATS_TEST_DIRNAME/../lib/ackfs.bash"
# shellcheck source=tests/lib/cloud.bash
source "$BATS_TEST_DIRNAME/../lib/cloud.bash"
bats_require_minimum_version 1.5.0

canary=Kanarien#Vogel5

# mount_canary: another draft waits with a password, which a search has to
# find, or it is worth nothing.
mount_canary()
{
	mount_sandbox "$@"
	draft canary
	put login_password $canary
	draft test
}

# in_memory TEXT...: how often each stands there.
in_memory()
{
	local counts

	mapfile -t counts < <(printf '%s\n' $canary "$@" |
		"$lib/scan" "$daemon_pid")
	[ "${counts[0]}" -gt 0 ] || {
		printf 'the canary was not found\n'
		return 1
	}
	printf '%s\n' "${counts[*]:1}"
}

# no_more PASSWORD: nor does a piece of it stay.
no_more()
{
	same '0 0 0' "$(in_memory "$1" "${1:0:9}" "${1: -9}")"
}

@test "the password is gone once it was sent" {
	mount_canary
	fill
	put login_password Gone@1900Ackfs77
	commit
	is_committed
	no_more Gone@1900Ackfs77
}

@test "the password is gone with the draft" {
	mount_canary
	fill
	put login_password Gone@1900Ackfs77
	rmdir "$draft"
	no_more Gone@1900Ackfs77
}

@test "the password is gone when another was written, or none" {
	mount_canary
	put login_password Gone@1900Ackfs77
	put login_password "$sample_password"
	no_more Gone@1900Ackfs77
	: >"$draft/login_password"
	no_more "$sample_password"
}

@test "a password that was refused is gone" {
	mount_canary
	ends 'write EINVAL' write "$draft/login_password" gone1900ackfs
	no_more gone1900ackfs
}

@test "a password in request.json is gone as well" {
	mount_canary
	fill
	jq '.login_password = "Gone@1900Ackfs77"' "$draft/request.json" \
		>"$dir/body.json"
	cp "$dir/body.json" "$draft/request.json"
	commit
	is_committed
	no_more Gone@1900Ackfs77
}

@test "the AccessKey secret is in the environment, and once more" {
	local times=2

	! sanitized || times=3
	mount_canary
	fill
	commit
	is_committed
	same $times "$(in_memory "$key_secret")"
	kill -HUP "$daemon_pid"
	cat "$mnt/live/account" >/dev/null
	same $times "$(in_memory "$key_secret")"
}

@test "one of a file is there once, and no more when it has changed" {
	local old

	sandbox_start
	old=$key_secret
	unset ALIBABA_CLOUD_ACCESS_KEY_ID ALIBABA_CLOUD_ACCESS_KEY_SECRET
	profile()
	{
		profiles "$(jq -n --arg id "$key_id" --arg secret "$1" '{
			name: "main", mode: "AK", access_key_id: $id,
			access_key_secret: $secret}')"
	}
	profile "$old"
	mount_canary
	fill
	commit
	is_committed
	same 1 "$(in_memory "$old")"
	profile another-Secret-0815
	kill -HUP "$daemon_pid"
	wait_until has_in_memory another-Secret-0815
	same '1 0' "$(in_memory another-Secret-0815 "$old")"
}

has_in_memory()
{
	[ "$(in_memory "$1")" -gt 0 ]
}
