#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What README.md says is so.

# shellcheck source=tests/lib/ackfs.bash
source "$BATS_TEST_DIRNAME/../lib/ackfs.bash"
# shellcheck source=tests/lib/state.bash
source "$BATS_TEST_DIRNAME/../lib/state.bash"
# shellcheck source=tests/lib/life.bash
source "$BATS_TEST_DIRNAME/../lib/life.bash"
bats_require_minimum_version 1.5.0

readme()
{
	cat "$top/README.md"
}

# session N: the N-th block of commands.
session()
{
	readme | awk -v wanted="$1" '/^```$/ { inside = 0 } inside { print }
		/^```sh$/ { inside = ++block == wanted }'
}

# table HEADING: first columns of the table below it.
table()
{
	readme | awk -v heading="$1" '
		index($0, heading) { inside = 1 }
		inside && /^\|/ { rows = 1; print }
		inside && rows && !/^\|/ { exit }' |
		sed '1,2d; s/^| *//; s/ *|.*//; s/`//g'
}

@test "the session creates a cluster, and check finds nothing" {
	mount_sandbox
	session 1 | sed "s|/mnt/ack|$mnt|" >"$dir/session"
	[ "$(wc -l <"$dir/session")" -le 12 ]
	grep -q 'echo 1 > commit' "$dir/session"
	run -0 bash -eu "$dir/session"
	same 4 "${#lines[@]}"
	holds "${lines[0]}" '^c[0-9a-f]{32}$'
	holds "${lines[2]}" '^T-'
	holds "${lines[3]}" '^(initial|running)$'
	same '' "$(cat "$mnt/clusters/test/check")"
}

@test "the rest of its life: watched, changed, deleted" {
	mount_quick
	{
		session 1
		session 2
	} | sed "s|/mnt/ack|$mnt|" >"$dir/session"
	[ "$(wc -l <"$dir/session")" -le 24 ]
	run -0 bash -eu "$dir/session"
	id=${lines[0]}
	holds "$output" $'\nrunning'
	holds "$output" "/nodepools/POOL: num_of_nodes: 3 -> 5"$'\nrunning\n'
	holds "$output" $'\n'"DELETE /clusters/$id: delete test"$'\n'
	holds "${lines[-1]}" '^deleted'
	wait_until test ! -e "$mnt/clusters/test"
}

# modes HEADING: path and mode of each row of the table below it.
modes()
{
	readme | awk -v heading="$1" '
		index($0, heading) { inside = 1 }
		inside && /^$/ { exit }
		inside && /^\| `/ { print }' |
		awk -F'|' '{ n = split($2, paths, ","); mode = $3
			for (i = 1; i <= n; i++) print paths[i], mode }' |
		tr -d '`'
}

# are_there HEADING LEAST: for the cluster NAME, of that ID.
are_there()
{
	local n=0 path mode

	while read -r path mode; do
		case $path in
		*PARAM) path=${path%PARAM}num_of_nodes ;;
		*adopt) continue ;;
		*_id) [ -e "$draft/cluster_id" ] || continue ;;
		esac
		path=${path/#…/clusters\/NAME}
		if [ "$mode" = link ]; then
			[ -L "$mnt/${path/%ID/${id-}}" ]
		else
			same "$path $((mode))" \
				"$path $((0$(stat -c %a "$mnt/$path")))"
		fi
		n=$((n + 1))
	done < <(modes "$1")
	[ "$n" -ge "$2" ]
}

@test "the files of the tree are there, with these modes" {
	mount_quick
	born other
	draft NAME
	are_there '| path | mode |' 16
}

@test "and those of a cluster that runs" {
	mount_quick
	born NAME
	are_there '| path of one that runs |' 19
}

@test "no file of a cluster that runs is left out" {
	mount_quick
	born NAME
	told=$(modes '| path of one that runs |' && modes '| path | mode |')
	for path in "$draft"/* "$mnt"/live/* "$mnt"/live/NAME/*; do
		name=${path##*/}
		[ "$name" != NAME ] || continue
		[ ! -e "$mnt/schema/$name" ] || continue
		grep -qE "/$name/? " <<<"$told" || {
			echo "$name"
			return 1
		}
	done
}

@test "every line form is taken" {
	mount_sandbox
	draft test
	put tags key=value
	put taints key=value:NoSchedule
	put worker_data_disks 'cloud_ssd 500'
	put runtime 'containerd 1.6.20'
	put addons $'name\nother@version\nthird {"json": "config"}\n-fourth'
	same 4 "$(wc -l <"$draft/addons")"
}

@test "the options of the table are those of --help" {
	"$ackfs" --help | sed -n 's/^  -o \([^ |]*\).*/\1/p' | sort \
		>"$dir/help"
	table '| option |' | sed 's/\\$//' | sort >"$dir/readme"
	[ -s "$dir/readme" ]
	same '' "$(comm -13 "$dir/help" "$dir/readme")"
}

@test "errnos of the table exist" {
	for name in $(table '| errno |' | tr -d ','); do
		/usr/bin/python3 -c "import errno; errno.$name"
	done
}

@test "commands and files that are named exist" {
	for path in $(readme | grep -oE '(\./)?(mount-helpers|tests|api|fs)/[a-z/_.*-]*' |
		sort -u); do
		path=${path%.}
		compgen -G "$top/${path%,}" >/dev/null || [ -e "$build/$path" ] || {
			echo "$path"
			return 1
		}
	done
}
