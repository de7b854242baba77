#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# How many requests of the kernel a gesture costs: they do not vary.

# shellcheck source=tests/lib/ackfs.bash
source "$BATS_TEST_DIRNAME/../lib/ackfs.bash"
bats_require_minimum_version 1.5.0

# opcodes: of every request so far, a line each, but for those that this
# test's own looking makes.
opcodes()
{
	sed -n 's/.*opcode: \([A-Z]*\) .*/\1/p' "$dir/ackfs.log"
}

settled()
{
	local before

	before=$(opcodes | wc -l)
	sleep 0.3
	[ "$before" = "$(opcodes | wc -l)" ]
}

# costs OPCODES COMMAND...: sorted, with blanks between. What walks through the
# whole machine (du, find /) asks every directory for its file system, which
# no COMMAND does: what it was seen in says nothing, and is counted again.
costs()
{
	local wanted=$1 before got=STATFS tries=3

	shift
	while [[ $got = *STATFS* ]] && [ $((tries--)) -gt 0 ]; do
		wait_until settled
		before=$(opcodes | wc -l)
		"$@" >"$dir/out"
		wait_until settled
		got=$(opcodes | tail -n +$((before + 1)) | sort | uniq -c |
			awk '{ print $2 $1 }' | paste -sd' ')
	done
	same "$wanted" "$got"
}

says()
{
	echo "$1" >"$draft/$2"
}

reads_it()
{
	cat "$draft/$1"
}

@test "echo, cat and ls -l cost as few requests as can be" {
	# libfuse tells of every answer, and of what it is no error of ours
	log_expected=('unique: .* error: ')
	sandbox_start
	mount_spawn "$url" ,region=cn-beijing,refresh=86400 -d
	wait_until answers_or_died
	draft test
	# the first write of a mount asks for an attribute once, the first of a
	# shell for its output
	says 1 timeout_mins
	costs 'LOOKUP1 OPEN1 RELEASE1 WRITE1' says 3 num_of_nodes
	costs 'OPEN1 RELEASE1 WRITE1' says 4 num_of_nodes
	reads_it num_of_nodes >"$dir/out"
	# read from the handle's own text, which no write can tear: the second
	# READ says that this was all, and the kernel has seen the time of the
	# last access go
	costs 'GETATTR1 OPEN1 READ2 RELEASE1' reads_it num_of_nodes
	ls -l "$draft" >"$dir/out"
	sleep 0.2
	costs 'GETATTR1 OPENDIR1 READDIRPLUS2 RELEASEDIR1' ls -l "$draft"
}

# What a script does, in a shell of its own.
script()
{
	bash -c 'set -e
		mkdir "$1"
		for file in vpcid vswitch_ids container_cidr service_cidr \
			node_cidr_mask proxy_mode addons snat_entry key_pair \
			num_of_nodes worker_instance_types timeout_mins \
			worker_system_disk_category worker_system_disk_size \
			cloud_monitor_flags; do
			read -r value <"$2/$file"
			echo "$value" >"$1/$file"
		done
		echo 1 >"$1/commit"
		cat "$1/cluster_id"' _ "$1" "$dir/values"
}

# The FLUSHes are those of three lists, two each since bash closes twice: a
# close tells of a list that ends too early.
@test "a script of mkdir, 15 echos, commit and cat: 78 requests" {
	# libfuse tells of every answer, and of what it is no error of ours
	log_expected=('unique: .* error: ')
	sandbox_start
	mount_spawn "$url" ,region=cn-beijing,refresh=86400 -d
	wait_until answers_or_died
	draft first
	fill
	mkdir "$dir/values"
	echo my-key >"$draft/key_pair"
	cp "$draft"/[a-z]*[a-z] "$dir/values" 2>"$dir/out" || true
	costs 'FLUSH6 GETATTR1 LOOKUP18 MKDIR1 OPEN17 READ2 RELEASE17 WRITE16' \
		script "$mnt/clusters/second"
}
