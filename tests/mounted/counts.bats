#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Numbers of nodes, and edits that others overtake: what plan says is what is
# sent, or nothing is (DESIGN.md, Changes).

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

# A cluster of 3 nodes that somebody made, and their mount; this one asks for
# nothing by itself.
ready()
{
	sandbox_start --speed 20
	# shellcheck disable=SC2034 # of detail
	id=$(planted '{"name": "test", "nodes": 3}')
	other_start ,refresh=1
	theirs=$other_mnt/clusters/test
	wait_until test -d "$theirs"
	mount_sandbox refresh=3600 "$@"
	draft=$mnt/clusters/test
	wait_until test -d "$draft"
}

pools_known()
{
	cat "$mnt/live/test/nodepools.json" >"$dir/pools"
	from_here
}

# they FILE VALUE [FILE VALUE]...: what somebody else changes.
they()
{
	local draft=$theirs

	while [ $# -gt 0 ]; do
		put "$1" "$2"
		shift 2
	done
	cat "$draft/digest" >"$draft/commit"
	cat "$other_mnt/live/test/wait"
}

# their_pool NAME SIZE [PARAM VALUE]...
their_pool()
{
	local draft=$theirs name=$1 size=$2

	shift 2
	pool "$name" desired_size "$size" "$@"
	commit
	cat "$other_mnt/live/test/wait"
}

# size POOL: what the service wants of it.
size()
{
	pools | jq --arg name "$1" '.[] | select(.nodepool_info.name == $name) |
		.scaling_group.desired_size'
}

nodepool()
{
	printf '%s\n' "$draft/nodepools/$1"
}

@test "what somebody else has changed is not overwritten: ESTALE, then it goes" {
	ready
	their_pool more 2
	pools_known
	while read -r where name was theirs_now wanted; do
		from_here
		draft=$mnt/clusters/test$where
		printf '# %s\n' "$draft/$name"
		[ "$was" = unset ] || reads "$name" "$was"
		put "$name" "$wanted"
		theirs=$other_mnt/clusters/test$where \
			they "$name" "$theirs_now"
		from_here
		ends 'write ESTALE' write "$draft/commit" 1
		same '' "$(changes)"
		error_holds "$name: it was $was when it was edited, is $theirs_now now, and $wanted is wanted"
		reads "$name" "$wanted"
		holds "$(cat "$draft/plan")" "[:,] $name: $theirs_now -> $wanted"
		lacks "$(cat "$draft/plan")" 'was edited'
		commit
		same 1 "$(changes | wc -l)"
		cat "$mnt/live/test/wait"
		reads "$name" "$wanted"
	done <<-'END'
		/nodepools/more desired_size 2 3 5
		/nodepools/more labels unset team=a team=b
		/nodepools/more taints unset a=b:NoSchedule c=d:NoExecute
		/nodepools/more name more most last
		/. name test theirs ours
	END
}

@test "the base of an edit survives a crash" {
	ready
	put num_of_nodes 6
	they num_of_nodes 4
	remount refresh=3600
	wait_until test -d "$draft"
	from_here
	ends 'write ESTALE' write "$draft/commit" 1
	error_holds 'it was 3 when it was edited, is 4 now, and 6 is wanted'
	same '' "$(changes)"
	commit
	same '{"scaling_group":{"desired_size":6}}' "$(body 0)"
}

@test "a key of tags that two change is not overwritten; other keys are left alone" {
	ready
	they tags $'team=a\nenv=test'
	cat "$mnt/live/test/detail.json" >"$dir/detail"
	put tags $'team=b\nenv=test'
	they tags $'team=c\nenv=prod'
	from_here
	ends 'write ESTALE' write "$draft/commit" 1
	error_holds 'tags: it was' team=a team=b team=c
	same '' "$(changes)"
	commit
	same '[["env","prod"],["team","b"]]' \
		"$(detail tags | jq -c 'map([.key, .value]) | sort')"
}

@test "one count: what all pools want, in plan, in every file, both ways" {
	ready
	their_pool more 2
	pools_known
	reads num_of_nodes 5
	put num_of_nodes 6
	holds "$(cat "$draft/plan")" 'num_of_nodes: 5 -> 6, desired_size of default-nodepool: 3 -> 4$'
	commit
	same '{"scaling_group":{"desired_size":4}}' "$(body 0)"
	same 4 "$(cat "$(nodepool default-nodepool)/desired_size")"
	rests running
	same 4 "$(cat "$(nodepool default-nodepool)/desired_size")"
	cluster=$draft
	draft=$(nodepool more)
	put desired_size 4
	holds "$(cat "$draft/plan")" 'desired_size: 2 -> 4$'
	commit
	same 8 "$(cat "$cluster/num_of_nodes")"
	cat "$mnt/live/test/wait"
	same 8 "$(cat "$cluster/num_of_nodes")"
	# nodes that could not be had are wanted all the same
	faults '{"do": "fail_task", "code": "NoStock", "message": "Sold out."}'
	put desired_size 6
	commit
	run cat "$mnt/live/test/wait"
	faults
	same 10 "$(cat "$cluster/num_of_nodes")"
	draft=$cluster
	from_here
	put num_of_nodes 11
	commit
	same '{"scaling_group":{"desired_size":5}}' "$(body 0)"
}

@test "another pool has grown: ESTALE, the default pool loses nothing" {
	ready
	put num_of_nodes 5
	holds "$(cat "$draft/plan")" 'pools are not known yet'
	their_pool more 4
	from_here
	ends 'write ESTALE' write "$draft/commit" 1
	error_holds 'it was 3 when it was edited, is 7 now, and 5 is wanted'
	same '' "$(changes)"
	put num_of_nodes 8
	commit
	same '{"scaling_group":{"desired_size":4}}' "$(body 0)"
	same 4 "$(size default-nodepool)"
}

@test "a pool that scales itself is sized by nobody else" {
	ready
	their_pool auto '' auto_scaling true min_instances 1 max_instances 9
	pools_known
	cluster=$draft
	draft=$(nodepool auto)
	put desired_size 5
	holds "$(cat "$draft/check")" '^desired_size: the pool scales itself'
	ends 'write EINVAL' write "$draft/commit" 1
	same '' "$(changes)"
	# the call that switches it off is one by itself, and comes first
	put auto_scaling false
	same '' "$(cat "$draft/check")"
	same 'auto_scaling desired_size' "$(sed -E 's/^PUT [^ ]* ([^:]*).*/\1/' \
		"$draft/plan" | paste -sd' ')"
	run "$lib/try" write "$draft/commit" auto
	same '{"auto_scaling":{"enable":false,"max_instances":9,"min_instances":1}}' \
		"$(body 0)"
	lacks "$(sent 'map(select(.method == "PUT" and
		(.body | has("auto_scaling") and has("scaling_group"))))[]')" .
	wait_until pool_at_rest
	[ ! -s "$draft/plan" ] || commit
	wait_until pool_at_rest
	same 5 "$(size auto)"
	# what it may have at most is what it keeps
	put auto_scaling true
	put min_instances 1
	put max_instances 2
	holds "$(cat "$draft/plan")" $'\n''loses: max_instances: 3 nodes of the node pool auto'
	put min_instances 3
	holds "$(cat "$draft/check")" '^min_instances: '
	# its size becomes the scaler's, and is no obstacle to that
	put min_instances 1
	put max_instances 7
	same '' "$(cat "$draft/check")"
	from_here
	commit
	same '{"auto_scaling":{"enable":true,"max_instances":7,"min_instances":1}}' \
		"$(body 0)"
}

@test "PrePaid is the pool's that changes, whoever made it; unknown is said, too" {
	ready
	their_pool paid 2 instance_charge_type PrePaid period 1 \
		period_unit Month auto_renew false
	put num_of_nodes 9
	holds "$(cat "$draft/plan")" 'warning: num_of_nodes: the node pools are not known yet, nor how their nodes are paid \(PrePaid or PostPaid\); cat live/nodepools.json'
	pools_known
	lacks "$(cat "$draft/plan")" PrePaid
	draft=$(nodepool paid)
	put desired_size 3
	holds "$(cat "$draft/plan")" 'warning: desired_size: the nodes are PrePaid'
}

@test "what takes away needs the name or the digest" {
	ready
	pools_known
	put num_of_nodes 2
	holds "$(cat "$draft/plan")" $'\n''loses: num_of_nodes: 1 node of the node pool default-nodepool'
	for word in 1 y yes true on commit; do
		ends 'write EPERM' write "$draft/commit" $word
		error_holds 'loses: num_of_nodes: 1 node' 'the name of the directory, or what digest says'
	done
	ends 'write EINVAL' write "$draft/commit" tset
	same '' "$(changes)"
	digest=$(cat "$draft/digest")
	[[ $digest =~ ^[0-9a-f]{64}$ ]]
	same 444 "$(stat -c %a "$draft/digest")"
	put num_of_nodes 1
	ends 'write ESTALE' write "$draft/commit" "$digest"
	same '' "$(changes)"
	echo test >"$draft/commit"
	rests running
	same 1 "$(size default-nodepool)"
	put num_of_nodes 0
	cat "$draft/digest" >"$draft/commit"
	rests running
	same 0 "$(size default-nodepool)"
	same '' "$(cat "$draft/digest")"
	ends 'write ESTALE' write "$draft/commit" "$digest"
	put num_of_nodes 2
	commit
}

@test "digest: of a draft, too; a password is in it, and cannot be tried out" {
	mount_sandbox
	draft test
	fill
	: >"$draft/key_pair"
	put login_password "$sample_password"
	digest=$(cat "$draft/digest")
	put login_password "New$sample_password"
	ends 'write ESTALE' write "$draft/commit" "$digest"
	put login_password "$sample_password"
	same "$digest" "$(cat "$draft/digest")"
	put num_of_nodes 2
	ends 'write ESTALE' write "$draft/commit" "$digest"
	same 0 "$(count_requests POST /clusters)"
	digest=$(cat "$draft/digest")
	remount
	put login_password "$sample_password"
	[ "$digest" != "$(cat "$draft/digest")" ]
	cat "$draft/digest" >"$draft/commit"
	same 1 "$(count_requests POST /clusters)"
}

@test "no_delete takes no nodes away, by no word" {
	ready no_delete
	put num_of_nodes 0
	for word in 1 test "$(cat "$draft/digest")"; do
		ends 'write EPERM' write "$draft/commit" "$word"
		error_holds 'loses: num_of_nodes: 3 nodes' 'no_delete'
	done
	same '' "$(changes)"
	rm "$draft/num_of_nodes"
	put num_of_nodes 4
	commit
	same 4 "$(size default-nodepool)"
}

@test "a name that is a word for no is no order" {
	mount_sandbox
	for name in no n false off No 0; do
		draft $name
		fill_little
		ends 'write EINVAL' write "$draft/commit" $name
	done
	same 0 "$(count_requests POST /clusters)"
	cat "$draft/digest" >"$draft/commit"
	same 1 "$(count_requests POST /clusters)"
}

# make: the script that makes it, as often as somebody likes.
make()
{
	mkdir -p "$draft"
	fill 2>/dev/null
	echo 1 >"$draft/commit"
}

@test "the script that made it scales nothing in when it is run again" {
	mount_quick
	draft=$mnt/clusters/test
	make
	rests running
	other_start ,refresh=1
	theirs=$other_mnt/clusters/test
	wait_until test -d "$theirs"
	they num_of_nodes 7
	wait_until reads num_of_nodes 7
	from_here
	put num_of_nodes 3
	ends 'write EPERM' write "$draft/commit" 1
	same '' "$(changes)"
	same 7 "$(size default-nodepool)"
}

@test "what others change is told, what was changed here is not" {
	ready
	remount refresh=1
	they num_of_nodes 7
	they deletion_protection true
	wait_until grep -q ' info num_of_nodes: 3 -> 7, not from here$' "$draft/events"
	wait_until grep -q ' info deletion_protection: false -> true, not from here$' "$draft/events"
	put num_of_nodes 8
	put deletion_protection false
	until "$lib/try" write "$draft/commit" 1 | grep -qx OK; do
		cat "$draft/live/wait"
	done
	rests running
	wait_until grep -qx 8 "$theirs/num_of_nodes"
	they num_of_nodes 9
	wait_until grep -q ' info num_of_nodes: 8 -> 9, not from here$' "$draft/events"
	same 3 "$(grep -c 'not from here' "$draft/events")"
	# the path stays until the next mount, which follows
	they name 'team2'
	wait_until grep -q '^warning: name: .* team2, and test is free' \
		"$draft/check"
	id=$(cat "$draft/cluster_id")
	remount refresh=1
	draft=$mnt/clusters/team2
	same "$id" "$(cat "$draft/cluster_id")"
	same '' "$(cat "$draft/check")"
	same team2 "$(ls "$mnt/clusters")"
	same team2 "$(cat "$draft/name")"
	# and back
	they name test
	wait_until grep -q "^warning: name: .* test, and team2 is free" "$draft/check"
	they name team2
	wait_until reads check ""
}
