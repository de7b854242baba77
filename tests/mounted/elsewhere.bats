#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Where nobody of us works: other processors, another C library, other packages.
# Each is tried in the files of a Debian that debootstrap makes, so these are
# for tests/run --long.

# shellcheck source=tests/lib/ackfs.bash
source "$BATS_TEST_DIRNAME/../lib/ackfs.bash"
bats_require_minimum_version 1.5.0

setup_file()
{
	[ -n "${ACKFS_LONG-}" ] || return 0
	top=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
	export root=$BATS_FILE_TMPDIR/root
	"$top/mount-helpers/packages" root
	debootstrap --variant=minbase bookworm "$root" >"$root.log" 2>&1
	cp -L /etc/resolv.conf /etc/hosts "$root/etc/"
	mkdir "$root/src"
	rsync -rlp --exclude='/build*' --exclude=node_modules --exclude=.git \
		"$top/" "$root/src/"
}

setup()
{
	[ -n "${ACKFS_LONG-}" ] || skip 'it is long: tests/run --long'
	ackfs_setup
}

# there COMMAND...: in that Debian, in a copy of this tree.
there()
{
	"$lib/machine" --of "$root" "$dir/machine" -- /usr/bin/env -i \
		PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
		DEBIAN_FRONTEND=noninteractive /bin/bash -euc "cd /src
		gets() {
			apt-get -qq update
			apt-get -qq -y --no-install-recommends install \"\$@\"
		} >>/tmp/apt.log 2>&1
		$*" 3>&- </dev/null
}

@test "aarch64: it builds, its pages are these, and its unit tests pass" {
	there 'dpkg --add-architecture arm64
		libraries="libfuse3-dev libcurl4-openssl-dev libcjson-dev
			libssl-dev libinih-dev libsqlite3-dev
			libmicrohttpd-dev libcmocka-dev"
		gets meson ninja-build gcc libc6-dev pkgconf openssl sqlite3 \
			gcc-aarch64-linux-gnu libc6-dev-arm64-cross \
			qemu-user-static $libraries ${libraries//-dev/-dev:arm64}
		meson setup /aarch64 --werror \
			--cross-file mount-helpers/cross/aarch64.ini
		ninja -C /aarch64' >"$dir/log" 2>&1 || {
		tail -n 60 "$dir/log"
		return 1
	}
	for page in ackfs.8 ackfs-params.5; do
		cmp "$root/aarch64/fs/man/$page" "$build/fs/man/$page"
	done
	# not of the program, since the C library's beginning of it has neither
	readelf -n "$root/aarch64/fs/libfs.a.p/mount_run.c.o" |
		grep -q 'BTI, PAC'
	# all but those that try a million things, the one whose program cannot
	# be started, which qemu-user does not report, and one that gives TLS
	# 0.2 s, in which an emulator does not begin it
	there 'meson test -C /aarch64 --no-rebuild -t 8 $(meson introspect \
			--tests /aarch64 | grep -o "\"name\": \"[^\"]*\"" |
			cut -d"\"" -f4 | grep -vxE "body|keyring|call_retry|credentials|failures|.* .*")' \
		>"$dir/log" 2>&1 || {
		tail -n 60 "$dir/log"
		return 1
	}
	[ "$(sed -n 's/^Ok: *//p' "$dir/log")" -ge 50 ]
}

# The libraries themselves are of the GNU library here, so nothing is linked.
@test "musl: every source compiles" {
	jq -r '.[].file' "$build/compile_commands.json" | sort -u |
		sed -n 's,^\.\./\(\(api\|fs\)/.*\.c\)$,\1,p' |
		grep -v '^fs/man/' >"$root/sources"
	[ "$(wc -l <"$root/sources")" -gt 100 ]
	# shellcheck disable=SC2016 # that shell expands it
	there 'gets musl-tools libbsd-dev libfuse3-dev libcurl4-openssl-dev \
			libcjson-dev libssl-dev libinih-dev libsqlite3-dev \
			libmicrohttpd-dev
		mkdir -p /musl/sys
		cd /usr/include/x86_64-linux-gnu
		cp -rL /usr/include/openssl openssl curl asm /musl/
		cd /usr/include
		cp -rL cjson fuse3 bsd linux asm-generic sqlite3.h ini.h \
			microhttpd.h /musl/
		cp bsd/sys/queue.h /musl/sys/
		cd /src
		xargs -n 1 </sources musl-gcc \
			-fsyntax-only -std=c17 -Wall -Wextra -Werror \
			-Wno-missing-field-initializers -D_GNU_SOURCE \
			-DFUSE_USE_VERSION=314 -DACK_VERSION=\"\\\"x\\\"\" \
			-Iapi -Ifs -isystem /musl -isystem /musl/fuse3 \
			-isystem /musl/cjson' >"$dir/log" 2>&1 || {
		grep -E 'error|warning' "$dir/log"
		return 1
	}
}

@test "the RPM package is made, and rpmlint has nothing to say of it" {
	# shellcheck disable=SC2016 # that shell expands it
	there './mount-helpers/packages build sandbox
		gets rpm rpmlint
		# no library comes from an RPM package here
		./mount-helpers/build-rpm /rpms --nodeps
		rpm -qlp /rpms/*.rpm >/files
		rpmlint mount-helpers/rpm/ackfs.spec /rpms/*.rpm >/said || true' \
		>"$dir/log" 2>&1 || {
		tail -n 60 "$dir/log"
		return 1
	}
	for file in bin/ackfs bin/ack-sandbox sbin/mount.ackfs \
		lib/systemd/system/ackfs@.service share/man/man8/ackfs.8 \
		share/zsh/site-functions/_ackfs; do
		grep -qx "/usr/$file" "$root/files"
	done
	grep -q 'checks: [1-9]' "$root/said"
	# nobody signs it, and the others are not asked for any more, or know
	# no names of pages like mount.ackfs
	same '' "$(grep ' E: ' "$root/said" | grep -vE \
		'no-signature|no-packager-tag|no-group-tag|bad-manual-page' ||
		true)"
}

# Each RUN in the files of a Debian, which are those of every stage: no program
# that builds images is here.
@test "the Containerfile: its steps make a machine that has ackfs" {
	local file=$top/mount-helpers/Containerfile

	same 'FROM COPY RUN RUN FROM COPY RUN ENTRYPOINT' \
		"$(sed -n 's/^\([A-Z][A-Z]*\) .*/\1/p' "$file" | xargs)"
	same '' "$(grep -vE '^(FROM|COPY|RUN|ENTRYPOINT) |^#|^$' "$file" || true)"
	sed -n 's/^ENTRYPOINT //p' "$file" | jq -e '. == ["ackfs"]'
	{
		printf 'set -e\n'
		sed -n 's/^RUN //p' "$file"
		printf 'ackfs --version\nackfs run sandbox -- ls clusters\n'
	} >"$root/steps"
	there 'sh /steps' >"$dir/log" 2>&1 || {
		tail -n 60 "$dir/log"
		return 1
	}
}

@test "the Debian package is made after the step of the README" {
	# shellcheck disable=SC2016 # that shell expands it
	there 'gets ca-certificates
		step=$(grep -oE "./mount-helpers/packages build sandbox deb" \
			README.md | head -n 1)
		$step
		DEB_BUILD_OPTIONS="nocheck parallel=$(nproc)" \
			./mount-helpers/build-deb /packages
		gets lintian
		# there is no address yet
		lintian --fail-on error --suppress-tags \
			bogus-mail-host,bogus-mail-host-in-debian-changelog \
			/packages/ackfs_*.deb
		gets /packages/ackfs_*.deb
		ackfs run sandbox -- ls clusters' \
		>"$dir/log" 2>&1 || {
		tail -n 60 "$dir/log"
		return 1
	}
}
