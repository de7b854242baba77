#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# A year in the life of a cluster, with the tools of a shell.

# shellcheck source=tests/lib/ackfs.bash
source "$BATS_TEST_DIRNAME/../lib/ackfs.bash"
# shellcheck source=tests/lib/state.bash
source "$BATS_TEST_DIRNAME/../lib/state.bash"
# shellcheck source=tests/lib/life.bash
source "$BATS_TEST_DIRNAME/../lib/life.bash"
bats_require_minimum_version 1.5.0

teardown()
{
	[ -z "${api-}" ] || kill "$api" 2>/dev/null || true
	ackfs_teardown
}

# Whether the API server knows who reads credential.json; without a kubectl the
# test speaks as kubectl does.
nodes_by_kubectl()
{
	if command -v kubectl >/dev/null; then
		KUBECONFIG=$mnt/live/kubeconfig kubectl --context=shop \
			get nodes --no-headers | xargs
		return
	fi
	jq -r .status.clientCertificateData live/credential.json >"$dir/crt"
	jq -r .status.clientKeyData live/credential.json >"$dir/key"
	curl -fsS --cacert "$dir/ca.crt" --cert "$dir/crt" --key "$dir/key" \
		"$(sed -n 's/^ *server: "\(.*\)"/\1/p' live/kubeconfig.exec)/api/v1/nodes" |
		jq -r '.rows[].cells[]' | xargs
}

@test "a year: made, grown, checked, upgraded, used, revoked, deleted" {
	"$lib/apiserver" "$dir" >"$dir/serving" 3>&- &
	api=$!
	wait_until grep -qs serving "$dir/serving"
	# an upgrade takes long enough to be halted
	sandbox_start --speed 3 --kubeconfig "$dir/kubeconfig"
	mount_sandbox refresh=1
	old=1.32.1-aliyun.1
	mkdir "$mnt/clusters/shop"
	cd "$mnt/clusters/shop"

	# January: it is made
	draft=$mnt/clusters/shop
	fill
	put kubernetes_version $old
	put login_password "$sample_password"
	same '' "$(grep -v ^warning check || true)"
	echo 1 >commit
	cat live/wait && [ -s cluster_id ]
	same running "$(cat state)"

	# February: an addon
	echo 'arms-prometheus {"region": "cn-beijing"}' >>live/addons
	grep -q components/install plan
	echo 1 >commit
	cat live/wait
	grep -qx 'arms-prometheus@.* {"region":"cn-beijing"}' live/addons

	# March: a node pool
	mkdir nodepools/web
	echo ecs.g7.xlarge >nodepools/web/instance_types
	echo my-key >nodepools/web/key_pair
	echo 120 >nodepools/web/system_disk_size
	echo 1.6.38 >nodepools/web/runtime_version
	echo 2 >nodepools/web/desired_size
	echo 1 >nodepools/web/commit
	cat nodepools/web/wait
	same 5 "$(wc -l <live/nodes)"

	# May: a node is broken, and goes
	awk '$4 == "web" { print $1; exit }' live/nodes \
		>nodepools/web/remove_nodes
	grep '^loses: ' nodepools/web/plan
	cat nodepools/web/digest >nodepools/web/commit
	cat live/wait
	same 4 "$(wc -l <live/nodes)"
	same 4 "$(cat num_of_nodes)"

	# July: nothing stands against an upgrade, so the cluster is upgraded, and
	# halted on the way
	same '' "$(cat live/precheck)"
	new=$(head -n 1 live/upgrades)
	echo "$new" >kubernetes_version
	same 2 "$(grep -c "stay at $old" plan)"
	echo 1 >commit
	sed -n 's/^id: //p' live/task >pause
	holds "$(cat progress)" paused
	grep -qx 'state: paused' live/task
	echo 1 >resume
	cat live/wait
	same 2 "$(grep -c kubelet_version live/precheck)"
	for pool in nodepools/*; do
		same "$old" "$(cat "$pool/kubernetes_version")"
		echo "$new" >"$pool/kubernetes_version"
		echo 1 >"$pool/commit"
		cat "$pool/wait"
		same "$new" "$(cat "$pool/kubernetes_version")"
	done
	grep -q ' cluster_upgrade success ' live/tasks
	same '' "$(cat live/precheck)"
	grep -q '^high .* web CVE-' live/vulnerabilities
	grep -q ' shop - cluster_upgrade success ' ../../live/events

	# September: somebody works with it, and leaves
	same 'one two' "$(nodes_by_kubectl)"
	grep -q '^somebody /api/v1/nodes' "$dir/heard"
	cat cluster_id >live/revoke
	same '' "$(cat error)"

	# December
	cat delete_plan
	cat cluster_id >delete
	cat live/wait || true
	cd /
	wait_until eval '[ ! -e "$mnt/live/shop" ]'
	same 'create addons create remove_nodes upgrade pause resume upgrade upgrade revoke delete' \
		"$(sed -n 's/.*action=\([a-z_]*\) .*outcome=accepted.*/\1/p' \
			"$dir/state/audit.log" | xargs)"
}
