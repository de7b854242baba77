# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# shellcheck disable=SC2154 # the variables of ackfs_setup
# What a person does with a tool to change a value, and what comes of it. Each
# gesture is tried in a draft and in a cluster that runs, where it makes an
# edit; the table of them all stands in the output.

# gesture_setup: $mnt/clusters has both, test and web, with 3 nodes each.
gesture_setup()
{
	tmux=(env "TMUX_TMPDIR=$dir" tmux -L ackfs -f /dev/null)
	work=$dir/work
	mkdir -p "$work"
	mount_sandbox refresh=1
	plant_one web '{"nodes": 3}' >/dev/null
	appears web
	draft test
	put num_of_nodes 3
}

# table HEADING: begins it.
table()
{
	printf '# %s\n# %-15s %-40s %-8s %s\n' "$1" TOOL GESTURE DRAFT \
		RUNNING >&3
}

# gesture TOOL WHAT DRAFT RUNNING COMMANDS: the commands are to turn 3 into 5 in
# $f, a file of the directory $d; $work has one of that name with 5 in it. DRAFT
# and RUNNING say what comes of it there:
#	taken	the value is 5, in what runs as an edit; no other name is there
#	taken~	the same, and a backup of another name
#	kept	the tool says that it failed; nothing has changed
gesture()
{
	printf '# %-15s %-40s %-8s %s\n' "$1" "$2" "$3" "$4" >&3
	gesture_in test "$3" "$5" || return
	gesture_in web "$4" "$5"
}

gesture_in()
{
	local d=$mnt/clusters/$1 wanted=$2 commands=$3 before after rc=0
	local f=$d/num_of_nodes

	rm -f "$d"/num_of_nodes?* "$d"/?*num_of_nodes
	[ "$(cat "$f")" = 3 ] || echo 3 >"$f"
	rm -rf "${work:?}"/*
	echo 5 >"$work/num_of_nodes"
	touch -d yesterday "$work/num_of_nodes"
	before=$(ls -A "$d")
	(eval "$commands") >"$dir/said" 2>&1 || rc=$?
	after=$(ls -A "$d")
	case $wanted in
	taken)
		same "0 5 $before" "$rc $(cat "$f") $after" &&
			{ [ ! -e "$d/cluster_id" ] ||
				grep -q 'num_of_nodes: 3 -> 5' "$d/plan"; }
		;;
	taken~)
		same "0 5" "$rc $(cat "$f")" &&
			holds "$(diff <(echo "$before") <(echo "$after") |
				sed -n 's/^> //p')" '^[^ ]*num_of_nodes[^ ]+$'
		;;
	kept)
		same "3 $before" "$(cat "$f") $after" &&
			{ [ $rc -ne 0 ] || [ -s "$dir/said" ]; }
		;;
	esac || {
		printf 'in %s it ended with %s and said:\n' "$d" $rc
		cat "$dir/said" "$d/error"
		return 1
	}
}

# typed PATTERN COMMAND -- KEYS...: in a terminal of its own; types when the
# pattern shows there, a word at a time, and waits for the end.
typed()
{
	local pattern=$1 command=()

	shift
	while [ "$1" != -- ]; do
		command+=("$1")
		shift
	done
	shift
	terminal "$pattern" "${command[@]}" || return
	keys "$@"
	wait_until terminal_over
}

terminal()
{
	local pattern=$1

	shift
	"${tmux[@]}" new-session -d -x 100 -y 24 "$@" 3>&- || return
	wait_until shows "$pattern"
}

keys()
{
	local key

	for key in "$@"; do
		"${tmux[@]}" send-keys "$key"
		# Escape and a key at once would be another key
		sleep 0.1
	done
}

shows()
{
	"${tmux[@]}" capture-pane -p 2>&1 | grep -qE "$1"
}

terminal_over()
{
	! "${tmux[@]}" has-session 2>/dev/null
}

gesture_teardown()
{
	"${tmux[@]}" kill-server 2>/dev/null || true
	ackfs_teardown
}
