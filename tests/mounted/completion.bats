#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What Tab completes, in the shells themselves.

# shellcheck source=tests/lib/ackfs.bash
source "$BATS_TEST_DIRNAME/../lib/ackfs.bash"
bats_require_minimum_version 1.5.0

setup()
{
	ackfs_setup
	PATH=$build/fs:$build/api/sandbox:$PATH
	completions=$top/mount-helpers/completion
	mkdir -p "$HOME/.aliyun" "$dir/clusters" "$dir/certs"
	printf '%s\n' '{' '  "current": "main", "profiles": [' \
		'    {"name": "main", "ram_role_name": "not-this"},' \
		'    {"mode": "AK", "name": "prod-1", "region_id": "x"}' \
		'  ]' '}' >"$HOME/.aliyun/config.json"
	cd "$dir" || return
}

# Of each line: what one Tab makes of it, and what it offers.
table()
{
	cat <<-'END'
		ackfs cn-beij|ackfs cn-beijing|
		ackfs san|ackfs sandbox|
		ackfs sandbox clu|ackfs sandbox clusters|
		ackfs cn-h||cn-hangzhou cn-hongkong cn-heyuan cn-hangzhou-finance
		ackfs --sch|ackfs --schema|
		ackfs ru|ackfs run|
		ackfs run cn-beij|ackfs run cn-beijing|
		ackfs run x -o preflight=of|ackfs run x -o preflight=off|
		ackfs run x -- strac|ackfs run x -- strace|
		ackfs run x -- ls clu|ackfs run x -- ls clusters|
		ackfs x y -o preflight=of|ackfs x y -o preflight=off|
		ackfs x y -o ro,body=nod|ackfs x y -o ro,body=nodepools|
		ackfs x y -o profile=pr|ackfs x y -o profile=prod-1|
		ackfs x y -o profile=||main prod-1
		ackfs x y -o log=||error warning info debug
		ackfs x y -o ro,region=eu-c|ackfs x y -o ro,region=eu-central-1|
		ackfs x y -o no_del|ackfs x y -o no_delete|
		ackfs x y -o ||region=? allow_other qps=? umask=? state=?
		ack-sandbox --st|ack-sandbox --state|
		ack-sandbox --||--port --state --speed --key
		mount.ackfs cn-shangha|mount.ackfs cn-shanghai|
	END
}

completes()
{
	local line wanted words word answers i=0

	mapfile -t lines < <(table | cut -d'|' -f1)
	mapfile -d '' -t answers < <("$lib/complete" "$1" "$2" "${lines[@]}")
	same ${#lines[@]} ${#answers[@]}
	while IFS='|' read -r line wanted words; do
		[ -z "$wanted" ] ||
			same "[$wanted]" "$(head -n 1 <<<"${answers[i]}")"
		for word in $words; do
			holds " ${answers[i]//[$'\n\t']/ } " " $word "
		done
		i=$((i + 1))
	done < <(table)
}

@test "bash" {
	completes bash "$completions/ackfs.bash"
}

@test "zsh" {
	command -v zsh >/dev/null || skip 'there is no zsh here'
	completes zsh "$completions"
}

# A profile's name comes from a file, which another user may have written. What
# is put into the line is quoted, so Enter after Tab runs nothing of it either.
@test "what a profile is called is completed, not run" {
	local shell answer

	# shellcheck disable=SC2016 # that is what must not be expanded
	printf '{"current": "fine", "profiles": [\n{"name": "fine"}%s]}\n' \
		"$(printf ',\n{"name": "%s"}' "\$(touch $dir/ran)" \
			"\`touch $dir/ran\`" "x\$(touch $dir/ran)" 'one of many')" \
		>"$HOME/.aliyun/config.json"
	for shell in "bash $completions/ackfs.bash" "zsh $completions"; do
		command -v "${shell%% *}" >/dev/null || continue
		# shellcheck disable=SC2086 # two words
		answer=$("$lib/complete" $shell 'ackfs x y -o profile=' \
			'ackfs x y -o profile=x' 'ackfs x y -o profile=on' |
			tr '\0' '\n')
		[ ! -e "$dir/ran" ]
		holds "$answer" fine
		grep -qF "[ackfs x y -o profile=x\\\$\\(touch\\ $dir/ran\\)]" \
			<<<"$answer"
		grep -qF '[ackfs x y -o profile=one\ of\ many]' <<<"$answer"
	done
}

@test "the regions are the same in both, and ackfs takes each" {
	# shellcheck source=mount-helpers/completion/ackfs.bash
	source "$completions/ackfs.bash"
	sort <<<"$_ackfs_regions" >"$dir/bash"
	sed -n '/local -a regions=/,/)$/p' "$completions/_ackfs" |
		grep -oE '[a-z]+-[a-z0-9-]+[a-z0-9]' | sort >"$dir/zsh"
	diff "$dir/bash" "$dir/zsh"
	same 40 "$(wc -l <"$dir/bash")"
}
