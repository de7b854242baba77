#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Which address is spoken to, by whose word, and through what.

# shellcheck source=tests/lib/ackfs.bash
source "$BATS_TEST_DIRNAME/../lib/ackfs.bash"
# shellcheck source=tests/lib/cloud.bash
source "$BATS_TEST_DIRNAME/../lib/cloud.bash"
bats_require_minimum_version 1.5.0

host=ack.example.test

# A certificate of the host's, and the authority that it can be trusted by.
certificate()
{
	openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=$host" \
		-addext "subjectAltName=DNS:$host" -keyout "$dir/key.pem" \
		-out "$dir/ca.pem" 2>/dev/null
	cat "$dir/ca.pem" "$dir/key.pem" >"$dir/server.pem"
}

teardown()
{
	[ -z "${proxy_pid-}" ] || kill "$proxy_pid" || true
	ackfs_teardown
}

# proxy_start: $proxy is its address, without a scheme.
proxy_start()
{
	"$lib/proxy" "${url##*:}" "$dir/proxied" >"$dir/proxy.line" \
		2>>"$dir/sandbox.log" </dev/null 3>&- &
	proxy_pid=$!
	proxy_there()
	{
		[ -s "$dir/proxy.line" ]
	}
	wait_until proxy_there
	proxy=127.0.0.1:$(cat "$dir/proxy.line")
}

use_keys()
{
	export ALIBABA_CLOUD_ACCESS_KEY_ID=$key_id
	export ALIBABA_CLOUD_ACCESS_KEY_SECRET=$key_secret
}

# speaks_to LINE OPTION...: mounted with them, `status` has this line.
speaks_to()
{
	local line=$1

	shift
	mount_start cn-beijing "$@"
	same "endpoint: $line" "$(grep '^endpoint:' "$mnt/status")"
	mount_stop
}

@test "the region's address, and the one within a VPC" {
	key_id=LTAI5tMadeUpKeyId0000001 key_secret=MadeUpSecret0000000000001
	use_keys
	vpc=https://cs-anony-vpc.cn-beijing.aliyuncs.com
	speaks_to https://cs.cn-beijing.aliyuncs.com
	speaks_to "$vpc (command line)" endpoint_type=vpc
	export ALIBABA_CLOUD_ENDPOINT_TYPE=vpc
	speaks_to "$vpc (environment)"
	speaks_to "https://cs.cn-beijing.aliyuncs.com (command line)" \
		endpoint_type=public
	export ALIBABA_CLOUD_ENDPOINT=https://one.example
	speaks_to 'https://one.example (ALIBABA_CLOUD_ENDPOINT)'
	export CS_ENDPOINT=two.example
	speaks_to 'https://two.example (CS_ENDPOINT)'
	export ALIBABA_CLOUD_ENDPOINT_CS=https://three.example/
	speaks_to 'https://three.example (ALIBABA_CLOUD_ENDPOINT_CS)'
	speaks_to 'https://four.example (command line)' \
		endpoint=https://four.example
	run -1 "$ackfs" cn-beijing "$mnt" -o endpoint_type=inner
	holds "$output" 'vpc or public'
}

@test "the profile's endpoint and its type come last" {
	profiles '{"name": "x", "mode": "AK", "access_key_id": "i",
		"access_key_secret": "s", "endpoint_type": "vpc"}' \
		'{"name": "y", "mode": "AK", "access_key_id": "i",
		"access_key_secret": "s", "endpoint": "own.example"}'
	speaks_to 'https://cs-anony-vpc.cn-beijing.aliyuncs.com (profile)'
	speaks_to 'https://own.example (profile)' profile=y
	export ALIBABA_CLOUD_ENDPOINT_TYPE=public
	speaks_to 'https://cs.cn-beijing.aliyuncs.com (environment)' profile=y
}

@test "through an HTTP proxy and a SOCKS proxy, with a CA of one's own" {
	certificate
	cloud_start "$dir/server.pem"
	proxy_start
	use_keys
	while read -r name scheme how; do
		export "$name=$scheme://$proxy"
		mount_start "https://$host" region=cn-beijing ca="$dir/ca.pem"
		serves 'environment'
		mount_stop
		unset "$name"
		same "$how" "$(sort -u "$dir/proxied")"
		: >"$dir/proxied"
	done <<-END
		https_proxy http connect $host:443
		all_proxy socks5h socks $host
	END
	# without it the certificate is refused, and nothing was made
	export https_proxy=http://$proxy
	mount_start "https://$host" region=cn-beijing
	draft other
	fill_little
	run -1 bash -c 'echo 1 >"$1"' _ "$draft/commit"
	holds "$(cat "$draft/error")" 'certificate cannot be trusted'
}

@test "the keys of a role come through the proxy, the instance's never do" {
	certificate
	cloud_start "$dir/server.pem"
	proxy_start
	export https_proxy=http://$proxy http_proxy=http://$proxy
	export ALIBABA_CLOUD_STS_ENDPOINT=$host
	profiles "$(jq -n --arg id "$key_id" --arg secret "$key_secret" \
		'{name: "main", mode: "RamRoleArn", access_key_id: $id,
		access_key_secret: $secret,
		ram_role_arn: "acs:ram::1234567890123456:role/made-up"}')"
	mount_start "https://$host" region=cn-beijing ca="$dir/ca.pem"
	serves 'RamRoleArn'
	mount_stop
	same "connect $host:443" "$(sort -u "$dir/proxied")"
	: >"$dir/proxied"
	rm -r "$HOME/.aliyun"
	unset ALIBABA_CLOUD_ECS_METADATA_DISABLED
	run -1 timeout 20 "$ackfs" "https://$host" "$mnt" -o region=cn-beijing
	holds "$output" 'ECS metadata: '
	same '' "$(cat "$dir/proxied")"
}
