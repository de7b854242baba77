#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The manual pages are whole, well-formed and true.

# shellcheck source=tests/lib/ackfs.bash
source "$BATS_TEST_DIRNAME/../lib/ackfs.bash"
# shellcheck source=tests/lib/life.bash
source "$lib/life.bash"
# shellcheck source=tests/lib/pages.bash
source "$lib/pages.bash"
bats_require_minimum_version 1.5.0

page=$build/fs/man/ackfs.8
sandbox_page=$top/api/sandbox/ack-sandbox.1

# The sources of a side, fs or api, without the pages and the sandbox.
sources()
{
	find "$top/$1" -name '*.c' ! -path "$top/fs/man/*" \
		! -path "$top/api/sandbox/*"
}

@test "mandoc and man have nothing to say about any page" {
	for p in "${all_pages[@]}"; do
		run -0 mandoc -T lint -W warning "$p"
		same '' "$output"
		MANWIDTH=100 man -l "$p" >"$dir/text" 2>"$dir/stderr"
		same '' "$(cat "$dir/stderr")"
		[ "$(wc -l <"$dir/text")" -gt 40 ]
		same '' "$(grep -E '^ *(@|\\|\.[A-Z])' "$dir/text" || true)"
	done
}

@test "meson installs every page where man finds it" {
	run -0 meson install -C "$build" --no-rebuild --tags man \
		--destdir "$dir/installed"
	MANPATH=$(find "$dir/installed" -type d -path '*/share/man')
	export MANPATH
	for name in ackfs.8 ackfs-params.5 mount.ackfs.8; do
		run -0 man "${name##*.}" "${name%.*}"
	done
	run -0 man -L zh_CN 5 ackfs-params
	holds "$output" '集群'
}

@test "ackfs(8) has every option with the words of --help" {
	text=$(rendered "$page" | tr -s ' \n' ' ')
	n=0
	while read -r _ option words; do
		[[ $text = *" $option ${words^}."* ]] || {
			printf 'no %s: %s\n' "$option" "$words"
			return 1
		}
		n=$((n + 1))
	done < <("$ackfs" --help | grep '^  -o ')
	[ "$n" -ge 15 ]
	says "$page" -f -d --schema --version --help
}

@test "ackfs(8) has the options that --help leaves out" {
	for option in $(sed -n 's/^.*IGNORED("\([^"]*\)").*/&/p' \
		"$top/fs/mount/options.c" | grep -oE 'IGNORED\("[^"]*' |
		cut -d'"' -f2) nosuid nodev noexec noatime; do
		grep -qF "\"\\&${option//-/\\-}\"" "$page" || {
			echo "$option"
			return 1
		}
	done
}

# listed DIR PREFIX: "path mode" of what is in a directory of the mount and
# is no parameter, as FILES calls it.
listed()
{
	find "$1" -mindepth 1 -maxdepth 1 -printf '%f%y %#m\n' |
		sed -E 's/d ([0-7]+)$/\/ \1/; s/l [0-7]+$/ link/; s/f ([0-7]+)$/ \1/' |
		while read -r name mode; do
			grep -qxF "$name" "$dir/params" ||
				printf '%s%s %s\n' "$2" "$name" "$mode"
		done
}

# every_file: those of a mount with a draft that became a cluster.
every_file()
{
	listed "$mnt" ''
	listed "$mnt/schema" schema/
	listed "$mnt/clusters/test" clusters/NAME/
	listed "$mnt/live/test/nodepools/gpu" live/NAME/nodepools/POOL/
	listed "$mnt/live" live/ | grep -v 'live/test/'
	listed "$mnt/live/test" live/NAME/
}

# in_files PATH MODE: FILES has it; a node pool has what a cluster has, and
# what cannot change any more has lost the bit for writing.
in_files()
{
	local path

	for path in "$1" "${1/nodepools\/POOL\//}" \
		"${1/live\/NAME\/nodepools\/POOL\//clusters\/NAME\/}"; do
		grep -qxF "$path $2" "$dir/said" ||
			grep -qxF "$path ${2/0444/0644}" "$dir/said" || continue
		return 0
	done
	return 1
}

@test "ackfs(8) has every file of the mount with its mode and meaning" {
	"$ackfs" --schema | jq -r '.cluster[], .nodepool[] | .name |
		gsub("/"; "_")' >"$dir/params"
	mount_quick settle=600
	draft test
	every_file 2>"$dir/none" >"$dir/files"
	rmdir "$draft"
	born test
	pool gpu
	commit
	every_file >>"$dir/files"
	# and one whose outcome is not known
	faults '{"do": "drop", "method": "POST", "path": "/clusters"}'
	draft=$mnt/clusters/lost
	mkdir "$draft"
	fill
	run ! commit
	listed "$draft" clusters/NAME/ >>"$dir/files"
	grep -q adopt "$dir/files"

	section "$page" FILES | sed -nE \
		's/^\.It Pa "\\&([^"]*)" Pq (.*)/\1 \2/p' |
		sed 's/\\//g' >"$dir/said"
	n=0
	while read -r path mode; do
		in_files "$path" "$mode" || {
			printf 'not in FILES: %s %s\n' "$path" "$mode"
			return 1
		}
		n=$((n + 1))
	done < <(sort -u "$dir/files")
	[ "$n" -ge 40 ]
	# the mode of nothing else is said, and nothing without a meaning
	same '' "$(section "$page" FILES |
		awk '/^\.It/ && before ~ /^\.It/ { print before }
			{ before = $0 }')"
}

# calls_of PATH: the calls that FILES names at that file; an endpoint of one's
# own has no GetCallerIdentity.
calls_of()
{
	section "$page" FILES | sed 's/\\&//g' |
		awk -v path="\"$1\"" '/^\.It Pa / { inside = $3 == path } inside' |
		grep -owE "$actions" | grep -vx GetCallerIdentity | sort -u | xargs
}

@test "ackfs(8) names at each file of live/ the calls that it makes" {
	actions=$(sed -n 's/^ACK_CALL(\([A-Za-z0-9]*\),.*/\1/p' \
		"$top/api/client/calls.def" | paste -sd '|')
	sandbox_start --speed 20
	planted '{"name": "web", "nodes": 1,
		"current_version": "1.32.1-aliyun.1"}' >/dev/null
	# no list in between
	mount_sandbox refresh=600
	# a node pool has the same ones
	(cd "$mnt/live" && find -- * -name nodepools -prune -o -type f -print) \
		>"$dir/left"
	said=0
	# in an order in which no answer serves the next one, too; what asks
	# for nothing at rest, or twice, stands behind
	while read -r path how; do
		file=$mnt/live/$path
		before=$(all_requests | jq length)
		if [ "$path" = web/revoke ]; then
			cat "$mnt/clusters/web/cluster_id" >"$file"
		elif [ -d "$file" ]; then
			ls "$file" >"$dir/read"
		else
			cat "$file" >"$dir/read"
		fi
		made=$(all_requests | jq -r ".[$before:][].action" | sort -u |
			xargs)
		wanted=$(calls_of "live/${path/#web/NAME}")
		[ "$how" != again ] || wanted=
		same "$path: $wanted" "$path: $made"
		said=$((said + $(wc -w <<<"$made")))
		sed -i "\\,^$path\$,d" "$dir/left"
	done <<-'END'
		web/wait
		web/watch again
		web/nodepools/ again
		web/task again
		account
		addons
		events
		versions
		kubeconfig
		web/credential.json again
		web/revoke
		web/credential.json
		web/kubeconfig.exec
		web/kubeconfig
		web/addons
		web/detail.json
		web/error
		web/nodepools.json
		web/nodes
		web/nodes.json
		web/precheck
		web/resources.json
		web/tasks
		web/upgrades
		web/vulnerabilities
	END
	[ "$said" -ge 20 ]
	same '' "$(cat "$dir/left")"
}

@test "ackfs(8) has every errno of the sources, README.md no other" {
	# met at the start only, or between ackfs and the kernel
	inside='ENODEV|ENOSYS|EPIPE|EBADF|ENAMETOOLONG|ENOTCONN|EIO|ELOOP'
	inside+='|ENFILE|ECONNABORTED'
	/usr/bin/python3 -c 'import errno
print("\n".join(errno.errorcode.values()))' | sort >"$dir/all"
	{ sources fs; sources api; } | xargs grep -hoE '\bE[A-Z]{3,}\b' | sort -u |
		comm -12 - "$dir/all" | grep -vxE "$inside" >"$dir/sources"
	section "$page" 'ERROR CODES' | sed -n 's/^\.It Er //p' | sort \
		>"$dir/said"
	echo EROFS | sort -mu - "$dir/sources" | diff - "$dir/said"
	grep -oE '\bE[A-Z]{3,}\b' "$top/README.md" | sort -u >"$dir/readme"
	[ -s "$dir/readme" ]
	same '' "$(comm -23 "$dir/readme" "$dir/said")"
}

@test "ackfs(8) has every variable of the environment, and every signal" {
	mapfile -t names < <({ sources fs; sources api; } | xargs grep -hoE \
		'"[A-Z]+(_[A-Z]+)*_(ID|SECRET|TOKEN|KEY|PROFILE|FILE|ARN|URI|URL|NAME|REGION|ENDPOINT|TYPE|CS|DISABLED|ENABLED|PROCESS|METADATA|DIRECTORY|HOME)"' |
		tr -d '"' | sort -u)
	[ "${#names[@]}" -ge 40 ]
	mapfile -t signals < <(sources fs |
		xargs grep -hoE 'sigaddset\(&set, SIG[A-Z0-9]+' |
		grep -oE 'SIG[A-Z0-9]+$')
	[ "${#signals[@]}" -ge 3 ]
	# parts of names, which the sources put together
	mapfile -t names < <(printf '%s\n' "${names[@]}" |
		grep -vxE 'OIDC_.*|ROLE_ARN')
	says "$page" "${names[@]}" "${signals[@]}"
}

@test "the examples of ackfs(8) run" {
	mount_quick
	mkdir "$dir/bin"
	printf '#!/bin/sh\ngrep -q "^kind: Config" "$KUBECONFIG"\n' \
		>"$dir/bin/kubectl"
	chmod +x "$dir/bin/kubectl"
	examples "$page" | sed "s|/mnt/ack|$mnt|" >"$dir/examples"
	same "ackfs sandbox $mnt" "$(head -n 1 "$dir/examples")"
	sed -i 1d "$dir/examples"
	PATH=$dir/bin:$build/fs:$PATH run -0 bash -eux "$dir/examples"
	lacks "$output" 'rror|such file'
	same 5 "$(requests | jq '[.[] | select(.action ==
		"ModifyClusterNodePool")][0].body.scaling_group.desired_size')"
	same 1 "$(requests | jq '[.[] | select(.action ==
		"DeleteCluster")] | length')"
	[ -d "$mnt/clusters/test-2" ]
	[ -d "$mnt/clusters/test-3" ]
}

@test "the examples of ackfs-params(5) run, and are the same in Chinese" {
	examples "${pages_of_params[0]}" >"$dir/examples"
	examples "${pages_of_params[1]}" 示例 | diff "$dir/examples" -
	mount_sandbox
	draft test
	cd "$draft"
	run -0 bash -eux "$dir/examples"
	cd /
	[ "$(find "$draft" -size +0 | wc -l)" -ge 10 ]
	same 2 "$(wc -l <"$draft/vswitch_ids")"
}

@test "ackfs-params(5) has every parameter, in both languages" {
	mount_sandbox
	for p in "${pages_of_params[@]}"; do
		sed -n '/^\.Bl -tag -width Ds/,$ s/^\.It Pa "\\&\(.*\)"/\1/p' \
			"$p" | sed 's/\\:\|\\//g' | sort >"$dir/said"
		"$ackfs" --schema | jq -r '.cluster[], .nodepool[] | .name' |
			sort | diff - "$dir/said"
	done
	# each line of schema/ is there, with its value
	text=$(sed 's/\\[&:]//g; s/\\//g; s/^\.Li "\(.*\)"$/\1/' \
		"${pages_of_params[0]}")
	for name in "$mnt"/schema/*; do
		[ -f "$name" ] || continue
		file=$(sed -n 's/^name: //p' "$name")
		entry=$(awk -v name="\"$file\"" '/^\.It Pa/ {
			inside = $3 == name && !seen[name]++ } inside' \
			<<<"$text")
		while IFS= read -r line; do
			case $line in
			name:* | meaning:* | 含义*) continue ;;
			*': '*) ;;
			*) continue ;;
			esac
			grep -qxF ".It ${line%%: *}" <<<"$entry" || {
				printf '%s: no %s\n' "${name##*/}" "$line"
				return 1
			}
		done <"$name"
	done
}

@test "the Chinese ackfs-params(5) has no fact left in English" {
	section "${pages_of_params[1]}" 集群 >"$dir/facts"
	section "${pages_of_params[1]}" 节点池 >>"$dir/facts"
	same '' "$(grep -E '^\.It [a-z]' "$dir/facts" || true)"
	same '' "$(grep -xE 'yes|no|with nodes|never|not sent|at any time.*' \
		"$dir/facts" || true)"
	# types are words of schema/, units are not
	same '' "$(grep -A1 '^\.It 单位' "$dir/facts" | grep -xE '[a-z]+' ||
		true)"
}

@test "every type is explained, in both languages" {
	for type in $("$ackfs" --schema |
		jq -r '[.cluster[], .nodepool[] | .type] | unique[]'); do
		section "${pages_of_params[0]}" VALUES |
			grep -qE "^\.It (.*[ ,])?$type( |,|\$)" || {
			echo "$type"
			return 1
		}
		section "${pages_of_params[1]}" 取值 |
			grep -qE "^\.It (.*、)?$type(、|\$)" || {
			echo "zh: $type"
			return 1
		}
	done
}

@test "ack-sandbox(1) has every option, call, fault and task" {
	for option in $("$ack_sandbox" --help | grep -oE '^  --[a-z]+'); do
		grep -q "^\.It Fl ${option#-}" "$sandbox_page"
	done
	cat "$top/api/client/calls.def" "$top/api/sandbox/routes.def" |
		tr -d '\n\t' | sed -E 's/(ACK_CALL|ROUTE)\(/\n/g' |
		sed -nE 's/^[^"]*"([A-Z]+)", ?"([^"]*)".*/\1 \2/p' |
		sort >"$dir/routes"
	{
		section "$sandbox_page" CALLS |
			sed -nE 's/^\.It [A-Za-z0-9]+ Ta ([A-Z]+) Ta (.*)/\1 \2/p' |
			sed -E 's/ Ns Ar [A-Z]+/{}/g; s/ Ns //g'
		grep -oE '^\.It (GET|POST) /_sandbox/.*' "$sandbox_page" |
			cut -c5-
	} | sort | diff "$dir/routes" -
	mapfile -t words < <(
		grep -oE '^	\{ ?\.?[^"]*"[a-z_]+"' \
			"$top/api/sandbox/faults.c" | cut -d'"' -f2
		grep -oE '"(cluster|nodepool)_[a-z_]+"' \
			"$top/api/sandbox/tasks.c" | tr -d '"'
	)
	[ "${#words[@]}" -ge 20 ]
	says "$sandbox_page" "${words[@]}"
}

@test "the examples of ack-sandbox(1) run" {
	ACK_SANDBOX_KEY=LTAI5tMadeUp:secret sandbox_start
	examples "$sandbox_page" | sed -n '/^curl/,$p' |
		sed "s|http://127.0.0.1:8080|$url|" >"$dir/examples"
	[ "$(grep -c '^curl' "$dir/examples")" -ge 6 ]
	run -0 bash -eu "$dir/examples"
	lacks "$output" '"code"|rror'
	holds "$output" 'cluster_ids'
}

@test "the options of mount.ackfs(8) are accepted" {
	while read -r source at type options _; do
		holds "$type" '^(fuse\.)?ackfs$'
		holds "$at" '^/'
		run ! "$ackfs" "$source" "$dir/none" -o "$options"
		holds "$output" 'cannot be used: No such file'
	done < <(examples "$top/mount-helpers/mount.ackfs.8" |
		grep ' 0 0$')
}
