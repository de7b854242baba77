#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# A cluster may have any name, and two the same one. Each has one directory,
# whose name is safe, tells the cluster's, and stays.

# shellcheck source=tests/lib/ackfs.bash
source "$BATS_TEST_DIRNAME/../lib/ackfs.bash"
# shellcheck source=tests/lib/state.bash
source "$BATS_TEST_DIRNAME/../lib/state.bash"
# shellcheck source=tests/lib/fleet.bash
source "$BATS_TEST_DIRNAME/../lib/fleet.bash"
bats_require_minimum_version 1.5.0

# Names as JSON, and the directories that stand for them.
odd_names='["a/b", "../../etc", "..", ".", ".hidden", "", "new\nline",
	"tab\there", "esc\u001b[31mred", "bell\u0007", "del\u007f",
	"c1\u009b31m", "100%", "%2F", "at@sign", "a:b", "-rf", "two words",
	" blanks ", "*", "$(id)", "\\", "集群", "account", "versions"]'

odd_directories()
{
	printf '%s\n' a%2Fb %2E.%2F..%2Fetc %2E. %2E %2Ehidden %00 new%0Aline \
		tab%09here 'esc%1B[31mred' bell%07 del%7F c1%C2%9B31m 100%25 \
		%252F at%40sign a%3Ab -rf 'two words' ' blanks ' '*' '$(id)' \
		\\ 集群 account versions
}

plant_odd()
{
	plant "{\"clusters\": $(jq -c 'map({name: .})' <<<"$odd_names")}"
}

@test "names that no file can have: a directory each, safe and reversible" {
	mount_sandbox refresh=600
	plant_odd >"$dir/ids"
	one_refresh
	odd_directories >"$dir/wanted"
	diff <(sort "$dir/wanted") <(ls "$mnt/clusters" | sort)
	ls "$mnt/clusters" "$mnt/live" "$mnt/by-id" >"$dir/ls"
	run -1 grep -P '[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]' "$dir/ls"
	paste "$dir/wanted" "$dir/ids" >"$dir/pairs"
	while IFS=$'\t' read -r name id; do
		same "$id" "$(cat "$mnt/clusters/$name/cluster_id")"
		same "../clusters/$name" "$(readlink "$mnt/by-id/$id")"
		same running "$(cat "$mnt/by-id/$id/state")"
		same "$id" "$(jq -r .cluster_id \
			"$mnt/clusters/$name/live/detail.json")"
	done <"$dir/pairs"
	# what a program has to do to get the names back
	run -0 /usr/bin/python3 - "$mnt/clusters" "$odd_names" <<-'P'
		import json, os, sys, urllib.parse
		got = set()
		for name in os.listdir(sys.argv[1]):
		    assert "@" not in name  # an ID would follow
		    got.add(urllib.parse.unquote(name).rstrip("\0"))
		assert got == set(json.loads(sys.argv[2])), got
	P
	ls -lR "$mnt/clusters" >"$dir/ls"
	same 25 "$(grep -c ' cluster_id$' "$dir/ls")"
}

@test "names of files of live/ are told apart there" {
	mount_sandbox refresh=600
	plant '{"clusters": [{"name": "versions"}]}' >"$dir/id"
	one_refresh
	[ -f "$mnt/live/versions" ]
	[ -d "$mnt/live/versions@" ]
	same ../../live/versions@ "$(readlink "$mnt/clusters/versions/live")"
	same "$(cat "$dir/id")" \
		"$(jq -r .cluster_id "$mnt/live/versions@/detail.json")"
	run -1 test -e "$mnt/live/account@"
	run -1 test -e "$mnt/live/test@"
}

@test "long names are cut, and have their IDs" {
	mount_sandbox refresh=600
	long=$(printf 'x%.0s' $(seq 300))
	wide=$(printf '集%.0s' $(seq 100))
	one=$(plant_one "$long")
	two=$(plant_one "$long")
	three=$(plant_one "$wide")
	fits=$(plant_one "${long:0:191}")
	one_refresh
	for id in "$one" "$two" "$three"; do
		name=$(readlink "$mnt/by-id/$id")
		name=${name##*/}
		same "$id" "${name#*@}"
		[ "$(printf %s "$name" | wc -c)" -lt 240 ]
		printf %s "$name" | iconv -f UTF-8 -t UTF-8 >/dev/null
		same "$id" "$(cat "$mnt/clusters/$name/cluster_id")"
	done
	same "${long:0:191}@$one" "$(basename "$(readlink "$mnt/by-id/$one")")"
	same "$wide" "$(cat "$mnt/by-id/$three/name")"
	same "$fits" "$(cat "$mnt/clusters/${long:0:191}/cluster_id")"
	same 4 "$(ls "$mnt/clusters" | wc -l)"
}

# twins: three clusters of one name; $first, $second, $third, as they appear.
twins()
{
	plant '{"clusters": [{"name": "twin", "vpc_id": "vpc-1abc"},
		{"name": "twin", "vpc_id": "vpc-2abc"},
		{"name": "twin", "vpc_id": "vpc-3abc"}]}' >"$dir/ids"
	one_refresh
	first=$(sed -n 1p "$dir/ids")
	second=$(sed -n 2p "$dir/ids")
	third=$(sed -n 3p "$dir/ids")
}

# named NAME ID
named()
{
	same "$2" "$(cat "$mnt/clusters/$1/cluster_id")"
	same "../clusters/$1" "$(readlink "$mnt/by-id/$2")"
}

@test "clusters of one name: the first has it, the others their IDs" {
	need_sdk
	sandbox_start --speed 50
	mount_sandbox refresh=600
	twins
	for _ in 1 2 3; do
		same 3 "$(ls "$mnt/clusters" | wc -l)"
		named twin "$first"
		named "twin@$second" "$second"
		named "twin@$third" "$third"
		same vpc-2abc "$(cat "$mnt/clusters/twin@$second/vpcid")"
		same twin "$(cat "$mnt/clusters/twin@$second/name")"
		one_refresh
	done
	# the names stay when the first is gone, and a new one gets what is free
	sdk deleteCluster "$first" '{}'
	wait_until sandbox_forgot "$first"
	one_refresh
	same "$(printf 'twin@%s\n' "$second" "$third" | sort)" \
		"$(ls "$mnt/clusters")"
	named "twin@$second" "$second"
	fourth=$(plant_one twin)
	one_refresh
	named twin "$fourth"
	named "twin@$third" "$third"
	same 3 "$(ls "$mnt/clusters" | wc -l)"
}

sandbox_forgot()
{
	clusters | jq -e --arg id "$1" \
		'all(.[]; .cluster_id != $id or .state == "deleted")' >/dev/null
}

@test "what is kept of one of them is its own after a remount" {
	sandbox_start
	mount_sandbox refresh=600
	twins
	draft=$mnt/clusters/twin@$second
	put deletion_protection true
	remount refresh=600
	# known before any list
	named "twin@$second" "$second"
	same true "$(cat "$mnt/clusters/twin@$second/deletion_protection")"
	one_refresh
	named "twin@$second" "$second"
	named twin "$first"
	named "twin@$third" "$third"
	draft=$mnt/clusters/twin
	reads deletion_protection false
	draft=$mnt/clusters/twin@$second
	reads deletion_protection true
	same 3 "$(ls "$mnt/clusters" | wc -l)"
}

@test "a cluster of a draft's name: both are there, and neither is lost" {
	mount_sandbox refresh=600
	draft test
	fill_little
	id=$(plant_one test)
	one_refresh
	same "$(printf '%s\n' test "test@$id")" "$(ls "$mnt/clusters")"
	same draft "$(cat "$draft/state")"
	reads num_of_nodes 0
	run -1 test -e "$draft/cluster_id"
	named "test@$id" "$id"
	ends 'write EEXIST' write "$draft/commit" 1
	same draft "$(cat "$draft/state")"
	mv "$draft" "$mnt/clusters/other"
	one_refresh
	same "$(printf '%s\n' other "test@$id")" "$(ls "$mnt/clusters")"
	same 0 "$(count_requests POST)"
}

@test "directories are made under sound names only" {
	mount_sandbox refresh=600
	for name in a@b a:b a%2Fb .hidden ' a' $'a\nb' $'a\x1b' $'a\xff'; do
		ends 'mkdir EINVAL' mkdir "$mnt/clusters/$name"
		[ -s "$mnt/error" ]
	done
	draft fine
	# such a name goes into the file, where it is checked as names are
	ends 'write EINVAL' write "$draft/name" a/b
	for name in a@b a:b .hidden; do
		ends 'rename EPERM' rename "$draft" "$mnt/clusters/$name"
	done
	same fine "$(ls "$mnt/clusters")"
}

@test "odd names in every tool: find, cp, tar, a shell loop" {
	mount_sandbox refresh=600
	plant_odd >/dev/null
	one_refresh
	same 25 "$(find "$mnt/clusters" -name state -exec cat {} + | wc -l)"
	n=0
	for directory in "$mnt"/clusters/*; do
		[ "$(cat -- "$directory/state")" = running ]
		n=$((n + 1))
	done
	same 25 $n
	(cd "$mnt/clusters" && tar -cf "$dir/names.tar" --exclude=nodepools \
		--exclude=commit --exclude=delete --exclude=login_password \
		-- *)
	mkdir "$dir/out"
	tar -C "$dir/out" -xf "$dir/names.tar"
	diff <(ls "$mnt/clusters") <(ls "$dir/out")
	same running "$(cat "$dir/out/new%0Aline/state")"
}
