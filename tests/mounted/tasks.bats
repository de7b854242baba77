#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Tasks: what is under way, what was, and the orders cancel, pause, resume.

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

# A cluster with a task that takes minutes: an upgrade.
upgrading()
{
	sandbox_start --speed 0.05
	mount_sandbox refresh=1 "$@"
	id=$(planted '{"name": "web", "nodes": 2,
		"current_version": "1.32.1-aliyun.1"}')
	wait_until test -d "$mnt/live/web"
	draft=$mnt/clusters/web
	live=$mnt/live/web
	upgrade
}

upgrade()
{
	head -n 1 "$live/upgrades" >"$draft/kubernetes_version"
	commit
}

# of NAME: that line of live/NAME/task
of()
{
	sed -n "s/^$1: //p" "$live/task"
}

# order NAME: what comes of a 1 written there
order()
{
	"$lib/try" write "$draft/$1" 1
}

# outcomes: of the orders so far, by audit.log
outcomes()
{
	sed -n 's/.*action=\([a-z]*\) .*outcome=\([a-z]*\).*/\1 \2/p' \
		"$dir/state/audit.log" | tail -n "$1" | xargs
}

@test "a task is paused, resumed and canceled, and that is no failure" {
	upgrading
	same 600600600 "$(stat -c %a "$draft"/{cancel,pause,resume} |
		tr -d '\n')"
	same '' "$(cat "$draft"/{cancel,pause,resume})"
	task=$(of id)
	same 'cluster_upgrade running precheck' \
		"$(of kind) $(of state) $(of stage)"
	holds "$(of percent)" '^[0-9]+%$'
	same "$task cluster_upgrade running" \
		"$(cut -d ' ' -f 1-3 "$live/tasks")"
	holds "$(cat "$live/tasks")" ' -$'
	# another word, and what is not paused
	for bad in 0 no web "${task}0" "$id"; do
		ends 'write EINVAL' write "$draft/pause" "$bad"
		error_holds "$task" 'or 1, to pause it'
	done
	ends 'write EINVAL' write "$draft/resume" 1
	error_holds 'code: ErrorTaskState'
	# its ID, and 1
	cat "$live/watch" >"$dir/watch" 3>&- &
	watcher=$!
	of id >"$draft/pause"
	same '' "$(cat "$draft/error")"
	holds "$(cat "$draft/progress")" '\] paused stage 1 of 3: precheck'
	same paused "$(of state)"
	same "$task" "$(of id)"
	same 'open EAGAIN' "$(/usr/bin/python3 - "$live/wait" <<-'P'
		import errno, os, sys
		try:
		    os.open(sys.argv[1], os.O_RDONLY | os.O_NONBLOCK)
		except OSError as e:
		    print("open", errno.errorcode[e.errno])
	P
	)"
	same OK "$(order resume)"
	lacks "$(cat "$draft/progress")" paused
	same running "$(of state)"
	same OK "$(order pause)"
	same OK "$(order cancel)"
	# the task is at its end, the cluster as it was
	same running "$(cat "$live/wait")"
	wait_until gone "$watcher"
	wait "$watcher"
	holds "$(cat "$dir/watch")" ' paused precheck.* canceled'
	lacks "$(cat "$dir/watch")" failed
	same '' "$(cat "$draft/error")$(cat "$live/error")$(cat "$live/task")"
	holds "$(cat "$draft/progress")" '\] canceled stage 1 of 3'
	holds "$(cat "$draft/events")" 'info cluster_upgrade: canceled'
	lacks "$(cat "$draft/events")" ' error '
	[ ! -e "$draft/cancel" ] && [ ! -e "$draft/pause" ]
	ends 'open EPERM' create "$draft/adopt" none
	error_holds 'not now'
	same "$task cluster_upgrade canceled" \
		"$(cut -d ' ' -f 1-3 "$live/tasks")"
	same 'pause accepted resume accepted pause accepted cancel accepted' \
		"$(outcomes 4)"
	same 'resume refused' "$(grep -o 'resume.*refused' \
		"$dir/state/audit.log" | sed 's/ .*outcome=/ /')"
}

order_of_others()
{
	cat "$other_mnt/live/web/task" >/dev/null
	echo 1 >"$other_mnt/clusters/web/cancel"
}

@test "orders: one at a time, without waiting, refused, and lost" {
	upgrading
	faults '{"do": "delay", "ms": 2000, "path": "*/pause"}'
	# O_NONBLOCK: it goes on by itself; and a second order is EBUSY
	same 'OK EBUSY EBUSY' "$(/usr/bin/python3 - "$draft" <<-'P'
		import errno, os, sys, time
		os.chdir(sys.argv[1])
		start = time.monotonic()
		fd = os.open("pause", os.O_WRONLY | os.O_NONBLOCK)
		said = ["OK" if os.write(fd, b"1\n") == 2 else "short"]
		for name in "cancel", "commit":
		    try:
		        os.open(name, os.O_WRONLY)
		    except OSError as e:
		        said.append(errno.errorcode[e.errno])
		assert time.monotonic() - start < 1.5
		print(*said)
	P
	)"
	is_paused()
	{
		[ "$(of state)" = paused ]
	}
	wait_until is_paused
	# a refusal is told, and nothing has changed
	faults '{"do": "status", "status": 403, "code": "Forbidden.RAM",
		"message": "Not you.", "path": "*/resume", "times": 1}'
	ends 'write EACCES' write "$draft/resume" 1
	error_holds 'Not you' 'code: Forbidden.RAM'
	same paused "$(of state)"
	# one whose answer is lost is asked for again
	faults '{"do": "drop_after", "path": "*/resume", "times": 1}'
	run "$lib/try" write "$draft/resume" 1
	same running "$(of state)"
	# what somebody else cancels is a failure
	faults
	other_start
	wait_until test -d "$other_mnt/live/web"
	wait_until order_of_others
	ends 'open EREMOTEIO' read "$live/wait"
	holds "$(cat "$draft/progress")" failed
	# while a change is only asked for there is no task to pause
	ends 'open ENOENT' write "$draft/pause" 1
}

@test "a creation that is canceled, and tasks of a node pool" {
	sandbox_start --speed 0.2
	mount_sandbox refresh=1
	draft test
	fill
	commit
	live=$mnt/live/test
	same cluster_create "$(of kind)"
	ends 'write EINVAL' write "$draft/pause" 1
	same OK "$(order cancel)"
	ends 'open EREMOTEIO' read "$live/wait"
	same failed "$(cat "$draft/state")"
	same '' "$(cat "$draft/error")"
	holds "$(cat "$draft/events")" 'info cluster_create: canceled'
	# its draft is back once it is deleted
	cat "$draft/cluster_id" >"$draft/delete"
	is_draft()
	{
		[ "$(cat "$draft/state")" = draft ]
	}
	wait_until is_draft
	planted '{"name": "web", "nodes": 1}' >/dev/null
	wait_until test -d "$mnt/live/web"
	draft=$mnt/live/web/nodepools/default-nodepool
	live=$draft
	put desired_size 3
	commit
	same 'cluster_scaleout running' "$(of kind) $(of state)"
	same OK "$(order cancel)"
	same active "$(cat "$draft/wait")"
	same '' "$(cat "$draft/error")$(cat "$draft/task")"
}
