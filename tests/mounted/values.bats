#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Every parameter takes what its row of the table says and refuses the rest.
# The cases are made from `ackfs --schema` by bounds.py.

# shellcheck source=tests/lib/ackfs.bash
source "$BATS_TEST_DIRNAME/../lib/ackfs.bash"
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
