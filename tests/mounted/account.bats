#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# live/account: what a newcomer to an account reads first; and to which account
# a mount and its state belong.

# shellcheck source=tests/lib/ackfs.bash
source "$BATS_TEST_DIRNAME/../lib/ackfs.bash"
# shellcheck source=tests/lib/cloud.bash
source "$BATS_TEST_DIRNAME/../lib/cloud.bash"
bats_require_minimum_version 1.5.0

account()
{
	cat "$mnt/live/account"
}

asked_roles()
{
	all_requests | jq '[.[] | select(.action == "CheckServiceRole")] | length'
}

@test "service roles, quota and clusters, at no cost" {
	mount_sandbox
	draft test
	fill_little
	commit
	asked=$(asked_roles)
	text=$(account)
	holds "$text" $'^credentials: environment.*, key LTAI\\*+'
	lacks "$text" "$key_secret"
	lacks "$text" "$key_id"
	holds "$text" $'\nrole AliyunCSManagedKubernetesRole: granted\n'
	holds "$text" $'\nrole AliyunOOSLifecycleHook4CSRole: granted\n'
	holds "$text" $'\nservice: open\n'
	holds "$text" $'\nquota of managed clusters: [0-9]+\n'
	holds "$text" $'\nclusters in cn-beijing: 1\n'
	# by what they are for
	for purpose in look=DescribeClustersForRegion create=CreateCluster \
		change=DeleteCluster operate=DescribeClusterUserKubeconfig; do
		sed -n "/^permissions to ${purpose%=*}/,/^permissions/p" \
			<<<"$text"$'\npermissions' |
			grep -qx "  cs:${purpose#*=}"
	done
	same 4 "$(grep -c ^permissions <<<"$text")"
	same "" "$(grep '^  cs:' <<<"$text" | sort | uniq -d)"
	same '' "$(cat "$mnt/error")"
	# what it asked makes nothing
	same $((asked + 1)) "$(asked_roles)"
	same 1 "$(count_requests GET /quota)"
	same 1 "$(count_requests POST /clusters)"
}

@test "a role that is missing: which, and where to grant it" {
	mount_sandbox
	faults '{"do": "role_missing", "code": "AliyunCSManagedLogRole"}'
	text=$(account)
	holds "$text" $'\nrole AliyunCSManagedLogRole: missing\n'
	holds "$text" $'\nrole AliyunCSManagedKubernetesRole: granted\n'
	holds "$text" $'\n  hint: grant .* at https://cs.console.aliyun.com'
}

@test "a draft's first value: the roles are asked for once, check warns" {
	mount_sandbox
	faults '{"do": "role_missing", "code": "AliyunCSManagedLogRole"}'
	for name in one two; do
		draft "$name"
		same 0 "$(asked_roles)"
	done
	put addons 'flannel
loongcollector'
	wait_until grep -q AliyunCSManagedLogRole "$draft/check"
	holds "$(grep Role "$draft/check")" \
		'^warning: addons: the account lacks .*LogRole; .* at https://'
	put addons flannel
	same 0 "$(grep -c Role "$draft/check")"
	draft=$mnt/clusters/one
	put snat_entry true
	same 1 "$(asked_roles)"
	# live/account asks again, and check knows
	put addons logtail-ds
	account >/dev/null
	same 0 "$(grep -c Role "$draft/check")"
	# a draft that is kept gets its warning without another value
	mount_stop
	faults '{"do": "role_missing", "code": "AliyunCSManagedLogRole"}'
	mount_sandbox
	wait_until grep -q AliyunCSManagedLogRole "$draft/check"
}

@test "a region that is misspelt, at an endpoint of one's own, too" {
	sandbox_start
	mount_start "$url" region=cn-bejing
	holds "$(<"$dir/ackfs.log")" 'did you mean cn-beijing'
}

@test "whose keys they are, as the STS tells" {
	cloud_start
	export ALIBABA_CLOUD_STS_ENDPOINT=$url
	export ALIBABA_CLOUD_ACCESS_KEY_ID=$key_id
	export ALIBABA_CLOUD_ACCESS_KEY_SECRET=$key_secret
	mount_start "$url" region=cn-beijing
	holds "$(account)" \
		$'\nidentity: acs:ram::1234567890123456:user/alice, account 1234567890123456\n'
}

@test "an endpoint of one's own has no STS to ask" {
	mount_sandbox
	holds "$(account)" $'\nidentity: not asked for'
}

@test "what one call is refused does not keep the others from being told" {
	mount_sandbox
	faults '{"do": "status", "status": 403, "code": "StatusForbidden",
		"message": "RAM policy Forbidden for action cs:DescribeUserQuota",
		"path": "/quota", "times": -1}'
	text=$(account)
	holds "$text" $'\nservice and quota: cannot be read: .*cs:DescribeUserQuota'
	holds "$text" $'\n  code: StatusForbidden\n'
	holds "$text" $'\n  hint: '
	holds "$text" $'\nrole AliyunCSManagedKubernetesRole: granted\n'
	holds "$text" $'\nclusters in cn-beijing: 0\n'
}

@test "a key that is not valid: nothing is told, and it fails" {
	sandbox_start
	export ALIBABA_CLOUD_ACCESS_KEY_ID=LTAI5tSomebodyElses01
	mount_start "$url" region=cn-beijing
	run ! account
	holds "$(cat "$mnt/error")" $'\ncode: InvalidAccessKeyId'
}

prod=LTAI5tMadeUpProd000000001
again=LTAI5tMadeUpAgain00000001
dev=LTAI5tMadeUpDev0000000001

# two_accounts: keys of two, an STS, and the profiles prod and dev.
two_accounts()
{
	cloud_start
	export ALIBABA_CLOUD_STS_ENDPOINT=$url
	cat >"$cloud/accounts" <<-END
		$prod prod-secret 1000000000000001
		$again again-secret 1000000000000001
		$dev dev-secret 1000000000000002
	END
}

# profile NAME KEY SECRET
profile()
{
	jq -n --arg name "$1" --arg id "$2" --arg secret "$3" '{name: $name,
		mode: "AK", access_key_id: $id, access_key_secret: $secret}'
}

# environment KEY SECRET
environment()
{
	export ALIBABA_CLOUD_ACCESS_KEY_ID=$1 ALIBABA_CLOUD_ACCESS_KEY_SECRET=$2
}

# signed KEY: the number of calls that it signed, but for whose it is.
signed()
{
	jq -s --arg key "$1" 'map(select(.what == "call" and .key_id == $key)) |
		length' "$cloud/events"
}

creations()
{
	jq -s 'map(select(.method == "POST" and .path == "/clusters")) |
		length' "$cloud/events"
}

# mount_default OPTION: with the state directory that follows from the keys.
mount_default()
{
	"$ackfs" "$url" "$mnt" -f -o "region=cn-beijing${1:+,$1}" \
		>>"$dir/ackfs.log" 2>&1 </dev/null 3>&- &
	daemon_pid=$!
	wait_until answers_or_died
	answers
}

state_directories()
{
	find "$XDG_STATE_HOME/ackfs" -mindepth 1 -maxdepth 1 -type d \
		-printf '%f\n' | sed 's/.*cn-beijing_//' | sort | paste -sd' '
}

# lost NAME: a draft whose commit was carried out, and its answer lost.
lost()
{
	draft "$1"
	fill_little
	: >"$cloud/lose"
	run -1 bash -c 'echo 1 >"$1"' _ "$draft/commit"
	same unknown "$(cat "$draft/state")"
}

is()
{
	[ "$(cat "$mnt/clusters/$1/state")" = "$2" ]
}

rejected()
{
	ls "$mnt/clusters" >/dev/null
	grep -q 'account' "$mnt/error"
}

@test "keys of another account sign nothing, and nothing is lost meanwhile" {
	two_accounts
	profiles "$(profile prod $prod prod-secret)" \
		"$(profile dev $dev dev-secret)"
	mount_start "$url" region=cn-beijing refresh=1
	holds "$(cat "$mnt/status")" $'\naccount: 1000000000000001\n'
	draft a
	fill_little
	commit
	wait_until is a running
	put num_of_nodes 9
	draft c
	fill_little
	lost b
	profiles "$(profile dev $dev dev-secret)" \
		"$(profile prod $prod prod-secret)"
	: >"$cloud/list"
	wait_until rejected
	both='these keys belong to the account 1000000000000002, this mount to the account 1000000000000001; mount again'
	holds "$(cat "$mnt/error")" "$both"
	holds "$(cat "$mnt/status")" "keys rejected: $both"
	ends 'write EKEYREJECTED' write "$mnt/clusters/c/commit" 1
	holds "$(cat "$mnt/clusters/c/error")" "$both"
	ends 'write EKEYREJECTED' write "$mnt/clusters/a/commit" 1
	run -1 cat "$mnt/live/account"
	# the right ones are back
	profiles "$(profile prod $prod prod-secret)"
	wait_until is b running
	same 9 "$(cat "$mnt/clusters/a/num_of_nodes")"
	lacks "$(grep -v '^last failure: ' "$mnt/status"; cat "$mnt/error")" 'these keys'
	draft=$mnt/clusters/c
	commit
	same 3 "$(creations)"
	same 0 "$(signed $dev)"
	[ "$(signed $prod)" -ge 5 ]
}

@test "new keys of the account find its drafts and its lost commits" {
	two_accounts
	echo "$key_id $key_secret 1234567890123456" >"$cloud/accounts"
	echo "$again again-secret 1234567890123456" >>"$cloud/accounts"
	environment "$key_id" "$key_secret"
	mount_default
	draft test
	put num_of_nodes 5
	lost other
	mount_stop
	profiles "$(jq -n --arg id "$again" --arg sts "$url" '{name: "role",
		mode: "RamRoleArn", access_key_id: $id,
		access_key_secret: "again-secret", sts_endpoint: $sts,
		ram_role_arn: "acs:ram::1234567890123456:role/made-up",
		ram_session_name: "me"}')"
	finds()
	{
		mount_default "$1"
		same 5 "$(cat "$mnt/clusters/test/num_of_nodes")"
		same unknown "$(cat "$mnt/clusters/other/state")"
		mount_stop
	}
	environment "$again" again-secret
	finds ''
	finds profile=role
	finds profile=role
	read -r id secret token < <(curl -fsS "$url/keys" | jq -r \
		'"\(.AccessKeyId) \(.AccessKeySecret) \(.SecurityToken)"')
	export ALIBABA_CLOUD_SECURITY_TOKEN=$token
	environment "$id" "$secret"
	finds ''
	same 1234567890123456 "$(state_directories)"
	same 600 "$(stat -c %a "$XDG_STATE_HOME/ackfs/accounts")"
	none_of 'the state' "$key_secret" again-secret "$secret" "$token" "$id" \
		< <(find "$XDG_STATE_HOME" -type f -exec cat {} +)
	: >"$cloud/list"
	mount_default
	wait_until is other running
	same 1 "$(creations)"
}

@test "a state directory belongs to one account and region, account= to one" {
	two_accounts
	environment $prod prod-secret
	mount_start "$url" region=cn-beijing
	draft test
	fill_little
	mount_stop
	refuses()
	{
		run -1 "$ackfs" "$url" "$mnt" -o "${3-region=cn-beijing},$1"
		holds "$output" "$2"
		no_mount_left
	}
	refuses "state=$dir/state" \
		"$dir/state belongs to the region cn-beijing, this mount to cn-hangzhou" \
		region=cn-hangzhou
	environment $dev dev-secret
	refuses "state=$dir/state" "the state directory $dir/state belongs to the account 1000000000000001, these keys to the account 1000000000000002; choose another"
	refuses "state=$dir/new,account=1000000000000001" \
		'these keys belong to the account 1000000000000002, the mount to the account 1000000000000001; as account= says'
	refuses "account=alice" 'account=alice: give the number of the account'
	environment $again again-secret
	refuses "state=$dir/state,account=1000000000000002" 'account 1000000000000001'
	same 0 "$(creations)"
	mount_start "$url" region=cn-beijing account=1000000000000001
	draft=$mnt/clusters/test
	commit
	same 1 "$(creations)"
	same 0 "$(signed $dev)"
}

@test "an account that becomes known later: its state is found, or reported" {
	two_accounts
	: >"$cloud/silent"
	environment $prod prod-secret
	mount_default timeout=2
	holds "$(cat "$mnt/status")" $'\naccount: not known yet\n'
	draft one
	fill_little
	run -1 bash -c 'echo 1 >"$1"' _ "$draft/commit"
	holds "$(cat "$draft/error")" 'the account of these keys is not known yet'
	same $prod "$(state_directories)"
	same 0 "$(signed $prod)"
	rm "$cloud/silent"
	commit
	draft two
	same 1000000000000001 "$(state_directories)"
	mount_stop
	# nothing was made before: the mount goes on with what the account has
	rm "$XDG_STATE_HOME/ackfs/accounts"
	: >"$cloud/silent"
	mount_default timeout=2
	same '' "$(ls "$mnt/clusters")"
	same "1000000000000001 $prod" "$(state_directories)"
	rm "$cloud/silent"
	has_two()
	{
		: >"$mnt/clusters/two/num_of_nodes" 2>/dev/null
	}
	knows()
	{
		ls "$mnt/clusters" >/dev/null
		cat "$mnt/live/account" >/dev/null
		grep -qx 'account: 1000000000000001' "$mnt/status"
	}
	wait_until knows
	wait_until has_two
	same 1000000000000001 "$(state_directories)"
	mount_stop
	# both have drafts
	rm "$XDG_STATE_HOME/ackfs/accounts"
	: >"$cloud/silent"
	mount_default timeout=2
	draft three
	fill_little
	before=$(signed $prod)
	rm "$cloud/silent"
	ends 'write EEXIST' write "$draft/commit" 1
	holds "$(cat "$draft/error" "$mnt/status")" "before its account was known, in the state directory $XDG_STATE_HOME/ackfs/[^ ]*_$prod"
	same "$before" "$(signed $prod)"
	mount_stop
	mount_default
	same 'two' "$(cd "$mnt/clusters" && echo t*)"
}

@test "state that an earlier version kept under the ID of a key" {
	two_accounts
	unset ALIBABA_CLOUD_STS_ENDPOINT
	environment $prod prod-secret
	mount_default
	draft test
	mount_stop
	same $prod "$(state_directories)"
	rm "$XDG_STATE_HOME"/ackfs/*/account
	export ALIBABA_CLOUD_STS_ENDPOINT=$url
	mount_default
	same test "$(ls "$mnt/clusters")"
	same 1000000000000001 "$(state_directories)"
	mount_stop
	# with the key in a file, too, and no STS
	unset ALIBABA_CLOUD_ACCESS_KEY_ID ALIBABA_CLOUD_STS_ENDPOINT
	profiles "$(profile main $dev dev-secret)"
	mount_default
	draft other
	mount_stop
	cd "$XDG_STATE_HOME/ackfs"
	rm ./*_profile-main/account
	rename=$(echo ./*_profile-main)
	mv "$rename" "${rename%profile-main}$dev"
	cd "$dir"
	mount_default
	same other "$(ls "$mnt/clusters")"
	same '1000000000000001 profile-main' "$(state_directories)"
}

@test "where no STS is known the place of the keys stands for the account" {
	two_accounts
	unset ALIBABA_CLOUD_STS_ENDPOINT
	profiles "$(profile prod $prod prod-secret)" \
		"$(profile dev $dev dev-secret)"
	mount_start "$url" region=cn-beijing
	draft a
	fill_little
	commit
	profiles "$(profile prod $again again-secret)" \
		"$(profile dev $dev dev-secret)"
	draft b
	fill_little
	commit
	[ "$(signed $again)" -gt 0 ]
	profiles "$(profile dev $dev dev-secret)"
	draft c
	fill_little
	ends 'write EKEYREJECTED' write "$draft/commit" 1
	mount_stop
	run -1 "$ackfs" "$url" "$mnt" -o "region=cn-beijing,state=$dir/state"
	holds "$output" 'belongs to the account profile-prod .*give its number with -o account='
	same 0 "$(signed $dev)"
	mount_start "$url" region=cn-beijing account=1000000000000002
	same 2 "$(creations)"
}

# trial ARG...: tests/account/run, as a person would run it.
trial()
{
	env -u CI -u GITHUB_ACTIONS ACKFS="$ackfs" "$top/tests/account/run" \
		--option region=cn-beijing --report "$dir/report" "$@"
}

@test "the trial with an account of one's own: what it costs, and a clean report" {
	sandbox_start --speed 20
	mkdir "$mnt" 2>/dev/null || true
	run ! env CI=true ACKFS="$ackfs" "$top/tests/account/run" --yes "$url"
	holds "$output" 'CI is set'
	run ! trial "$url" </dev/null
	holds "$output" 'billed by the hour'
	same 0 "$(count_requests POST)"
	run -0 trial --read-only --yes "$url"
	holds "$output" 'It costs nothing'
	same 0 "$(count_requests POST /clusters)"
	run -0 trial --yes "$url"
	same 1 "$(count_requests POST /clusters)"
	for line in 'create: running after' 'protection: refused' 'tags: set' \
		'delete: done after'; do
		grep -q "^$line" "$dir/report"
	done
	lacks "$(cat "$dir/report")" "$key_id"
	lacks "$(cat "$dir/report")" 'c[0-9a-f]{32}|ackfs-trial|[0-9]{12}|(vpc|vsw|sg)-[0-9a-z]{8}'
	same '[]' "$(curl -fsS "$url/_sandbox/clusters" | jq -c \
		'map(select(.state != "deleted" and (.gone | not)))')"
}
