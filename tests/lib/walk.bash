# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# shellcheck disable=SC2154 # the variables of ackfs_setup
# Transcripts of sessions, walked again.

# In what a transcript shows, … stands for anything, and a line of it for any
# lines.
pattern()
{
	local text

	text=$(sed 's/[][\\*?+@!()|]/\\&/g; s/…/*/g')
	printf '%s' "${text//$'\n*\n'/$'\n*'}"
}

# step COMMAND WANTED: as typed into a shell in $here, where cd stays.
step()
{
	local got wanted

	got=$(bash -c 'cd "$1" && eval "$2"; pwd >"$3"' bash "$here" "$1" \
		"$dir/here" 2>&1 | sed 's/^bash: line [0-9]*: /bash: /')
	here=$(cat "$dir/here")
	wanted=$(pattern <<<"$2")
	# shellcheck disable=SC2053 # a pattern
	[[ $got == $wanted ]] || {
		printf '$ %s\nwanted: %s\ngot:    %s\n' "$1" "$2" "$got"
		return 1
	}
}

# walk: the standard input is a transcript: `$ COMMAND` and what it prints.
# It begins in the top directory of the mount; # begins a remark.
walk()
{
	local line command="" wanted=""

	here=$mnt
	while IFS= read -r line; do
		case $line in
		'$ '*)
			[ -z "$command" ] || step "$command" "$wanted"
			command=${line#'$ '} wanted=
			;;
		'# '* | '') ;;
		*) wanted+=${wanted:+$'\n'}$line ;;
		esac
	done
	step "$command" "$wanted"
}
