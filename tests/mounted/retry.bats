#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What the service has turned away before it ran is sent again, signed anew,
# within timeout= (DESIGN.md, Commit); nothing else of a commit is.

# shellcheck source=tests/lib/ackfs.bash
source "$BATS_TEST_DIRNAME/../lib/ackfs.bash"

counter()
{
	sed -n "s/^$1: //p" "$mnt/status"
}

ready()
{
	mount_sandbox "$@"
	draft test
	fill_little
}

@test "throttled, with a hint and without: sent again, and counted" {
	ready
	faults '{"do": "throttle", "method": "POST", "retry_after_ms": 200}' \
		'{"do": "throttle", "method": "POST", "status": 400,
			"retry_after_ms": 0}' \
		'{"do": "throttle", "method": "GET", "status": 503,
			"retry_after_ms": 0}'
	commit
	is_committed
	same '' "$(cat "$draft/error")"
	same 3 "$(count_requests POST)"
	same '7 3 3 0' "$(counter calls) $(counter retries) \
$(counter throttled) $(counter errors)"
}

@test "throttled for longer than there is time: EAGAIN, at once" {
	ready timeout=20
	faults '{"do": "throttle", "method": "POST", "retry_after_ms": 30000}'
	ends 'write EAGAIN' write "$draft/commit" 1
	same draft "$(cat "$draft/state")"
	holds "$(cat "$draft/error")" 'code: Throttling.User'
	same 1 "$(count_requests POST)"
	commit
	is_committed
}

@test "throttled until the end: EAGAIN, a draft, and how often it was tried" {
	ready timeout=2
	faults '{"do": "throttle", "method": "POST", "times": -1,
		"retry_after_ms": 100}'
	ends 'write EAGAIN' write "$draft/commit" 1
	same draft "$(cat "$draft/state")"
	holds "$(cat "$draft/error")" 'tries: ([2-9]|[1-9][0-9])$'
	same 1 "$(counter errors)"
}

@test "5xx: the list is asked for again, the POST is not sent again" {
	ready
	faults '{"do": "status", "method": "GET", "status": 503}' \
		'{"do": "drop", "method": "GET"}' \
		'{"do": "status", "method": "POST", "status": 503}'
	ends 'write EREMOTEIO' write "$draft/commit" 1
	same unknown "$(cat "$draft/state")"
	same 1 "$(count_requests POST)"
}

@test "nothing is sent any more once it is told to end" {
	ready timeout=60
	faults '{"do": "throttle", "method": "POST", "times": -1,
		"retry_after_ms": 20000}'
	"$lib/try" write "$draft/commit" 1 >"$dir/writer" 3>&- &
	writer=$!
	wait_until grep -qx 'throttled: 1' "$mnt/status"
	kill -TERM "$daemon_pid"
	expect_exit 0 "$daemon_pid"
	daemon_pid=""
	wait $writer
	holds "$(cat "$dir/writer")" '^(write|close) E(INTR|NOTCONN|CONNABORTED)$'
	same 1 "$(count_requests POST)"
}

@test "a clock that is off: by how much, in which direction" {
	mount_service
	draft test
	fill_little
	service_says GET 400 '{"Code": "InvalidTimeStamp.Expired",
		"Message": "Expired.", "RequestId": "R"}' \
		"Date: $(LC_ALL=C date -u -d '2 hours ago' \
			'+%a, %d %b %Y %H:%M:%S GMT')"
	ends 'write EKEYREJECTED' write "$draft/commit" 1
	holds "$(cat "$draft/error")" \
		"^this machine's clock is 72[0-9][0-9] s ahead of the service's: "
	holds "$(cat "$mnt/status")" \
		'clock: 72[0-9][0-9] s ahead of the clock of the service'
	same draft "$(cat "$draft/state")"
	# signed again once, with the service's own time
	service_heard | jq -es 'map(.headers["x-acs-date"] | fromdate) |
		length == 2 and (.[0] - .[1] | . > 7000 and . < 7300)'
}
