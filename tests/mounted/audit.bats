#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# audit.log: a line for each changing call and for each decision about one.
# And the counters of `status`.

# shellcheck source=tests/lib/ackfs.bash
source "$BATS_TEST_DIRNAME/../lib/ackfs.bash"
# shellcheck source=tests/lib/state.bash
source "$BATS_TEST_DIRNAME/../lib/state.bash"
# shellcheck source=tests/lib/life.bash
source "$BATS_TEST_DIRNAME/../lib/life.bash"
bats_require_minimum_version 1.5.0

log()
{
	cat "$dir/state/audit.log"
}

# outcomes DIRECTORY: in their order.
outcomes()
{
	log | sed -n "s/.* directory=$1 outcome=\([^ ]*\) .*/\1/p" |
		paste -sd' '
}

# field NAME LINE
field()
{
	sed -n "s/.* $1=\([^ ]*\).*/\1/p" <<<"$2"
}

form='^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z uid=[0-9]+ pid=[0-9]+ action=create directory=[^ ]+ outcome=[a-z-]+ cluster_id=[^ ]+ request_id=[^ ]+ code=[^ ]+$'

all_of_form()
{
	same '' "$(log | grep -vE "$form" || true)"
}

@test "a create: who sent it, and what came of it" {
	mount_sandbox
	draft test
	fill
	"$lib/try" write "$draft/commit" 1 >/dev/null 3>&- &
	pid=$!
	wait $pid
	same 'sending accepted' "$(outcomes test)"
	last=$(log | tail -n 1)
	same 0 "$(field uid "$last")"
	same $pid "$(field pid "$last")"
	same "$(cat "$draft/cluster_id")" "$(field cluster_id "$last")"
	same "$(cat "$draft/request_id")" "$(field request_id "$last")"
	same - "$(field code "$last")"
	all_of_form
}

@test "reading, editing and refusals of its own leave no line" {
	mount_sandbox
	draft test
	put num_of_nodes 3
	run -1 bash -c 'echo 1 >"$1"' _ "$draft/commit"
	cat "$draft/check" "$mnt/status" >/dev/null
	mv "$draft" "$mnt/clusters/moved"
	rmdir "$mnt/clusters/moved"
	same '' "$(log)"
	same 0 "$(count_requests)"
}

@test "a refusal: the service's code and its request ID" {
	mount_sandbox
	draft test
	fill
	faults '{"do": "status", "status": 403, "code": "Forbidden.RAM",
		"message": "No.", "method": "POST"}'
	ends 'write EACCES' write "$draft/commit" 1
	same 'sending refused' "$(outcomes test)"
	last=$(log | tail -n 1)
	same Forbidden.RAM "$(field code "$last")"
	same "$(requests | jq -r '.[-1].request_id')" \
		"$(field request_id "$last")"
	all_of_form
}

@test "unknown, found, absent, adopted, given up, each a line" {
	mount_sandbox timeout=2 settle=3
	for name in found absent adopted given; do
		draft $name
		fill_little
		case $name in
		found | adopted) fault=drop_after ;;
		*) fault=drop ;;
		esac
		faults "{\"do\": \"$fault\", \"method\": \"POST\"}"
		run "$lib/try" write "$draft/commit" 1
		case $name in
		adopted) ids_of adopted >"$draft/adopt" ;;
		given) echo none >"$draft/adopt" ;;
		esac
	done
	wait_until audited 'found outcome=found'
	wait_until audited 'absent outcome=absent'
	same 'sending unknown found' "$(outcomes found)"
	same 'sending unknown absent' "$(outcomes absent)"
	same 'sending unknown adopted' "$(outcomes adopted)"
	same 'sending unknown given-up' "$(outcomes given)"
	# what ackfs did by itself was nobody's doing
	same 0 "$(field pid "$(log | grep outcome=found)")"
	same "$(ids_of found)" \
		"$(field cluster_id "$(log | grep outcome=found)")"
	all_of_form
}

audited()
{
	grep -q "$1" "$dir/state/audit.log"
}

@test "who wrote into adopt stands in its line" {
	mount_sandbox timeout=2 settle=60
	for word in none id; do
		draft $word
		fill_little
		faults '{"do": "drop_after", "method": "POST"}' \
			'{"do": "list_lag", "ms": 60000}'
		run "$lib/try" write "$draft/commit" 1
		same unknown "$(cat "$draft/state")"
		text=$word
		[ $word = none ] || text=$(ids_of id)
		"$lib/try" write "$draft/adopt" "$text" >/dev/null 3>&- &
		pid=$!
		wait $pid
		same $pid "$(field pid "$(log | tail -n 1)")"
	done
}

@test "a caller of another user is told by number" {
	mount_sandbox allow_other
	draft test
	fill_little
	chmod 755 "$dir" || true
	run /usr/bin/python3 - "$draft/commit" <<-'PY'
		import os, sys
		fd = os.open(sys.argv[1], os.O_WRONLY)
		os.setgid(65534)
		os.setuid(65534)
		os.write(fd, b"1\n")
	PY
	if [ "$status" -eq 0 ]; then
		same 65534 "$(field uid "$(log | tail -n 1)")"
	else
		same draft "$(cat "$draft/state")"
		same '' "$(log)"
	fi
}

@test "no secret, whatever happens; one line each, whatever the name" {
	mount_sandbox
	draft test
	fill
	faults "$(jq -n --arg text "$sample_password" '{do: "status",
		status: 400, code: "Err Bad\nuid=0 \u001b[31m=", message: $text,
		method: "POST"}')"
	run "$lib/try" write "$draft/commit" 1
	commit
	all_of_form
	same 4 "$(log | wc -l)"
	run ! grep -F "$sample_password" "$dir/state/audit.log"
	run ! grep -F "$key_secret" "$dir/state/audit.log"
	same 600 "$(stat -c %a "$dir/state/audit.log")"
}

@test "it grows over mounts, and is never rewritten" {
	mount_sandbox
	draft one
	fill_little
	commit
	before=$(log)
	remount
	draft two
	fill_little
	commit
	after=$(log)
	same "$before" "${after:0:${#before}}"
	same 4 "$(wc -l <"$dir/state/audit.log")"
}

@test "status counts calls, retries, throttles and errors" {
	mount_sandbox
	counted()
	{
		sed -n "s/^$1: //p" "$mnt/status"
	}
	same '1 0 0 0' "$(counted calls) $(counted retries) $(
		counted throttled) $(counted errors)"
	draft test
	fill_little
	faults '{"do": "throttle", "retry_after_ms": 50, "method": "POST"}'
	commit
	same 1 "$(counted throttled)"
	same 1 "$(counted retries)"
	draft refused
	fill_little
	faults '{"do": "status", "status": 400, "code": "ErrBad",
		"method": "POST"}'
	run "$lib/try" write "$draft/commit" 1
	[ "$(counted errors)" -ge 1 ]
	[ "$(counted calls)" -ge 4 ]
}

# flip: edits what is protected, to the other value.
flip()
{
	case $(cat "$draft/deletion_protection") in
	true) put deletion_protection false ;;
	*) put deletion_protection true ;;
	esac
}

# changed_with [FAULT...]: a commit of one edit under these faults; $error is
# what was wrong then, $line what the log has gained.
changed_with()
{
	local before

	cat "$draft/live/wait" >/dev/null || true
	before=$(log | wc -l)
	[ $# -eq 0 ] || faults "$@"
	flip
	run "$lib/try" write "$draft/commit" 1
	error=$(cat "$draft/error")
	[ $# -eq 0 ] || faults '{"do": "delay", "ms": 0, "times": 1}'
	# where it was done there is no edit any more
	[ ! -s "$draft/plan" ] || rm "$draft/deletion_protection"
	line=$(log | tail -n "+$((before + 1))")
	same 1 "$(wc -l <<<"$line")"
	same modify "$(field action "$line")"
}

# came_to OUTCOME own|-: and whose request ID the line has.
came_to()
{
	local own=-

	[ "$2" = - ] || own=$(requests |
		jq -r 'map(select(.method == "PUT")) | last.request_id')
	same "$1 $own" "$(field outcome "$line") $(field request_id "$line")"
}

refusal='{"do": "status", "status": 400, "code": "ErrBad", "method": "PUT"}'

@test "a change: accepted, refused, unsent or unknown, with its own request ID" {
	mount_quick timeout=2
	born test
	changed_with
	came_to accepted own
	# a header has it where there is no body
	changed_with '{"do": "empty", "method": "PUT"}'
	came_to accepted own
	# that one had no effect, which the next commit would read
	cat "$draft/live/detail.json" >"$dir/detail"
	changed_with "$refusal"
	came_to refused own
	same ErrBad "$(field code "$line")"
	lacks "$error" 'may have been executed'
	for fault in drop hang drop_after; do
		changed_with "{\"do\": \"$fault\", \"method\": \"PUT\",
			\"times\": -1}"
		came_to unknown -
		holds "$error" 'hint: .*may have been executed'
	done
	changed_with '{"do": "status", "status": 500, "code": "InternalError",
		"method": "PUT", "times": -1}'
	came_to unknown own
	# the refusal is that of the second try
	changed_with '{"do": "drop_after", "method": "PUT"}' \
		"$(jq -c '.after = 1' <<<"$refusal")"
	came_to unknown own
	holds "$error" 'code: ErrBad.*hint: .*may have been executed'
	# so that it may be deleted
	while [ "$(cat "$draft/deletion_protection")" = true ]; do
		changed_with
	done
	cat "$draft/live/wait" >/dev/null
	sandbox_stop
	# a commit reads what is there before it sends anything
	before=$(log | wc -l)
	flip
	ends 'write ECONNREFUSED' write "$draft/commit" 1
	same "$before" "$(log | wc -l)"
	ends 'write ECONNREFUSED' write "$draft/delete" "$(cat "$draft/cluster_id")"
	line=$(log | tail -n "+$((before + 1))")
	same delete "$(field action "$line")"
	came_to unsent -
	lacks "$(cat "$draft/error")" 'may have been executed'
}

@test "a change whose answer is lost: what is there is read again at once" {
	sandbox_start
	planted '{"name": "test"}'
	mount_sandbox refresh=3600 timeout=2
	draft=$mnt/clusters/test
	wait_until test -d "$draft"
	was=$(cat "$draft/deletion_protection")
	faults '{"do": "drop_after", "method": "PUT", "times": -1}'
	flip
	run "$lib/try" write "$draft/commit" 1
	wait_until test ! -s "$draft/plan"
	[ "$was" != "$(cat "$draft/deletion_protection")" ]
}

@test "an order that was refused is not given twice by one descriptor" {
	mount_quick
	born test
	from_here
	for cat in 'cat' 'busybox cat' 'dd bs=8 status=none' \
		'dd bs=1k status=none' '/usr/bin/python3 -c "import os
os.write(1, os.read(0, 99))"'; do
		case $cat in
		*bs=8*) sent='' code='' ;;
		*) sent=DELETE code=ErrBad ;;
		esac
		faults '{"do": "status", "status": 400, "code": "ErrBad",
			"method": "DELETE", "times": -1}'
		run -1 bash -c "$cat <\"\$1\" >\"\$2\"" _ \
			"$draft/cluster_id" "$draft/delete"
		same "$sent" "$(sent 'map(.method)[]' | grep DELETE || true)"
		holds "$(cat "$draft/error")" "$code"
		from_here
	done
}

@test "what follows an order on its descriptor: a line end is none, a word is" {
	mount_quick
	draft test
	fill_little
	same 'None None None None ' "$(/usr/bin/python3 - "$draft/commit" <<-'PY'
		import errno, os, sys
		fd = os.open(sys.argv[1], os.O_WRONLY)
		for text in b"1", b"\n", b"1\n", b"1\n":
		    try:
		        os.write(fd, text)
		        print(None, end=" ")
		    except OSError as e:
		        print(errno.errorcode[e.errno], end=" ")
	PY
	)"
	same 1 "$(clusters | jq length)"
}

# sent_once METHOD
sent_once()
{
	[ "$(count_requests "$1")" -ge 1 ]
}

@test "a change under way at the unmount may have been executed" {
	sandbox_start --speed 100
	mount_sandbox refresh=1
	draft test
	fill_little
	commit
	for method in PUT DELETE; do
		cat "$draft/live/wait" >/dev/null
		faults "{\"do\": \"delay\", \"ms\": 20000, \"method\": \"$method\"}"
		order=commit word=1 action=modify
		[ $method = PUT ] || order=delete word=$(ids_of test) action=delete
		[ $method = DELETE ] || flip
		"$lib/try" write "$draft/$order" "$word" >/dev/null 3>&- &
		pid=$!
		wait_until sent_once $method
		kill -TERM "$daemon_pid"
		expect_exit 0 "$daemon_pid"
		daemon_pid=""
		wait $pid || true
		line=$(log | tail -n 1)
		same $action "$(field action "$line")"
		same unknown "$(field outcome "$line")"
		same $pid "$(field pid "$line")"
		mount_sandbox refresh=1
	done
}
