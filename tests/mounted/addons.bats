#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# live/NAME/addons: what is installed, and edits of it.

# shellcheck source=tests/lib/ackfs.bash
source "$BATS_TEST_DIRNAME/../lib/ackfs.bash"
# shellcheck source=tests/lib/state.bash
source "$BATS_TEST_DIRNAME/../lib/state.bash"
# shellcheck source=tests/lib/other.bash
source "$BATS_TEST_DIRNAME/../lib/other.bash"
# shellcheck source=tests/lib/life.bash
source "$BATS_TEST_DIRNAME/../lib/life.bash"
bats_require_minimum_version 1.5.0

teardown()
{
	other_teardown
}

ready()
{
	mount_quick "$@"
	id=$(planted '{"name": "web", "nodes": 1}')
	wait_until test -d "$mnt/live/web"
	draft=$mnt/clusters/web
	addons=$mnt/live/web/addons
	from_here
}

# line NAME: of what live/NAME/addons says
line()
{
	grep -E "^$1(@| |\$)" "$addons" || true
}

# names: of the calls that a plan has
calls()
{
	sed -nE 's,^(POST) /clusters/[^/]*/components/([^:]*):.*,\2,p' \
		"$draft/plan" | xargs
}

@test "addons: installed, upgraded, modified and removed by an edit" {
	ready
	same '644 644' "$(stat -c %a "$addons") $(stat -c %a "$draft/num_of_nodes")"
	[ ! -e "$draft/live_addons" ]
	cat "$addons" >"$dir/before"
	same "$(wc -l <"$dir/before")" "$(sent '[.[] | select(.path |
		test("/addon_instances/"))] | length')"
	holds "$(line coredns)" '^coredns@v1\.9'
	# what is read can be written back
	cat "$dir/before" >"$addons"
	same '' "$(cat "$draft/plan" "$draft/digest")"
	# a name alone gets the newest version; what is not named stays
	echo 'arms-prometheus {"a": 1, "b": [2, {"c": "d"}]}' >"$addons"
	same install "$(calls)"
	printf '%s\n' 'coredns@v1.11.3.5-aliyun' -metrics-server >>"$addons"
	same 'install upgrade uninstall' "$(calls)"
	holds "$(cat "$draft/plan")" 'addons: coredns@v1.9.3.10-aliyun -> coredns@v1.11'
	same '' "$(line metrics-server)$(cat "$draft/check")"
	# what is removed is a loss
	same 'loses: live/addons: metrics-server: it is uninstalled' \
		"$(grep ^loses "$draft/plan" | cut -d , -f 1)"
	ends 'write EPERM' write "$draft/commit" 1
	error_holds 'loses: live/addons: metrics-server'
	same '' "$(changes)"
	echo web >"$draft/commit"
	same '' "$(cat "$draft/error")"
	same running "$(cat "$mnt/live/web/wait")"
	same '' "$(cat "$draft/plan" "$draft/digest")"
	same 'arms-prometheus@1.1.33 {"a":1,"b":[2,{"c":"d"}]}' \
		"$(line arms-prometheus)"
	same 'coredns@v1.11.3.5-aliyun ' "$(line coredns) $(line metrics-server)"
	same "POST /clusters/$id/components/install
POST /clusters/$id/components/upgrade
POST /clusters/$id/components/uninstall" "$(changes)"
	same '[{"config":"{\"a\":1,\"b\":[2,{\"c\":\"d\"}]}","name":"arms-prometheus","version":"1.1.33"}]' \
		"$(body 0)"
	same '[{"component_name":"coredns","next_version":"v1.11.3.5-aliyun","version":"v1.9.3.10-aliyun"}]' \
		"$(body 1)"
	same 3 "$(grep -c 'action=addons .*outcome=accepted' \
		"$dir/state/audit.log")"
	# a configuration is JSON, not a text
	from_here
	echo 'arms-prometheus {"b":[2,{"c":"d"}],  "a":1}' >"$addons"
	same '' "$(calls)"
	commit
	same '' "$(changes)"
	printf '%s\n' 'arms-prometheus {"a":2}' 'coredns {"x":"y"}' >"$addons"
	same 'arms-prometheus/config coredns/config' "$(calls)"
	cat "$draft/digest" >"$draft/commit"
	same "POST /clusters/$id/components/arms-prometheus/config
POST /clusters/$id/components/coredns/config" "$(changes)"
	same '{"config":"{\"a\":2}"}' "$(body 0)"
	same 'coredns@v1.11.3.5-aliyun {"x":"y"}' "$(line coredns)"
	# an edit is taken back, and outlives a remount until then
	echo -coredns >"$addons"
	mount_stop
	mount_sandbox refresh=1
	wait_until test -s "$draft/plan"
	same uninstall "$(calls)"
	: >"$addons"
	same '' "$(cat "$draft/plan")"
	lacks "$(cat "$draft/events")" 'not from here'
}

@test "addons: refused, changed by others, and half done" {
	ready
	for bad in '@v1' 'a b' 'x {' '-' 'two@v1@v2 x'; do
		ends 'write EINVAL' write "$addons" "$bad"$'\n'
		holds "$(cat "$mnt/live/web/error" "$draft/error")" \
			'param: live/addons'
	done
	same '' "$(cat "$draft/plan")"
	echo nono >"$addons"
	ends 'write EINVAL' write "$draft/commit" 1
	error_holds 'no addon "nono"' live/addons
	echo coredns@v9 >"$addons"
	ends 'write EINVAL' write "$draft/commit" 1
	error_holds 'code: InvalidParameter.Version'
	# somebody else was there first
	: >"$addons"
	other_start ,refresh=1
	wait_until test -d "$other_mnt/live/web"
	cat "$addons" >/dev/null
	echo -coredns >"$addons"
	echo loongcollector >"$other_mnt/live/web/addons"
	echo 1 >"$other_mnt/clusters/web/commit"
	same running "$(cat "$other_mnt/live/web/wait")"
	ends 'write ESTALE' write "$draft/commit" 1
	error_holds loongcollector 'param: live/addons'
	echo web >"$draft/commit"
	same running "$(cat "$mnt/live/web/wait")"
	same '' "$(line coredns)"
	echo coredns >"$addons"
	commit
	same running "$(cat "$mnt/live/web/wait")"
	# what was done is done, and the rest is still an edit
	printf '%s\n' 'coredns {"x":"y"}' -loongcollector >"$addons"
	faults '{"do": "status", "status": 403, "code": "Forbidden.RAM",
		"message": "No.", "path": "*/uninstall"}'
	ends 'write EACCES' write "$draft/commit" web
	error_holds 'done before that: addons'
	same running "$(cat "$mnt/live/web/wait")"
	same uninstall "$(calls)"
	echo web >"$draft/commit"
	same running "$(cat "$mnt/live/web/wait")"
	same '' "$(line loongcollector)$(cat "$draft/plan")"
	# one that fails is told
	faults '{"do": "fail_task", "code": "InternalError",
		"message": "No pods.", "path": "*/install"}'
	echo arms-prometheus >"$addons"
	commit
	ends 'open EREMOTEIO' read "$mnt/live/web/wait"
	error_holds 'No pods' 'cluster_addon_install'
	# and what cannot be read
	faults '{"do": "status", "status": 403, "code": "Forbidden.RAM",
		"message": "Not you.", "path": "*/addon_instances*",
		"times": -1}'
	ends 'open EACCES' read "$addons"
	holds "$(cat "$mnt/live/web/error")" 'Not you'
	faults
	while read -r name version category; do
		[ -n "$name" ] && [ -n "$version" ] && [ -n "$category" ]
	done <"$mnt/live/addons"
	grep -qx 'coredns v1.11.3.5-aliyun network' "$mnt/live/addons"
}
