#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Several descriptors and several processes at once, on one directory.

# shellcheck source=tests/lib/ackfs.bash
source "$BATS_TEST_DIRNAME/../lib/ackfs.bash"
bats_require_minimum_version 1.5.0

begin()
{
	mount_sandbox
	draft test
}

@test "appending from many processes at once loses no line" {
	begin
	pids=()
	for i in $(seq 8); do
		(echo "ecs.g7.${i}xlarge" >>"$draft/worker_instance_types") &
		pids+=($!)
	done
	taken=0
	for pid in "${pids[@]}"; do
		! wait "$pid" || taken=$((taken + 1))
	done
	[ "$taken" -ge 1 ]
	same "$taken" "$(wc -l <"$draft/worker_instance_types")"
}

@test "two descriptors that append in turn: each line stays" {
	begin
	run -0 /usr/bin/python3 - "$draft/worker_instance_types" <<-'P'
		import os, sys
		a, b = (os.open(sys.argv[1], os.O_WRONLY | os.O_APPEND) for _ in "ab")
		for n, fd in enumerate((a, b, a, b)):
		    os.write(fd, b"ecs.g7.%dxlarge\n" % n)
	P
	same 4 "$(wc -l <"$draft/worker_instance_types")"
}

@test "sizes are true, whoever asked first" {
	begin
	run -0 /usr/bin/python3 - "$draft" <<-'P'
		import os, sys
		d = sys.argv[1]
		# a size that came with its name may be a tenth of a second old
		for f in ("check", "request.json", "error"):
		    os.stat(f"{d}/{f}")
		for n in range(300):
		    if os.fork() == 0:
		        for f in ("check", "request.json", "error"):
		            os.stat(f"{d}/{f}")
		        os._exit(0)
		    with open(f"{d}/num_of_nodes", "w") as f:
		        f.write(f"{n % 101}\n")
		    os.wait()
		    for f in ("check", "request.json", "error"):
		        size = os.stat(f"{d}/{f}").st_size
		        text = open(f"{d}/{f}", "rb").read()
		        assert size == len(text), (n, f, size, len(text))
	P
}

@test "a size that was asked for while a truncation was held back is no longer believed" {
	begin
	run -0 /usr/bin/python3 - "$draft" <<-'P'
		import os, sys
		f = sys.argv[1] + "/kubernetes_version"
		for n in range(100):
		    with open(f, "w") as out:
		        out.write("1.32.1-aliyun.1\n")
		    fd = os.open(f, os.O_WRONLY | os.O_TRUNC)
		    os.stat(f)
		    os.close(fd)
		    for _ in range(1000):
		        if not open(f).read():
		            break
		    assert os.stat(f).st_size == 0, n
	P
}

@test "a parameter moved to a backup name leaves its value there" {
	begin
	put num_of_nodes 3
	mv "$draft/num_of_nodes" "$draft/num_of_nodes~"
	same 3 "$(cat "$draft/num_of_nodes~")"
	put num_of_nodes 5
	same 3 "$(cat "$draft/num_of_nodes~")"
	mv "$draft/num_of_nodes~" "$draft/num_of_nodes"
	reads num_of_nodes 3
}

@test "names that go while a directory is read do not come back" {
	begin
	run -0 /usr/bin/python3 - "$draft" "$mnt/clusters" <<-'P'
		import os, sys
		d, top = sys.argv[1:]
		for n in range(400):
		    os.mkdir(f"{top}/c{n}")
		with os.scandir(top) as entries:
		    names = [e.name for _, e in zip(range(10), entries)]
		    os.rename(f"{top}/c99", f"{top}/renamed")
		    for e in entries:
		        try:
		            e.stat(follow_symlinks=False)
		        except FileNotFoundError:
		            pass
		assert not os.path.exists(f"{top}/c99")
		fd = os.open(top, os.O_RDONLY)
		before = os.listdir(fd)
		os.mkdir(f"{top}/after")
		assert "after" in os.listdir(fd), "rewinddir shows what there is now"
	P
	rm "$draft/cpu_policy"
	ls -l "$draft" >/dev/null
	[ ! -e "$draft/cpu_policy" ]
}

@test "what rm hid of a draft is there again once it is committed" {
	begin
	fill_little
	rm "$draft/state" "$draft/error" "$draft/check"
	commit
	[ -e "$draft/state" ]
	same '' "$(cat "$draft/error")"
}

@test "a body that is refused names the parameter" {
	begin
	ends 'write EINVAL' write "$draft/request.json" '{"foo": 1}'
	holds "$(head -n 1 "$draft/error")" '^foo: '
}

@test "a body that goes wrong after its end leaves the draft as it was" {
	begin
	put num_of_nodes 3
	run -0 /usr/bin/python3 - "$draft/request.json" <<-'P'
		import errno, os, sys
		fd = os.open(sys.argv[1], os.O_WRONLY | os.O_TRUNC)
		os.write(fd, b'{"num_of_nodes": 7}')
		try:
		    os.write(fd, b"rubbish")
		except OSError as e:
		    assert e.errno == errno.EINVAL
		else:
		    raise SystemExit("it was taken")
	P
	reads num_of_nodes 3
}
