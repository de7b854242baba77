# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # the variables of ackfs_setup
# What the manual pages say.

pages_of_params=("$build/fs/man/ackfs-params.5"
	"$build/fs/man/zh_CN/ackfs-params.5")
all_pages=("$build/fs/man/ackfs.8" "${pages_of_params[@]}"
	"$top/mount-helpers/mount.ackfs.8" "$top/api/sandbox/ack-sandbox.1")

# rendered PAGE: as a person reads it, without what is bold and what not.
rendered()
{
	mandoc -T utf8 -O width=200 "$1" 2>/dev/null | sed 's/.\x08//g'
}

# section PAGE NAME: the source of one section.
section()
{
	awk -v name="$2" '/^\.Sh / { inside = substr($0, 5) == name; next }
		inside' "$1"
}

# examples PAGE [SECTION]: the commands that stand there.
examples()
{
	section "$1" "${2-EXAMPLES}" |
		awk '/^\.Ed/ { inside = 0 } inside
			/^\.Bd -literal/ { inside = 1 }' |
		sed 's/\\e/\\/g; s/\\&//g'
}

# says PAGE WORD...: fails and names the words that it does not say.
says()
{
	local page=$1 text word bad=0

	shift
	text=$(rendered "$page")
	for word in "$@"; do
		grep -qFw -- "$word" <<<"$text" && continue
		printf '%s does not say %s\n' "${page##*/}" "$word"
		bad=1
	done
	return $bad
}
