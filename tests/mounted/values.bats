#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Every parameter takes what its row of the table says and refuses the rest.
# The cases are made from `ackfs --schema` by bounds.py.

# shellcheck source=tests/lib/ackfs.bash
source "$BATS_TEST_DIRNAME/../lib/ackfs.bash"
# shellcheck source=tests/lib/state.bash
source "$BATS_TEST_DIRNAME/../lib/state.bash"
bats_require_minimum_version 1.5.0

# check TABLE KIND...: of $draft
check()
{
	local rc=0

	"$ackfs" --schema >"$dir/schema.json"
	"$top/tests/mounted/bounds.py" "$draft" "$dir/schema.json" "$@" \
		>"$dir/cases" || rc=$?
	grep -v '^ok ' "$dir/cases" || true
	return $rc
}

cases()
{
	mount_sandbox
	draft test
	check cluster "$1"
}

is_running()
{
	[ "$(cat "$draft/state")" = running ]
}

@test "the bounds of each, and one beyond" {
	cases bounds
}

@test "every choice, and an unknown one" {
	cases choices
}

@test "nothing, a newline, blanks: unset" {
	cases empty
}

@test "64 KiB" {
	cases large
}

@test "NUL and malformed UTF-8" {
	cases bytes
}

@test "CRLF, blanks, the forms of lists" {
	cases blanks
}

@test "the words of booleans" {
	cases words
}

@test "all of it for the parameters of node pools" {
	sandbox_start --speed 1000
	mount_sandbox
	draft test
	fill_little
	commit
	wait_until is_running
	draft=$draft/nodepools/pool
	mkdir "$draft"
	check nodepool bounds choices empty large bytes blanks words
}

# values FILE: of each parameter of $draft what it reads.
values()
{
	local name

	while read -r name; do
		! [ -s "$draft/$name" ] || printf '%s: %s\n' "$name" \
			"$(cat "$draft/$name")"
	done <"$dir/names" >"$1"
}

@test "each value, written or imported, is the same after a crash, and taken again" {
	mount_sandbox
	"$ackfs" --schema >"$dir/schema.json"
	jq -r '.cluster[] | select((.places.classic or .places.nodepools) and
		(.secret | not)) | .name' "$dir/schema.json" >"$dir/names"
	draft written
	while read -r name; do
		jq -r --arg name "$name" '.cluster[] |
			select(.name == $name).example' "$dir/schema.json" \
			>"$draft/$name"
	done <"$dir/names"
	cp "$draft/request.json" "$dir/body"
	values "$dir/written"
	[ "$(wc -l <"$dir/written")" -ge 50 ]
	draft imported
	cp "$dir/body" "$draft/request.json"
	values "$dir/imported"
	[ "$(wc -l <"$dir/imported")" -ge 40 ]
	daemon_kill
	mount_sandbox
	same '' "$(cat "$mnt/error")"
	for way in written imported; do
		draft=$mnt/clusters/$way
		values "$dir/after"
		diff "$dir/$way" "$dir/after"
		while read -r name; do
			cat "$draft/$name" >"$dir/value"
			cat "$dir/value" >"$draft/$name"
		done <"$dir/names"
		values "$dir/after"
		diff "$dir/$way" "$dir/after"
	done
}
