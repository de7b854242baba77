# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# shellcheck disable=SC2154 # the variables of ackfs_setup
# The services a test speaks to: ack-sandbox, which is as good as the real
# one, and `service`, which says whatever the test puts into its mouth.

# announced FILE: the program has printed its line of JSON, or died.
announced()
{
	grep -qs '}$' "$1" || gone "$sandbox_pid"
}

# Takes url, key_id and key_secret from the line a service prints first.
take_line()
{
	wait_until announced "$1"
	if ! url=$(jq -re .url "$1" 2>/dev/null); then
		printf 'the service did not start:\n'
		cat "$1" "$dir/sandbox.log"
		return 1
	fi
	key_id=$(jq -r .access_key_id "$1")
	key_secret=$(jq -r .access_key_secret "$1")
	export ALIBABA_CLOUD_ACCESS_KEY_ID=$key_id
	export ALIBABA_CLOUD_ACCESS_KEY_SECRET=$key_secret
}

# sandbox_start [OPTION...] of ack-sandbox
sandbox_start()
{
	"$ack_sandbox" "$@" >"$dir/sandbox.line" 2>>"$dir/sandbox.log" \
		</dev/null 3>&- &
	sandbox_pid=$!
	take_line "$dir/sandbox.line"
}

sandbox_stop()
{
	local pid=$sandbox_pid

	[ -n "$pid" ] || return 0
	sandbox_pid=""
	kill -TERM "$pid"
	expect_exit 0 "$pid"
}

sandbox_kill()
{
	[ -z "$sandbox_pid" ] || kill -KILL "$sandbox_pid" 2>/dev/null || true
}

# faults RULE...: these rules, each a JSON object, and no others.
faults()
{
	local rules

	rules=$(printf '%s\n' "$@" | jq -s .)
	curl -fsS --json "$rules" "$url/_sandbox/faults" >/dev/null
}

# The sandbox's log of what it was asked, a JSON list.
all_requests()
{
	curl -fsS "$url/_sandbox/requests"
}

# The same without what comes in the background and is no part of what a test
# does: lists of all clusters whenever somebody looks, and a question for the
# service roles when a draft has its first value.
requests()
{
	all_requests | jq 'map(select(.action != "CheckServiceRole" and
		(.action != "DescribeClustersForRegion" or
		(.path | test("[?&]name=")))))'
}

# count_requests [METHOD [PATH]]: how many of them there were.
count_requests()
{
	requests | jq --arg method "${1-}" --arg path "${2-}" '[.[] |
		select(($method == "" or .method == $method) and
			($path == "" or .path == $path))] | length'
}

# service_start: the other one. It answers a GET with an empty list, a POST
# as the service does, until service_says.
service_start()
{
	mkdir -p "$dir/service"
	"$lib/service" "$dir/service" >"$dir/sandbox.line" \
		2>>"$dir/sandbox.log" </dev/null 3>&- &
	sandbox_pid=$!
	take_line "$dir/sandbox.line"
}

mount_service()
{
	service_start
	mount_start "$url" region=cn-beijing "$@"
}

# service_says METHOD STATUS BODY [HEADER...]
service_says()
{
	local method=$1 status=$2 body=$3 header

	shift 3
	{
		printf 'HTTP/1.1 %s Made up\r\n' "$status"
		printf 'Content-Length: %d\r\n' \
			"$(printf '%s' "$body" | wc -c)"
		for header in 'Content-Type: application/json' \
			'Connection: close' "$@"; do
			printf '%s\r\n' "$header"
		done
		printf '\r\n%s' "$body"
	} >"$dir/service/$method.new"
	mv "$dir/service/$method.new" "$dir/service/$method"
}

# Every request it got, a JSON object a line: method, path, headers, body;
# without the lists of all clusters, see requests.
service_heard()
{
	jq -c 'select(.path != "/ram/check-service-role") |
		select((.path | test("^/regions/[^/]+/clusters") | not) or
		(.path | test("[?&]name=")))' "$dir/service/requests"
}

# The body of the last POST.
posted_body()
{
	service_heard | jq -rs 'map(select(.method == "POST")) | last | .body'
}
