#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2317 # what runs on the machine is reached another way
# Users who are not root: what they may mount, who may enter, and whose the
# secrets and the orders are.

# shellcheck source=tests/lib/ackfs.bash
source "$BATS_TEST_DIRNAME/../lib/ackfs.bash"
# shellcheck source=tests/lib/machine.bash
source "$BATS_TEST_DIRNAME/../lib/machine.bash"
bats_require_minimum_version 1.5.0

users()
{
	installed
	sandbox_start --speed 50
	useradd -m ann
	useradd -m bob
	mnt=/home/ann/ack
	chmod 755 /home/ann
	mkdir $mnt
	chown ann: $mnt
}

no_daemon()
{
	! pgrep -x ackfs >/dev/null
}

# creates USER NAME: a cluster, by that user.
creates()
{
	as "$1" bash -e -c 'mkdir "$0"; cd "$0"
		echo 0 >num_of_nodes; echo true >snat_entry
		echo flannel >addons; echo 1 >commit
		cat cluster_id live/wait' "$mnt/clusters/$2" >/tmp/test/created
	tail -n 1 /tmp/test/created | grep -qx running
}

alone()
{
	users
	as ann ackfs "$url" $mnt -o region=cn-beijing,refresh=1
	creates ann test
	same "ann ann" "$(as ann stat -c '%U %G' $mnt/clusters/test/state)"
	[ -d /home/ann/.local/state/ackfs ]
	same 700 "$(stat -c %a /home/ann/.local/state/ackfs/*)"
	as ann cat $mnt/clusters/test/live/kubeconfig | grep -q clusters:
	# nobody else enters, not even root
	fails 2 'Permission denied' as bob ls $mnt
	fails 2 'Permission denied' ls $mnt
	fails 1 'Permission denied' cat $mnt/status
	fails 1 '.' as bob fusermount3 -u $mnt
	grep -q "uid=$(id -u ann) pid=[0-9]* action=" \
		/home/ann/.local/state/ackfs/*/audit.log
	as ann fusermount3 -u $mnt
	not_mounted $mnt
	wait_until no_daemon
	# umount(8) does as well, and so does root
	as ann ackfs "$url" $mnt -o region=cn-beijing,refresh=1
	as ann umount $mnt
	wait_until no_daemon
	as ann ackfs "$url" $mnt -o region=cn-beijing,refresh=1
	umount $mnt
	wait_until no_daemon
}

@test "mount, create and unmount; nobody else can enter" {
	on_machine alone
}

refusals()
{
	users
	fails 1 'allow_other.*root adds the line user_allow_other to /etc/fuse.conf' \
		as ann ackfs "$url" $mnt -o region=cn-beijing,refresh=1,allow_other
	fails 1 '/mnt is not yours' as ann ackfs sandbox /mnt
	fails 1 "every user can write to the mountpoint /tmp" as ann ackfs sandbox /tmp
	chmod 600 /dev/fuse
	fails 1 '/dev/fuse cannot be used: Permission denied' \
		as ann ackfs "$url" $mnt -o region=cn-beijing,refresh=1
	chmod 666 /dev/fuse
	mv /usr/bin/fusermount3 /usr/bin/not-here
	fails 1 'fusermount3' as ann ackfs "$url" $mnt -o region=cn-beijing,refresh=1
	mv /usr/bin/not-here /usr/bin/fusermount3
	no_daemon
	not_mounted $mnt
}

@test "each refusal has a sentence that says what to do" {
	on_machine refusals
}

shared()
{
	users
	# not this one: #user_allow_other, nor other_user_allow_other
	sed -i 's/^#*user_allow_other.*/  user_allow_other  /' /etc/fuse.conf
	as ann ackfs "$url" $mnt -o region=cn-beijing,refresh=1,allow_other
	grep -q "$mnt fuse.ackfs .*default_permissions,allow_other" /proc/mounts
	creates ann test
	draft=$mnt/clusters/test
	# others read
	for who in bob root; do
		as $who test -s $mnt/status
		same running "$(as $who cat $draft/state)"
		as $who grep -q . $draft/live/detail.json
	done
	# what they may not, the kernel refuses bob, and the daemon root
	draft=$mnt/clusters/draft
	as ann mkdir $draft
	for who in bob root; do
		same 'open EACCES' "$(as $who "$lib/try" read \
			$mnt/live/test/kubeconfig)"
		for order in draft/commit draft/login_password test/delete; do
			same 'open EACCES' "$(as $who "$lib/try" write \
				$mnt/clusters/$order 1)"
		done
	done
	grep -q "only user $(id -u ann), the owner of the mount" $draft/error
	same 'mkdir EACCES' "$(as bob "$lib/try" mkdir $mnt/clusters/more)"
	same 'open EACCES' "$(as bob "$lib/try" write $draft/num_of_nodes 1)"
	same draft "$(cat $draft/state)"
	same '' "$(cat $draft/num_of_nodes)"
	# a name that rm took away is made again by its owner only
	as ann rm $draft/commit
	same 'open EACCES' "$(as root "$lib/try" create $draft/commit 1)"
	as ann "$lib/try" write $draft/login_password Test@1900ackfs |
		grep -qx OK
	as ann cat $mnt/live/test/kubeconfig | grep -q clusters:
	as ann fusermount3 -u $mnt
}

@test "allow_other: others read; secrets, orders and changes are the owner's" {
	on_machine shared
}

# code USER CURL-ARGUMENT...: the status of the answer that the user gets.
code()
{
	local who=$1

	shift
	as "$who" curl -s -o /dev/null -w '%{http_code}' "$@"
}

# Clusters, faults and the log of a sandbox are for who has its key.
sandbox_of_ann()
{
	users
	# what ann starts by hand lets her in without it
	as ann bash -c 'ack-sandbox >/home/ann/line 2>/dev/null & echo $!' \
		>/tmp/test/pid
	wait_until test -s /home/ann/line
	url=$(jq -r .url /home/ann/line)
	key=$(jq -r '.access_key_id + ":" + .access_key_secret' /home/ann/line)
	steers "$key" 200
	kill "$(cat /tmp/test/pid)"
	# and what a mount starts nobody who has it not
	as ann env ACK_SANDBOX_KEY=made:up ackfs sandbox $mnt
	url=$(as ann sed -n 's/^endpoint: \([^ ]*\).*/\1/p' $mnt/status)
	steers made:up 401
	as ann fusermount3 -u $mnt
	wait_until no_daemon
	as ann ackfs sandbox $mnt
	url=$(as ann sed -n 's/^endpoint: \([^ ]*\).*/\1/p' $mnt/status)
	steers : 401 401
	as ann fusermount3 -u $mnt
}

# steers KEY CODE [CODE]: what ann gets without the key, and anybody with it.
steers()
{
	local control with=${3:-200}

	for control in requests clusters faults; do
		set -- "$1" "$2" "$url/_sandbox/$control"
		[ $control != faults ] || set -- "$@" -d '[]'
		same "$2" "$(code ann "${@:3}")"
		same 401 "$(code bob "${@:3}")"
		same 401 "$(code bob "${@:3}" -u "$1x")"
		same 401 "$(code bob "${@:3}" -H 'Authorization: Basic')"
		same "$with" "$(code bob "${@:3}" -u "$1")"
		same "$with" "$(code ann "${@:3}" -u "$1")"
	done
	same 401 "$(code bob -d '{"count": 1, "name": "planted"}' \
		"$url/_sandbox/clusters")"
	! as bob curl -s "$url/_sandbox/requests" | grep -q serial
}

@test "a sandbox is steered by its user, or with its key" {
	on_machine sandbox_of_ann
}

# What ann has opened is still hers alone when somebody else has it.
handed_on()
{
	users
	echo user_allow_other >>/etc/fuse.conf
	as ann ackfs "$url" $mnt -o region=cn-beijing,refresh=1,allow_other
	creates ann test
	draft=$mnt/clusters/draft
	as ann mkdir $draft
	for who in bob root; do
		same 'read EACCES' "$("$lib/handed" ann $who read \
			$mnt/live/test/kubeconfig)"
		grep -q "the owner of the mount, may do this; user $(id -u $who) tried" \
			$mnt/live/test/error
		for order in draft/commit draft/login_password test/delete; do
			same 'write EACCES' "$("$lib/handed" ann $who write \
				$mnt/clusters/$order 1)"
			grep -q "user $(id -u $who) tried" \
				$mnt/clusters/${order%/*}/error
		done
		same 'truncate EACCES' "$("$lib/handed" ann $who truncate \
			$draft/login_password)"
		# all else is anybody's who was given it
		same OK "$("$lib/handed" ann $who read $draft/check)"
		same OK "$("$lib/handed" ann $who write $draft/num_of_nodes 1)"
	done
	same draft "$(cat $draft/state)"
	same OK "$("$lib/handed" ann ann write $draft/login_password \
		Test@1900ackfs)"
	# nor can root, whom every mode lets pass, take it away or replace it
	same 'truncate EACCES' "$("$lib/try" truncate $draft/login_password)"
	for name in login_password commit; do
		same 'unlink EACCES' "$("$lib/try" unlink $draft/$name)"
		same OK "$("$lib/try" create $draft/.$name.AbC123 Other@1900)"
		same 'rename EACCES' "$("$lib/try" rename \
			$draft/.$name.AbC123 $draft/$name)"
		# what may become a secret is seen by its owner only
		same 'open EACCES' "$(as bob "$lib/try" read \
			$draft/.$name.AbC123)"
	done
	lacks "$(cat $draft/check)" login_password
	as ann fusermount3 -u $mnt
}

@test "allow_other: a descriptor that the owner handed on gives nobody more" {
	on_machine handed_on
}

given_away()
{
	users
	gid=$(getent group games | cut -d: -f3)
	ackfs "$url" $mnt -o "region=cn-beijing,refresh=1,allow_other,uid=$(id -u ann),gid=$gid,umask=007"
	same 'ann games 770' "$(stat -c '%U %G %a' $mnt | sed 's/ 750$/ 770/')"
	same 'ann games 440' "$(stat -c '%U %G %a' $mnt/status)"
	creates ann test
	as ann cat $mnt/live/test/kubeconfig | grep -q clusters:
	as ann chown ann:games $mnt/status
	fails 1 'not permitted' as ann chown ann:ann $mnt/status
	# modes count: bob has none, unless by the group
	fails 2 'Permission denied' as bob ls $mnt
	usermod -aG games bob
	same running "$(as bob cat $mnt/clusters/test/state)"
	fails 1 'Permission denied' as bob cat $mnt/live/test/kubeconfig
	# who mounted it may do all that the owner may
	cat $mnt/live/test/kubeconfig | grep -q clusters:
	umount $mnt
}

@test "uid=, gid= and umask= are shown and enforced" {
	on_machine given_away
}
