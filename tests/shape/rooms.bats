#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The rooms of fs/ and api/: arrows between them point down, and the code has
# one style. Each rule is tried on a copy with a fault in it, too.

bats_require_minimum_version 1.5.0

setup()
{
	top=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
	build=${ACKFS_BUILD:-$top/build-tests}
	copy=$BATS_TEST_TMPDIR/copy
}

# A copy of the sources, to plant a fault in.
copy()
{
	mkdir "$copy"
	cp -r "$top/fs" "$top/api" "$top/.clang-format" "$copy"
}

# says TEXT: the last run failed and said that.
says()
{
	printf 'status %s, output: %s\n' "$status" "$output"
	[ "$status" -eq 1 ]
	[[ $output == *"$1"* ]]
}

# units A B: a build of two units, each of which needs the other's function.
units()
{
	mkdir "$copy/build"
	printf 'void down(void);\nvoid up(void);\nvoid up(void)\n{\n\tdown();\n}\n' \
		>"$copy/$1"
	printf 'void down(void);\nvoid up(void);\nvoid down(void)\n{\n\tup();\n}\n' \
		>"$copy/$2"
	cc -c -o "$copy/build/a.o" "$copy/$1"
	cc -c -o "$copy/build/b.o" "$copy/$2"
	jq -n --arg dir "$copy/build" --arg a "../$1" --arg b "../$2" \
		'[{directory: $dir, file: $a, output: "a.o"},
		{directory: $dir, file: $b, output: "b.o"}]' \
		>"$copy/build/compile_commands.json"
}

@test "what a room includes, and what it links with, is not above it" {
	run -0 "$BATS_TEST_DIRNAME/rooms.py" "$top" "$build"
}

@test "an include that points up is found" {
	copy
	printf '#include "fuse/handle.h"\n' >>"$copy/fs/model/kind.c"
	run "$BATS_TEST_DIRNAME/rooms.py" "$copy"
	says 'include: fs/model/kind.c -> fs/fuse/handle.h'
	copy=$BATS_TEST_TMPDIR/other
	copy
	printf '#include "model/kind.h"\n' >>"$copy/api/params/params.c"
	run "$BATS_TEST_DIRNAME/rooms.py" "$copy"
	says 'include: api/params/params.c -> fs/model/kind.h'
}

@test "a symbol that points up is found, and a circle of rooms" {
	copy
	units fs/fuse/planted_a.c fs/model/planted_b.c
	run "$BATS_TEST_DIRNAME/rooms.py" "$copy" "$copy/build"
	says 'symbol: fs/model/planted_b.c -> fs/fuse/planted_a.c: up'
	says 'circle: fs/fuse/planted_a.c fs/model/planted_b.c'
}

@test "a room that is not in the list is found" {
	copy
	mkdir "$copy/fs/attic"
	printf '#include "model/kind.h"\n' >"$copy/fs/attic/box.c"
	run "$BATS_TEST_DIRNAME/rooms.py" "$copy"
	says 'no room: fs/attic/box.c'
}

@test "every room says in its README what is in it" {
	cd "$top" || return
	for room in fs/*/ api/*/; do
		room=${room%/}
		[ "$room" = fs/man ] && continue
		run -0 head -1 "$room/README.md"
		[ "$output" = "# ${room##*/}" ]
	done
}

need_formatter()
{
	[[ $(clang-format --version) =~ version\ 14\. ]] ||
		skip 'another clang-format formats otherwise'
}

# formatted DIR: whether clang-format would leave all of its code alone.
formatted()
{
	find "$1" -name '*.[ch]' -print0 |
		xargs -0 clang-format --dry-run -Werror
}

@test "the code is formatted as .clang-format says" {
	need_formatter
	formatted "$top/fs"
	formatted "$top/api"
	formatted "$top/tests/unit"
}

@test "code that is formatted otherwise is found" {
	need_formatter
	copy
	printf 'int  planted ;\n' >>"$copy/fs/model/kind.c"
	run formatted "$copy/fs"
	[ "$status" -ne 0 ]
	[[ $output == *kind.c* ]]
}

@test "a header's functions are in the file of its name; none is too long" {
	run -0 "$BATS_TEST_DIRNAME/nouns.py" "$top"
}

@test "a function in another file than its header's is found" {
	copy
	printf '\nvoid kind_planted(void);\n' >>"$copy/fs/model/kind.h"
	printf '\nvoid kind_planted(void)\n{\n}\n' >>"$copy/fs/model/fleet.c"
	run "$BATS_TEST_DIRNAME/nouns.py" "$copy"
	says 'fs/model/kind.h: kind_planted is in fs/model/fleet.c'
}

@test "a function of more than 60 lines is found" {
	copy
	{
		printf 'void planted(void)\n{\n'
		for ((i = 0; i < 58; i++)); do
			printf '\t;\n'
		done
		printf '}\n'
	} >>"$copy/fs/model/kind.c"
	run "$BATS_TEST_DIRNAME/nouns.py" "$copy"
	says 'fs/model/kind.c: planted has 61 lines'
}
