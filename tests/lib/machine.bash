# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# shellcheck disable=SC2154 # the variables of ackfs_setup
# Tests on a machine of their own, with ackfs installed as on any other. A
# test is a function there, which may make users, write to /etc and leave
# what it likes behind: tests/lib/machine.

# on_machine [--boot] FUNCTION [ARG...]: skips where none can be made.
on_machine()
{
	local boot=() rc=0

	if [ "$1" = --boot ]; then
		boot=(--boot)
		shift
	fi
	mkdir -p "$dir/machine/shared"
	{
		printf 'source %q\n' "$lib/ackfs.bash" "$lib/machine.bash"
		declare -f
		printf '%s\n' machine_begins
	} >"$dir/machine/shared/script"
	printf '%q ' "$@" >>"$dir/machine/shared/script"
	timeout -k 5 120 "$lib/machine" "${boot[@]}" "$dir/machine" "$top" \
		"$build" -- /usr/bin/env -i PATH="$PATH" LC_ALL=C.UTF-8 \
		ASAN_OPTIONS="${ASAN_OPTIONS-}" UBSAN_OPTIONS="${UBSAN_OPTIONS-}" \
		ACKFS_BUILD="$build" BATS_TEST_TMPDIR=/tmp/test \
		/bin/bash "$dir/machine/shared/script" 3>&- </dev/null || rc=$?
	[ $rc -ne 77 ] || skip 'no machine of its own can be made here'
	return $rc
}

machine_begins()
{
	set -eE
	trap 'printf "failed: %s\n" "$BASH_COMMAND" >&2' ERR
	mkdir -p /tmp/test
	ackfs_setup
	unset XDG_STATE_HOME
	chmod 755 /tmp/test /tmp/test/home
	export HOME=/root
}

# What `meson install` does, with the build as it is.
installed()
{
	meson install -C "$build" --no-rebuild --quiet >/tmp/test/install.log \
		2>&1 || {
		cat /tmp/test/install.log
		return 1
	}
	hash -r
}

# as USER COMMAND...: with that user's home and groups, the keys of the
# sandbox, and nothing else; a user may not look for leaks in what hides its
# memory.
as()
{
	local user=$1

	shift
	setpriv --reuid "$user" --regid "$user" --init-groups -- env -i \
		PATH="$PATH" HOME="/home/$user" USER="$user" \
		ASAN_OPTIONS=detect_leaks=0 \
		${key_id:+"ALIBABA_CLOUD_ACCESS_KEY_ID=$key_id"} \
		${key_id:+"ALIBABA_CLOUD_ACCESS_KEY_SECRET=$key_secret"} "$@"
}

not_mounted()
{
	! mounted "$1"
}

# fails STATUS PATTERN COMMAND...: it ends so, and says that.
fails()
{
	local wanted=$1 pattern=$2 rc=0 said

	shift 2
	said=$("$@" 2>&1) || rc=$?
	same "$wanted" $rc || {
		printf '%s\n' "$said"
		return 1
	}
	holds "$said" "$pattern"
}
