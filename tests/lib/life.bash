# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # the variables of ackfs_setup; id, pool
# What comes after the create: clusters and node pools that run, and what was
# sent to change them.

# A mount that looks every second, and tasks that take less than one.
mount_quick()
{
	[ -n "${sandbox_pid-}" ] || sandbox_start --speed 20
	mount_sandbox refresh=1 "$@"
}

# born NAME [PARAM VALUE]...: a cluster that runs, with a pool of 3 nodes;
# $draft is its directory, $id its ID.
born()
{
	draft "$1"
	fill
	put kubernetes_version 1.32.1-aliyun.1
	shift
	while [ $# -gt 0 ]; do
		put "$1" "$2"
		shift 2
	done
	commit
	id=$(cat "$draft/cluster_id")
	rests running
}

# rests STATE: what the cluster of $draft comes to, by itself.
rests()
{
	same "$1" "$(cat "$draft/live/wait")"
}

# planted JSON...: clusters of somebody else, simply there; their IDs.
planted()
{
	printf '%s\n' "$@" | jq -s '{clusters: .}' |
		curl -fsS --json @- "$url/_sandbox/clusters" |
		jq -r '.cluster_ids[]'
}

# from_here: only what is sent from now on counts below.
from_here()
{
	here=$(requests | jq 'map(.serial) | max // 0')
}

# sent JQ: what this makes of the list of requests.
sent()
{
	requests | jq -r --argjson here "${here-0}" \
		"map(select(.serial > \$here)) | $1"
}

# besides_lists: how many requests, but for lists of all clusters, of which another one is
# due at any time.
besides_lists()
{
	sent 'map(select(.action != "DescribeClustersForRegion")) | length'
}

# changes: method and path of each request that changes something, in order.
changes()
{
	sent '.[] | select(.method != "GET") | "\(.method) \(.path)"'
}

# body N: that of the N-th of these, its keys in order.
body()
{
	sent "map(select(.method != \"GET\"))[$1].body" | jq -cS .
}

# fill_pool: the least that makes a node pool, in $draft.
fill_pool()
{
	put instance_types ecs.g7.xlarge
	put key_pair my-key
	put runtime_version 1.6.38
	put system_disk_size 120
}

# pool NAME [PARAM VALUE]...: drafts one in the cluster of $draft; $draft is
# its directory, $cluster that of the cluster.
pool()
{
	cluster=$draft
	draft=$cluster/nodepools/$1
	mkdir "$draft"
	fill_pool
	shift
	while [ $# -gt 0 ]; do
		put "$1" "$2"
		shift 2
	done
}

# pool_at_rest: the one of $draft exists, and nothing is going on.
pool_at_rest()
{
	in_state active && [[ $(cat "$draft/progress") = *100%* ]]
}

# pools: what the service says there is, as a JSON list. Reading it brings
# nodepools/ up to date.
pools()
{
	cat "${cluster-$draft}/live/nodepools.json"
}

# detail KEY: of the cluster of $draft, as the service says it.
detail()
{
	jq -cS ".$1" "$draft/live/detail.json"
}

error_holds()
{
	local error pattern

	error=$(cat "$draft/error")
	for pattern in "$@"; do
		holds "$error" "$pattern"
	done
}
