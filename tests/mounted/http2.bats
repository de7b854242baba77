#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Where the endpoint offers HTTP/2, what is read shares a connection; what
# creates keeps to HTTP/1.1, over the connection that asked for the name.

# shellcheck source=tests/lib/ackfs.bash
source "$BATS_TEST_DIRNAME/../lib/ackfs.bash"
# shellcheck source=tests/lib/fleet.bash
source "$BATS_TEST_DIRNAME/../lib/fleet.bash"
# shellcheck source=tests/lib/front.bash
source "$BATS_TEST_DIRNAME/../lib/front.bash"
bats_require_minimum_version 1.5.0

teardown()
{
	front_stop
	ackfs_teardown
}

# asked PATTERN FIELD: of each such request.
asked()
{
	awk -v pattern="$1" -v field="$2" '$0 ~ pattern { print $field }' \
		"$dir/asked"
}

@test "reads share a connection, a create keeps to its own" {
	command -v node >/dev/null || skip 'no node here'
	sandbox_start
	front_start
	plant '{"count": 400}' >/dev/null
	mount_start "$front" region=cn-beijing,refresh=86400,qps=1000 \
		ca="$dir/ca.pem"
	wait_until test -d "$mnt/clusters/cluster-00400"
	draft test
	fill_little
	commit
	is_committed
	cat "$mnt/live/cluster-00001/detail.json" >/dev/null
	# eight pages, and what somebody reads: all over one
	same 8 "$(asked 'clusters.page_number' 2 | wc -l)"
	same 2.0 "$(asked 'clusters.page_number|/clusters/c' 2 | sort -u)"
	same 1 "$(asked ' 2.0 ' 1 | sort -u | wc -l)"
	# the name check has made the connection that the POST goes over
	same 1.1 "$(asked 'POST /clusters' 2)"
	same 1.1 "$(asked 'name=test' 2)"
	same "$(asked 'name=test' 1)" "$(asked 'POST /clusters' 1)"
}
