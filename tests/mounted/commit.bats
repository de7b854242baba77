#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# commit: one check of the name, one POST, the IDs or the reason
# (DESIGN.md, Commit).

# shellcheck source=tests/lib/ackfs.bash
source "$BATS_TEST_DIRNAME/../lib/ackfs.bash"
bats_require_minimum_version 1.5.0

id_form='^c[0-9a-f]{32}$'

# A filled draft on a mount of the sandbox.
ready()
{
	mount_sandbox "$@"
	draft test
	fill
}

# The same with the service that says what it is told.
ready_service()
{
	mount_service "$@"
	draft test
	fill
}

commit_ends()
{
	ends "$1" write "$draft/commit" 1
}

error_holds()
{
	local error

	error=$(cat "$draft/error")
	for pattern in "$@"; do
		holds "$error" "$pattern"
	done
}

# Nothing was sent, or it was refused: mend it and commit again.
still_draft()
{
	same draft "$(cat "$draft/state")"
	reads num_of_nodes 3
	put num_of_nodes 4
	put num_of_nodes 3
}

@test "three IDs, one list call and one POST" {
	ready
	commit
	holds "$(cat "$draft/cluster_id")" "$id_form"
	holds "$(cat "$draft/request_id")" '^[0-9A-F]{8}-[0-9A-F-]{27}$'
	holds "$(cat "$draft/task_id")" '^T-[0-9a-f]{24}$'
	same '444 444 444' "$(cd "$draft" &&
		stat -c %a cluster_id request_id task_id | paste -sd' ')"
	same '' "$(cat "$draft/error")"
	same 1 "$(count_requests POST)"
	same 1 "$(requests | jq '[.[] | select(.method == "GET" and
		(.path | startswith("/regions/cn-beijing/clusters?")))] |
		length')"
	requests | jq -e '.[0].path | test("[?&]name=test(&|$)")'
	requests | jq -e '.[0].method == "GET" and .[1].method == "POST"'
}

@test "the state is the service's own, and becomes running" {
	mount_start sandbox
	draft test
	fill
	commit
	holds "$(cat "$draft/state")" '^(initial|running)$'
	wait_until grep -qx running "$draft/state"
}

@test "the body on the wire is the sample's, in values and types" {
	ready_service
	commit
	diff <(jq -S . "$top/tests/mounted/sample.json") \
		<(posted_body | jq -S .)
}

@test "the wire: headers of the signature, JSON, no Expect" {
	ready_service
	commit
	service_heard | jq -es '
		map(select(.method == "POST")) | length == 1 and
		(.[0].headers |
			.["x-acs-action"] == "CreateCluster" and
			.["x-acs-version"] == "2015-12-15" and
			.["content-type"] == "application/json; charset=utf-8" and
			.accept == "application/json" and
			(.authorization | startswith("ACS3-HMAC-SHA256 ")) and
			(.["x-acs-signature-nonce"] | length >= 32) and
			(has("expect") | not) and
			(.["user-agent"] | startswith("ackfs/")))'
	service_heard | jq -es 'map(.headers["x-acs-signature-nonce"]) |
		length == (unique | length)'
}

@test "public_slb and the deprecated data disk travel in today's words" {
	ready_service
	rm "$draft/endpoint_public_access" "$draft/worker_data_disks"
	put public_slb false
	put worker_data_disk true
	put worker_data_disk_category cloud_ssd
	put worker_data_disk_size 200
	commit
	posted_body | jq -e '
		.endpoint_public_access == false and (has("public_slb") | not) and
		.worker_data_disk == true and
		.worker_data_disks == [{"category": "cloud_ssd", "size": 200}] and
		(has("worker_data_disk_size") | not)'
}

@test "words that commit: 1 y yes true on commit, the directory's name" {
	mount_sandbox
	for word in 1 y yes true on commit; do
		draft "test-$word"
		fill_little
		echo "$word" >"$draft/commit"
		is_committed
	done
	draft mine
	fill_little
	printf mine >"$draft/commit"
	is_committed
}

@test "other words are refused, and opening or truncating does nothing" {
	ready
	for word in 0 no delete 2 11 tests tes; do
		ends 'write EINVAL' append "$draft/commit" "$word"$'\n'
	done
	# a NUL is no end of a word
	printf '1\0' >"$dir/nul"
	ends 'write EINVAL' append "$draft/commit" - <"$dir/nul"
	: >"$draft/commit"
	: >>"$draft/commit"
	truncate -s 0 "$draft/commit"
	printf '' >"$draft/commit"
	same 0 "$(count_requests)"
	same draft "$(cat "$draft/state")"
	commit
	is_committed
}

@test "a second time: nothing to do, nothing is sent, and the IDs stay" {
	ready
	commit
	id=$(cat "$draft/cluster_id")
	commit
	same '' "$(cat "$draft/error")"
	same "$id" "$(cat "$draft/cluster_id")"
	same 1 "$(count_requests POST)"
}

@test "what is committed cannot be edited, removed or renamed away" {
	ready
	commit
	ends 'write EPERM' write "$draft/container_cidr" 10.0.0.0/16
	reads container_cidr 172.20.0.0/16
	ends 'unlink EPERM' unlink "$draft/container_cidr"
	ends 'unlink EPERM' unlink "$draft/num_of_nodes"
	ends 'rmdir EPERM' rmdir "$draft"
	run rm -rf "$draft"
	[ "$status" -ne 0 ]
	is_committed
	same 444 "$(stat -c %a "$draft/container_cidr")"
	same 644 "$(stat -c %a "$draft/request.json")"
}

@test "a name that the account has already: EEXIST, nothing is sent" {
	ready
	commit
	draft other
	fill
	put name test
	commit_ends 'write EEXIST'
	error_holds 'test' 'param: name'
	still_draft
	same 1 "$(count_requests POST)"
	put name free
	commit
	is_committed
}

@test "what is missing: EINVAL, all findings, not a single request" {
	mount_sandbox
	draft test
	put num_of_nodes 3
	commit_ends 'write EINVAL'
	for name in snat_entry addons worker_instance_types \
		worker_system_disk_category worker_system_disk_size; do
		error_holds "$name"
	done
	same 0 "$(count_requests)"
	same draft "$(cat "$draft/state")"
}

@test "a refusal with data[]: every fault is shown, both spellings of keys" {
	ready_service
	service_says POST 400 '{"code": "EmptyCIDR", "message": "No CIDR.",
		"requestId": "3C2D1D3A-0000-4000-8000-000000000001", "data": [
		{"code": "EmptyCIDR", "message": "No CIDR."},
		{"code": "InvalidPodVswitchIds", "message": "No pod vSwitch."},
		{"code": "InvalidCIDR", "message": "Bad CIDR."}]}'
	commit_ends 'write EINVAL'
	error_holds 'No CIDR' 'code: EmptyCIDR' 'http_status: 400' \
		'request_id: 3C2D1D3A-0000-4000-8000-000000000001' \
		'InvalidPodVswitchIds' 'No pod vSwitch' 'InvalidCIDR'
	still_draft
	service_says POST 403 '{"Code": "StatusForbidden",
		"Message": "RAM policy Forbidden for action cs:CreateCluster",
		"RequestId": "3C2D1D3A-0000-4000-8000-000000000002"}'
	commit_ends 'write EACCES'
	error_holds 'cs:CreateCluster' 'code: StatusForbidden' \
		'request_id: 3C2D1D3A-0000-4000-8000-000000000002'
	still_draft
	service_says POST 202 "$(jq -cn '{cluster_id: ("c" + "a" * 32),
		request_id: "R", task_id: ("T-" + "0" * 24)}')"
	commit
	same "c$(printf 'a%.0s' $(seq 32))" "$(cat "$draft/cluster_id")"
	same '' "$(cat "$draft/error")"
}

@test "codes of the service become the errno of their kind" {
	ready_service
	while read -r status code errno; do
		service_says POST "$status" \
			"$(jq -cn --arg code "$code" '{code: $code,
			message: "Told.", requestId: "R"}')"
		commit_ends "write $errno"
		error_holds "code: $code" 'Told'
		still_draft
	done <<-'END'
		400 InvalidAccessKeyId.NotFound EKEYREJECTED
		400 SignatureDoesNotMatch EKEYREJECTED
		400 InvalidSecurityToken.Expired EKEYEXPIRED
		403 Forbidden.RAM EACCES
		400 ErrManagedKuberneteRoleNotAttach EACCES
		400 QuotaExceeded.Cluster EDQUOT
		400 PAY.INSUFFICIENT_BALANCE EDQUOT
		400 ErrorClusterNameAlreadyExist EEXIST
		400 InvalidParameter.Format EINVAL
		400 SomethingNobodyKnows EINVAL
	END
}

@test "an answer that makes no sense: told apart, never sent again" {
	mount_sandbox timeout=20
	for fault in html empty_after truncate cut huge; do
		draft "test-${fault%_*}"
		fill
		# no list shows what was made before all of this is over
		faults "{\"do\": \"$fault\", \"method\": \"POST\"}" \
			'{"do": "list_lag", "ms": 60000}'
		run "$lib/try" write "$draft/commit" 1
		holds "$output" '^write E(PROTO|REMOTEIO|CONNRESET|IO)$'
		same unknown "$(cat "$draft/state")"
		sed -n 1p "$draft/error" >>"$dir/sentences"
		error_holds 'hint: '
	done
	cat "$dir/sentences"
	same 5 "$(sort -u "$dir/sentences" | wc -l)"
	same 5 "$(count_requests POST)"
	# and none of them may be sent again, or thrown away
	ends 'write EEXIST' write "$draft/commit" 1
	ends 'rmdir EPERM' rmdir "$draft"
	same 5 "$(count_requests POST)"
}

@test "an answer that is JSON, but no object: unknown, and memory is not blamed" {
	mount_service timeout=6
	answers=('[]' null true 0 '"x"' '[{"cluster_id": "c1"}]')
	for i in "${!answers[@]}"; do
		draft "test-$i"
		fill_little
		service_says POST 202 "${answers[$i]}"
		ends 'write EPROTO' write "$draft/commit" 1
		same unknown "$(cat "$draft/state")"
		error_holds 'JSON, but not one of the service'
		lacks "$(cat "$draft/error")" memory
	done
	same ${#answers[@]} "$(service_heard | grep -c '"method":"POST"')"
	# nor is a name free on such a list
	draft last
	fill_little
	service_says GET 200 '[]'
	ends 'write EPROTO' write "$draft/commit" 1
	same draft "$(cat "$draft/state")"
	same ${#answers[@]} "$(service_heard | grep -c '"method":"POST"')"
}

@test "an answer of 64 MiB does not grow the daemon by as much" {
	mount_service
	draft test
	fill
	service_says POST 200 '{"cluster_id": '
	sed -i '/^Content-Length: /d' "$dir/service/POST"
	echo $((64 << 20)) >"$dir/service/POST.pad"
	run "$lib/try" write "$draft/commit" 1
	holds "$output" '^write E'
	[ -s "$draft/error" ]
	peak=$(awk '/^VmHWM/ {print $2}' "/proc/$daemon_pid/status")
	sanitized || under_valgrind || [ "$peak" -lt 65536 ]
	same draft "$(mkdir "$mnt/clusters/x" && cat "$mnt/clusters/x/state")"
}

@test "an endpoint that hangs: ETIMEDOUT after timeout=" {
	ready timeout=2
	faults '{"do": "hang", "method": "POST"}'
	commit_ends 'write ETIMEDOUT'
	same unknown "$(cat "$draft/state")"
	error_holds 'hint: '
	draft other
	fill
	faults '{"do": "hang", "method": "GET", "times": -1}'
	commit_ends 'write ETIMEDOUT'
	still_draft
	same 1 "$(count_requests POST)"
}

@test "a refused connection: ECONNREFUSED, and it stays a draft" {
	ready timeout=2
	sandbox_stop
	commit_ends 'write ECONNREFUSED'
	error_holds '127.0.0.1'
	still_draft
}

@test "a wrong key: nothing is created, the reason is told" {
	sandbox_start
	export ALIBABA_CLOUD_ACCESS_KEY_SECRET=wrong
	mount_start "$url" region=cn-beijing
	draft test
	fill
	commit_ends 'write EKEYREJECTED'
	error_holds 'code: SignatureDoesNotMatch'
	still_draft
	same 0 "$(count_requests POST)"
}

@test "preflight=off leaves the name check out" {
	ready preflight=off
	commit
	is_committed
	same 1 "$(count_requests)"
}

@test "Ctrl-C frees the shell at once, and the commit goes on" {
	ready
	faults '{"do": "delay", "ms": 5000, "method": "POST"}'
	run -0 /usr/bin/python3 - "$draft" <<-'PY'
		import os, signal, sys, time
		d = sys.argv[1]
		def state():
		    with open(d + "/state") as f:
		        return f.read().strip()
		pid = os.fork()
		if not pid:
		    signal.signal(signal.SIGINT, signal.SIG_DFL)
		    os.write(os.open(d + "/commit", os.O_WRONLY), b"1\n")
		    os._exit(0)
		while state() != "committing":
		    time.sleep(0.01)
		time.sleep(0.3)
		os.kill(pid, signal.SIGINT)
		_, status = os.waitpid(pid, 0)
		print(os.WTERMSIG(status), state())
		while state() == "committing":
		    time.sleep(0.05)
		print(state())
	PY
	holds "$output" '^2 committing'
	holds "$output" '(initial|running)$'
	is_committed
	same 1 "$(count_requests POST)"
}

@test "kill -9 of the writer does not stop the commit either" {
	ready
	faults '{"do": "delay", "ms": 2000, "method": "POST"}'
	"$lib/try" write "$draft/commit" 1 >/dev/null 2>&1 3>&- &
	writer=$!
	wait_until grep -qx committing "$draft/state"
	kill -KILL $writer
	wait_until gone $writer
	wait_until is_committed
	same 1 "$(count_requests POST)"
}

@test "unmounting with a commit under way ends within its time" {
	ready
	faults '{"do": "hang", "method": "POST"}'
	"$lib/try" write "$draft/commit" 1 >"$dir/writer" 3>&- &
	writer=$!
	wait_until grep -qx committing "$draft/state"
	kill -TERM "$daemon_pid"
	expect_exit 0 "$daemon_pid"
	daemon_pid=""
	wait "$writer"
	holds "$(cat "$dir/writer")" '^(write|close) E(INTR|NOTCONN|IO|CONNABORTED)$'
}
