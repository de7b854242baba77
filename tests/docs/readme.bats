#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What README.md says is so.

# shellcheck source=tests/lib/ackfs.bash
source "$BATS_TEST_DIRNAME/../lib/ackfs.bash"
bats_require_minimum_version 1.5.0

readme()
{
	cat "$top/README.md"
}

# The first block of commands.
session()
{
	readme | awk '/^```$/ { exit } inside { print } /^```sh$/ { inside = 1 }'
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
	session | sed "s|/mnt/ack|$mnt|" >"$dir/session"
	[ "$(wc -l <"$dir/session")" -le 12 ]
	grep -q 'echo 1 > commit' "$dir/session"
	run -0 bash -eu "$dir/session"
	same 4 "${#lines[@]}"
	holds "${lines[0]}" '^c[0-9a-f]{32}$'
	holds "${lines[2]}" '^T-'
	holds "${lines[3]}" '^(initial|running)$'
	same '' "$(cat "$mnt/clusters/test/check")"
}

@test "the files of the tree are there, with these modes" {
	mount_sandbox
	draft NAME
	n=0
	while IFS='|' read -r _ path mode _; do
		path=$(tr -d '` ' <<<"$path")
		case $path in
		*PARAM) path=${path%PARAM}num_of_nodes ;;
		*_id | *adopt) continue ;;
		esac
		path=${path/#…/clusters\/NAME}
		same "$((mode))" "$((0$(stat -c %a "$mnt/$path")))"
		n=$((n + 1))
	done < <(readme | grep -E '^\| `.*\| 0[0-7]{3} \|')
	[ "$n" -ge 12 ]
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
