#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Two machines that commit one name within the lag of the list: both exist,
# and some seconds later both say so.

# shellcheck source=tests/lib/ackfs.bash
source "$BATS_TEST_DIRNAME/../lib/ackfs.bash"
# shellcheck source=tests/lib/life.bash
source "$BATS_TEST_DIRNAME/../lib/life.bash"
# shellcheck source=tests/lib/other.bash
source "$BATS_TEST_DIRNAME/../lib/other.bash"
bats_require_minimum_version 1.5.0

teardown()
{
	other_teardown
}

# warned DIRECTORY ID: of that twin, in check and in events.
warned()
{
	says="another cluster named test was made at the same time: $2; one of"
	wait_until grep -qx "warning: name: $says.*" "$1/check"
	grep -q " warning name: $says" "$1/events"
}

@test "two machines, one name, two clusters: both warn of the other" {
	mount_quick
	other_start ,refresh=86400
	# neither is in the list yet when the other asks
	faults '{"do": "list_lag", "ms": 8000}'
	other_makes test test
	twin=$other_id
	draft test
	fill_little
	commit
	warned "$draft" "$twin"
	warned "$other_mnt/clusters/test" "$(cat "$draft/cluster_id")"
	grep -q "check</a> warning: name: another cluster named test .*$twin" \
		"$mnt/index.html"
	# nobody is warned of what is gone
	cat "$other_mnt/clusters/test/cluster_id" \
		>"$other_mnt/clusters/test/delete"
	wait_until no_warning "$draft/check"
}

no_warning()
{
	ls "$mnt/clusters" >/dev/null
	[ ! -s "$1" ]
}
