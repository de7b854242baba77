#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What POSIX and Linux say of the calls that make, remove and change files, as
# tables: how it ends, the call, its arguments (tests/lib/calls). What a draft
# has of its own is in draft.bats.

# shellcheck source=tests/lib/ackfs.bash
source "$BATS_TEST_DIRNAME/../lib/ackfs.bash"
bats_require_minimum_version 1.5.0

setup()
{
	ackfs_setup
	mount_sandbox
	draft test
	c=$mnt/clusters d=$draft
	put num_of_nodes 3
	printf 5 >"$d/num_of_nodes~"
	ln -s loop "$dir/loop"
	ln -s "$d/num_of_nodes" "$dir/link"
}

teardown()
{
	rm -f "$dir/loop" "$dir/link"
	ackfs_teardown
}

# calls: of the table that is standard input
calls()
{
	"$lib/calls"
}

# every NAME: what all calls with a path have in common, for that call
every()
{
	local call=$1 more=${2-}

	calls <<-END
		# a component that is no directory
		ENOTDIR $call $d/num_of_nodes/x $more
		ENOTDIR $call $mnt/README/x $more
		# a name of 256 bytes
		ENAMETOOLONG $call $d/x*256 $more
		ENAMETOOLONG $call $c/x*256 $more
		ENAMETOOLONG $call $mnt/x*256 $more
		ENAMETOOLONG $call $c/x*256/y $more
		ENAMETOOLONG $call $c/x*1000 $more
		ENAMETOOLONG $call $c/x*3000 $more
		# a path longer than PATH_MAX
		ENAMETOOLONG $call $d/./././././././././././././././././././x*4096 $more
		# a directory that is not there
		ENOENT $call $c/none/x $more
		ENOENT $call $c/none/x/y $more
		ENOENT $call $mnt/none/x $more
		# symbolic links in circles
		ELOOP $call $dir/loop/x $more
	END
}

@test "mkdir" {
	every mkdir
	calls <<-END
		# what is there
		EEXIST mkdir $d
		EEXIST mkdir $c
		EEXIST mkdir $mnt
		EEXIST mkdir $mnt/README
		EEXIST mkdir $d/num_of_nodes
		EEXIST mkdir $d/num_of_nodes~
		EEXIST mkdir $c/.
		EEXIST mkdir $dir/link
		# where none are made
		EPERM mkdir $d/x
		EPERM mkdir $mnt/x
		EPERM mkdir $mnt/schema/x
		EPERM mkdir $mnt/live/x
		EPERM mkdir $mnt/by-id/x
		# a name that no cluster has
		EINVAL mkdir $c/x*255
		EINVAL mkdir $c/x*64
		EINVAL mkdir $c/-x
		OK mkdir $c/x*63
		40755,2 stat $c/x*63
		OK mkdir $c/new/
		later bumps $c/new/num_of_nodes write $c/new/num_of_nodes O_WRONLY 4
		# an address of nobody
		EFAULT nowhere mkdir 493
	END
}

@test "rmdir" {
	every rmdir
	calls <<-END
		# what is no directory
		ENOTDIR rmdir $d/num_of_nodes
		ENOTDIR rmdir $d/num_of_nodes~
		ENOTDIR rmdir $mnt/README
		ENOTDIR rmdir $dir/link
		# what is not there
		ENOENT rmdir $c/none
		ENOENT rmdir $d/none
		# the dots
		EINVAL rmdir $d/.
		ENOTEMPTY rmdir $d/..
		# what is fixed
		EPERM rmdir $c
		EPERM rmdir $mnt/schema
		EPERM rmdir $mnt/live
		EPERM rmdir $mnt/by-id
		# the mount itself
		EBUSY rmdir $mnt
		EFAULT nowhere rmdir
		# a draft, with all in it
		OK rmdir $d
		ENOENT rmdir $d
		ENOENT access $d/num_of_nodes
	END
}

@test "unlink" {
	every unlink
	calls <<-END
		# a directory
		EISDIR unlink $d
		EISDIR unlink $c
		# what is not there
		ENOENT unlink $d/none
		ENOENT unlink $c/none
		# what is fixed
		EPERM unlink $mnt/README
		EPERM unlink $mnt/schema/num_of_nodes
		EFAULT nowhere unlink
		# an open file stays what it was, without a link
		0,same unlinked $d/num_of_nodes
		0,same unlinked $d/num_of_nodes~
		0,same unlinked $d/state
		# and its name is gone
		ENOENT access $d/num_of_nodes
		ENOENT unlink $d/num_of_nodes~
		ENOENT open $d/state O_RDONLY
		# until it is made again
		OK open $d/num_of_nodes O_WRONLY|O_CREAT|O_EXCL
		100644,1 stat $d/num_of_nodes
	END
}

@test "open" {
	every open O_RDONLY
	every open 'O_WRONLY|O_CREAT'
	calls <<-END
		# what is there already
		EEXIST open $d/num_of_nodes O_WRONLY|O_CREAT|O_EXCL
		EEXIST open $d/num_of_nodes~ O_WRONLY|O_CREAT|O_EXCL
		EEXIST open $d/check O_RDONLY|O_CREAT|O_EXCL
		EEXIST open $d O_RDONLY|O_CREAT|O_EXCL
		EEXIST open $dir/link O_WRONLY|O_CREAT|O_EXCL
		# what is not there
		ENOENT open $d/none O_RDONLY
		ENOENT open $d/none O_WRONLY|O_TRUNC
		EPERM open $d/none O_WRONLY|O_CREAT
		EPERM open $c/none O_WRONLY|O_CREAT
		EPERM open $mnt/none O_WRONLY|O_CREAT
		EPERM open $mnt/schema/none O_WRONLY|O_CREAT
		# directories are not written
		EISDIR open $d O_WRONLY
		EISDIR open $d O_RDWR
		EISDIR open $d O_RDONLY|O_TRUNC
		EISDIR open $d O_RDONLY|O_CREAT
		OK open $d O_RDONLY|O_DIRECTORY
		OK getdents $d O_RDONLY|O_DIRECTORY
		# and files are none
		ENOTDIR open $d/num_of_nodes O_RDONLY|O_DIRECTORY
		ENOTDIR open $d/num_of_nodes/ O_RDONLY
		# links
		ELOOP open $dir/loop O_RDONLY
		ELOOP open $dir/link O_RDONLY|O_NOFOLLOW
		OK open $dir/link O_RDONLY
		# files without a name
		ENOTSUP open $d O_WRONLY|O_TMPFILE
		# what is only read, and what is only written
		EPERM open $d/check O_WRONLY
		EPERM open $d/check O_RDONLY|O_TRUNC
		EPERM open $mnt/README O_RDWR
		EPERM open $mnt/schema/num_of_nodes O_WRONLY|O_TRUNC
		OK open $d/commit O_RDONLY
		OK open $d/login_password O_RDWR
		0 seek $d/commit O_RDONLY 0 SEEK_END
		# a descriptor that only names it
		OK open $d/login_password O_PATH
		EBADF read $d/num_of_nodes O_PATH
		# neither opened nor emptied
		3 read $d/num_of_nodes O_RDONLY
		5 read $d/num_of_nodes~ O_RDONLY
		EFAULT nowhere open 0
	END
}

@test "truncate and ftruncate" {
	put worker_instance_types $'ecs.g7.xlarge\necs.c7.xlarge'
	every truncate 0
	calls <<-END
		# directories
		EISDIR truncate $d 0
		EISDIR truncate $mnt 0
		# what is not there
		ENOENT truncate $d/none 0
		# sizes that are none
		EINVAL truncate $d/num_of_nodes -1
		EINVAL ftruncate $d/num_of_nodes O_WRONLY -1
		EINVAL truncate $d/num_of_nodes~ -1
		# sizes that no text has
		EINVAL truncate $d/num_of_nodes 100
		EFBIG truncate $d/num_of_nodes 65539
		EFBIG truncate $d/num_of_nodes 1099511627776
		EFBIG truncate $d/num_of_nodes 9223372036854775807
		EFBIG truncate $d/num_of_nodes~ 262145
		EFBIG truncate $d/num_of_nodes~ 9223372036854775807
		3 read $d/num_of_nodes O_RDONLY
		# what was opened to read
		EINVAL ftruncate $d/num_of_nodes O_RDONLY 0
		EBADF ftruncate $d/num_of_nodes O_PATH 0
		# what is only read
		EPERM truncate $d/check 0
		EPERM truncate $mnt/README 0
		# shorter
		OK truncate $d/worker_instance_types 13
		ecs.g7.xlarge read $d/worker_instance_types O_RDONLY
		later bumps $d/worker_instance_types truncate $d/worker_instance_types 5
		ecs.g read $d/worker_instance_types O_RDONLY
		OK ftruncate $d/worker_instance_types O_WRONLY 0
		0 seek $d/worker_instance_types O_RDONLY 0 SEEK_END
		# a scratch file has any size
		OK truncate $d/num_of_nodes~ 262144
		262144 seek $d/num_of_nodes~ O_RDONLY 0 SEEK_END
		OK truncate $d/num_of_nodes~ 1
		5 read $d/num_of_nodes~ O_RDONLY
		EFAULT nowhere truncate 0
	END
}

@test "chmod, chown, utimes" {
	every chmod 644
	every chown '0 0'
	every utime 0
	calls <<-END
		ENOENT chmod $d/none 644
		ENOENT chown $d/none 0 0
		# asking for another mode or time is no failure, and changes none
		OK chmod $d/num_of_nodes 777
		100644,1 stat $d/num_of_nodes
		OK chmod $d/login_password 644
		100600,1 stat $d/login_password
		OK chmod $d 000
		40755,2 stat $d
		OK chmod $dir/link 600
		OK utime $d/num_of_nodes 0
		OK utime $d/num_of_nodes -100000
		later bumps $d/num_of_nodes write $d/num_of_nodes O_WRONLY 4
		# all belongs to who mounted it
		OK chown $d/num_of_nodes $(id -u) $(id -g)
		OK chown $d/num_of_nodes -1 -1
		EPERM chown $d/num_of_nodes 12345 -1
		EPERM chown $d/num_of_nodes -1 12345
		EPERM chown $d 12345 12345
		EFAULT nowhere chmod 420
		EFAULT nowhere chown 0 0
	END
}

@test "rename" {
	draft other
	calls <<-END
		# a component that is no directory, or is not there
		ENOTDIR rename $d/num_of_nodes/x $d/y
		ENOTDIR rename $d/num_of_nodes~ $d/num_of_nodes/y
		ENOENT rename $c/none/x $d/y
		ENOENT rename $d/num_of_nodes~ $c/none/y
		ENOENT rename $d/none $d/num_of_nodes
		ENOENT rename $c/none $c/name
		ELOOP rename $dir/loop/x $d/y
		# long names
		ENAMETOOLONG rename $d/x*256 $d/y
		ENAMETOOLONG rename $d/num_of_nodes~ $d/x*256
		ENAMETOOLONG rename $d $c/x*256
		# the dots
		EBUSY rename $d/. $c/x
		EBUSY rename $d $c/other/..
		# a directory into itself, or onto a file, or a file onto one
		EINVAL rename $d $d/x
		EXDEV/ENOTDIR rename $d $c/other/num_of_nodes
		EXDEV/EISDIR rename $d/num_of_nodes~ $c/other
		EXDEV rename $d $c/other/x
		EXDEV rename $d/num_of_nodes~ $c/other/num_of_nodes
		EXDEV rename $d/num_of_nodes~ $mnt/x
		EXDEV rename $dir/link $d/num_of_nodes
		# onto itself
		OK rename $d $d
		OK rename $d/num_of_nodes $d/num_of_nodes
		# onto what is there
		EEXIST rename $d $c/other
		# names that nothing has
		EPERM rename $d $c/a_b
		EPERM rename $d/num_of_nodes~ $d/none
		EPERM rename $d/num_of_nodes $d/none
		EPERM rename $mnt/README $mnt/README2
		EPERM rename $c $mnt/x
		# all is where it was
		3 read $d/num_of_nodes O_RDONLY
		5 read $d/num_of_nodes~ O_RDONLY
		OK rename $d/num_of_nodes~ $d/num_of_nodes
		5 read $d/num_of_nodes O_RDONLY
		OK rename $d $c/third
		ENOENT access $d
		5 read $c/third/num_of_nodes O_RDONLY
	END
}

@test "renameat2: only where nothing is, and no exchange" {
	/usr/bin/python3 - "$d" <<-'PY'
		import ctypes, errno, os, sys

		libc = ctypes.CDLL(None, use_errno=True)
		draft = sys.argv[1]

		def rename(old, new, flags):
		    paths = [f"{draft}/{name}".encode() for name in (old, new)]
		    return libc.renameat2(-100, paths[0], -100, paths[1], flags) \
		        and errno.errorcode[ctypes.get_errno()]

		assert rename("num_of_nodes~", "num_of_nodes.x", 1) == 0
		assert rename("num_of_nodes.x", "num_of_nodes", 1) == "EEXIST"
		assert rename("num_of_nodes.x", "num_of_nodes", 2) == "EINVAL"
		os.unlink(f"{draft}/num_of_nodes")
		assert rename("num_of_nodes.x", "num_of_nodes", 1) == 0
		assert open(f"{draft}/num_of_nodes").read() == "5\n"
	PY
}

@test "files of other kinds, and other calls" {
	calls <<-END
		# only regular files, each with one name
		EPERM link $d/num_of_nodes $d/other
		EPERM link $d/num_of_nodes $d/timeout_mins~
		EEXIST link $d/num_of_nodes $d/timeout_mins
		EXDEV link $d/num_of_nodes $dir/hard
		EPERM symlink target $d/other
		EPERM symlink target $d/timeout_mins~
		EEXIST symlink target $d/timeout_mins
		EPERM mkfifo $d/other
		EEXIST mkfifo $d/timeout_mins
		EPERM mknod $d/other
		ENAMETOOLONG symlink target $d/x*256
		ENAMETOOLONG mkfifo $d/x*256
		# extended attributes
		ENOTSUP getxattr $d/num_of_nodes user.x
		ENOTSUP setxattr $d/num_of_nodes user.x
		# places that no text has
		EFBIG pwrite $d/num_of_nodes O_WRONLY 2147483648
		EFBIG pwrite $d/num_of_nodes O_WRONLY 4611686018427387904
		EFBIG pwrite $d/num_of_nodes O_WRONLY 9223372036854775806
		EINVAL pwrite $d/num_of_nodes O_WRONLY -1
		EFBIG pwrite $d/num_of_nodes~ O_WRONLY 4611686018427387904
		EBADF pwrite $d/num_of_nodes O_RDONLY 0
		EBADF read $d/num_of_nodes O_WRONLY
		ENOTSUP fallocate $d/num_of_nodes O_WRONLY 4096
		3 read $d/num_of_nodes O_RDONLY
		# what is written has no pages
		ENODEV mmap $d/num_of_nodes O_RDONLY
		# a listing is no text
		EISDIR read $d O_RDONLY
		# how long a name may be, and how long it is
		255 statvfs $mnt
		ENOENT access $c/x*255
		ENOENT access $d/x*255
		ENAMETOOLONG access $c/x*256
		ENAMETOOLONG access $mnt/schema/x*256
		ENAMETOOLONG access $mnt/by-id/x*256
		ENAMETOOLONG access $mnt/live/x*256
	END
	same 0 "$(count_requests)"
}

@test "directories have the time of what happened in them" {
	/usr/bin/python3 - "$mnt" <<-'PY'
		import os, sys, time

		mnt = sys.argv[1]
		top = [f"{mnt}/{d}" for d in ("clusters", "live", "by-id")]
		draft = f"{mnt}/clusters/test"

		def later(paths, gesture, *args):
		    before = [os.stat(p).st_mtime_ns for p in paths]
		    gesture(*args)
		    for p, was in zip(paths, before):
		        assert os.stat(p).st_mtime_ns > was, (gesture, p)
		    assert time.time() - os.stat(p).st_mtime < 60

		def make(name, text=""):
		    with open(f"{draft}/{name}", "w") as f:
		        f.write(text)

		later(top, os.mkdir, f"{mnt}/clusters/new")
		later(top, os.rename, f"{mnt}/clusters/new", f"{mnt}/clusters/old")
		later(top, os.rmdir, f"{mnt}/clusters/old")
		still = os.stat(top[0]).st_mtime_ns
		later([draft], make, ".num_of_nodes.swp", "5")
		later([draft], os.rename, f"{draft}/.num_of_nodes.swp",
		      f"{draft}/num_of_nodes.new")
		later([draft], os.rename, f"{draft}/num_of_nodes.new",
		      f"{draft}/num_of_nodes")
		later([draft], os.unlink, f"{draft}/num_of_nodes")
		later([draft], make, "num_of_nodes", "3")
		later([draft], os.unlink, f"{draft}/check")
		assert os.stat(top[0]).st_mtime_ns == still
	PY
}

@test "a size that is set before its text, on an emptied file" {
	/usr/bin/python3 - "$d/num_of_nodes" "$d/addons" "$d/request.json" <<-'PY'
		import errno, os, sys

		texts = [b"5\n", b"flannel\ncsi\n", b'{"num_of_nodes": 7}']
		for path, text in zip(sys.argv[1:], texts):
		    fd = os.open(path, os.O_WRONLY | os.O_TRUNC)
		    os.ftruncate(fd, len(text))
		    os.write(fd, text)
		    os.ftruncate(fd, len(text))
		    os.close(fd)
		fd = os.open(sys.argv[1], os.O_WRONLY | os.O_TRUNC)
		os.ftruncate(fd, 100)
		os.close(fd)
		assert os.stat(sys.argv[1]).st_size == 0
	PY
	same '{"name":"test","cluster_type":"ManagedKubernetes","region_id":"cn-beijing"}' \
		"$(jq -c . "$d/request.json")"
}
