#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What the compiler and the linker were asked for against exploits, as it is in
# the programs that were built.

bats_require_minimum_version 1.5.0

setup()
{
	top=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
	build=${ACKFS_BUILD:-$top/build-tests}
	programs=("$build/fs/ackfs" "$build/api/sandbox/ack-sandbox")
	[ -x "${programs[0]}" ] || {
		printf 'there is no %s; run tests/run\n' "${programs[0]}"
		return 1
	}
}

# A sanitizer brings its own allocator and checks, and no fortified functions.
sanitized()
{
	readelf -Ws --dyn-syms "$1" | grep -qE '__(asan|tsan|ubsan)_'
}

# lacks PROGRAM: what it has not got, a word each.
lacks()
{
	local header segments dynamic symbols

	header=$(readelf -Wh "$1")
	segments=$(readelf -Wl "$1")
	dynamic=$(readelf -Wd "$1")
	symbols=$(readelf -Ws --dyn-syms "$1")
	[[ $header =~ Type:\ +DYN && $dynamic =~ FLAGS_1.*PIE ]] || echo pie
	[[ $segments =~ GNU_RELRO ]] || echo relro
	[[ $dynamic =~ BIND_NOW ]] || echo bind-now
	[[ $segments =~ GNU_STACK[\ x0-9a-f]+\ RW\ +0x ]] || echo noexecstack
	! [[ $segments =~ \ RWE\  ]] || echo no-writable-code
	! [[ $dynamic =~ TEXTREL ]] || echo no-text-relocations
	! [[ $dynamic =~ RPATH|RUNPATH ]] || echo no-search-path
	[[ $symbols =~ __stack_chk_fail ]] || echo stack-protector
	sanitized "$1" || [[ $symbols =~ __memcpy_chk ]] || echo fortify
	[ "$(uname -m)" != x86_64 ] ||
		objdump -d --no-show-raw-insn "$1" |
		grep -A1 '<main>:' | grep -q endbr64 || echo control-flow
}

@test "PIE, full RELRO, no executable stack, protected, fortified" {
	for program in "${programs[@]}"; do
		if sanitized "$program"; then
			printf '# %s is built with a sanitizer: not asked for fortify\n' \
				"${program##*/}" >&3
		fi
		run -0 lacks "$program"
		[ -z "$output" ] || {
			printf '%s lacks: %s\n' "$program" "$output"
			return 1
		}
	done
}

@test "a program without all of that is found out" {
	printf '%s\n' '#include <string.h>' \
		'int main(int n, char **v) { char a[9]; memcpy(a, v[0], n);' \
		'return a[1]; }' >"$BATS_TEST_TMPDIR/weak.c"
	gcc -O0 -no-pie -fno-stack-protector -fcf-protection=none \
		-U_FORTIFY_SOURCE -Wl,-z,norelro,-z,lazy,-z,execstack \
		-Wl,-rpath,/tmp -o "$BATS_TEST_TMPDIR/weak" \
		"$BATS_TEST_TMPDIR/weak.c" 2>/dev/null
	run -0 lacks "$BATS_TEST_TMPDIR/weak"
	wanted='pie relro bind-now noexecstack no-writable-code no-search-path stack-protector fortify'
	[ "$(uname -m)" != x86_64 ] || wanted+=' control-flow'
	[ "$(paste -sd' ' <<<"$output")" = "$wanted" ] || {
		printf 'found: %s\n' "$output"
		return 1
	}
}

@test "every object is compiled with every flag" {
	for flag in -fstack-protector-strong -fstack-clash-protection \
		-fcf-protection=full; do
		jq -e --arg flag "$flag" 'map(select(.file |
			test("/(api|fs)/[^/]+/[^/]+\\.c$"))) | length > 200 and
			all(.command | contains($flag))' \
			"$build/compile_commands.json"
	done
}
