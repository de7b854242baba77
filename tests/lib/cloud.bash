# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # the variables of ackfs_setup
# Where keys come from: `cloud` gives temporary ones, and profiles name them.

clusters=0

# cloud_start [CERTIFICATE]: $cloud is its directory, $url its address. None of
# its keys is in the environment.
cloud_start()
{
	cloud=$dir/cloud
	mkdir -p "$cloud"
	"$lib/cloud" "$cloud" "$@" >"$dir/sandbox.line" \
		2>>"$dir/sandbox.log" </dev/null 3>&- &
	sandbox_pid=$!
	take_line "$dir/sandbox.line"
	unset ALIBABA_CLOUD_ACCESS_KEY_ID ALIBABA_CLOUD_ACCESS_KEY_SECRET
}

# events WHAT: the number of such events so far.
events()
{
	jq -s --arg what "$1" 'map(select(.what == $what)) | length' \
		"$cloud/events"
}

# sources: who gave keys, in order, one a line.
sources()
{
	jq -r 'select(.what == "keys") | .source' "$cloud/events"
}

# profiles JSON...: the CLI's file has these, the first is the current one.
profiles()
{
	mkdir -p "$HOME/.aliyun"
	printf '%s\n' "$@" | jq -s '{current: .[0].name, profiles: .}' \
		>"$HOME/.aliyun/config.new"
	chmod 600 "$HOME/.aliyun/config.new"
	mv "$HOME/.aliyun/config.new" "$HOME/.aliyun/config.json"
}

# program TEXT: an executable that `External` runs; $program is its path.
program()
{
	program=$dir/give-keys
	printf '#!/bin/sh\n%s\n' "$1" >"$program.new"
	chmod 700 "$program.new"
	mv "$program.new" "$program"
}

# serves PATTERN: keys from there make a cluster, and `status` says so.
serves()
{
	holds "$(grep '^credentials:' "$mnt/status")" "$1"
	draft "test-$((++clusters))"
	fill_little
	commit
	is_committed
}

# none_of WHERE TEXT...: no text stands in the standard input.
none_of()
{
	local where=$1 text

	shift
	text=$(cat)
	for secret in "$@"; do
		[[ $text != *"$secret"* ]] || {
			printf '%s stands in %s\n' "$secret" "$where"
			return 1
		}
	done
}
