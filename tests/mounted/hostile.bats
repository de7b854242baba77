#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# A hostile service, call by call and answer by answer (tests/hostile/matrix).
# ACKFS_LONG=1 plays all of them.

# shellcheck source=tests/lib/ackfs.bash
source "$BATS_TEST_DIRNAME/../lib/ackfs.bash"
bats_require_minimum_version 1.5.0

need_namespaces()
{
	unshare -nmpf --mount-proc true ||
		skip 'there are no namespaces to be had here'
}

# matrix NAME ARG...
matrix()
{
	local name=$1

	shift
	mkdir "$dir/$name"
	"$top/tests/hostile/matrix" "$ackfs" "$dir/$name" "$@"
}

@test "every call, and every answer that a hostile service may give" {
	need_namespaces
	run matrix all
	printf '# %s\n' "${lines[@]}" >&3
	[ "$status" -eq 0 ]
	# what has to be tried, was
	holds "${lines[-1]}" '^[0-9]{4,} cells, 0 wrong$'
}

@test "none of the judges lets its own witness pass" {
	need_namespaces
	while read -r judge call verdict; do
		# a sanitizer keeps what was freed
		if [ "$judge" = memory ] && grep -q __asan_init "$ackfs"; then
			continue
		fi
		run -1 matrix "$judge-${call// /-}" --doubt "$judge" "$call"
		holds "$output" "WRONG: .*$verdict"
	done <<-'END'
		raw detail.json raw in what was read
		success detail.json a success out of no answer
		success create it shows the ID c0
		success delete a change out of no answer
		success adopt adopted what nobody said
		asked versions the call was not made
		dead versions did not end well: -9
		hangs versions hangs at cell 0
		memory versions it grew by
		redirect versions 1 redirects were followed
		peer TLS trusted: True
	END
}

# A list that hides a name could hide what was made.
@test "an unclear list proves nothing, neither before a POST nor after" {
	mount_service timeout=1 settle=1
	draft test
	fill_little
	unclear='{"clusters": [{"cluster_id": "c1", "name": null}],
		"page_info": {"total_count": 1}}'
	service_says GET 200 "$unclear"
	ends 'write EPROTO' write "$draft/commit" 1
	holds "$(cat "$draft/error")" \
		'who has the name test is not known: .* without a name'
	same draft "$(cat "$draft/state")"
	same 0 "$(service_heard | grep -c POST)"
	rm "$dir/service/GET"
	: >"$dir/service/POST"
	ends 'write EPROTO' write "$draft/commit" 1
	service_says GET 200 "$unclear"
	lists()
	{
		[ "$(service_heard | grep -c '"GET"')" -ge "$1" ]
	}
	wait_until lists 6
	same unknown "$(cat "$draft/state")"
	rm "$dir/service/GET"
	wait_until grep -qx draft "$draft/state"
}
