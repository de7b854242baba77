#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2317 # what runs on the machine is reached another way
# What is given away: the tarball builds and passes its tests, and the Debian
# package made from it comes, works and goes without a trace.

# shellcheck source=tests/lib/ackfs.bash
source "$BATS_TEST_DIRNAME/../lib/ackfs.bash"
# shellcheck source=tests/lib/machine.bash
source "$BATS_TEST_DIRNAME/../lib/machine.bash"
bats_require_minimum_version 1.5.0

# unpacked: $source is the tree of the tarball, or this one where no history
# is.
unpacked()
{
	source=$top
	[ -e "$top/.git" ] || return 0
	git -c safe.directory='*' clone -q "file://$top" "$dir/clone"
	cd "$dir/clone"
	meson setup "$dir/dist" >"$dir/log" 2>&1
	meson dist -C "$dir/dist" --no-tests --formats gztar >"$dir/log" 2>&1
	tar -C "$dir" -xzf "$dir"/dist/meson-dist/ackfs-*.tar.gz
	source=$(echo "$dir"/ackfs-*)
	cd "$top"
}

# All that belongs to the machine, but what dpkg knows and what comes and goes.
# What is shown of it below is still that of the real one, where others work.
everything()
{
	find /bin /boot /etc /home /lib* /mnt /opt /sbin /srv /usr /var \
		\( -path "$dir" -o -path "$top" -o -path "$build" \
		-o -path "$shared" -o -path /var/lib/dpkg -o -path /var/tmp \
		-o -path /var/cache -o -path /var/log \) -prune -o -print |
		sort
}

comes_and_goes()
{
	shared=$2
	! dpkg -s ackfs >/dev/null 2>&1 || dpkg --purge ackfs >/dev/null
	everything >/tmp/before
	dpkg -i "$1" >/tmp/dpkg.log 2>&1 || {
		cat /tmp/dpkg.log
		return 1
	}
	same /usr/bin/ackfs "$(command -v ackfs)"
	same '' "$(dpkg -V ackfs)"
	same '' "$(systemd-analyze verify --man=no \
		/lib/systemd/system/ackfs@.service 2>&1)"
	bash -n /usr/share/bash-completion/completions/ackfs
	grep -q '^ExecStart=/usr/bin/ackfs ' \
		/lib/systemd/system/ackfs@.service
	mkdir /mnt/ack
	mount -t ackfs sandbox /mnt/ack
	draft=/mnt/ack/clusters/test
	mkdir $draft
	fill
	commit
	is_committed
	# an upgrade leaves what is mounted as it is, and so does a removal
	dpkg -i "$1" >/tmp/dpkg.log 2>&1
	mkdir /mnt/ack/clusters/more
	dpkg --remove ackfs >/tmp/dpkg.log 2>&1
	echo 5 >/mnt/ack/clusters/more/num_of_nodes
	same 5 "$(cat /mnt/ack/clusters/more/num_of_nodes)"
	umount /mnt/ack
	rmdir /mnt/ack
	wait_until no_daemon
	# what clusters there are is not forgotten yet
	[ -d /var/lib/ackfs/sandbox ]
	dpkg --purge ackfs >/tmp/dpkg.log 2>&1
	everything >/tmp/after
	diff /tmp/before /tmp/after
	fails 1 'ackfs' dpkg -s ackfs
}

no_daemon()
{
	! pgrep -x 'ackfs|ack-sandbox' >/dev/null
}

@test "the tarball builds, passes its tests and becomes a Debian package" {
	! grep -q __asan_init "$ackfs" || skip 'once is enough'
	command -v dpkg-buildpackage >/dev/null || skip 'this is no Debian'
	unpacked
	# all but those that try a million things, which were tried before; fast
	# to compile; -d: meson may have come from elsewhere
	tests=$(meson introspect --tests "$build" | jq -r '[.[].name |
		select(IN("body", "keyring", "call_retry") | not) | @sh] |
		join(" ")')
	run -0 env TESTS="$tests" DEB_CFLAGS_STRIP=-g DEB_BUILD_OPTIONS="noopt \
		noautodbgsym parallel=$(nproc)" \
		"$source/mount-helpers/build-deb" "$dir/deb" -d
	deb=$(echo "$dir"/deb/ackfs_*.deb)
	mkdir -p "$dir/machine/shared"
	cp "$deb" "$dir/machine/shared/ackfs.deb"
	on_machine comes_and_goes "$dir/machine/shared/ackfs.deb" \
		"$dir/machine/shared"
}

@test "without a tool that a package is made by, one sentence names it" {
	mkdir "$dir/bin"
	for tool in dirname sed dpkg-buildpackage; do
		ln -s "$(command -v $tool)" "$dir/bin"
	done
	PATH=$dir/bin run -1 /bin/bash "$top/mount-helpers/build-deb" "$dir/deb"
	same "build-deb: there is no dh; sudo ./mount-helpers/packages build sandbox deb installs what a package needs" \
		"$output"
	[ ! -e "$dir/deb" ]
}
