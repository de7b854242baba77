# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# shellcheck disable=SC2154 # the variables of ackfs_setup
# Clusters that somebody else made: planted in the sandbox, or by the
# official SDK.

# Of what the sandbox was asked lists count here, too.
requests()
{
	all_requests | jq 'map(select(.action != "CheckServiceRole"))'
}

# plant JSON: POST /_sandbox/clusters; prints the IDs, one a line. The first
# list of a mount may take longer than its start, and is to be of before.
plant()
{
	wait_until list_is_over
	curl -fsS --json "$1" "$url/_sandbox/clusters" | jq -r '.cluster_ids[]'
}

# plant_one NAME [JSON]: a cluster with these fields, too; prints its ID.
plant_one()
{
	local more=${2-}

	plant "$(jq -n --arg name "$1" --argjson more "${more:-{\}}" \
		'{clusters: [{name: $name} + $more]}')"
}

# need_sdk: a test that needs the SDK begins with this.
need_sdk()
{
	[ -d "$top/tests/sdk/node_modules" ] || skip 'run tests/run: npm ci'
}

# sdk METHOD [ID...] [JSON]: one call of it; see tests/sdk/call.mjs.
sdk()
{
	ACK_URL=$url node "$top/tests/sdk/call.mjs" "$@"
}

# sdk_creates NAME [JSON]: prints the ID.
sdk_creates()
{
	local more=${2-}

	sdk createCluster "$(jq -n --arg name "$1" \
		--argjson more "${more:-{\}}" '{name: $name,
		clusterType: "ManagedKubernetes", regionId: "cn-beijing",
		snatEntry: true, vpcid: "vpc-2zegvl5etah5requ09nec",
		vswitchIds: ["vsw-2ze48rkq464rsdts1abcd"],
		containerCidr: "172.20.0.0/16", serviceCidr: "172.21.0.0/20",
		addons: [{name: "flannel"}], numOfNodes: 0} + $more')" |
		jq -r .cluster_id
}

# appears NAME; vanishes NAME: looks, which is what renews the list.
appears()
{
	wait_until looks_there "$1"
}

vanishes()
{
	wait_until looks_gone "$1"
}

looks_there()
{
	ls "$mnt/clusters" >/dev/null && [ -d "$mnt/clusters/$1" ]
}

looks_gone()
{
	! looks_there "$1"
}

# rests: the cluster of $draft is where it stays by itself.
rests()
{
	grep -qxE 'running|failed|inactive|unavailable|delete_failed' \
		"$draft/state"
}

# one_refresh: a whole new list, and no look at the directories meanwhile.
# What was listed before was over when the signal came.
one_refresh()
{
	local before

	before=$(count_lists)
	kill -HUP "$daemon_pid"
	wait_until listed_since "$before"
	wait_until list_is_over
}

listed_since()
{
	[ "$(count_lists)" -gt "$1" ]
}

list_is_over()
{
	! grep -qs '^list: .*being renewed' "$mnt/status"
}

# count_lists: how many pages of lists of all clusters were asked for.
count_lists()
{
	all_requests | jq '[.[] | select(.action == "DescribeClustersForRegion" and
		(.path | contains("name=") | not))] | length'
}
