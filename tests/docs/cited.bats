#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What a comment cites is there, and so are the files that a page names; pages
# and sources use no words that readers stumble over (DESIGN.md, Style).

bats_require_minimum_version 1.5.0

setup()
{
	top=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
	cited=$BATS_TEST_DIRNAME/cited.py
}

# faults: one a line; at least 60 places cite something.
faults()
{
	"$cited" "$top" | awk '/^[0-9]+ citations$/ { n = $1; next }
		{ print } END { if (n < 60) print n + 0, "citations" }'
}

@test "each citation names a document and a section that are there" {
	run -0 faults
	[ -z "$output" ] || {
		printf '%s\n' "$output"
		return 1
	}
}

@test "a citation that leads nowhere is found" {
	local plant=$BATS_TEST_TMPDIR/plant name='ack-api''.md'

	mkdir -p "$plant"/{api,fs}
	printf '## Lists\n\n## Tags\n' >"$plant/api/SERVICE.md"
	printf '## Commit\n' >"$plant/fs/DESIGN.md"
	printf '%s\n' '/*' ' * So it is (SERVICE.md,' ' * Lists; Tags).' ' */' \
		'/* (DESIGN.md, Commit) */' >"$plant/api/right.c"
	run -0 "$cited" "$plant"
	[ "$output" = '2 citations' ]
	printf '%s\n' '/* (SERVICE.md, Taggery) */' '/* SERVICE.md 2.4 */' \
		"/* $name 1.3 */" '# (des''ign 3.5)' >"$plant/fs/wrong.c"
	run -0 "$cited" "$plant"
	[ "${#lines[@]}" -eq 5 ]
	[[ $output = *'no section of SERVICE.md: SERVICE.md, Taggery'* ]]
	[[ $output = *'no section of SERVICE.md: SERVICE.md 2.4'* ]]
	[[ $output = *"not in the repository: $name"* ]]
	[[ $output = *'which document is it? (design'* ]]
}

@test "files that DESIGN.md, CONTRIBUTING.md and SECURITY.md name exist" {
	cd "$top"
	for page in fs/DESIGN.md {CONTRIBUTING,SECURITY}.md; do
		mapfile -t paths < <(grep -oP '(?<![\w/])(mount-helpers|tests|api|fs)/[\w/.*-]*' \
			"$page" | sort -u)
		[ "${#paths[@]}" -gt 0 ]
		for path in "${paths[@]}"; do
			compgen -G "${path%.}" >/dev/null || {
				echo "$page: $path"
				return 1
			}
		done
	done
}

@test "every room stands in the picture of DESIGN.md" {
	for room in "$top"/fs/*/ "$top"/api/*/; do
		room=${room#"$top"/}
		[ "$room" != fs/man/ ] || continue
		grep -qE "^ +${room%/} +[a-zA-Z]" "$top/fs/DESIGN.md" || {
			echo "$room"
			return 1
		}
	done
}

@test "the functions to look at, and on the ways through the files, exist" {
	mapfile -t names < <(sed -n '/^## Where to look/,/^## Style/p' \
		"$top/fs/DESIGN.md" | grep -oP '`\K[a-z]+_[a-z_]+(?=`)' | sort -u |
		grep -vx num_of_nodes)
	[ "${#names[@]}" -ge 10 ]
	for name in "${names[@]}"; do
		grep -rqE "^[a-z].*\b$name\(" "$top"/{fs,api} --include='*.[ch]' || {
			echo "$name"
			return 1
		}
	done
}

@test "SERVICE.md has the rules that the code has, by their numbers" {
	rules=$(grep -ohE '^	\{"R[0-9]+"' "$top"/api/params/rules*.c |
		grep -oE 'R[0-9]+' | sort -u)
	[ "$(wc -l <<<"$rules")" -ge 15 ]
	diff <(echo "$rules") <(sed -n 's/^| \(R[0-9]*\) |.*/\1/p' \
		"$top/api/SERVICE.md" | sort -u)
}

# stumbles FILE...: private words in what people read; not the column "before".
stumbles()
{
	grep -nEi "\\b(whoever|none of|is none|told|tells?|of (its|their|one's) own|to no good|mend(s|ed)?)\\b" \
		"$@" | grep -vE '^[^:]*fs/DESIGN\.md:[0-9]+:(\||.*\*(whoever|told)\*|\*is none)' || true
}

@test "pages have no words that DESIGN.md says to avoid" {
	cd "$top"
	run -0 stumbles {README,CONTRIBUTING,CHANGELOG,SECURITY}.md \
		fs/DESIGN.md api/SERVICE.md fs/man/ackfs.8.in \
		fs/man/ackfs-params.5.in api/sandbox/ack-sandbox.1 \
		mount-helpers/mount.ackfs.8
	[ -z "$output" ] || {
		printf '%s\n' "$output"
		return 1
	}
	printf 'Nothing is told.\n' >"$BATS_TEST_TMPDIR/page"
	run -0 stumbles "$BATS_TEST_TMPDIR/page"
	[ -n "$output" ]
}

# stumbling_code TOP: the same in comments, names and texts of the sources; "is
# none" may be a value there.
stumbling_code()
{
	grep -rnEi "\b(whoever|none of|told|tells|of (its|their|one's) own|to no good|mend(s|ed)?)\b" \
		"$1"/{fs,api} --include='*.[ch]' --include='*.def' \
		--include='*.in' --include='*.build' --include=README.md || true
}

@test "comments and messages have no such words either" {
	run -0 stumbling_code "$top"
	[ -z "$output" ] || {
		printf '%s\n' "$output"
		return 1
	}
	mkdir -p "$BATS_TEST_TMPDIR"/code/{fs,api}
	printf '/* %s */\n' 'Whoever asks is answered' 'It ended to no' \
		'The kernel is told' 'A name of its own' 'So he mends it' \
		'There is none here' >"$BATS_TEST_TMPDIR/code/fs/a.c"
	run -0 stumbling_code "$BATS_TEST_TMPDIR/code"
	[ "${#lines[@]}" -eq 4 ]
}
