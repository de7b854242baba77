#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The official SDK agrees with ackfs: on the signature of what ackfs sends,
# and on the cluster that came of it.

# shellcheck source=tests/lib/ackfs.bash
source "$BATS_TEST_DIRNAME/../lib/ackfs.bash"
bats_require_minimum_version 1.5.0

sdk=$top/tests/sdk

setup()
{
	[ -d "$sdk/node_modules" ] || skip 'run tests/run: npm ci'
	ackfs_setup
}

@test "the SDK's own code computes the signatures that ackfs sent" {
	mount_service
	draft 集群-1
	fill
	commit
	mount_stop
	export ALIBABA_CLOUD_SECURITY_TOKEN=made/up+token==
	mount_start "$url" region=cn-beijing
	draft other
	fill_little
	commit
	n=0
	while read -r request; do
		run -0 node "$sdk/recompute.mjs" <<<"$request"
		same equal "$output"
		n=$((n + 1))
	done < <(service_heard)
	same 2 "$(service_heard | jq -s 'map(select(.method == "POST")) |
		length')"
	# and their preflights; a slow machine has time for a look at the task
	[ "$n" -ge 4 ]
	# the comparison can fail
	request=$(service_heard | tail -n 1 | jq -c '.body += " "')
	run -1 node "$sdk/recompute.mjs" <<<"$request"
}
