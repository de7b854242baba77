#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# live/: files whose text the service is asked for when they are opened.

# shellcheck source=tests/lib/ackfs.bash
source "$BATS_TEST_DIRNAME/../lib/ackfs.bash"
# shellcheck source=tests/lib/state.bash
source "$BATS_TEST_DIRNAME/../lib/state.bash"
# shellcheck source=tests/lib/life.bash
source "$BATS_TEST_DIRNAME/../lib/life.bash"
bats_require_minimum_version 1.5.0

texts=(kubeconfig detail.json nodes.json nodepools.json resources.json
	upgrades tasks nodes vulnerabilities precheck)

ready()
{
	mount_quick "$@"
	born test
	live=$mnt/live/test
	from_here
}

# asked: the paths that were asked for, in order.
asked()
{
	sent '.[] | .path' | sed "s/$id/ID/"
}

# The address of the API server in the kubeconfig of $live.
server()
{
	sed -n 's/^ *server: //p' "$live/kubeconfig"
}

# How often the service was asked for what stands at that path.
count()
{
	sent "map(select(.path | startswith(\"$1\"))) | length"
}

@test "modes, links, and nothing but live files there" {
	ready
	same ../../live/test "$(readlink "$draft/live")"
	same 400 "$(stat -c %a "$live/kubeconfig")"
	for name in wait watch detail.json nodes.json nodepools.json \
		resources.json upgrades task tasks kubeconfig.exec nodes \
		vulnerabilities precheck; do
		same 444 "$(stat -c %a "$live/$name")"
	done
	same 444 "$(stat -c %a "$live/error")"
	same 755 "$(stat -c %a "$live/nodepools")"
	same 19 "$(ls "$live" | wc -l)"
	for name in "${texts[@]}"; do
		ends 'open EPERM' write "$live/$name" x
		ends 'unlink EPERM' unlink "$live/$name"
	done
	ends 'open EPERM' create "$live/x" x
	ends 'rmdir EPERM' rmdir "$live"
	same 0 "$(besides_lists)"
	mkdir "$mnt/clusters/only-a-draft"
	[ ! -e "$mnt/live/only-a-draft" ]
}

@test "kubeconfig: kubectl reads it" {
	ready
	if ! command -v kubectl >/dev/null; then
		# as strictly as its parser would
		/usr/bin/python3 - "$live/kubeconfig" <<-'P'
			import base64, re, sys
			text = open(sys.argv[1]).read()
			top = dict(re.findall(r"^(\w[\w-]*): (.+)$", text, re.M))
			assert top["apiVersion"] == "v1" and top["kind"] == "Config"
			context = re.search(r"^  name: (\S+)\ncurrent-context", text, re.M)
			assert context[1] == top["current-context"]
			for key in ("certificate-authority-data",
			            "client-certificate-data", "client-key-data"):
			    data = re.search(rf"^ +{key}: (\S+)$", text, re.M)[1]
			    assert base64.b64decode(data).startswith(b"-----BEGIN")
		P
		return
	fi
	export KUBECONFIG=$live/kubeconfig
	same "$(server)" "$(kubectl config view -o \
		jsonpath='{.clusters[0].cluster.server}')"
	holds "$(kubectl config current-context)" "$id"
	kubectl config view --raw -o \
		jsonpath='{.users[0].user.client-key-data}' | base64 -d |
		head -n 1 | grep -q -- '-----BEGIN'
	# a path through the cluster's own directory is as good
	KUBECONFIG=$draft/live/kubeconfig kubectl config get-contexts \
		>/dev/null
}

@test "kubeconfig: the private address without a public one, else the public" {
	ready
	holds "$(server)" '^https://192\.168\.'
	same '/clusters/ID
/k8s/ID/user_config?PrivateIpAddress=true' "$(asked)"
	put endpoint_public_access true
	commit
	rests running
	from_here
	private=$(server)
	lacks "$private" '192\.168\.'
	holds "$private" '^https://'
	same '/clusters/ID
/k8s/ID/user_config?PrivateIpAddress=false' "$(asked)"
}

@test "kubeconfig_minutes= reaches the query" {
	ready kubeconfig_minutes=30
	server >/dev/null
	same '/k8s/ID/user_config?PrivateIpAddress=true&TemporaryDurationMinutes=30' \
		"$(asked | tail -n 1)"
	for bad in 14 4321 x 0 30.5; do
		run -1 "$ackfs" "$url" "$dir/other" -o \
			"region=cn-beijing,kubeconfig_minutes=$bad"
		holds "$output" 'kubeconfig_minutes'
	done
}

@test "detail.json is what the service says, and brings the values up to date" {
	ready
	jq -e --arg id "$id" '.cluster_id == $id and .name == "test" and
		.state == "running" and .current_version == "1.32.1-aliyun.1" and
		(.master_url | fromjson | has("intranet_api_server_endpoint"))' \
		"$live/detail.json"
	same /clusters/ID "$(asked)"
	# its size is that of its text, while it is open
	run -0 /usr/bin/python3 - "$live/detail.json" <<-'P'
		import os, sys
		fd = os.open(sys.argv[1], os.O_RDONLY)
		size = os.fstat(fd).st_size
		text = b""
		while part := os.read(fd, 100):
		    text += part
		assert len(text) == size > 100, (len(text), size)
		assert text.endswith(b"}\n")
	P
	cp "$live/detail.json" "$dir/copy"
	jq -e .cluster_id "$dir/copy"
}

@test "BusyBox, which asks for no size, gets every byte" {
	mount_quick
	id=$(planted '{"name": "big", "nodes": 250}')
	draft=$mnt/clusters/big
	live=$mnt/live/big
	wait_until test -d "$live"
	for name in kubeconfig wait detail.json nodes.json nodepools.json \
		resources.json; do
		busybox cat "$live/$name" >"$dir/first"
		busybox cp "$live/$name" "$dir/second"
		cat "$live/$name" >"$dir/third"
		[ -s "$dir/first" ]
		cmp "$dir/first" "$dir/third"
		cmp "$dir/second" "$dir/third"
		busybox head -n 1 "$live/$name" >/dev/null
	done
	# it grows, and shrinks again
	for n in 60 2; do
		put num_of_nodes $n
		echo big >"$draft/commit"
		rests running
		busybox cat "$live/nodes.json" >"$dir/first"
		same $n "$(jq length "$dir/first")"
	done
	# many at once, with readers in between
	for n in $(seq 20); do
		busybox cat "$live/nodes.json" >"$dir/r$n" 3>&- &
		pids[n]=$!
	done
	wait "${pids[@]}"
	for n in $(seq 20); do
		same 2 "$(jq length "$dir/r$n")"
	done
}

@test "nodes.json: all pages, as one list" {
	mount_quick
	id=$(planted '{"name": "big", "nodes": 250}')
	draft=$mnt/clusters/big
	live=$mnt/live/big
	wait_until test -d "$live"
	from_here
	cp "$live/nodes.json" "$dir/nodes.json"
	jq -e 'length == 250 and
		(map(.instance_id) | unique | length == 250) and
		all(.[]; .node_status == "Ready")' "$dir/nodes.json"
	same '/clusters/ID/nodes?pageNumber=1&pageSize=100
/clusters/ID/nodes?pageNumber=2&pageSize=100
/clusters/ID/nodes?pageNumber=3&pageSize=100' "$(asked)"
	id=$(planted '{"name": "none"}')
	wait_until test -d "$mnt/live/none"
	jq -e '. == []' "$mnt/live/none/nodes.json"
}

@test "nodes, vulnerabilities, events of the region: a line each" {
	ready
	pool web desired_size 2
	commit
	wait_until pool_at_rest
	from_here
	cp "$live/nodes" "$live/vulnerabilities" "$mnt/live/events" "$dir"
	same "$(jq -r '.[] | "\(.node_name) \(.ip_address[0])"' \
		"$live/nodes.json")" "$(cut -d ' ' -f 1,2 "$dir/nodes")"
	same '2 web running' "$(awk '$4 == "web" { print $4, $3 }' \
		"$dir/nodes" | sort | uniq -c | xargs)"
	same 7 "$(awk '{ print NF }' "$dir/nodes" | sort -u)"
	grep -q '^high alinux3-[^ ]* web CVE-2026-10001,CVE-' \
		"$dir/vulnerabilities"
	holds "$(head -n 1 "$dir/events")" \
		'^20[^ ]*:[^ ]* info test web nodepool_create success The task'
	holds "$(tail -n 1 "$dir/events")" ' test - cluster_create precheck '
	same "/clusters/ID/nodes?pageNumber=1&pageSize=100
/clusters/ID/vuls
/regions/cn-beijing/events?page_number=1&page_size=100
/clusters/ID/nodes?pageNumber=1&pageSize=100" "$(asked)"
}

polls()
{
	sent '[.[] | select(.action == "GetClusterCheck")] | length'
}

has_polled()
{
	[ "$(polls)" -gt 0 ]
}

# No check was asked for in two seconds, in which it would be two times.
is_quiet()
{
	local before
	before=$(polls)
	sleep 2
	[ "$before" = "$(polls)" ]
}

# What is asked for of a check, without its ID.
checks()
{
	sent '.[] | select(.path | test("/checks")) | .action' | uniq
}

@test "precheck: empty, a line for a finding, and how a check can end" {
	ready
	same "" "$(cat "$live/precheck")"
	same 'RunClusterCheck
GetClusterCheck' "$(checks)"
	head -n 1 "$live/upgrades" >"$draft/kubernetes_version"
	commit
	cat "$live/wait"
	holds "$(cat "$live/precheck")" \
		'^nodes/kubelet_version: The nodes of .* upgrade them first'
	faults '{"do": "fail_task", "path": "*/checks", "code": "Boom",
		"message": "the check broke"}'
	ends 'open EREMOTEIO' read "$live/precheck"
	holds "$(cat "$live/error")" 'ended as Failed: the check broke'
	faults '{"do": "status", "status": 403, "code": "Forbidden.RAM",
		"message": "not you", "path": "*/checks"}'
	ends 'open EACCES' read "$live/precheck"
	# one that does not end: Ctrl-C does, and nobody asks any more
	faults '{"do": "stuck_task", "path": "*/checks"}'
	run -124 timeout -s INT 3 cat "$live/precheck"
	wait_until is_quiet
	faults
	# who is stopped meanwhile waits on; the impatient begin nothing
	from_here
	run -1 dd if="$live/precheck" iflag=nonblock
	holds "$output" 'temporarily unavailable'
	same 0 "$(besides_lists)"
	for cat in cat 'busybox cat'; do
		faults '{"do": "stuck_task", "path": "*/checks"}'
		from_here
		$cat "$live/precheck" >"$dir/found" 3>&- &
		pid=$!
		wait_until has_polled
		faults
		kill -STOP $pid
		sleep 0.2
		kill -CONT $pid
		wait $pid
		same 1 "$(wc -l <"$dir/found")"
	done
	same 1 "$(wc -l <"$live/precheck")"
}

@test "nodepools.json, resources.json, upgrades, versions" {
	ready
	jq -e 'length == 1 and .[0].nodepool_info.is_default' \
		"$live/nodepools.json"
	jq -e 'length > 0 and all(.[]; .instance_id and .resource_type)' \
		"$live/resources.json"
	# what it names can be retained
	jq -r '.[0].instance_id' "$live/resources.json" \
		>"$draft/retain_resources"
	same "$(jq -r '.[0].instance_id' "$live/resources.json")" \
		"$(cat "$draft/retain_resources")"
	holds "$(cat "$live/upgrades")" '^1\.33\.[0-9]+-aliyun\.[0-9]+'
	while read -r version runtimes; do
		holds "$version" '^1\.[0-9]+\.[0-9]+-aliyun\.[0-9]+$'
		holds "$runtimes" 'containerd-[0-9.]+'
	done <"$mnt/live/versions"
	[ "$(wc -l <"$mnt/live/versions")" -ge 2 ]
}

@test "an error of the service: its errno, its text in error, and it goes again" {
	ready
	while read -r status code errno; do
		for name in "${texts[@]}"; do
			faults "{\"do\": \"status\", \"status\": $status,
				\"code\": \"$code\", \"message\": \"Told so.\",
				\"method\": \"GET\", \"times\": -1}"
			ends "open $errno" read "$live/$name"
			draft=$live error_holds 'Told so' "code: $code" \
				'request_id: '
			# that of the cluster is about what was done to it
			same '' "$(cat "$draft/error")"
		done
	done <<-'END'
		403 StatusForbidden EACCES
		400 SomethingNobodyKnows EINVAL
	END
	faults
	for name in "${texts[@]}"; do
		ends OK read "$live/$name"
	done
	same '' "$(cat "$live/error")"
	# what belongs to no cluster is told at the top
	faults '{"do": "status", "status": 403, "code": "StatusForbidden",
		"message": "Told so.", "method": "GET",
		"path": "/api/v1/metadata/*", "times": -1}'
	ends 'open EACCES' read "$mnt/live/versions"
	holds "$(cat "$mnt/error")" 'code: StatusForbidden'
	same running "$(cat "$draft/state")"
}

@test "answers that make no sense are EPROTO, not half a text" {
	ready timeout=2
	for fault in empty truncate html xml; do
		for name in kubeconfig nodes.json upgrades; do
			faults "{\"do\": \"$fault\", \"method\": \"GET\",
				\"times\": -1}"
			run "$lib/try" read "$live/$name"
			holds "$output" '^open E(PROTO|REMOTEIO)$'
			[ -s "$draft/live/error" ]
		done
	done
}

@test "what passes is tried again within the time" {
	ready
	faults '{"do": "throttle", "retry_after_ms": 100, "method": "GET"}' \
		'{"do": "status", "status": 503, "method": "GET", "after": 1}'
	server
	holds "$(cat "$mnt/status")" 'throttled: 1'
}

@test "while the cluster is made there is no kubeconfig yet, and that is told" {
	sandbox_start --speed 0.5
	mount_sandbox refresh=1
	draft test
	fill
	commit
	run "$lib/try" read "$draft/live/kubeconfig"
	holds "$output" '^open E(BUSY|EPROTO|ENOENT)$'
	[ -s "$draft/live/error" ]
	jq -e '.state == "initial"' "$draft/live/detail.json"
}

@test "an endpoint that hangs: ETIMEDOUT within timeout=, and browsing goes on" {
	ready timeout=2
	faults '{"do": "hang", "method": "GET", "times": -1}'
	for name in "${texts[@]}"; do
		"$lib/try" read "$live/$name" >"$dir/$name" 3>&- &
		pids[${#pids[@]}]=$!
	done
	start=$(date +%s%N)
	ls -lR "$mnt/clusters" >/dev/null
	same running "$(cat "$draft/state")"
	[ $((($(date +%s%N) - start) / 1000000)) -lt 1500 ]
	wait "${pids[@]}"
	[ $((($(date +%s%N) - start) / 1000000)) -lt 8000 ]
	for name in "${texts[@]}"; do
		same 'open ETIMEDOUT' "$(cat "$dir/$name")"
	done
	draft=$live error_holds 'timeout=|no answer came within 2 s'
}

@test "SIGINT ends an open at once, also of one among many" {
	ready timeout=20
	faults '{"do": "hang", "method": "GET", "times": -1}'
	run -0 /usr/bin/python3 - "$live" "${texts[@]}" <<-'P'
		import os, signal, sys, time
		live, *names = sys.argv[1:]
		for name in names:
		    pids = []
		    for _ in range(3):
		        pid = os.fork()
		        if not pid:
		            signal.signal(signal.SIGINT, signal.SIG_DFL)
		            os.open(f"{live}/{name}", os.O_RDONLY)
		            os._exit(0)
		        pids.append(pid)
		    time.sleep(0.3)
		    for pid in pids:
		        start = time.monotonic()
		        os.kill(pid, signal.SIGINT)
		        _, status = os.waitpid(pid, 0)
		        assert os.WTERMSIG(status) == signal.SIGINT, (name, status)
		        assert time.monotonic() - start < 1, name
	P
	faults
	ends OK read "$live/kubeconfig"
}

@test "many readers share one call, and each has the whole text" {
	ready
	faults '{"do": "delay", "ms": 1500, "method": "GET",
		"path": "/clusters/*/resources"}'
	cat "$live/resources.json" >"$dir/first" 3>&- &
	pids=($!)
	for n in $(seq 40); do
		cat "$live/resources.json" >"$dir/r$n" 3>&- &
		pids+=($!)
	done
	wait "${pids[@]}"
	same 1 "$(count "/clusters/$id/resources")"
	for n in $(seq 40); do
		cmp "$dir/first" "$dir/r$n"
	done
	jq -e 'length > 0' "$dir/first"
	# the next one asks anew
	cat "$live/resources.json" >/dev/null
	same 2 "$(count "/clusters/$id/resources")"
}

@test "the daemon ends while somebody waits: EINTR for them, no hang" {
	ready
	faults '{"do": "hang", "method": "GET", "times": -1}'
	cat "$live/kubeconfig" >"$dir/reader" 2>&1 3>&- &
	reader=$!
	asked_for()
	{
		[ "$(sent length)" -ge 1 ]
	}
	wait_until asked_for
	kill -TERM "$daemon_pid"
	expect_exit 0 "$daemon_pid"
	daemon_pid=""
	wait_until gone "$reader"
	holds "$(cat "$dir/reader")" 'Interrupted system call'
}

@test "no kubeconfig stays anywhere, and qps= holds readers back, not off" {
	ready qps=2
	key=$(sed -n 's/^ *client-key-data: //p' "$live/kubeconfig")
	[ ${#key} -gt 100 ]
	run -1 grep -rqF "${key:0:60}" "$dir/state" "$dir/ackfs.log" "$dir/home"
	start=$(date +%s%N)
	for _ in $(seq 8); do
		cat "$live/detail.json" >/dev/null
		cat "$live/resources.json" >/dev/null
	done
	# 18 calls, 2 a second, after a first burst
	[ $((($(date +%s%N) - start) / 1000000)) -gt 3000 ]
}

@test "other users do not get the kubeconfig, whatever the mount allows" {
	ready allow_other
	[ "$(id -u)" = 0 ]
	chmod 755 "$BATS_TEST_TMPDIR" || true
	run -0 /usr/bin/python3 - "$mnt" "$live" <<-'P'
		import os, sys
		mnt, live = sys.argv[1:]
		dirfd = os.open(live, os.O_RDONLY)
		os.setgroups([])
		os.setgid(65534)
		os.setuid(65534)
		try:
		    os.open("kubeconfig", os.O_RDONLY, dir_fd=dirfd)
		except PermissionError:
		    pass
		else:
		    raise SystemExit("it was opened")
		os.open("upgrades", os.O_RDONLY, dir_fd=dirfd)
	P
	same 0 "$(count "/k8s/")"
}

@test "ls -lR, find and du of live/ ask for nothing" {
	ready
	ls -lR "$mnt/live" >/dev/null
	find "$mnt/live" -type f -size +0 >/dev/null
	du -a "$mnt/live" >/dev/null
	stat "$live"/* >/dev/null
	same 0 "$(besides_lists)"
}
