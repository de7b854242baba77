#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2317 # what runs on the machine is reached another way
# mount(8), umount(8) and fstab(5).

# shellcheck source=tests/lib/ackfs.bash
source "$BATS_TEST_DIRNAME/../lib/ackfs.bash"
# shellcheck source=tests/lib/machine.bash
source "$BATS_TEST_DIRNAME/../lib/machine.bash"
bats_require_minimum_version 1.5.0

by_type()
{
	installed
	mkdir -p /mnt/ack
	for type in ackfs fuse.ackfs; do
		mount -t $type sandbox /mnt/ack -o nofail,nosuid
		grep -q '^sandbox /mnt/ack fuse.ackfs .*nosuid' /proc/mounts
		draft=/mnt/ack/clusters/test-${type%.*}
		mkdir "$draft"
		fill_little
		commit
		is_committed
		fails 32 'mounted on /mnt/ack already' \
			mount -t $type sandbox /mnt/ack
		# nor is the state directory to be had twice
		mkdir -p /mnt/more
		fails 32 'another mount' mount -t $type sandbox /mnt/more
		umount /mnt/ack
		not_mounted /mnt/ack
		wait_until no_daemon
	done
	# in the old way, by the name of the program
	mount -t fuse ackfs#sandbox /mnt/ack
	[ -s /mnt/ack/README ]
	umount /mnt/ack
	wait_until no_daemon
	# -f is no mount, -r is a read-only one
	mount -f -t ackfs sandbox /mnt/ack
	not_mounted /mnt/ack
	mount -r -v -n -t ackfs sandbox /mnt/ack
	grep -q '/mnt/ack fuse.ackfs ro,' /proc/mounts
	umount /mnt/ack
}

no_daemon()
{
	! pgrep -x ackfs >/dev/null
}

@test "mount -t ackfs and mount -t fuse.ackfs" {
	on_machine by_type
}

# Neither a boot nor sudo hands an environment over.
keys_of_fstab()
{
	installed
	sandbox_start
	mkdir -p /mnt/ack "$HOME"/.aliyun
	printf '{"current": "a", "profiles": [{"name": "a", "mode": "AK",
		"access_key_id": "%s", "access_key_secret": "%s"}]}\n' \
		"$key_id" "$key_secret" >"$HOME"/.aliyun/config.json
	chmod 600 "$HOME"/.aliyun/config.json
	printf '%s /mnt/ack ackfs noauto,_netdev,region=cn-beijing,wait_ready 0 0\n' \
		"$url" >/etc/fstab
	env -i PATH="$PATH" mount /mnt/ack
	grep -q 'profile a (AK) of .*/.aliyun/config.json' /mnt/ack/status
	umount /mnt/ack
	wait_until no_daemon
}

@test "a mount of fstab takes the keys of root's aliyun CLI" {
	on_machine keys_of_fstab
}

failures()
{
	installed
	mkdir -p /mnt/ack
	fails 1 'unknown option nonsense' \
		mount -t ackfs sandbox /mnt/ack -o nonsense
	fails 1 'timeout=soon: give seconds' \
		mount -t fuse.ackfs sandbox /mnt/ack -o timeout=soon
	fails 32 'ALIBABA_CLOUD_ACCESS_KEY_ID' \
		mount -t ackfs cn-beijing /mnt/ack \
		-o connect_timeout=1,timeout=1
	export ALIBABA_CLOUD_ACCESS_KEY_ID=LTAI5tMadeUpKeyId0000001
	export ALIBABA_CLOUD_ACCESS_KEY_SECRET=MadeUpSecret00000000000000001
	fails 32 'region' mount -t ackfs cn_beijing /mnt/ack
	fails 32 'http' mount -t ackfs http://192.0.2.1 /mnt/ack \
		-o region=cn-beijing
	# mount(8) itself refuses a directory that is not there
	fails 32 'no/such' mount -t ackfs sandbox /mnt/no/such
	not_mounted /mnt/ack
	umount /dev/fuse 2>/dev/null || true
	rm -f /dev/fuse
	fails 1 'options of a mount cannot be changed: unmount it .* again' \
		mount -t ackfs -o remount,ro sandbox /mnt/ack
	fails 32 '/dev/fuse cannot be used.*modprobe fuse' \
		mount -t ackfs sandbox /mnt/ack
}

@test "failures reach the status of mount(8), with their sentence" {
	on_machine failures
}

by_fstab()
{
	installed
	useradd -m ann
	mkdir -p /mnt/ack /mnt/other /home/ann/ack
	chown ann: /home/ann/ack
	cat >/etc/fstab <<-'END'
		sandbox /mnt/ack ackfs nofail,_netdev,noauto,state=/var/lib/ackfs/one 0 0
		sandbox /mnt/other fuse.ackfs defaults,_netdev,nofail,x-systemd.automount,comment=x,state=/var/lib/ackfs/two 0 0
		sandbox /home/ann/ack ackfs noauto,user,nofail 0 0
	END
	mount -a
	not_mounted /mnt/ack
	[ -s /mnt/other/README ]
	mount /mnt/ack
	[ -s /mnt/ack/README ]
	umount -a -t fuse.ackfs
	not_mounted /mnt/ack
	not_mounted /mnt/other
	# `user`: mount(8) hands over to that user, who may unmount it, too
	as ann mount /home/ann/ack
	same "$(id -u ann)" "$(ps -o uid= -C ackfs | tr -d ' ')"
	as ann test -s /home/ann/ack/README
	grep -q "/home/ann/ack fuse.ackfs .*user_id=$(id -u ann)" /proc/mounts
	as ann umount /home/ann/ack
	not_mounted /home/ann/ack
	as ann mount /home/ann/ack
	umount /home/ann/ack
	not_mounted /home/ann/ack
	fails 32 'is not yours' as ann mount /mnt/ack
}

@test "lines of fstab: nofail, _netdev, noauto, x-*, and user" {
	on_machine by_fstab
}

without_rights()
{
	installed
	mkdir -p /mnt/ack
	# mount.fuse3 mounts, and what serves it may do nothing else
	mount -t fuse ackfs#sandbox /mnt/ack -o drop_privileges,nofail
	pid=$(pgrep -x ackfs)
	grep -q 'NoNewPrivs:.1' "/proc/$pid/status"
	grep -q 'CapEff:.0000000000000000' "/proc/$pid/status"
	draft=/mnt/ack/clusters/test
	mkdir "$draft"
	fill_little
	commit
	is_committed
	umount /mnt/ack
	wait_until no_daemon
}

@test "drop_privileges of mount.fuse3: a daemon without a capability" {
	on_machine without_rights
}
