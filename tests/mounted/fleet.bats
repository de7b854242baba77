#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The fleet: what others make and delete is seen here, what is made here is
# seen by others, and no directory ever stands for two clusters.

# shellcheck source=tests/lib/ackfs.bash
source "$BATS_TEST_DIRNAME/../lib/ackfs.bash"
# shellcheck source=tests/lib/state.bash
source "$BATS_TEST_DIRNAME/../lib/state.bash"
# shellcheck source=tests/lib/other.bash
source "$BATS_TEST_DIRNAME/../lib/other.bash"
# shellcheck source=tests/lib/fleet.bash
source "$BATS_TEST_DIRNAME/../lib/fleet.bash"
bats_require_minimum_version 1.5.0

teardown()
{
	other_teardown
}

# found_at NAME ID: everything leads to that cluster.
found_at()
{
	same "$2" "$(cat "$mnt/clusters/$1/cluster_id")"
	same "../clusters/$1" "$(readlink "$mnt/by-id/$2")"
	same "$2" "$(cat "$mnt/by-id/$2/cluster_id")"
	same "../../live/$1" "$(readlink "$mnt/clusters/$1/live")"
	same "$2" "$(jq -r .cluster_id "$mnt/clusters/$1/live/detail.json")"
}

@test "clusters that were planted appear with their values" {
	mount_sandbox refresh=1
	id=$(plant_one shop '{"nodes": 3, "current_version": "1.31.1-aliyun.1",
		"vpc_id": "vpc-1abc", "vswitch_ids": ["vsw-1abc", "vsw-2abc"],
		"security_group_id": "sg-1abc", "deletion_protection": true,
		"timezone": "Asia/Shanghai",
		"tags": [{"key": "team", "value": "shop"}]}')
	bad=$(plant_one sick '{"state": "unavailable"}')
	appears shop
	draft=$mnt/clusters/shop
	found_at shop "$id"
	found_at sick "$bad"
	reads state running
	reads name shop
	reads num_of_nodes 3
	reads kubernetes_version 1.31.1-aliyun.1
	reads vpcid vpc-1abc
	reads vswitch_ids $'vsw-1abc\nvsw-2abc'
	reads security_group_id sg-1abc
	reads deletion_protection true
	reads tags team=shop
	reads cluster_type ManagedKubernetes
	reads region_id cn-beijing
	reads check ''
	reads plan ''
	reads error ''
	for file in request_id task_id progress adopt; do
		run -1 test -e "$draft/$file"
	done
	same "vpc-1abc" "$(jq -r .vpcid "$draft/request.json")"
	same unavailable "$(cat "$mnt/clusters/sick/state")"
	same $'shop\nsick' "$(ls "$mnt/clusters")"
	same "$(printf '%s\n' "$id" "$bad" | sort)" "$(ls "$mnt/by-id")"
	same 2 "$(find "$mnt/live" -mindepth 1 -maxdepth 1 -type d | wc -l)"
}

@test "only managed clusters of this region appear" {
	mount_sandbox refresh=1
	plant '{"clusters": [
		{"name": "edge", "cluster_type": "ExternalKubernetes"},
		{"name": "dedicated", "cluster_type": "Kubernetes"},
		{"name": "far", "region_id": "cn-hangzhou"},
		{"name": "near"}]}'
	appears near
	same near "$(ls "$mnt/clusters")"
	same 1 "$(ls "$mnt/by-id" | wc -l)"
}

@test "the SDK makes, renames and deletes a cluster: seen here each time" {
	need_sdk
	sandbox_start --speed 20
	mount_sandbox refresh=1
	id=$(sdk_creates shop '{"numOfNodes": 1,
		"workerInstanceTypes": ["ecs.g7.xlarge"], "keyPair": "made-up",
		"workerSystemDiskCategory": "cloud_essd",
		"workerSystemDiskSize": 120, "tags": [{"key": "a", "value": "b"}]}')
	appears shop
	draft=$mnt/clusters/shop
	found_at shop "$id"
	wait_until in_state running
	# its nodes count from the next look at a cluster at rest on
	wait_until listed_with num_of_nodes 1
	reads tags a=b
	sdk modifyCluster "$id" '{"deletionProtection": true}'
	wait_until grep -qx true "$draft/deletion_protection"
	sdk modifyCluster "$id" '{"deletionProtection": false,
		"clusterName": "store"}'
	# the directory keeps its name, the file tells the new one
	wait_until grep -qx store "$draft/name"
	wait_until grep -qx false "$draft/deletion_protection"
	found_at shop "$id"
	sdk deleteCluster "$id" '{}'
	vanishes shop
	run -1 test -e "$mnt/by-id/$id"
	run -1 test -e "$mnt/live/shop"
	run -1 test -e "$draft/state"
}

listed_with()
{
	ls "$mnt/clusters" >/dev/null
	grep -qx "$2" "$draft/$1"
}

@test "what is made and deleted here, the SDK and another mount see" {
	need_sdk
	sandbox_start --speed 20
	mount_sandbox refresh=1
	other_start ,refresh=1
	draft test
	fill
	commit
	id=$(cat "$draft/cluster_id")
	same test "$(sdk describeClusterDetail "$id" | jq -r .name)"
	same "$id" "$(sdk describeClustersForRegion cn-beijing '{}' |
		jq -r '.clusters[].cluster_id')"
	mine=$mnt mnt=$other_mnt
	appears test
	same "$id" "$(cat "$mnt/clusters/test/cluster_id")"
	same 3 "$(cat "$mnt/clusters/test/num_of_nodes")"
	mnt=$mine
	wait_until in_state running
	cat "$draft/cluster_id" >"$draft/delete"
	vanishes test
	mnt=$other_mnt
	vanishes test
	mnt=$mine
	same '' "$(sdk describeClustersForRegion cn-beijing '{}' |
		jq -r '.clusters[].cluster_id')"
}

@test "deleted by others, the name is free at once" {
	need_sdk
	sandbox_start --speed 50
	mount_sandbox refresh=1
	id=$(plant_one test)
	appears test
	ends 'mkdir EEXIST' mkdir "$mnt/clusters/test"
	sdk deleteCluster "$id" '{}'
	vanishes test
	draft test
	same draft "$(cat "$draft/state")"
	reads vpcid ''
	fill_little
	commit
	same "$(ids_of test)" "$(cat "$draft/cluster_id")"
	[ "$(cat "$draft/cluster_id")" != "$id" ]
}

# handles_cached: the kernel knows the directory, its files and their sizes.
handles_cached()
{
	ls -lR "$mnt/clusters" >/dev/null
	cat "$mnt/clusters/test/state" "$mnt/clusters/test/cluster_id" \
		"$mnt/clusters/test/vpcid"
	exec 8<"$mnt/clusters/test" 9<"$mnt/clusters/test/cluster_id"
}

@test "another cluster of a deleted one's name: nothing old is shown" {
	need_sdk
	sandbox_start --speed 50
	mount_sandbox refresh=1
	old=$(plant_one test '{"vpc_id": "vpc-old"}')
	appears test
	same $'running\n'"$old"$'\nvpc-old' "$(handles_cached)"
	exec 9<"$mnt/clusters/test/cluster_id"
	sdk deleteCluster "$old" '{}'
	vanishes test
	run -1 test -e "$mnt/clusters/test"
	new=$(plant_one test '{"vpc_id": "vpc-new1", "state": "failed"}')
	appears test
	same $'failed\n'"$new"$'\nvpc-new1' "$(handles_cached)"
	same 9 "$(stat -c %s "$mnt/clusters/test/vpcid")"
	run -1 test -e "$mnt/by-id/$old"
	found_at test "$new"
	# who has the old one open reads the old text, or nothing, never the
	# new one
	holds "$(cat <&9)" "^($old)?\$"
	exec 9<&-
}

@test "replaced by another of that name between two lists: it takes the name" {
	need_sdk
	sandbox_start --speed 50
	mount_sandbox refresh=600
	old=$(plant_one test '{"vpc_id": "vpc-old"}')
	one_refresh
	same $'running\n'"$old"$'\nvpc-old' "$(handles_cached)"
	sdk deleteCluster "$old" '{}'
	wait_until sandbox_has 0
	new=$(plant_one test '{"vpc_id": "vpc-new1", "state": "failed"}')
	# as long as no list says so, the old one is what is known
	same "$old" "$(cat "$mnt/clusters/test/cluster_id")"
	one_refresh
	same test "$(ls "$mnt/clusters")"
	same $'failed\n'"$new"$'\nvpc-new1' "$(handles_cached)"
	found_at test "$new"
	run -1 test -e "$mnt/by-id/$old"
}

sandbox_has()
{
	[ "$(clusters | jq '[.[] | select(.state != "deleted")] | length')" \
		-eq "$1" ]
}

@test "status tells the age of the list, HUP renews it" {
	mount_sandbox refresh=600
	ls "$mnt/clusters"
	wait_until grep -qE '^list: [0-9]+ s ago$' "$mnt/status"
	n=$(count_lists)
	plant_one test
	sleep 2
	ls -R "$mnt/clusters" >/dev/null
	same '' "$(ls "$mnt/clusters")"
	age=$(sed -n 's/^list: \([0-9]*\) s ago$/\1/p' "$mnt/status")
	[ "$age" -ge 2 ]
	one_refresh
	same test "$(ls "$mnt/clusters")"
	younger=$(sed -n 's/^list: \([0-9]*\) s ago$/\1/p' "$mnt/status")
	[ "$younger" -lt "$age" ]
	same $((n + 1)) "$(count_lists)"
}

@test "a list that fails is told once, and the old one stays" {
	mount_sandbox refresh=1 timeout=1
	plant '{"count": 3}'
	appears cluster-00003
	list=$(ls "$mnt/clusters")
	same '' "$(cat "$mnt/error")"
	log_expected=('the clusters could not be listed')
	faults '{"do": "status", "status": 403, "code": "ForbiddenRAM",
		"message": "made up", "path": "/regions/*", "times": -1}'
	wait_until list_failed
	n=$(count_lists)
	wait_until ls_until_lists "$list" $((n + 3))
	same "$list" "$(ls "$mnt/clusters")"
	same running "$(cat "$mnt/clusters/cluster-00002/state")"
	holds "$(cat "$mnt/error")" 'made up'
	holds "$(cat "$mnt/error")" 'code: ForbiddenRAM'
	same 1 "$(grep -c 'could not be listed' "$dir/ackfs.log")"
	# and again when it works
	faults
	plant_one more
	appears more
	wait_until grep -qE '^list: [0-9]+ s ago$' "$mnt/status"
	# what comes and goes must not fill the log
	faults '{"do": "html", "path": "/regions/*", "times": -1}'
	wait_until list_failed
	same 1 "$(grep -c 'could not be listed' "$dir/ackfs.log")"
	[ -s "$mnt/error" ]
	faults
}

list_failed()
{
	ls "$mnt/clusters" >/dev/null
	grep -q '^list: .*the last attempt failed' "$mnt/status"
}

# where_nobody_lists ERRNO REASON: what the directories of clusters say.
where_nobody_lists()
{
	for name in clusters by-id; do
		ends "open $1" read "$mnt/$name"
		holds "$(cat "$mnt/error")" "$2"
	done
	# names are taken, and a draft is shown
	[ ! -e "$mnt/clusters/test" ]
	mkdir "$mnt/clusters/test"
	same test "$(ls "$mnt/clusters")"
	rmdir "$mnt/clusters/test"
	ends "open $1" read "$mnt/clusters"
}

lists_clusters()
{
	ls "$mnt/clusters" >/dev/null 2>&1
}

@test "clusters that could not be listed are no empty directory" {
	log_expected=('the clusters could not be listed')
	sandbox_start
	faults '{"do": "status", "status": 403, "code": "ForbiddenRAM",
		"message": "made up", "path": "/regions/*", "times": -1}'
	mount_sandbox refresh=60 timeout=1
	where_nobody_lists EACCES 'code: ForbiddenRAM'
	holds "$(cat "$mnt/status")" \
		'last failure: [0-9]+ s ago, DescribeClustersForRegion: .*made up'
	# what was wrong is right again, long before refresh=
	faults
	wait_until lists_clusters
	same '' "$(ls "$mnt/clusters")"
	same '' "$(cat "$mnt/error")"
	mount_stop
	# a service that is slow has not said that there are none
	faults '{"do": "delay", "ms": 60000, "path": "/regions/*"}'
	mount_start "$url" region=cn-beijing refresh=60
	where_nobody_lists EAGAIN 'not listed the clusters yet; try again, or mount with -o wait_ready'
	mount_stop
	# wait_ready waits, and fails where that fails
	plant_one test
	faults '{"do": "delay", "ms": 3000, "path": "/regions/*"}'
	"$ackfs" "$url" "$mnt" -o \
		"region=cn-beijing,state=$dir/state,wait_ready"
	same test "$(ls "$mnt/clusters")"
	fusermount3 -u "$mnt"
	wait_until no_process_left
	faults '{"do": "status", "status": 403, "code": "ForbiddenRAM",
		"message": "made up", "path": "/regions/*", "times": -1}'
	run -1 "$ackfs" "$url" "$mnt" -o \
		"region=cn-beijing,state=$dir/state,wait_ready"
	holds "$output" 'made up.*ForbiddenRAM'
	run ! mounted "$mnt"
	# from fstab it is mount(8)'s failure
	ln -s "$ackfs" "$dir/mount.ackfs"
	run -32 "$dir/mount.ackfs" "$url" "$mnt" -o \
		"region=cn-beijing,state=$dir/state,wait_ready"
	run -125 "$ackfs" run "$url" -o \
		"region=cn-beijing,state=$dir/state,wait_ready" -- \
		touch "$dir/ran"
	[ ! -e "$dir/ran" ]
}

@test "a list that breaks off in the middle takes nothing away" {
	mount_sandbox refresh=600 timeout=1 qps=1000
	plant '{"count": 120}'
	one_refresh
	same 120 "$(ls "$mnt/clusters" | wc -l)"
	log_expected=('the clusters could not be listed')
	faults '{"do": "status", "path": "/regions/*", "after": 1, "times": -1}'
	kill -HUP "$daemon_pid"
	wait_until grep -q 'the last attempt failed' "$mnt/status"
	same 120 "$(ls "$mnt/clusters" | wc -l)"
	faults
}

@test "pages that come out of their order are taken in it" {
	mount_sandbox refresh=86400 qps=1000
	plant '{"count": 100}' >"$dir/ids"
	twin=$(plant_one twin)
	plant '{"count": 250}' >>"$dir/ids"
	other=$(plant_one twin)
	plant '{"count": 98}' >>"$dir/ids"
	# the third, which the first twin stands on, comes after all others
	faults '{"do": "delay", "ms": 1500, "path": "/regions/*", "after": 2}'
	n=$(count_lists)
	one_refresh
	same 9 $(($(count_lists) - n))
	same 450 "$(ls "$mnt/clusters" | wc -l)"
	same "$twin" "$(cat "$mnt/clusters/twin/cluster_id")"
	same "$other" "$(cat "$mnt/clusters/twin@$other/cluster_id")"
}

@test "a list that shifts while its pages are read takes nothing away" {
	need_sdk
	sandbox_start --speed 50
	mount_sandbox refresh=600 qps=1000
	plant '{"count": 60}' >"$dir/ids"
	one_refresh
	same 60 "$(ls "$mnt/clusters" | wc -l)"
	stat -c %i "$mnt"/clusters/* >"$dir/before"
	# the first cluster goes after its page was read, so that the second
	# page lacks the one that stood at its beginning
	faults '{"do": "delay", "ms": 3000, "path": "/regions/*", "after": 1}'
	n=$(count_lists)
	kill -HUP "$daemon_pid"
	wait_until listed_since "$n"
	sdk deleteCluster "$(head -n 1 "$dir/ids")" '{}'
	wait_until sandbox_has 59
	wait_until list_is_over
	same running "$(cat "$mnt/clusters/cluster-00051/state")"
	one_refresh
	same 59 "$(ls "$mnt/clusters" | wc -l)"
	# they are still the same directories
	stat -c %i "$mnt"/clusters/* | diff - <(tail -n +2 "$dir/before")
	# and what neither the list nor the service has goes
	id=$(tail -n 1 "$dir/ids")
	sdk deleteCluster "$id" '{}'
	wait_until sandbox_has 58
	one_refresh
	run -1 test -e "$mnt/by-id/$id"
}

@test "a new cluster that lists do not show yet keeps its directory" {
	sandbox_start --speed 50
	mount_sandbox refresh=1
	faults '{"do": "list_lag", "ms": 5000}'
	draft test
	fill_little
	commit
	id=$(cat "$draft/cluster_id")
	n=$(count_lists)
	wait_until in_state running
	wait_until ls_until_lists test $((n + 3))
	same test "$(ls "$mnt/clusters")"
	found_at test "$id"
	# and when they do, it is the same
	wait_until sdk_lists test
	one_refresh
	same test "$(ls "$mnt/clusters")"
	found_at test "$id"
}

# ls_until_lists NAMES COUNT: looks until so many pages were asked for; there
# are always these names.
ls_until_lists()
{
	same "$1" "$(ls "$mnt/clusters")" || exit 1
	[ "$(count_lists)" -ge "$2" ]
}

# Whether lists show it by now; asked of the service itself.
sdk_lists()
{
	sdk describeClustersForRegion cn-beijing '{}' |
		jq -e --arg name "$1" 'any(.clusters[]; .name == $name)' \
			>/dev/null
}

@test "a cluster whose POST is still under way is not shown twice" {
	sandbox_start --speed 50
	mount_sandbox refresh=1
	faults '{"do": "delay_after", "ms": 4000, "method": "POST",
		"path": "/clusters"}'
	draft test
	fill_little
	echo 1 >"$draft/commit" 3>&- &
	writer=$!
	wait_until sandbox_has 1
	n=$(count_lists)
	wait_until ls_until_lists test $((n + 2))
	same committing "$(cat "$draft/state")"
	same '' "$(ls "$mnt/by-id")"
	wait $writer
	one_refresh
	same test "$(ls "$mnt/clusters")"
	found_at test "$(ids_of test)"
	same 1 "$(ls "$mnt/by-id" | wc -l)"
}

@test "a directory that was there before the first list keeps its name" {
	sandbox_start --speed 50
	mount_sandbox refresh=1
	for name in made edited; do
		draft $name
		fill_little
		commit
		wait_until in_state running
	done
	made=$(cat "$mnt/clusters/made/cluster_id")
	edited=$(cat "$draft/cluster_id")
	put deletion_protection true
	other=$(plant_one other)
	appears other
	remount refresh=1
	appears other
	one_refresh
	same $'edited\nmade\nother' "$(ls "$mnt/clusters")"
	found_at made "$made"
	found_at edited "$edited"
	found_at other "$other"
	# the edit was not committed and is still there
	holds "$(cat "$draft/plan")" 'deletion_protection: .* -> true'
}

@test "a cluster made here and deleted by others goes, after a remount, too" {
	need_sdk
	sandbox_start --speed 50
	mount_sandbox refresh=1
	for name in one two; do
		draft $name
		fill_little
		commit
		wait_until in_state running
	done
	sdk deleteCluster "$(cat "$mnt/clusters/one/cluster_id")" '{}'
	vanishes one
	two=$(cat "$draft/cluster_id")
	daemon_kill
	sdk deleteCluster "$two" '{}'
	wait_until sandbox_has 0
	mount_sandbox refresh=1
	vanishes two
	same '' "$(recorded two id)"
	run -1 test -e "$mnt/by-id/$two"
}

@test "edits of a cluster that others delete go with it, and it is said" {
	need_sdk
	sandbox_start --speed 50
	mount_sandbox refresh=1
	id=$(plant_one test)
	appears test
	draft=$mnt/clusters/test
	put deletion_protection true
	sdk deleteCluster "$id" '{}'
	vanishes test
	wait_until grep -q 'test is gone, and with it edits' "$dir/ackfs.log"
	draft test
	reads deletion_protection ''
}

@test "an edit that others made come true is none any more" {
	need_sdk
	mount_sandbox refresh=1
	id=$(plant_one test)
	appears test
	draft=$mnt/clusters/test
	put deletion_protection true
	holds "$(cat "$draft/plan")" 'deletion_protection'
	sdk modifyCluster "$id" '{"deletionProtection": true}'
	wait_until no_plan
	reads deletion_protection true
}

no_plan()
{
	ls "$mnt/clusters" >/dev/null
	[ ! -s "$draft/plan" ]
}

@test "nobody looks and nothing goes on: nothing is called" {
	mount_sandbox refresh=1
	plant '{"count": 2}'
	appears cluster-00002
	one_refresh
	sleep 1
	n=$(count_requests)
	sleep 4
	same "$n" "$(count_requests)"
	# reading what does not come from the cloud is no look
	cat "$mnt/README" "$mnt/status" "$mnt/schema/num_of_nodes" >/dev/null
	ls "$mnt" "$mnt/schema" >/dev/null
	sleep 1
	same "$n" "$(count_requests)"
	cat "$mnt/clusters/cluster-00001/state"
	wait_until listed_since "$n"
}

@test "rm -rf of everything makes no changing call" {
	mount_sandbox refresh=1
	plant '{"count": 5, "nodes": 1}'
	appears cluster-00005
	cat "$mnt"/live/*/nodepools.json >/dev/null
	run rm -rf "$mnt"/*
	[ "$status" -ne 0 ]
	run rm -rf "$mnt"/clusters/* "$mnt"/by-id/* "$mnt"/live/*
	[ "$status" -ne 0 ]
	same 0 "$(requests | jq '[.[] | select(.method != "GET")] | length')"
	one_refresh
	same 5 "$(ls "$mnt/clusters" | wc -l)"
	same 5 "$(cat "$mnt"/clusters/*/state | grep -cx running)"
	same 5 "$(clusters | jq length)"
}
