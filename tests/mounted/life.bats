#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The whole life of a cluster, from mkdir to the end, with nothing but a
# shell's tools. It can be read as a tutorial; README.md has its short form.

# shellcheck source=tests/lib/ackfs.bash
source "$BATS_TEST_DIRNAME/../lib/ackfs.bash"
# shellcheck source=tests/lib/state.bash
source "$BATS_TEST_DIRNAME/../lib/state.bash"
# shellcheck source=tests/lib/life.bash
source "$BATS_TEST_DIRNAME/../lib/life.bash"
bats_require_minimum_version 1.5.0

# The commands of one part, run where the reader would stand; their output
# is in $output. What fails ends the part.
part()
{
	run -0 bash -euc "cd '$mnt'; $1"
}

@test "the whole life of a cluster" {
	mount_quick

	# A directory is a draft. Nothing is sent, and nothing costs money.
	part '
		cd clusters
		mkdir shop
		cd shop
		cat state
	'
	same draft "$output"

	# Each parameter is a file; schema/ says what it means.
	part '
		cat schema/num_of_nodes
		cd clusters/shop
		echo 3 > num_of_nodes
		echo ecs.g7.xlarge > worker_instance_types
		echo cloud_efficiency > worker_system_disk_category
		echo 120 > worker_system_disk_size
		echo 1.32.1-aliyun.1 > kubernetes_version
		echo true > snat_entry
		echo flannel > addons
		echo team=web > tags
		echo env=test >> tags
	'
	holds "$output" 'num_of_nodes'

	# check says what is missing still, plan what would be sent.
	part 'cd clusters/shop; cat check'
	holds "$output" 'key_pair'
	part '
		cd clusters/shop
		echo my-key > key_pair
		cat check plan
	'
	same 'POST /clusters: create shop' "$output"

	# Now it is made. The answer is there when echo returns.
	part '
		cd clusters/shop
		echo 1 > commit
		cat cluster_id request_id task_id
	'
	same 3 "${#lines[@]}"
	holds "${lines[0]}" '^c[0-9a-f]{32}$'
	id=${lines[0]}

	# Watching: a line for each change, until it rests. wait only waits.
	part '
		cd clusters/shop
		cat live/watch
		cat live/wait
		cat state progress
		tail -n 1 events
	'
	same running "${lines[-4]}"
	same running "${lines[-3]}"
	holds "${lines[-2]}" '^100% \[#{20}\] done stage 5 of 5, [0-9]+s$'
	holds "${lines[-1]}" '^[0-9T:-]+Z info state: running$'

	# It can be found by its ID, too, and used.
	part "cat by-id/$id/state; ls live/shop"
	same running "${lines[0]}"
	holds "$output" kubeconfig
	part 'cat live/shop/kubeconfig; wc -c < live/shop/nodes.json'
	holds "$output" '^apiVersion: v1'

	# Changing it is the same again: edit, read plan, commit.
	part '
		cd clusters/shop
		echo 4 > num_of_nodes
		echo true > deletion_protection
		rm deletion_protection            # on second thought
		cat plan
		echo 1 > commit
		cat live/wait
		cat num_of_nodes
	'
	holds "${lines[0]}" ': num_of_nodes: 3 -> 4, desired_size of default-nodepool: 3 -> 4$'
	same 'running 4' "${lines[1]} ${lines[2]}"
	same 3 "${#lines[@]}"

	# Versions are those that the service offers for this cluster.
	part '
		cd clusters/shop
		head -n 1 live/upgrades > kubernetes_version
		cat plan
		echo 1 > commit
		cat live/wait kubernetes_version
	'
	holds "${lines[0]}" ' 1.32.1-aliyun.1 -> 1.33.3-aliyun.1$'
	holds "${lines[1]}" '^warning: .* default-nodepool stay at 1.32.1'
	same 'running 1.33.3-aliyun.1' "${lines[2]} ${lines[3]}"

	# A node pool is a directory below its cluster.
	part '
		grep ^1.33.3 live/versions        # and the runtimes of each
		cd clusters/shop
		mkdir nodepools/batch
		cd nodepools/batch
		echo ecs.c7.2xlarge > instance_types
		echo my-key > key_pair
		echo 2.1.3 > runtime_version
		echo 2 > desired_size
		echo pool=batch > labels
		echo dedicated=batch:NoSchedule > taints
		cat check
		echo 1 > commit
		cat nodepool_id
	'
	holds "${lines[0]}" ' containerd-2\.1\.3'
	holds "${lines[1]}" '^np[0-9a-f]{32}$'
	draft=$mnt/clusters/shop/nodepools/batch
	wait_until pool_at_rest
	part '
		cd clusters/shop
		cat live/nodepools.json > /dev/null   # brings them up to date
		ls nodepools
		echo 3 > nodepools/batch/desired_size
		cat nodepools/batch/plan
		echo 1 > nodepools/batch/commit
	'
	same 'batch default-nodepool' "${lines[0]} ${lines[1]}"
	holds "${lines[2]}" ': desired_size: 2 -> 3$'
	wait_until pool_at_rest
	part '
		cd clusters/shop/nodepools/batch
		cat nodepool_id > delete
	'
	wait_until test ! -e "$draft"

	# Protected, it cannot be deleted, not even on purpose.
	part '
		cd clusters/shop
		echo true > deletion_protection
		echo 1 > commit
		cat live/wait
		cat cluster_id > delete || cat error
	'
	holds "$output" 'is protected from being deleted'

	# rm deletes nothing in the cloud. Its own ID does.
	part 'rm -rf clusters/shop 2> /dev/null || cat clusters/shop/state'
	same running "$output"
	part '
		cd clusters/shop
		echo false > deletion_protection
		echo 1 > commit
		cat live/wait
		cat delete_plan
		cat cluster_id > delete
		cat state
		cat live/watch
	'
	same running "${lines[0]}"
	same "DELETE /clusters/$id: delete shop" "${lines[1]}"
	same deleting "$(grep -m 1 '^deleting$' <<<"$output")"
	holds "${lines[-1]}" '^deleted'

	# And the directory is gone.
	wait_until test ! -e "$mnt/clusters/shop"
	part 'ls clusters; ls by-id'
	same '' "$output"
	same '[]' "$(clusters | jq -c .)"
}

@test "the same from BusyBox's shell, and seen by tail -f from the beginning" {
	mount_quick
	run -0 busybox ash -euc "cd '$mnt/clusters' && mkdir shop && cd shop
		echo 0 > num_of_nodes
		echo true > snat_entry
		echo flannel > addons
		echo 1 > commit
		cat live/wait
		timeout 5 tail -n +1 -f events > '$dir/events' &
		echo a=b > tags
		echo 1 > commit
		sleep 2
		cat cluster_id > delete
		cat live/watch > '$dir/watch'
		wait || true"
	same running "$output"
	holds "$(tail -n 1 "$dir/watch")" '^deleted'
	holds "$(cat "$dir/events")" 'info create: c[0-9a-f]{32}'
	holds "$(cat "$dir/events")" 'info tag: accepted'
	holds "$(tail -n 1 "$dir/events")" 'info state: deleted$'
	same 1 "$(grep -c 'info create: ' "$dir/events")"
	wait_until test ! -e "$mnt/clusters/shop"
}
