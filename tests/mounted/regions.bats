#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# A cluster of another region than the mount's, and the runtime that a pool
# gets from its version.

# shellcheck source=tests/lib/ackfs.bash
source "$BATS_TEST_DIRNAME/../lib/ackfs.bash"
bats_require_minimum_version 1.5.0

comes_to_rest()
{
	[ "$(cat "$draft/state")" = running ]
}

# The paths that were asked for, without their queries.
paths()
{
	all_requests | jq -r '.[] | .method + " " + (.path | split("?")[0])'
}

@test "another region: made, followed, changed and deleted there" {
	sandbox_start --speed 20
	mount_sandbox refresh=1
	draft far
	fill_little
	put region_id cn-hangzhou
	commit
	paths | grep -qx 'GET /regions/cn-hangzhou/clusters'
	wait_until comes_to_rest
	# the mount's own list does not have it, and it stays all the same
	lists=$(paths | grep -c '^GET /regions/cn-beijing/clusters$')
	wait_until sees_more_lists $((lists + 3))
	same running "$(cat "$draft/state")"
	put tags team=a
	commit
	all_requests | jq -e '.[] | select(.action == "TagResources")' |
		grep -q '"PUT"'
	mount_stop
	mount_start "$url" region=cn-beijing refresh=1
	draft=$mnt/clusters/far
	reads region_id cn-hangzhou
	reads tags team=a
	cat "$draft/cluster_id" >"$draft/delete"
	wait_until is_gone
}

sees_more_lists()
{
	ls "$mnt/clusters" >/dev/null
	[ "$(paths | grep -c '^GET /regions/cn-beijing/clusters$')" -ge "$1" ]
}

is_gone()
{
	[ ! -e "$draft" ]
}

fill_pool()
{
	fill_little
	put num_of_nodes 2
	put worker_instance_types ecs.g7.xlarge
	put worker_system_disk_category cloud_essd
	put worker_system_disk_size 120
	put key_pair my-key
}

no_finding()
{
	! grep -qv "^warning: " "$draft/check"
}

runtime()
{
	jq -c '.nodepools[0].kubernetes_config | [.runtime, .runtime_version]' \
		"$draft/request.json"
}

@test "the form with pools: the runtime of the newest version, by itself" {
	mount_sandbox body=nodepools
	draft test
	fill_pool
	wait_until no_finding
	same '["containerd","2.1.3"]' "$(runtime)"
	# what is shown is what is sent, and nothing was written
	reads runtime ''
	put kubernetes_version 1.32.1-aliyun.1
	same '["containerd","2.1.1"]' "$(runtime)"
	put runtime 'containerd 1.6.38'
	same '["containerd","1.6.38"]' "$(runtime)"
	commit
	is_committed
	same 1 "$(all_requests | jq '[.[] | select(.action ==
		"DescribeKubernetesVersionMetadata")] | length')"
}

@test "as long as the runtime is not known, check warns, and none is sent" {
	mount_sandbox body=nodepools
	faults '{"do": "status", "status": 403, "code": "StatusForbidden",
		"message": "RAM policy Forbidden", "path": "/api/v1/metadata/versions", "times": -1}'
	draft test
	fill_pool
	holds "$(cat "$draft/check")" 'warning: runtime: .*version'
	only_findings '^warning: '
	same 'null' "$(jq '.nodepools[0].kubernetes_config.runtime_version' \
		"$draft/request.json")"
	commit
	is_committed
}

@test "the classic form needs no runtime, and asks for no versions" {
	mount_sandbox
	draft test
	fill_pool
	cat "$draft/check" >/dev/null
	commit
	same 0 "$(all_requests | jq '[.[] | select(.action ==
		"DescribeKubernetesVersionMetadata")] | length')"
}
