#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2317 # what runs on the machine is reached another way
# `meson install`: everything is where it is looked for.

# shellcheck source=tests/lib/ackfs.bash
source "$BATS_TEST_DIRNAME/../lib/ackfs.bash"
# shellcheck source=tests/lib/machine.bash
source "$BATS_TEST_DIRNAME/../lib/machine.bash"
bats_require_minimum_version 1.5.0

@test "DESTDIR is honoured, and nothing else is written to" {
	DESTDIR=$dir/root meson install -C "$build" --no-rebuild --quiet
	cd "$dir/root"
	for file in usr/local/bin/{ackfs,ack-sandbox} \
		usr/local/lib/systemd/{system,user}/ackfs@.service \
		usr/local/share/bash-completion/completions/{ackfs,ack-sandbox} \
		usr/local/share/zsh/site-functions/_ackfs \
		usr/local/share/doc/ackfs/{README.md,LICENSE} \
		usr/local/share/doc/ackfs/examples/mnt-ack.{mount,automount} \
		usr/local/share/man/man1/ack-sandbox.1 \
		usr/local/libexec/ackfs/prune-updatedb; do
		[ -s "$file" ] || {
			printf 'no %s\n' "$file"
			return 1
		}
	done
	# mount(8) looks there and nowhere else
	for type in ackfs fuse.ackfs; do
		same /usr/local/bin/ackfs "$(readlink usr/sbin/mount.$type)"
	done
	same '' "$(find . -type f -perm /022)"
	same '' "$(grep -rlE "@bindir@|$top" usr/local/lib usr/local/share \
		usr/local/libexec || true)"
	same "usr" "$(ls)"
}

@test "--version tells the versions of the libraries" {
	run -0 "$ackfs" --version
	for line in 'ackfs [0-9.]+' 'libfuse 3\.[0-9.]+' \
		'libcurl/[0-9.]+ .*' 'cJSON [0-9.]+' 'OpenSSL 3\.[0-9.]+ .*' \
		'SQLite 3\.[0-9.]+'; do
		grep -qxE "$line" <<<"$output"
	done
	same 6 "$(wc -l <<<"$output")"
	run -0 "$ack_sandbox" --version
}

used()
{
	installed
	same /usr/local/bin/ackfs "$(command -v ackfs)"
	mkdir /mnt/ack
	# the sandbox is found beside it
	ackfs sandbox /mnt/ack
	draft=/mnt/ack/clusters/test
	mkdir $draft
	fill
	commit
	is_committed
	[ -d /var/lib/ackfs/sandbox ]
	same 700 "$(stat -c %a /var/lib/ackfs/sandbox)"
	fusermount3 -u /mnt/ack
}

@test "what is installed works, with no word about where" {
	on_machine used
}
