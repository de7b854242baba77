#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The shape of the program: arrows point down, a foreign library is known in
# one place, files stay small, scripts are sound.

bats_require_minimum_version 1.5.0

setup()
{
	top=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
	cd "$top" || return
}

sources()
{
	find api fs tests/unit -name '*.[ch]' -o -name '*.def' | sort
}

# Everything that belongs to the project, also before it is added.
project_files()
{
	find . \( -name .git -o -name node_modules -o -name 'build*' \) \
		-prune -o -type f -printf '%P\n' | sort
}

scripts()
{
	project_files | xargs perl -ne 'print "$ARGV\n"
		if $ARGV =~ /\.(bash|bats)$/ || /^#!.*\b(ba)?sh$/; close ARGV'
}

# The same, without pictures, and what is input for a test, byte by byte.
texts()
{
	project_files | grep -vE '^tests/fuzz/corpus/|\.png$'
}

# names FILE...: fails when there are any, and shows them.
none()
{
	[ -z "$1" ] || {
		printf '%s\n' "$1"
		return 1
	}
}

@test "a foreign library is included in one file" {
	while read -r header file; do
		found=$(grep -rlE "#include <$header" api fs | sort |
			paste -sd' ')
		[[ $found =~ ^$file$ ]] || {
			printf '<%s…> is in: %s; wanted: %s\n' "$header" \
				"$found" "$file"
			return 1
		}
	done <<-'END'
		curl/ api/http/http.c
		cjson/ api/base/json.c
		openssl/ api/client/sign.c
		ini.h api/keys/source_ini.c
		sqlite3 fs/state/db.c
		microhttpd api/sandbox/[a-z_]+.c
		fuse fs/(fuse|mount)/[a-z_]+.[ch]
	END
}

@test "no other foreign header but the C library's and the kernel's" {
	libc='assert|ctype|dirent|endian|errno|fcntl|fnmatch|getopt|grp|inttypes|limits|malloc|math|mntent|netdb|poll|pthread|pwd|sched|search|setjmp|signal|spawn|stdarg|stdbool|stddef|stdint|stdio|stdlib|stdnoreturn|string|strings|sys/[a-z_]+|syslog|termios|time|unistd|wchar|arpa/inet|net/if|netinet/[a-z]+|linux/[a-z0-9_]+'
	none "$(grep -rnE '#include <' api fs --include='*.[ch]' |
		grep -vE "#include <($libc)\.h>" |
		grep -vE '#include <(curl/|cjson/|openssl/|ini\.h|microhttpd|fuse|sqlite3\.h)' ||
		true)"
}

@test "api/ knows nothing of fs/" {
	for room in fs/*/; do
		room=${room#fs/}
		none "$(grep -rn "#include \"$room" api || true)"
	done
	none "$(grep -rnE '#include "(\.\./|fs/)' api || true)"
}

@test "the sandbox is known to nobody outside its room" {
	none "$(grep -rn '#include "\(api/\)\?sandbox/' fs api/[!s]*/ || true)"
}

@test "no file of code is longer than 600 lines" {
	none "$(sources | grep '^[af].*\.[ch]$' | xargs wc -l |
		awk '$1 > 600 && $2 != "total"')"
}

@test "every file names its licence" {
	none "$(project_files | grep -E '\.([ch]|def|bash|bats|py|mjs|build)$' |
		xargs grep -L 'SPDX-License-Identifier: MIT' || true)"
	none "$(scripts | xargs grep -L 'SPDX-License-Identifier: MIT' ||
		true)"
}

@test "library code neither prints nor logs" {
	library=(api/{keys,client,http,params,base}/*.c)
	none "$(grep -nE '\b(printf|puts|putchar|perror|syslog|vprintf)\(' \
		"${library[@]}" || true)"
	none "$(grep -nE '\bfprintf\((stdout|stderr)' "${library[@]}" || true)"
}

@test "no function that cannot be used safely" {
	none "$(grep -rnE '\b(gets|sprintf|vsprintf|strtok|system|popen|atoi|atol|tmpnam|mktemp|alloca|gmtime|localtime|asctime|ctime|strerror_r|setenv|putenv)\(' \
		api fs --include='*.[ch]' || true)"
}

@test "shellcheck has nothing to say about any script" {
	scripts | xargs shellcheck
}

@test "scripts indent with tabs" {
	none "$(scripts | xargs awk '/<<END$/ { skip = 1 } /^END$/ { skip = 0 }
		!skip && /^ +[^ ]/ { print FILENAME ":" FNR ": " $0 }')"
}

@test "no trailing blanks, no conflict marks, a newline at the end" {
	none "$(texts | grep -vE '^LICENSE$|package-lock.json$' |
		xargs grep -nIE '[ 	]+$|^(<<<<<<<|>>>>>>>) ' || true)"
	none "$(texts | xargs perl -0777 -ne 'print "$ARGV\n" if !/\n\z/')"
}

@test "nothing is left to do, nobody's paths, no words that do not belong" {
	words='TO''DO|FIX''ME|X''XX:|/wo''rk/|/ro''ot/|AI-gen''erated|Cla''ude|Chat''GPT|Co''pilot|L''LM\b'
	none "$(project_files | grep -v package-lock.json |
		xargs grep -nIE "$words" || true)"
}

# What a public host looks for at the top stands there, and nothing else.
@test "the top level holds four folders and what is read first" {
	none "$(find . -mindepth 1 -maxdepth 1 -printf '%f\n' |
		grep -vE '^(fs|api|tests|mount-helpers|meson\.build|LICENSE|(README(\.zh-CN)?|CONTRIBUTING|CHANGELOG|SECURITY)\.md|\..*|build.*|index\.html)$' ||
		true)"
}


@test "every test file is found by tests/run" {
	none "$(find tests -name '*.bats' ! -path 'tests/mounted/*' \
		! -path 'tests/shape/*' ! -path 'tests/docs/*')"
	for name in unit sdk; do
		grep -q "$name" tests/run
	done
}
