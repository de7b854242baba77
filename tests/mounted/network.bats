#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What has left may have been executed, what has not may be sent again.

# shellcheck source=tests/lib/ackfs.bash
source "$BATS_TEST_DIRNAME/../lib/ackfs.bash"

@test "every way in which a network fails, and what it is taken for" {
	unshare -nmpf --mount-proc true ||
		skip 'there are no namespaces to be had here'
	mkdir "$dir/network"
	run "$top/tests/network/classes" "$ackfs" "$dir/network"
	printf '# %s\n' "${lines[@]}" >&3
	[ "$status" -eq 0 ]
}

# libcurl by itself would send it again, on a new connection.
@test "a POST whose kept connection is closed: sent once, then adopted" {
	mkdir "$dir/service"
	"$top/tests/network/kept" "$dir/service" >"$dir/sandbox.line" \
		2>>"$dir/sandbox.log" </dev/null 3>&- &
	sandbox_pid=$!
	take_line "$dir/sandbox.line"
	mount_start "$url" region=cn-beijing timeout=20
	draft test
	fill_little
	ends 'write EPROTO' write "$draft/commit" 1
	same unknown "$(cat "$draft/state")"
	holds "$(cat "$draft/error")" 'closed before an answer came'
	# the list of the name, and the POST after it on the same connection
	same 'GET POST' "$(head -n 2 "$dir/service/requests" |
		cut -d' ' -f2 | paste -sd' ')"
	same 1 "$(head -n 2 "$dir/service/requests" | cut -d' ' -f1 | uniq |
		wc -l)"
	[ ! -e "$draft/cluster_id" ]
	touch "$dir/service/show"
	wait_until is_committed
	same c0123456789abcdef0123456789abcdef "$(cat "$draft/cluster_id")"
	holds "$(cat "$draft/error")" '^found, not answered: '
	same 1 "$(grep -c POST "$dir/service/requests")"
}
