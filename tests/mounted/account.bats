#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# live/account: what a newcomer to an account reads first.

# shellcheck source=tests/lib/ackfs.bash
source "$BATS_TEST_DIRNAME/../lib/ackfs.bash"
# shellcheck source=tests/lib/cloud.bash
source "$BATS_TEST_DIRNAME/../lib/cloud.bash"
bats_require_minimum_version 1.5.0

account()
{
	cat "$mnt/live/account"
}

@test "service roles, quota and clusters, at no cost" {
	mount_sandbox
	draft test
	fill_little
	commit
	text=$(account)
	holds "$text" $'^credentials: environment.*, key LTAI\\*+'
	lacks "$text" "$key_secret"
	lacks "$text" "$key_id"
	holds "$text" $'\nrole AliyunCSManagedKubernetesRole: granted\n'
	holds "$text" $'\nservice: open\n'
	holds "$text" $'\nquota of managed clusters: [0-9]+\n'
	holds "$text" $'\nclusters in cn-beijing: 1\n'
	holds "$text" $'\n  cs:CreateCluster\n'
	holds "$text" $'\n  cs:DescribeClustersForRegion\n'
	same '' "$(cat "$mnt/error")"
	# what it asked makes nothing
	same 'CheckServiceRole DescribeUserQuota' "$(all_requests |
		jq -r '.[].action' | grep -E 'Role|Quota' | paste -sd' ')"
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
	holds "$text" $'\nservice and quota: not told: .*cs:DescribeUserQuota'
	holds "$text" $'\n  code: StatusForbidden\n'
	holds "$text" $'\n  hint: '
	holds "$text" $'\nrole AliyunCSManagedKubernetesRole: granted\n'
	holds "$text" $'\nclusters in cn-beijing: 0\n'
}

@test "a key that is not valid: every line says so" {
	sandbox_start
	export ALIBABA_CLOUD_ACCESS_KEY_ID=LTAI5tSomebodyElses01
	mount_start "$url" region=cn-beijing
	text=$(account)
	same 3 "$(grep -c ': not told: ' <<<"$text")"
	same 3 "$(grep -c 'code: InvalidAccessKeyId' <<<"$text")"
	holds "$text" $'\n  cs:CreateCluster\n'
}
