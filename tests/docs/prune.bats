#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# prune-updatedb: one word in one line of updatedb.conf, once.

# shellcheck source=tests/lib/ackfs.bash
source "$BATS_TEST_DIRNAME/../lib/ackfs.bash"
bats_require_minimum_version 1.5.0

prune()
{
	sh "$top/mount-helpers/prune-updatedb" "$dir/conf"
}

# becomes WANTED: the file does, and a second run leaves it alone.
becomes()
{
	run -0 prune
	holds "$output" 'updatedb leaves out fuse.ackfs'
	same "$1" "$(cat "$dir/conf")"
	cp -p "$dir/conf" "$dir/once"
	run -0 prune
	same '' "$output"
	cmp "$dir/once" "$dir/conf"
	same "$(stat -c '%a %i %Y' "$dir/once" | cut -d' ' -f1)" \
		"$(stat -c %a "$dir/conf")"
}

@test "the type is added to what is there, and nothing else changes" {
	cat >"$dir/conf" <<-'CONF'
		PRUNE_BIND_MOUNTS="yes"
		# PRUNENAMES=".git .bzr .hg .svn"
		PRUNEPATHS="/tmp /var/spool /media"
		# PRUNEFS="old"
		PRUNEFS="NFS afs autofs fuse.glusterfs fuse.sshfs"
	CONF
	chmod 640 "$dir/conf"
	cp "$dir/conf" "$dir/before"
	run -0 prune
	run -1 diff "$dir/before" "$dir/conf"
	same 1 "$(grep -c '^>' <<<"$output")"
	same 'PRUNEFS="NFS afs autofs fuse.glusterfs fuse.sshfs fuse.ackfs"' \
		"$(tail -n 1 "$dir/conf")"
	same 640 "$(stat -c %a "$dir/conf")"
	same $'before\nconf' "$(find "$dir" -maxdepth 1 -type f -printf '%f\n' |
		sort)"
}

@test "blanks, an empty value, no line at all, no last line end" {
	printf 'PRUNEFS = "nfs  "  \n' >"$dir/conf"
	becomes 'PRUNEFS = "nfs fuse.ackfs"  '
	printf '\tPRUNEFS=""\n' >"$dir/conf"
	becomes $'\tPRUNEFS="fuse.ackfs"'
	printf 'PRUNEFS="  "' >"$dir/conf"
	becomes 'PRUNEFS="fuse.ackfs"'
	printf 'PRUNE_BIND_MOUNTS="yes"' >"$dir/conf"
	becomes $'PRUNE_BIND_MOUNTS="yes"\nPRUNEFS = "fuse.ackfs"'
	: >"$dir/conf"
	becomes 'PRUNEFS = "fuse.ackfs"'
	printf 'PRUNEFS="a"\nPRUNEFS="fuse.ackfsx b"\n' >"$dir/conf"
	becomes $'PRUNEFS="a"\nPRUNEFS="fuse.ackfsx b fuse.ackfs"'
}

@test "where the type is already, nothing is written" {
	for text in 'PRUNEFS="fuse.ackfs"' 'PRUNEFS="a fuse.ackfs b"' \
		'PRUNEFS = "a	FUSE.ackfs"'; do
		printf '%s\n' "$text" >"$dir/conf"
		chmod 444 "$dir/conf"
		run -0 prune
		same '' "$output"
		same "$text" "$(cat "$dir/conf")"
		chmod 644 "$dir/conf"
	done
}

@test "a link stays one, a missing file and a strange line are told" {
	printf 'PRUNEFS="nfs"\n' >"$dir/real"
	ln -s real "$dir/conf"
	run -0 prune
	[ -L "$dir/conf" ]
	same 'PRUNEFS="nfs fuse.ackfs"' "$(cat "$dir/real")"
	rm "$dir/conf"
	run -1 prune
	holds "$output" 'there is no'
	printf 'PRUNEFS=nfs\n' >"$dir/conf"
	run -1 prune
	holds "$output" 'line 1 of .* is not understood'
	same 'PRUNEFS=nfs' "$(cat "$dir/conf")"
}

@test "mounts have the type that it leaves out" {
	mount_sandbox
	same fuse.ackfs "$(awk -v at="$mnt" '$2 == at { print $3 }' \
		/proc/self/mounts)"
}
