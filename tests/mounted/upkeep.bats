#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Node pools to their end: their nodes are upgraded, and removed one by one.

# shellcheck source=tests/lib/ackfs.bash
source "$BATS_TEST_DIRNAME/../lib/ackfs.bash"
# shellcheck source=tests/lib/state.bash
source "$BATS_TEST_DIRNAME/../lib/state.bash"
# shellcheck source=tests/lib/life.bash
source "$BATS_TEST_DIRNAME/../lib/life.bash"
bats_require_minimum_version 1.5.0

old=1.32.1-aliyun.1

ready()
{
	mount_quick "$@"
	id=$(planted '{"name": "web", "nodes": 4,
		"current_version": "'$old'"}')
	wait_until test -d "$mnt/live/web"
	cluster=$mnt/clusters/web
	draft=$mnt/live/web/nodepools/default-nodepool
	np=$(cat "$draft/nodepool_id")
	from_here
}

@test "the upgrade of a cluster leaves its pools behind, and says so" {
	ready
	new=$(head -n 1 "$mnt/live/web/upgrades")
	echo "$new" >"$cluster/kubernetes_version"
	holds "$(cat "$cluster/plan")" "node pool default-nodepool stay at $old"
	same '' "$(cat "$cluster/check")"
	echo 1 >"$cluster/commit"
	same running "$(cat "$mnt/live/web/wait")"
	same "$old" "$(cat "$draft/kubernetes_version")"
	# not to another version than the cluster's
	put kubernetes_version 1.31.9-aliyun.1
	holds "$(cat "$draft/check")" "version of their cluster, $new"
	ends 'write EINVAL' write "$draft/commit" 1
	put kubernetes_version "$new"
	put image_id m-2zeabcdefghijklmnopq
	put runtime_version 2.1.3
	same "POST /clusters/$id/nodepools/$np/upgrade: image_id: unset -> \
m-2zeabcdefghijklmnopq, kubernetes_version: $old -> $new, \
runtime_version: 1.6.38 -> 2.1.3" "$(cat "$draft/plan")"
	same '' "$(cat "$draft/check")"
	commit
	same active "$(cat "$draft/wait")"
	same "$new m-2zeabcdefghijklmnopq 2.1.3" "$(cat "$draft"/{kubernetes_version,image_id,runtime_version} | xargs)"
	same "POST /api/v2/clusters/$id/upgrade
POST /clusters/$id/nodepools/$np/upgrade" "$(changes)"
	same "{\"image_id\":\"m-2zeabcdefghijklmnopq\",\
\"kubernetes_version\":\"$new\",\"runtime_version\":\"2.1.3\"}" "$(body 1)"
	# there is nothing left to do
	same '' "$(cat "$draft/plan" "$cluster/plan")"
	commit
	same 2 "$(changes | wc -l)"
	lacks "$(cat "$draft/events" "$cluster/events")" 'not from here'
	# one that fails is a pool that failed
	faults '{"do": "fail_task", "code": "InternalError", "message": "Lost.",
		"path": "*/upgrade"}'
	put runtime_version 1.6.38
	commit
	ends 'open EREMOTEIO' read "$draft/wait"
	error_holds Lost 'nodepool_upgrade failed'
	# a draft has neither file
	mkdir "${draft%/*}/draft"
	for name in kubernetes_version remove_nodes remove_options; do
		[ ! -e "${draft%/*}/draft/$name" ]
		ends 'open EPERM' create "${draft%/*}/draft/$name" x
	done
}

@test "remove_nodes: by name and by instance, drained, and only with the name" {
	ready
	jq -r '.[1].node_name, .[2].instance_id' "$mnt/live/web/nodes.json" \
		>"$dir/going"
	from_here
	cp "$dir/going" "$draft/remove_nodes"
	cat "$draft/plan" >"$dir/plan"
	holds "$(cat "$dir/plan")" "DELETE /clusters/$id/nodepools/$np/nodes"
	while read -r node; do
		grep -q "^loses: remove_nodes: $node: it is drained, then rel" \
			"$dir/plan"
	done <"$dir/going"
	same '' "$(cat "$draft/check")"
	ends 'write EPERM' write "$draft/commit" 1
	same '' "$(changes)"
	cat "$draft/digest" >"$draft/commit"
	same active "$(cat "$draft/wait")"
	same "instance_ids release_node=true drain_node=true" "$(sent \
		'.[] | select(.method == "DELETE") | .path' |
		sed 's/.*?//;s/%[^&]*//g' | tr '&' '\n' | sort -r |
		sed 's/instance_ids=$/instance_ids/' |
		awk '{ a[NR] = $0 } END { print a[2], a[1], a[3] }')"
	same "2 2" "$(jq length "$mnt/live/web/nodes.json") $(cat "$draft/desired_size")"
	while read -r node; do
		run -1 grep -qF "$node" "$mnt/live/web/nodes.json"
	done <"$dir/going"
	# an order, and no value: nothing of it is left
	same '' "$(cat "$draft"/{plan,check,remove_nodes})"
	same 2 "$(cat "$cluster/num_of_nodes")"
	lacks "$(cat "$draft/events" "$cluster/events")" 'not from here'
	holds "$(grep -c 'action=remove_nodes .*outcome=accepted' \
		"$dir/state/audit.log")" '^1$'
	# keep and no_drain
	jq -r '.[0].node_name' "$mnt/live/web/nodes.json" >"$draft/remove_nodes"
	printf 'keep\nno_drain\n' >"$draft/remove_options"
	holds "$(cat "$draft/plan")" 'not drained, and taken out of the cluster'
	from_here
	echo default-nodepool >"$draft/commit"
	holds "$(sent '.[] | .path')" 'release_node=false'
	holds "$(sent '.[] | .path')" 'drain_node=false'
	same active "$(cat "$draft/wait")"
	same '' "$(cat "$draft"/{plan,check,remove_options})"
	# what makes no sense
	echo nono >"$draft/remove_nodes"
	from_here
	ends 'write EINVAL' write "$draft/commit" default-nodepool
	error_holds 'no node "nono"'
	put desired_size 5
	ends 'write EINVAL' write "$draft/commit" default-nodepool
	error_holds 'remove_nodes: it changes the size'
	rm "$draft/remove_nodes" "$draft/desired_size"
	ends 'write EINVAL' write "$draft/remove_options" never
	echo keep >"$draft/remove_options"
	same '' "$(cat "$draft/plan")"
	same '' "$(changes)"
	rm "$draft/remove_options"
	# a refusal, and -o no_delete
	jq -r '.[0].node_name' "$mnt/live/web/nodes.json" >"$draft/remove_nodes"
	faults '{"do": "status", "status": 403, "code": "Forbidden.RAM",
		"message": "No.", "method": "DELETE"}'
	ends 'write EACCES' write "$draft/commit" default-nodepool
	holds "$(cat "$draft/remove_nodes")" .
	mount_stop
	mount_sandbox refresh=1 no_delete
	wait_until test -d "$draft"
	holds "$(cat "$draft/remove_nodes")" .
	ends 'write EPERM' write "$draft/commit" default-nodepool
	error_holds no_delete
}
