#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Somebody who knows ls and cat sits in the mount and has no manual. What to
# do next is always said by README, schema/, check or error.

# shellcheck source=tests/lib/ackfs.bash
source "$BATS_TEST_DIRNAME/../lib/ackfs.bash"
# shellcheck source=tests/lib/life.bash
source "$lib/life.bash"
# shellcheck source=tests/lib/walk.bash
source "$lib/walk.bash"
bats_require_minimum_version 1.5.0

@test "from ls to a cluster that runs, and to its end" {
	mount_quick
	walk <<'END'
# What is this?
$ ls
README
by-id
clusters
error
…live
schema
status
$ head -n 1 README
This is ackfs: Alibaba Cloud Kubernetes (ACK) clusters as files. A cluster is a
$ grep -o 'echo 1 .*' README
echo 1 > commit                        create it: this costs money
echo 1 > pause                         the task under way; resume, cancel

# Whose money?
$ cat status
version: ackfs …
endpoint: http://127.0.0.1:…
region: cn-beijing
…credentials: …, key …****…

# Nothing there yet; README says mkdir.
$ ls clusters
$ cd clusters
$ mkdir my_first
mkdir: cannot create directory …: Invalid argument
$ cat ../error
"my_first" is not a name: letters, digits, Chinese characters and -, not beginning with -
param: name
$ mkdir first
$ cat ../error
$ cd first

# README says: cat check.
$ cat check
snat_entry: is required; usual is false
num_of_nodes: is required
worker_instance_types: is required unless num_of_nodes is 0
worker_system_disk_category: is required unless num_of_nodes is 0; usual is cloud_efficiency
worker_system_disk_size: is required unless num_of_nodes is 0; usual is 120
addons: a network plugin is missing: flannel or terway-eniip
login_password: nodes need either this or key_pair
$ cat snat_entry
$ cat ../../schema/snat_entry
name: snat_entry
type: boolean
required: yes
…
write: true
…
含义：…
$ echo perhaps > snat_entry
bash: echo: write error: Invalid argument
$ cat error
"perhaps" is neither true nor false (1 0 yes no y n on off are right, too)
param: snat_entry
$ echo true > snat_entry
$ cat error snat_entry
true
$ echo 3 > num_of_node
bash: num_of_node: Operation not permitted
$ cat error
num_of_node is not a parameter; did you mean num_of_nodes?
$ echo 500 > num_of_nodes
bash: echo: write error: Invalid argument
$ cat error
"500" is not a whole number from 0 to 100
param: num_of_nodes
$ echo 3 > num_of_nodes

# Is that enough?
$ echo go > commit
bash: echo: write error: Invalid argument
$ cat error
write 1, the name first, or what digest says, to carry out what plan says; this costs money, so no other word is accepted
param: commit
$ echo 1 > commit
bash: echo: write error: Invalid argument
$ cat error
worker_instance_types: is required unless num_of_nodes is 0
param: worker_instance_types
hint: cat ../../schema/worker_instance_types
worker_system_disk_category: …
worker_system_disk_size: …
addons: …
login_password: …
$ cat ../../schema/worker_instance_types
…
write: ecs.g7.xlarge
…
$ echo ecs.g7.xlarge > worker_instance_types
$ grep choices ../../schema/worker_system_disk_category
choices: cloud_efficiency …
$ echo cloud_efficency > worker_system_disk_category
bash: echo: write error: Invalid argument
$ cat error
"cloud_efficency" is not one of: cloud_efficiency, …
param: worker_system_disk_category
$ echo cloud_efficiency > worker_system_disk_category
$ echo 120 > worker_system_disk_size
$ echo flannel > addons
$ echo secret > login_password
bash: echo: write error: Invalid argument
$ cat error
a password has 8 to 30 characters
param: login_password
$ echo correct-Horse-7 > login_password
$ cat login_password
$ cat check
$ cat plan
POST /clusters: create first

# It is.
$ echo 1 > commit
$ cat error
$ cat cluster_id
c…
$ cat live/wait
running
$ cat progress
100% [####################] done …
$ cat events
…Z info create: c…
…Z info state: running

# Once more? There is nothing to do.
$ echo 1 > commit
$ cat error
$ cat vpcid
vpc-…
$ echo vpc-2zegvl5etah5requ09nec > vpcid
bash: echo: write error: Operation not permitted
$ cat error
the cluster exists, and its vpcid cannot be changed any more
param: vpcid
$ echo 5 > num_of_nodes
$ cat plan
PUT /clusters/c…: num_of_nodes: 3 -> 5, desired_size of default-nodepool: 3 -> 5
$ echo 1 > commit
$ cat live/wait plan
running
$ cat num_of_nodes
5

# A node pool, the same way.
$ mkdir nodepools/gpu
$ echo 1 > nodepools/gpu/commit
bash: echo: write error: Invalid argument
$ cat nodepools/gpu/error
instance_types: is required
param: instance_types
hint: cat ../../../../schema/nodepool/instance_types
…login_password: nodes need either this or key_pair
$ cd nodepools/gpu
$ cat ../../../../schema/nodepool/instance_types
name: instance_types
…
$ cd ../..
$ rmdir nodepools/gpu

# How does it end?
$ cd ..
$ cat first/delete
$ rmdir first
rmdir: failed to remove 'first': Operation not permitted
$ cat first/error
a cluster exists, or may exist, for this directory; rmdir never deletes anything in the cloud, only `delete` does
$ echo yes > first/delete
bash: echo: write error: Invalid argument
$ cat first/error
write the ID of the cluster, c…, to delete it; no other text is accepted
param: delete
$ cat first/delete_plan
DELETE /clusters/c…: delete first
warning: …
$ cat first/cluster_id > first/delete
$ cat ../live/first/watch
deleting …
deleted 100%
$ ls
END
}

@test "what is done in the wrong place is told in error, too" {
	mount_sandbox
	walk <<'END'
$ mkdir test
mkdir: cannot create directory …: Operation not permitted
$ cat error
test: directories are made in clusters/ and in the nodepools/ of a cluster only
$ echo 3 > num_of_nodes
bash: num_of_nodes: Operation not permitted
$ cat error
num_of_nodes: no files can be made here; mkdir in clusters/ makes a cluster
$ rm README
rm: cannot remove 'README': Operation not permitted
$ cat error
README: this file is fixed
$ echo hello > status
bash: status: Operation not permitted
$ cat error
this file is read-only; ackfs writes it
param: status
END
}

@test "everything that README names is there" {
	mount_sandbox
	draft test
	fill
	commit
	put num_of_nodes 4
	while read -r name; do
		case $name in
		live/account | live/versions) [ -e "$mnt/$name" ] ;;
		clusters/NAME*) ;;
		live/*) [ -e "$draft/$name" ] ;;
		*) [ -e "$mnt/$name" ] ;;
		esac || {
			echo "$name"
			return 1
		}
	done < <(grep -oE '(live|clusters|schema|by-id)/[A-Za-z_./]*[A-Za-z_]' \
		"$mnt/README" | sort -u)
	for name in plan request.json check commit cluster_id request_id \
		task_id progress events delete delete_plan error; do
		grep -qw "$name" "$mnt/README"
		[ -e "$draft/$name" ]
	done
	same '' "$(awk 'length > 80' "$mnt/README")"
}
