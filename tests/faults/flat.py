#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Cycles of everything that a mount can do, after which it holds what it held.

usage: flat.py ACKFS ACK-SANDBOX MEMORY.so|none CYCLES [PROGRAM...]

Drafts, scratch files, commits, edits, node pools, live files, watchers,
deletion. Descriptors are counted after each cycle, and with the shim what is
allocated; neither may grow from the first quarter on. PROGRAM..., such as
valgrind, runs the daemon. Prints a line with the figures, and what is wrong.
"""
import collections
import os
import select
import shutil
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
sys.path.insert(1, os.path.dirname(os.path.abspath(__file__)) + "/../crash")
from page import Page
from trial import DRAFT, Mount, Sandbox, get, put, until

ACKFS, SANDBOX, SHIM = sys.argv[1:4]
CYCLES = int(sys.argv[4])
WATCHERS = 8


class Wrong(Exception):
    pass


def must(true, what):
    if not true:
        raise Wrong(what)


def wrote(path, text):
    err = put(path, text)
    must(not err, f"{path}: {os.strerror(err)}")


def draft(c):
    os.mkdir(c)
    for k, v in DRAFT.items():
        wrote(f"{c}/{k}", v + "\n")
    for name in os.listdir(c):
        get(f"{c}/{name}")
    # an editor's ways
    with open(f"{c}/.num_of_nodes.swp", "w", encoding="utf-8") as f:
        f.write("3\n")
        f.flush()
        os.fsync(f.fileno())
    os.rename(f"{c}/.num_of_nodes.swp", f"{c}/num_of_nodes")
    must(put(f"{c}/num_of_nodes", "many\n"), "taken: many")
    must(put(f"{c}/commit", "2\n"), "taken: 2")
    wrote(f"{c}/num_of_nodes", "0\n")


def watched(c, live):
    """Opens files that wait, and reads them when there is something."""
    waiting = select.poll()
    fds = [os.open(path, os.O_RDONLY | os.O_NONBLOCK)
           for path in [f"{live}/watch", f"{c}/state", f"{c}/events"]
           for _ in range(WATCHERS)]
    for fd in fds:
        waiting.register(fd, select.POLLIN | select.POLLPRI)
    waiting.poll(50)
    for fd in fds:
        try:
            os.read(fd, 4096)
        except BlockingIOError:
            pass
        os.close(fd)


def cycle(mount, n):
    c, live = f"{mount.dir}/clusters/flat", f"{mount.dir}/live/flat"
    draft(c)
    os.rename(c, c + "-2")
    os.rename(c + "-2", c)
    wrote(f"{c}/commit", "1\n")
    with open(f"{c}/events", encoding="utf-8") as tail:
        watched(c, live)
        must(get(f"{live}/wait") == "running", "it does not run")
        must(tail.read(), "no events")
    for name in os.listdir(live):
        if name not in ("wait", "watch"):
            get(f"{live}/{name}")
    for value in ("true", "false"):
        wrote(f"{c}/deletion_protection", value + "\n")
        get(f"{c}/plan")
        wrote(f"{c}/commit", "1\n")
        must(get(f"{live}/wait") == "running", "it does not run")
    os.mkdir(f"{c}/nodepools/pool")
    wrote(f"{c}/nodepools/pool/system_disk_size", "120\n")
    os.rmdir(f"{c}/nodepools/pool")
    for name in ("index.html", "status", "README", "error"):
        get(f"{mount.dir}/{name}")
    must(put(f"{c}/delete", "none\n"), "deleted by another word")
    wrote(f"{c}/delete", get(f"{c}/cluster_id") + "\n")
    must(until(lambda: not os.path.exists(c), 60), f"cycle {n}: it is still there")
    # what the kernel has yet to forget, the daemon still holds
    subprocess.run(["sync", "-f", mount.dir], check=False)


Held = collections.namedtuple("Held", "connections descriptors blocks bytes")


def held(mount, page):
    proc = f"/proc/{mount.process.pid}/fd"
    kinds = [os.readlink(f"{proc}/{fd}").split(":")[0]
             for fd in os.listdir(proc)]
    return Held(kinds.count("socket"), len(kinds),
                page.live if page else 0, page.bytes if page else 0)


def calm(mount, page):
    """What it holds when nothing is going on any more."""
    last = held(mount, page)
    for _ in range(200):
        time.sleep(0.05)
        seen = held(mount, page)
        if seen == last:
            break
        last = seen
    return last


def grown(seen):
    """Connections are kept for a while, one or two of them, each with its
    memory: what is compared are times with the same number."""
    compared = 0
    for n in {s.connections for s in seen}:
        alike = [s for s in seen if s.connections == n]
        compared += len(alike) - 1
        first = Held(*map(max, zip(*alike[:max(1, len(alike) // 4)])))
        # 16 bytes more were seen in just as many blocks, once, at the end:
        # bytes that are lost stay lost in all of the last times
        late = alike[-((len(alike) + 1) // 2):]
        last = alike[-1]._replace(bytes=min(s.bytes for s in late))
        for what in ("descriptors", "blocks", "bytes"):
            if getattr(last, what) > getattr(first, what):
                yield f"{what} grew: {[getattr(s, what) for s in alike]}"
    if compared < len(seen) // 2:
        yield f"there is little to compare: {seen}"


def main():
    base = tempfile.mkdtemp(prefix="ackfs-flat-")
    page = None if SHIM == "none" else Page(base + "/page")
    env = Page.environment(SHIM, base + "/page") if page else None
    sandbox = Sandbox(SANDBOX, "--speed", "100")
    faults, seen = [], []
    try:
        mount = Mount([*sys.argv[5:], ACKFS], sandbox, base, env,
                      "refresh=1,qps=1000")
        try:
            for n in range(CYCLES):
                cycle(mount, n)
                seen.append(calm(mount, page))
        except (OSError, Wrong) as e:
            faults.append(f"cycle {n}: {e}")
        if not mount.unmount():
            faults.append(f"it ended with {mount.process.returncode}")
        print(open(base + "/log", encoding="utf-8").read())
        faults += grown(seen[1:])  # the first one fills what is kept
        if os.path.ismount(mount.dir):
            faults.append("it is still mounted")
    finally:
        sandbox.stop()
        shutil.rmtree(base, ignore_errors=True)
    for fault in faults:
        print("not ok -", fault)
    print(f"# {len(seen)} cycles; after the second and the last",
          *seen[1:2], *seen[-1:])
    return 1 if faults or len(seen) < CYCLES else 0


if __name__ == "__main__":
    sys.exit(main())
