#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# kubectl without a secret on disk: credential.json, the kubeconfigs that name
# it, and revoke.

# shellcheck source=tests/lib/ackfs.bash
source "$BATS_TEST_DIRNAME/../lib/ackfs.bash"
# shellcheck source=tests/lib/state.bash
source "$BATS_TEST_DIRNAME/../lib/state.bash"
# shellcheck source=tests/lib/life.bash
source "$BATS_TEST_DIRNAME/../lib/life.bash"
bats_require_minimum_version 1.5.0

# Two clusters that run, and one that does not.
ready()
{
	mount_quick "$@"
	planted '{"name": "two"}' '{"name": "broken", "state": "failed"}' \
		'{"name": "web", "nodes": 1, "endpoint_public_access": true}' \
		>"$dir/ids"
	id=$(tail -n 1 "$dir/ids")
	wait_until test -d "$mnt/live/web"
	draft=$mnt/clusters/web
	live=$mnt/live/web
	from_here
}

# asked: what was asked of the service since, without what it asks first.
asked()
{
	sent '.[] | "\(.method) \(.path)"' | sed "s/$id/ID/"
}

call='GET /k8s/ID/user_config?PrivateIpAddress=false&TemporaryDurationMinutes'
both="GET /clusters/ID
$call"

# member NAME of the status of what credential.json says
member()
{
	jq -r ".status.$1" "$live/credential.json"
}

@test "credential.json: of the kubeconfig, kept, and made anew when it changes" {
	ready
	same 400 "$(stat -c %a "$live/credential.json")"
	jq -e '.kind == "ExecCredential" and (.status.expirationTimestamp |
		fromdate > now + 3000 and fromdate < now + 3600)' \
		"$live/credential.json"
	same "$both=60" "$(asked)"
	key=$(member clientKeyData)
	holds "$key" '^-----BEGIN RSA PRIVATE KEY'
	same "$both=60" "$(asked)"
	# it is the one of the kubeconfig
	put kubeconfig_minutes 60
	same "$key" "$(sed -n 's/^ *client-key-data: //p' \
		"$live/kubeconfig" | base64 -d)"
	same "$(member clientCertificateData)" \
		"$(sed -n 's/^ *client-certificate-data: //p' \
			"$live/kubeconfig" | base64 -d)"
	# a lifetime of its own, and SIGHUP
	put kubeconfig_minutes 30
	same '' "$(cat "$draft/plan" "$draft/check")"
	from_here
	jq -e '.status.expirationTimestamp | fromdate < now + 1800' \
		"$live/credential.json"
	same "$both=30" "$(asked)"
	kill -HUP "$daemon_pid"
	anew()
	{
		cat "$live/credential.json" >"$dir/credential"
		[ "$(asked | grep -c user_config)" = 2 ]
	}
	wait_until anew
	# neither is in a place where it would stay
	run -1 grep -rqF "$(sed -n 2p <<<"$key")" "$dir/state" "$dir/ackfs.log" \
		"$dir/home"
	for bad in 14 4321 x 1.5; do
		ends 'write EINVAL' write "$draft/kubeconfig_minutes" $bad
	done
	mkdir "$mnt/clusters/draft"
	[ ! -e "$mnt/clusters/draft/kubeconfig_minutes" ]
}

@test "kubeconfig.exec and live/kubeconfig: no secret, and one call a cluster" {
	ready
	same 444 "$(stat -c %a "$live/kubeconfig.exec")"
	cat "$live/kubeconfig.exec" >"$dir/exec"
	same "$both=60" "$(asked)"
	lacks "$(cat "$dir/exec")" 'client-|PRIVATE|token'
	holds "$(cat "$dir/exec")" "command: cat"
	# the credential came along, and the others' are asked for once
	cat "$live/credential.json" >"$dir/credential"
	cat "$mnt/live/kubeconfig" >"$dir/all"
	cat "$mnt/live/kubeconfig" >"$dir/all"
	same 4 "$(besides_lists)"
	lacks "$(cat "$dir/all")" 'client-|PRIVATE|token|broken'
	for name in web two; do
		same "$mnt/live/$name/credential.json" \
			"$(sed -n "s/^ *- \"\(.*$name.*json\)\"/\1/p" "$dir/all")"
	done
	if command -v kubectl >/dev/null; then
		same 'two web' "$(KUBECONFIG=$dir/all kubectl config \
			get-contexts -o name | xargs)"
		same "$(sed -n 's/^ *server: //p' "$live/kubeconfig")" \
			"$(KUBECONFIG=$dir/exec kubectl config view --minify \
				-o jsonpath='{.clusters[0].cluster.server}')"
	fi
	# what cannot be asked for does not keep the others out
	kill -HUP "$daemon_pid"
	refused()
	{
		faults '{"do": "status", "status": 403, "code": "Forbidden.RAM",
			"path": "/k8s/*", "message": "No.", "times": 1}'
		cat "$mnt/live/kubeconfig" >"$dir/all"
		grep -q '^# "two": No\.' "$dir/all"
	}
	wait_until refused
	same 1 "$(grep -c 'server:' "$dir/all")"
	faults
	same 2 "$(grep -c 'server:' "$mnt/live/kubeconfig")"
}

@test "what makes no sense is EPROTO, and what has expired is asked for anew" {
	service_start
	# one body for the list, for the cluster, and for its kubeconfig
	id=c$(printf '0%.0s' {1..32})
	config()
	{
		jq -n --arg id "$id" --arg config "$1" --arg when "$2" \
			'{cluster_id: $id, name: "web", state: "running",
			config: $config, expiration: $when} |
			. + {clusters: [.], page_info: {total_count: 1}}' \
			>"$dir/body"
		service_says GET 200 "$(cat "$dir/body")"
	}
	good='server: https://127.0.0.1:1
certificate-authority-data: QQ==
client-certificate-data: QQ==
client-key-data: Qg=='
	config "$good" 2035-01-01T00:00:00Z
	mount_start "$url" region=cn-beijing refresh=1
	wait_until test -d "$mnt/live/web"
	live=$mnt/live/web
	same 'A B' "$(member clientCertificateData) $(member clientKeyData)"
	asked()
	{
		service_heard | grep -c user_config
	}
	same 1 "$(asked)"
	kill -HUP "$daemon_pid"
	# at its end, or without one
	for when in 2020-01-01T00:00:00Z ''; do
		config "$good" "$when"
		wait_until eval 'n=$(asked); member token >/dev/null;
			[ "$(asked)" -gt "$n" ]'
		same null "$(member expirationTimestamp)"
	done
	# a token instead of a certificate, in quotes
	config $'server: "https://127.0.0.1:1"\n- user:\n\ttoken: \'one"two\'' ''
	same 'one"two' "$(member token)"
	for bad in "${good/Qg==/*}" "${good/Qg==/Qg=}" "${good/Qg==/AA==}" \
		"${good/https/http}" "${good/key/kez}" "${good/QQ==/?}" ''; do
		config "$bad" 2035-01-01T00:00:00Z
		ends 'open EPROTO' read "$live/credential.json"
		holds "$(cat "$live/error")" 'kubeconfig'
	done
}

@test "revoke: its ID alone, and what is kept is old" {
	ready allow_other
	same 600 "$(stat -c %a "$live/revoke")"
	same '' "$(cat "$live/revoke")"
	key=$(member clientKeyData)
	for bad in 1 yes web "${id}0"; do
		ends 'write EINVAL' write "$live/revoke" "$bad"
		error_holds 'write the ID of the cluster' "$id"
	done
	faults '{"do": "status", "status": 403, "code": "Forbidden.RAM",
		"method": "DELETE", "message": "No."}'
	ends 'write EACCES' write "$live/revoke" "$id"
	error_holds No. 'code: Forbidden.RAM'
	same '' "$(cat "$live/error")"
	same 0 "$(sent 'map(select(.method == "DELETE" and .executed)) | length')"
	faults '{"do": "drop_after", "method": "DELETE", "times": 1}'
	echo "$id" >"$live/revoke"
	same '' "$(cat "$draft/error")"
	[ "$key" != "$(member clientKeyData)" ]
	holds "$(grep -c 'action=revoke' "$dir/state/audit.log")" '^2$'
	holds "$(tail -n 1 "$dir/state/audit.log")" 'outcome=accepted'
	# nobody else does either
	chmod 755 "$BATS_TEST_TMPDIR" || true
	run -0 /usr/bin/python3 - "$live" <<-'P'
		import os, sys
		dirfd = os.open(sys.argv[1], os.O_RDONLY)
		os.setgroups([])
		os.setgid(65534)
		os.setuid(65534)
		for name, how in (("credential.json", os.O_RDONLY),
		                  ("revoke", os.O_WRONLY)):
		    try:
		        os.open(name, how, dir_fd=dirfd)
		    except PermissionError:
		        continue
		    raise SystemExit(name + " was opened")
		os.open("kubeconfig.exec", os.O_RDONLY, dir_fd=dirfd)
	P
}

@test "kubectl reaches an API server through credential.json" {
	command -v kubectl >/dev/null || skip 'there is no kubectl'
	"$lib/apiserver" "$dir" >"$dir/serving" 3>&- &
	api=$!
	wait_until grep -qs serving "$dir/serving"
	sandbox_start --kubeconfig "$dir/kubeconfig"
	ready
	for config in "$live/kubeconfig" "$live/kubeconfig.exec" \
		"$mnt/live/kubeconfig"; do
		same 'one two' "$(KUBECONFIG=$config kubectl --context="$(
			KUBECONFIG=$config kubectl config get-contexts \
				-o name | tail -n 1)" get nodes --no-headers |
			xargs)"
	done
	holds "$(cat "$dir/heard")" 'somebody /api/v1/nodes'
	kill "$api"
	wait_until gone "$api"
}
