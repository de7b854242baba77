#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# A running cluster changes by editing its files: plan, commit, one call for
# each kind of change (DESIGN.md, Changes).

# shellcheck source=tests/lib/ackfs.bash
source "$BATS_TEST_DIRNAME/../lib/ackfs.bash"
# shellcheck source=tests/lib/state.bash
source "$BATS_TEST_DIRNAME/../lib/state.bash"
# shellcheck source=tests/lib/other.bash
source "$BATS_TEST_DIRNAME/../lib/other.bash"
# shellcheck source=tests/lib/life.bash
source "$BATS_TEST_DIRNAME/../lib/life.bash"
bats_require_minimum_version 1.5.0

teardown()
{
	other_teardown
}

ready()
{
	mount_quick
	born test "$@"
	from_here
}

# Nothing waits for a commit.
no_plan()
{
	[ "$(cat "$draft/plan")" = '' ]
}

# changed FILE OLD NEW: what plan says of it now.
changed()
{
	holds "$(cat "$draft/plan")" "[:,] $1: $2 -> $3(,|$)"
}

# text FILE: what plan calls its value now.
text()
{
	[ -s "$draft/$1" ] && cat "$draft/$1" || echo unset
}

# One ModifyCluster for a file: as planned, and in effect afterwards.
# modified FILE OLD NEW MEMBER JSON
modified()
{
	from_here
	[ "$2" = unset ] || reads "$1" "$2"
	put "$1" "$3"
	reads "$1" "$3"
	same "PUT /api/v2/clusters/$id: $1: $2 -> ${3//$'\n'/,}" \
		"$(sed -n 1p "$draft/plan")"
	same "${loses:-}" "$(sed -n 2p "$draft/plan" | cut -c-54)"
	same '' "$(cat "$draft/check")"
	same '' "$(changes)"
	echo "${word:-1}" >"$draft/commit"
	same "PUT /api/v2/clusters/$id" "$(changes)"
	body 0 | jq -e --argjson value "$5" --arg name "$4" \
		'del(.client_token) == {($name): $value} and
			(.client_token | test("^[0-9A-Fa-f-]{36}$"))'
	same '' "$(cat "$draft/plan")"
	same '' "$(cat "$draft/error")"
	reads "$1" "$3"
	rests running
	reads "$1" "$3"
}

@test "ModifyCluster: each file that it changes, one call, the value stays" {
	ready
	modified deletion_protection false true deletion_protection true
	same true "$(detail deletion_protection)"
	modified endpoint_public_access false true api_server_eip true
	jq -e '.master_url | fromjson | has("api_server_endpoint")' \
		"$draft/live/detail.json"
	loses='loses: endpoint_public_access: the public address of t' word=test
	modified endpoint_public_access true false api_server_eip false
	loses='' word=1
	modified vswitch_ids vsw-2ze48rkq464rsdts1abcd \
		$'vsw-2ze48rkq464rsdts1abcd\nvsw-2ze48rkq464rsdts2abcd' \
		vswitch_ids \
		'["vsw-2ze48rkq464rsdts1abcd", "vsw-2ze48rkq464rsdts2abcd"]'
	modified security_group_id "$(cat "$draft/security_group_id")" \
		sg-bp1bdue0qc1g7k1234ab security_group_id \
		'"sg-bp1bdue0qc1g7k1234ab"'
	same '"sg-bp1bdue0qc1g7k1234ab"' "$(detail security_group_id)"
	modified resource_group_id "$(cat "$draft/resource_group_id")" \
		rg-acfm3mkrure4abc resource_group_id '"rg-acfm3mkrure4abc"'
	modified timezone Asia/Shanghai Europe/Berlin timezone \
		'"Europe/Berlin"'
	window='{"enable":true,"maintenance_time":"03:00:00Z","duration":"3h","weekly_period":"Thursday"}'
	modified maintenance_window "$(text maintenance_window)" "$window" \
		maintenance_window "$window"
	policy='{"cluster_auto_upgrade":{"enabled":true,"channel":"stable"}}'
	modified operation_policy "$(text operation_policy)" "$policy" \
		operation_policy "$policy"
	# its directory keeps its name while it is mounted
	modified name test renamed cluster_name '"renamed"'
	same '"renamed"' "$(detail name)"
	same test "$(ls "$mnt/clusters")"
}

@test "several files of one call go into one call" {
	ready
	put deletion_protection true
	put endpoint_public_access true
	put name better
	same 1 "$(wc -l <"$draft/plan")"
	changed name test better
	holds "$(cat "$draft/plan")" 'deletion_protection: false -> true'
	changed endpoint_public_access false true
	commit
	same "PUT /api/v2/clusters/$id" "$(changes)"
	same '["api_server_eip","client_token","cluster_name","deletion_protection"]' \
		"$(body 0 | jq -c keys)"
}

@test "num_of_nodes: the default pool gets its new size, out and in" {
	ready
	np=$(pools | jq -r '.[0].nodepool_info.nodepool_id')
	put num_of_nodes 5
	# the pool and its numbers, once they are known
	holds "$(sed -n 1p "$draft/plan")" \
		"^PUT /clusters/$id/nodepools/(POOL: num_of_nodes: 3 -> 5|np[0-9a-f]{32}: num_of_nodes: 3 -> 5, desired_size of default-nodepool: 3 -> 5)\$"
	commit
	same "PUT /clusters/$id/nodepools/$np" "$(changes)"
	same '{"scaling_group":{"desired_size":5}}' "$(body 0)"
	rests running
	same 5 "$(jq length "$draft/live/nodes.json")"
	reads num_of_nodes 5
	put num_of_nodes 1
	same 2 "$(wc -l <"$draft/plan")"
	holds "$(cat "$draft/plan")" \
		$'\n''loses: num_of_nodes: 4 nodes of the node pool default-nodepool'
	echo test >"$draft/commit"
	rests running
	same 1 "$(jq length "$draft/live/nodes.json")"
	reads num_of_nodes 1
}

@test "PrePaid nodes: plan says what they cost" {
	ready worker_instance_charge_type PrePaid worker_period 1 \
		worker_period_unit Month worker_auto_renew false
	put num_of_nodes 5
	holds "$(cat "$draft/plan")" \
		$'\n''warning: num_of_nodes: the nodes are PrePaid'
	put num_of_nodes 2
	same 3 "$(wc -l <"$draft/plan")"
	holds "$(cat "$draft/plan")" 'stay rented'
	same '' "$(changes)"
}

@test "num_of_nodes with several pools counts all nodes there are" {
	ready
	pool more desired_size 2
	commit
	wait_until pool_at_rest
	draft=$cluster
	wait_until reads num_of_nodes 5
	from_here
	put num_of_nodes 6
	commit
	same '{"scaling_group":{"desired_size":4}}' "$(body 0)"
	rests running
	same 6 "$(jq length "$draft/live/nodes.json")"
	# what the other pool has cannot be taken away here
	put num_of_nodes 1
	ends 'write EINVAL' write "$draft/commit" 1
	error_holds 'num_of_nodes' '2 nodes'
	same 1 "$(changes | wc -l)"
}

@test "kubernetes_version: what live/upgrades offers, and only that" {
	ready
	same 1.33.3-aliyun.1 "$(sed -n 1p "$draft/live/upgrades")"
	grep -q '^1.33.3-aliyun.1 containerd-' "$mnt/live/versions"
	put kubernetes_version 1.33.3-aliyun.1
	same "POST /api/v2/clusters/$id/upgrade: kubernetes_version: 1.32.1-aliyun.1 -> 1.33.3-aliyun.1" \
		"$(head -n 1 "$draft/plan")"
	commit
	same "POST /api/v2/clusters/$id/upgrade" "$(changes)"
	same '{"next_version":"1.33.3-aliyun.1"}' "$(body 0)"
	rests running
	same '"1.33.3-aliyun.1"' "$(detail current_version)"
	reads kubernetes_version 1.33.3-aliyun.1
	same '' "$(cat "$draft/live/upgrades")"
	put kubernetes_version 1.32.7-aliyun.1
	ends 'write EINVAL' write "$draft/commit" 1
	error_holds 1.32.7 live/upgrades
	same "POST /api/v2/clusters/$id/upgrade" "$(changes)"
	# it stays as an edit, and can be taken back
	reads kubernetes_version 1.32.7-aliyun.1
	rm "$draft/kubernetes_version"
	reads kubernetes_version 1.33.3-aliyun.1
	same '' "$(cat "$draft/plan")"
}

@test "tags: only what differs is set and unset, in one commit" {
	ready tags $'team=a\nenv=test\nold=1'
	wait_until reads tags $'team=a\nenv=test\nold=1'
	put tags $'team=b\nenv=test\nnew='
	same "DELETE /tags: tags: team=a,env=test,old=1 -> team=b,env=test,new=
PUT /tags: tags: team=a,env=test,old=1 -> team=b,env=test,new=" \
		"$(cat "$draft/plan")"
	commit
	holds "$(changes | paste -sd' ')" '^DELETE /tags\?[^ ]* PUT /tags$'
	holds "$(changes | sed -n 1p)" "tag_keys=%5B%22old%22%5D"
	holds "$(changes | sed -n 1p)" "resource_ids=%5B%22$id%22%5D"
	same '[["team","b"],["new",""]]' \
		"$(body 1 | jq -c '.tags | map([.key, .value])')"
	body 1 | jq -e --arg id "$id" '.resource_ids == [$id] and
		.resource_type == "CLUSTER" and .region_id == "cn-beijing"'
	same '[["env","test"],["new",""],["team","b"]]' \
		"$(detail tags | jq -c 'map([.key, .value]) | sort')"
	: >"$draft/tags"
	commit
	same '[]' "$(detail tags | jq -c '. // []')"
	reads tags ''
}

@test "tags that others set meanwhile stay, and theirs go when they unset them" {
	ready tags $'team=a\nold=1'
	other_start ,refresh=1
	wait_until test -d "$other_mnt/clusters/test"
	wait_until reads tags $'team=a\nold=1'
	put tags $'team=a\nmine=1'
	(
		draft=$other_mnt/clusters/test
		wait_until reads tags $'team=a\nold=1'
		put tags $'team=b\nold=1\nforeign=1'
		commit
	)
	# the edit goes on from what there is now
	wait_until grep -q '^foreign=1$' "$draft/tags"
	same $'foreign=1\nmine=1\nteam=b' "$(sort "$draft/tags")"
	commit
	same '[["foreign","1"],["mine","1"],["team","b"]]' \
		"$(detail tags | jq -c 'map([.key, .value]) | sort')"
}

@test "tags that a list has not shown yet are left alone" {
	mount_quick
	born test tags team=a
	wait_until reads tags team=a
	mount_stop
	mount_sandbox refresh=3600
	wait_until reads tags team=a
	other_start
	(
		draft=$other_mnt/clusters/test
		wait_until reads tags team=a
		put tags $'team=a\nforeign=1'
		commit
	)
	put tags mine=1
	commit
	same '[["foreign","1"],["mine","1"]]' \
		"$(detail tags | jq -c 'map([.key, .value]) | sort')"
}

@test "all kinds of change in one commit, each once, whatever it takes" {
	ready
	put tags team=a
	put name better
	put num_of_nodes 4
	put kubernetes_version 1.33.3-aliyun.1
	same 'PUT PUT PUT POST warning:' \
		"$(cut -d' ' -f1 "$draft/plan" | paste -sd' ')"
	for _ in 1 2 3 4; do
		run bash -c 'echo 1 >"$1"' _ "$draft/commit"
		[ "$status" -ne 0 ] || break
		error_holds 'done before that: ' 'the other edits are kept'
		rests running
	done
	same 0 "$status"
	rests running
	# what was refused for being too early has had no effect
	same 'PUT /api/v2/clusters/ID
PUT /clusters/ID/nodepools/NP
PUT /tags
POST /api/v2/clusters/ID/upgrade' "$(sent '.[] | select(.method != "GET" and
		.status < 300) | "\(.method) \(.path)"' |
		sed "s/$id/ID/; s/np[0-9a-f]\{32\}/NP/" |
		LC_ALL=C sort -k1,1r -k2)"
	reads name better
	reads num_of_nodes 4
	reads kubernetes_version 1.33.3-aliyun.1
	reads tags team=a
	same 4 "$(jq length "$draft/live/nodes.json")"
}

@test "rm takes one edit back, and the others stay" {
	ready
	put deletion_protection true
	put num_of_nodes 4
	rm "$draft/num_of_nodes"
	reads num_of_nodes 3
	same 1 "$(wc -l <"$draft/plan")"
	holds "$(cat "$draft/plan")" 'deletion_protection: false -> true'
	# and so does writing what is there already
	put deletion_protection false
	same '' "$(cat "$draft/plan")"
	ends 'unlink EPERM' unlink "$draft/deletion_protection"
	error_holds 'there is no edit to discard'
	reads deletion_protection false
	same '' "$(changes)"
}

# Which pool it is, is told when the service has told of it.
plan_of_any_pool()
{
	sed -E 's|nodepools/[^:]*|nodepools/ANY|; s/, desired_size of .*//
		/^warning: num_of_nodes: the node pools are not known/d' \
		"$draft/plan"
}

@test "edits survive a remount, and a crash" {
	ready
	put num_of_nodes 4
	put tags team=a
	plan=$(plan_of_any_pool)
	remount refresh=1
	reads num_of_nodes 4
	reads tags team=a
	same "$plan" "$(plan_of_any_pool)"
	mount_stop
	mount_sandbox refresh=1
	same "$plan" "$(plan_of_any_pool)"
	rm "$draft/tags"
	remount refresh=1
	reads tags ''
	reads num_of_nodes 4
	commit
	same 1 "$(changes | wc -l)"
	rests running
	remount refresh=1
	same '' "$(cat "$draft/plan")"
}

@test "edits of a cluster that others made survive a remount, too" {
	mount_quick
	id=$(planted '{"name": "theirs", "nodes": 2}')
	draft=$mnt/clusters/theirs
	wait_until test -d "$draft"
	put deletion_protection true
	remount refresh=1
	wait_until test -d "$draft"
	reads deletion_protection true
	changed deletion_protection '(false|unset)' true
	from_here
	commit
	same "PUT /api/v2/clusters/$id" "$(changes)"
	same true "$(detail deletion_protection)"
}

@test "an edit that others make true is none any more" {
	ready
	put deletion_protection true
	other_start ,refresh=1
	(
		draft=$other_mnt/clusters/test
		wait_until test -d "$draft"
		put deletion_protection true
		commit
	)
	wait_until no_plan
	reads deletion_protection true
	commit
	same 1 "$(changes | wc -l)"
}

@test "what cannot change is 0444, and takes what it says alone" {
	ready
	for name in container_cidr service_cidr addons vpcid proxy_mode \
		worker_instance_types region_id taints; do
		same 444 "$(stat -c %a "$draft/$name")"
		before=$(cat "$draft/$name")
		ends 'write EPERM' write "$draft/$name" 1
		error_holds "$name cannot be changed any more"
		ends 'unlink EPERM' unlink "$draft/$name"
		: >"$draft/$name"
		error_holds "$name cannot be changed any more"
		same "$before" "$(cat "$draft/$name")"
		put "$name" "$before"
		same '' "$(cat "$draft/error" "$draft/check" "$draft/plan")"
	done
	for name in deletion_protection name num_of_nodes tags \
		kubernetes_version endpoint_public_access security_group_id \
		vswitch_ids delete_options retain_resources request.json; do
		same 644 "$(stat -c %a "$draft/$name")"
	done
	commit
	same '' "$(changes)"
}

@test "a list that cannot change: line by line, in any order, whole" {
	ready
	tac "$draft/addons" >"$dir/addons"
	same 3 "$(wc -l <"$dir/addons")"
	bash -c 'while read -r l; do printf "%s\n" "$l"; done <"$1" >"$2"' - \
		"$dir/addons" "$draft/addons"
	same '' "$(cat "$draft/error" "$draft/check" "$draft/plan")"
	head -n 2 "$dir/addons" | cat >"$draft/addons" || true
	error_holds 'addons cannot be changed any more'
	holds "$(cat "$draft/check")" '^addons: .*write it whole'
	ends 'write EINVAL' write "$draft/commit" 1
	cat "$dir/addons" >"$draft/addons"
	same '' "$(cat "$draft/error" "$draft/check")"
	ends 'write EPERM' append "$draft/addons" csi-plugin
	commit
	same '' "$(changes)"
}

@test "a secret of what exists has no effect, and says so" {
	ready
	same 400 "$(stat -c %a "$draft/login_password")"
	put login_password Test@1900ackfs
	holds "$(cat "$draft/check")" \
		'^warning: login_password: the cluster exists, .* no effect$'
	same '' "$(cat "$draft/error" "$draft/plan")"
	ends 'write EPERM' write "$draft/login_password" short
	commit
	same '' "$(changes)"
}

# document FILTER: request.json becomes what jq makes of the sample.
document()
{
	jq "$1" "$top/tests/mounted/sample.json" >"$draft/request.json"
}

@test "a document of what exists: what differs becomes edits, once" {
	mount_quick
	draft test
	document '.kubernetes_version = "1.32.1-aliyun.1"'
	commit
	rests running
	from_here
	same='.kubernetes_version = "1.32.1-aliyun.1"'
	for _ in 1 2; do
		document "$same"
		# its password has no effect, and says so
		same '' "$(grep -v '^warning: login_password' "$draft/check")"
		same '' "$(cat "$draft/plan" "$draft/error")"
		commit
	done
	same '' "$(changes)"
	# its own text, in both forms
	cp "$draft/request.json" "$dir/own"
	cp "$dir/own" "$draft/request.json"
	same '' "$(cat "$draft/plan" "$draft/check")"
	remount body=nodepools,refresh=1
	draft=$mnt/clusters/test
	cat "$dir/own" >"$draft/request.json"
	same '' "$(cat "$draft/plan")"
	cat "$draft/request.json" >"$draft/request.json.new"
	mv "$draft/request.json.new" "$draft/request.json"
	same '' "$(cat "$draft/plan" "$draft/check")"

	put deletion_protection true
	document "$same | .num_of_nodes = 4 | .name = \"web\" |
		.vswitch_ids |= reverse"
	holds "$(cat "$draft/plan")" 'num_of_nodes: 3 -> 4'
	changed name test web
	holds "$(cat "$draft/plan")" 'deletion_protection: false -> true'
	put request.json '{"num_of_nodes": 3}'
	lacks "$(cat "$draft/plan")" num_of_nodes
	changed name test web
	rm "$draft/name" "$draft/deletion_protection"
	same '' "$(cat "$draft/plan")"
	# no number is made of node pools that it leaves out
	put request.json '{"nodepools": []}'
	same '' "$(cat "$draft/plan")"
	put request.json '{"num_of_nodes": 0, "nodepools": []}'
	holds "$(cat "$draft/plan")" 'num_of_nodes: 3 -> 0'
}

@test "a document of what exists: one thing that cannot change refuses all" {
	ready
	put deletion_protection true
	before=$(cat "$draft/plan")
	ends 'write EPERM' write "$draft/request.json" '{"num_of_nodes": 5,
		"worker_system_disk_size": 500, "name": "web",
		"container_cidr": "10.8.0.0/16"}'
	error_holds 'worker_system_disk_size: it is 120, and cannot be changed to 500'
	error_holds 'container_cidr: it is 172.20.0.0/16, and cannot be changed to 10.8.0.0/16'
	same "$before" "$(cat "$draft/plan")"
	ends 'write EINVAL' write "$draft/request.json" '{"num_of_nodes": 5000}'
	ends 'write EINVAL' write "$draft/request.json" '{"num_of_node": 5}'
	same "$before" "$(cat "$draft/plan")"
	# the rest of it after a first text that was whole
	ends 'write EINVAL' write "$draft/request.json" '{"num_of_nodes": 5} x'
	same "$before" "$(cat "$draft/plan")"
	same '' "$(changes)"
}

@test "a cluster of others takes what the service does not say, with a warning" {
	mount_quick
	planted '{"name": "web", "nodes": 3}'
	draft=$mnt/clusters/web
	wait_until test -d "$draft"
	same '' "$(cat "$draft/snat_entry" "$draft/worker_instance_types")"
	put snat_entry true
	document '{num_of_nodes, worker_instance_types}'
	for name in snat_entry worker_instance_types; do
		holds "$(cat "$draft/check")" "warning: $name: .* does not say"
		same '' "$(cat "$draft/$name")"
	done
	put request.json '{"nodepools": [{"count": 2}]}'
	holds "$(cat "$draft/check")" \
		'warning: extra_nodepools: .* into nodepools/NAME/request.json'
	same '' "$(cat "$draft/plan" "$draft/error")"
	commit
	same '' "$(cat "$draft/check")"
	# what it says, or would say, is compared
	ends 'write EPERM' write "$draft/proxy_mode" iptables
	same '' "$(changes)"
}

@test "bad values are refused as in a draft" {
	ready
	ends 'write EINVAL' write "$draft/num_of_nodes" 500
	ends 'write EINVAL' write "$draft/deletion_protection" maybe
	ends 'write EINVAL' write "$draft/tags" acs:x=1
	ends 'write EINVAL' write "$draft/kubernetes_version" latest
	reads num_of_nodes 3
	same '' "$(cat "$draft/plan")"
}

@test "what cannot be unset: check says so, commit refuses, nothing is sent" {
	ready
	: >"$draft/num_of_nodes"
	: >"$draft/deletion_protection"
	reads num_of_nodes ''
	same 2 "$(wc -l <"$draft/check")"
	ends 'write EINVAL' write "$draft/commit" 1
	error_holds 'num_of_nodes: it cannot be unset' \
		'deletion_protection: it cannot be unset'
	rm "$draft/num_of_nodes" "$draft/deletion_protection"
	same '' "$(cat "$draft/check")"
	reads num_of_nodes 3
	same '' "$(changes)"
}

@test "nothing edited: done, nothing is sent; another word: EINVAL" {
	ready
	for word in 1 yes test; do
		echo $word >"$draft/commit"
	done
	same '' "$(cat "$draft/error")"
	put num_of_nodes 4
	ends 'write EINVAL' write "$draft/commit" now
	: >"$draft/commit"
	same '' "$(changes)"
}

@test "on its way to somewhere: EBUSY, the edit stays" {
	sandbox_start --speed 2
	mount_sandbox refresh=1
	draft test
	fill
	commit
	put deletion_protection true
	ends 'write EBUSY' write "$draft/commit" 1
	error_holds 'live/wait'
	holds "$(cat "$draft/check")" 'initial'
	from_here
	rests running
	same '' "$(cat "$draft/check")"
	# also while only its own task knows; it is told of late
	faults '{"do": "delay", "method": "GET", "path": "/tasks/*",
		"ms": 5000, "times": -1}'
	commit
	same 1 "$(changes | wc -l)"
	put num_of_nodes 4
	ends 'write EBUSY' write "$draft/commit" 1
	faults
	rests running
	commit
	rests running
	same 2 "$(changes | wc -l)"
}

@test "a call fails after another succeeded: what was done is told, the rest goes next" {
	ready tags $'team=a\nold=1'
	wait_until reads tags $'team=a\nold=1'
	put tags team=b
	put deletion_protection true
	faults '{"do": "status", "status": 400, "code": "ErrBad",
		"message": "No.", "method": "PUT", "path": "/api/*"}'
	ends 'write EINVAL' write "$draft/commit" 1
	error_holds 'code: ErrBad' 'done before that: untag, tag;' \
		'the other edits are kept'
	same "PUT /api/v2/clusters/$id: deletion_protection: false -> true" \
		"$(cat "$draft/plan")"
	reads deletion_protection true
	reads tags team=b
	from_here
	commit
	same "PUT /api/v2/clusters/$id" "$(changes)"
	same '' "$(cat "$draft/error")"
	same true "$(detail deletion_protection)"
}

@test "the same within tags: what was unset is not unset again" {
	ready tags $'team=a\nold=1'
	wait_until reads tags $'team=a\nold=1'
	put tags team=b
	faults '{"do": "status", "status": 400, "code": "ErrBad",
		"message": "No.", "method": "PUT", "path": "/tags"}'
	ends 'write EINVAL' write "$draft/commit" 1
	error_holds 'done before that: untag;'
	same 'PUT /tags: tags: team=a -> team=b' "$(cat "$draft/plan")"
	from_here
	commit
	same 'PUT /tags' "$(changes)"
	same '[["team","b"]]' "$(detail tags | jq -c 'map([.key, .value])')"
}

@test "the rest of a commit survives a crash" {
	ready
	put tags team=a
	put deletion_protection true
	faults '{"do": "status", "status": 400, "code": "ErrBad",
		"message": "No.", "method": "PUT", "path": "/api/*"}'
	ends 'write EINVAL' write "$draft/commit" 1
	remount refresh=1
	same "PUT /api/v2/clusters/$id: deletion_protection: false -> true" \
		"$(cat "$draft/plan")"
	reads tags team=a
}

@test "ModifyCluster whose answer is lost: again with the same token, one effect" {
	ready
	faults '{"do": "drop_after", "method": "PUT", "path": "/api/*"}'
	put deletion_protection true
	commit
	same 2 "$(changes | wc -l)"
	same 1 "$(sent 'map(select(.method != "GET").body.client_token) |
		unique | length')"
	same 1 "$(curl -fsS "$url/_sandbox/clusters" |
		jq '[.[0].tasks[] | select(.kind == "cluster_modify")] | length')"
	same '' "$(cat "$draft/error")"
	reads deletion_protection true
	rests running
	# another commit has another one
	put deletion_protection false
	commit
	same 2 "$(sent 'map(select(.method != "GET").body.client_token) |
		unique | length')"
}

@test "a scaling whose answer is lost has one effect" {
	ready
	faults '{"do": "drop_after", "method": "PUT",
		"path": "/clusters/*/nodepools/*"}'
	put num_of_nodes 5
	run "$lib/try" write "$draft/commit" 1
	holds "$output" '^(OK|write EBUSY)$'
	wait_until no_plan
	rests running
	same 5 "$(jq length "$draft/live/nodes.json")"
	reads num_of_nodes 5
}

@test "Ctrl-C frees the shell, the change goes on" {
	ready
	put deletion_protection true
	faults '{"do": "delay", "ms": 2000, "method": "PUT"}'
	run -0 /usr/bin/python3 - "$draft" <<-'PY'
		import os, signal, sys, time
		d = sys.argv[1]
		pid = os.fork()
		if not pid:
		    signal.signal(signal.SIGINT, signal.SIG_DFL)
		    os.write(os.open(d + "/commit", os.O_WRONLY), b"1\n")
		    os._exit(0)
		time.sleep(0.5)
		start = time.monotonic()
		os.kill(pid, signal.SIGINT)
		_, status = os.waitpid(pid, 0)
		assert time.monotonic() - start < 1
		print(os.WTERMSIG(status))
	PY
	same 2 "$output"
	ends 'open EBUSY' write "$draft/num_of_nodes" 4
	ends 'open EBUSY' write "$draft/commit" 1
	wait_until no_plan
	same 1 "$(changes | wc -l)"
	reads deletion_protection true
}

@test "two mounts see each other's changes" {
	ready
	other_start ,refresh=1
	there=$other_mnt/clusters/test
	wait_until test -d "$there"
	put num_of_nodes 4
	commit
	rests running
	wait_until grep -qx 4 "$there/num_of_nodes"
	echo true >"$there/deletion_protection"
	echo 1 >"$there/commit"
	wait_until grep -qx true "$draft/deletion_protection"
	same '' "$(cat "$draft/plan" "$there/plan")"
}

@test "a rename to a name that is taken is refused by the service" {
	ready
	planted '{"name": "taken"}' >/dev/null
	put name taken
	ends 'write EEXIST' write "$draft/commit" 1
	error_holds 'code: ErrorClusterNameAlreadyExist'
	rm "$draft/name"
	reads name test
}

@test "-o ro: no edit, no commit" {
	ready
	mount_stop
	mount_sandbox refresh=1 ro
	ends 'open EROFS' write "$draft/num_of_nodes" 4
	ends 'open EROFS' write "$draft/commit" 1
	same '' "$(changes)"
}

@test "audit.log: a line for each call, with its own request ID" {
	ready tags old=1
	wait_until reads tags old=1
	put tags team=a
	put deletion_protection true
	"$lib/try" write "$draft/commit" 1 >"$dir/ended" 3>&- &
	pid=$!
	wait $pid
	same OK "$(cat "$dir/ended")"
	rests running
	put num_of_nodes 4
	commit
	rests running
	put kubernetes_version 1.33.3-aliyun.1
	commit
	same 'untag tag modify scale upgrade' "$(sed -n \
		's/.* action=\([^ ]*\) directory=test outcome=accepted .*/\1/p' \
		"$dir/state/audit.log" | grep -v create | paste -sd' ')"
	grep -q " uid=0 pid=$pid action=modify .* cluster_id=$id " \
		"$dir/state/audit.log"
	same "$(sent 'map(select(.method != "GET").request_id) | .[]')" \
		"$(sed -n 's/.* action=[^c].*request_id=\([^ ]*\) .*/\1/p' \
		"$dir/state/audit.log")"
}

@test "cluster_spec: Basic becomes Pro by a migration, and never back" {
	ready
	reads cluster_spec ack.standard
	put cluster_spec ack.pro.xlarge
	holds "$(cat "$draft/check")" '^cluster_spec: .* ack.pro.small first'
	ends 'write EINVAL' write "$draft/commit" 1
	put cluster_spec ack.pro.small
	same "POST /clusters/$id/migrate: cluster_spec: ack.standard -> ack.pro.small" \
		"$(cat "$draft/plan")"
	commit
	same "POST /clusters/$id/migrate" "$(changes)"
	rests running
	reads cluster_spec ack.pro.small
	put cluster_spec ack.standard
	holds "$(cat "$draft/check")" '^cluster_spec: a Pro cluster cannot'
	ends 'write EINVAL' write "$draft/commit" 1
	from_here
	put cluster_spec ack.pro.xlarge
	commit
	same "PUT /api/v2/clusters/$id" "$(changes)"
}

@test "an upgrade that is known not to be offered is not tried" {
	ready
	put kubernetes_version 1.99.9-aliyun.1
	same '' "$(cat "$draft/check")"
	cat "$draft/live/upgrades" >/dev/null
	holds "$(cat "$draft/check")" \
		'^kubernetes_version: .* does not offer an upgrade to 1.99.9'
	ends 'write EINVAL' write "$draft/commit" 1
	same '' "$(changes)"
}
