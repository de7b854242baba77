#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The daemon's memory, which root can read: what is in it, and what is no more.

# shellcheck source=tests/lib/ackfs.bash
source "$BATS_TEST_DIRNAME/../lib/ackfs.bash"
# shellcheck source=tests/lib/cloud.bash
source "$BATS_TEST_DIRNAME/../lib/cloud.bash"
bats_require_minimum_version 1.5.0

canary=Kanarien#Vogel5

teardown()
{
	flood_stop
	ackfs_teardown
}

flood_stop()
{
	[ -z "${flood-}" ] || kill "$flood"
	[ -z "${flood-}" ] || wait "$flood" || true
	flood=
}

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

rss()
{
	awk '/^VmRSS/ { print $2 }' "/proc/$daemon_pid/status"
}

# What a user whom allow_other lets in can make the daemon hold is bounded, and
# the owner goes on as if nobody was there.
@test "64 processes of another user: memory stays bounded, the owner goes on" {
	local most

	[ "$(id -u)" = 0 ] || skip 'needs another user'
	needs_speed
	chmod 755 "$mnt" "$dir" "${dir%/*}" "${dir%/*/*}"
	sandbox_start
	curl -fsS --json '{"count": 300, "name": "many", "nodes": 3}' \
		"$url/_sandbox/clusters" >/dev/null
	mount_start "$url" region=cn-beijing allow_other refresh=1
	wait_until appeared many-00300
	"$lib/flood" 65534 64 "$mnt" >"$dir/flood" 3>&- &
	flood=$!
	wait_until grep -q ready "$dir/flood"
	# that one has as much as one may have, which is nobody else's limit
	run -1 opens 65534 1024
	holds "$output" 'Errno 24.*status'
	opens 65533 500
	draft test
	fill
	commit
	is_committed
	cat "$mnt/live/many-00001/detail.json" >/dev/null
	most=$(rss)
	sanitized || [ "$most" -lt 65536 ]
	flood_stop
	# all of it is given back
	wait_until opens 65534 1000
	printf '# memory under the flood: %s KiB\n' "$most" >&3
}

appeared()
{
	[ -d "$mnt/clusters/$1" ]
}

# opens UID COUNT: as many files, in one process of that user.
opens()
{
	setpriv --reuid="$1" --regid="$1" --clear-groups /usr/bin/python3 -c \
		'import os, sys; [os.open(sys.argv[1], os.O_RDONLY)
			for _ in range(int(sys.argv[2]))]' \
		"$mnt/status" "$2" 2>&1
}
