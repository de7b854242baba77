# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# shellcheck disable=SC2154 # the variables of ackfs_setup
# Drafts: made, filled with the sample of the classic request, read.

# draft NAME: makes one; $draft is its directory.
draft()
{
	draft=$mnt/clusters/$1
	mkdir "$draft"
}

# value NAME: what the file of $draft says, its final newline kept as `$`.
value()
{
	printf '%s' "$(cat "$draft/$1" && printf '$')"
}

# reads NAME TEXT: the file reads as exactly this text and a newline, or as
# nothing when the text is empty.
reads()
{
	local wanted=$2

	[ -z "$wanted" ] || wanted+=$'\n'
	same "$wanted\$" "$(value "$1")"
}

sample_password=Test@1900ackfs

# put NAME VALUE into $draft
put()
{
	printf '%s\n' "$2" >"$draft/$1"
}

# The sample, its evident slips mended.
fill()
{
	put cluster_type ManagedKubernetes
	put disable_rollback true
	put timeout_mins 60
	put kubernetes_version 1.12.6-aliyun.1
	put region_id cn-beijing
	put snat_entry true
	put cloud_monitor_flags false
	put endpoint_public_access false
	put node_cidr_mask 25
	put proxy_mode ipvs
	put addons "$(printf '%s\n' flannel \
		'aliyun-log-controller {"sls_project_name":"k8s-log-c64f6eab6a1764d3dbee3dc2b9e41abcd"}' \
		'nginx-ingress-controller {"IngressSlbNetworkType":"internet"}')"
	put worker_instance_types ecs.hfc5.xlarge
	put num_of_nodes 3
	put worker_system_disk_category cloud_efficiency
	put worker_system_disk_size 120
	put worker_instance_charge_type PostPaid
	put vpcid vpc-2zegvl5etah5requ09nec
	put container_cidr 172.20.0.0/16
	put service_cidr 172.21.0.0/20
	put vswitch_ids vsw-2ze48rkq464rsdts1abcd
	put worker_data_disks 'cloud_ssd 500'
	put login_password "$sample_password"
	put taints 'special=true:NoSchedule'
}

# The least that commits.
fill_little()
{
	put num_of_nodes 0
	put snat_entry true
	put addons flannel
}

commit()
{
	echo 1 >"$draft/commit"
}

is_committed()
{
	[ -s "$draft/cluster_id" ]
}

# only_findings PATTERN...: each matches a line of check, no line is left.
only_findings()
{
	local rest pattern

	rest=$(cat "$draft/check")
	for pattern in "$@"; do
		if ! grep -qE "$pattern" <<<"$rest"; then
			printf 'no finding %s in:\n%s\n' "$pattern" \
				"$(cat "$draft/check")"
			return 1
		fi
		rest=$(grep -vE "$pattern" <<<"$rest" || true)
	done
	same '' "$rest"
}
