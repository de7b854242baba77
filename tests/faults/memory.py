#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A mounted daemon whose allocations fail, one after the other.

usage: memory.py ACKFS ACK-SANDBOX MEMORY.so [STRIDE]

A first life of a directory (mkdir, values, a commit, reading, an edit, ls)
counts the allocations of the daemon (memory.c). Then, for every STRIDE-th of
them, another life meets a failure there; and some lives meet one at each
k-th. The daemon has to go on, each step to end well or with an errno that is
true, and each directory to end with just one cluster. Prints a line for what
is wrong, and a last one with the figures.
"""
import collections
import errno
import os
import shutil
import signal
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(1, os.path.dirname(os.path.abspath(__file__)) + "/../crash")
from page import Page
from trial import DRAFT, Mount, Sandbox, get, judge, put, until

ACKFS, SANDBOX, SHIM = (os.path.abspath(p) for p in sys.argv[1:4])
STRIDE = int(sys.argv[4]) if len(sys.argv) > 4 else 1
HONEST = {"ENOMEM"}
OFTEN = (3, 5, 11, 37, 101)


class Life:
    """What a user does with one directory; errnos are counted."""

    def __init__(self, mount, name):
        self.mount, self.name = mount, name
        self.dir = f"{mount.dir}/clusters/{name}"
        self.ends = collections.Counter()
        self.written = {}
        self.committed = False

    def step(self, what, call, *args):
        try:
            ret = call(*args)
        except OSError as e:
            ret = -e.errno
        err = abs(ret) if isinstance(ret, int) else 0
        self.ends[(what, errno.errorcode[err] if err else "OK")] += 1
        return err

    def write(self, name, text):
        if not self.step("write", lambda: put(f"{self.dir}/{name}", text + "\n")):
            self.written[name] = text

    def read(self, name):
        def all_of_it():
            with open(f"{self.dir}/{name}", encoding="utf-8") as f:
                f.read()
        self.step("read", all_of_it)

    def lead(self):
        self.step("mkdir", os.mkdir, self.dir)
        if not os.path.isdir(self.dir):
            return
        for k, v in DRAFT.items():
            self.write(k, v)
        for name in ("check", "request.json", "plan"):
            self.read(name)
        self.step("ls", os.listdir, self.dir)
        self.step("ls", os.listdir, f"{self.mount.dir}/clusters")
        self.step("cat index.html", get, f"{self.mount.dir}/index.html")
        self.committed = not self.step(
            "commit", lambda: put(f"{self.dir}/commit", "1\n"))
        for name in ("state", "error"):
            self.read(name)
        if self.committed:
            self.step("edit", put, f"{self.dir}/deletion_protection", "true\n")
            self.read("events")

    def fault(self):
        """What is wrong already, before it is known what was made."""
        bad = {e for _, e in self.ends} - {"OK"} - HONEST
        if len(self.written) < len(DRAFT):
            bad.discard("EINVAL")  # a draft that is not whole
        if bad:
            return f"{sorted(bad)}: {self.ends}, {get(self.dir + '/error')}"
        lost = [k for k, v in self.written.items()
                if get(f"{self.dir}/{k}") != v]
        if lost:
            return f"written and not there: {lost}"
        if self.committed and not get(f"{self.dir}/cluster_id"):
            return "commit said yes, and there is no ID"
        return None

    def finish(self, sandbox):
        """Without failures: the directory is made good, with one cluster."""
        if not os.path.isdir(self.dir):
            os.mkdir(self.dir)
        state = f"{self.dir}/state"
        if not until(lambda: get(state) not in ("unknown", "committing")):
            return f"still {get(state)}: {get(self.dir + '/error')}"
        if get(state) == "draft":
            for k, v in DRAFT.items():
                put(f"{self.dir}/{k}", v + "\n")
            if put(f"{self.dir}/commit", "1\n"):
                return f"no commit afterwards: {get(self.dir + '/error')}"
        fault = judge(sandbox, self.mount, self.name)
        return fault or (None if get(f"{self.dir}/cluster_id")
                         else "no cluster in the end")


def run(sandbox, base):
    page = Page(base + "/page")
    mount = Mount(ACKFS, sandbox, base,
                  Page.environment(SHIM, base + "/page"))
    lives, faults, ends = [], [], collections.Counter()

    def live(name, **failing):
        for field, value in failing.items():
            page.put(field, value)
        life = Life(mount, name)
        life.lead()
        page.calm()
        if mount.process.poll() is not None:
            raise RuntimeError(f"{name}: the daemon ended with "
                               f"{mount.process.returncode}")
        fault = life.fault()
        if fault:
            faults.append(f"{name}: {fault}")
        ends.update(life.ends)
        lives.append(life)

    try:
        for n in range(3):
            first = page.calls
            live(f"whole-{n}")
        count = page.calls - first
        ends.clear()
        for n in range(1, count + 1, STRIDE):
            live(f"one-{n}", at=page.calls + n)
        for k in OFTEN:
            live(f"each-{k}", every=k)
        failed = page.failed
        for life in lives:
            fault = life.finish(sandbox)
            if fault:
                faults.append(f"{life.name}: {fault}")
        mount.end(signal.SIGKILL)
        mount = Mount(ACKFS, sandbox, base)
        for life in lives:
            life.mount = mount
            fault = judge(sandbox, mount, life.name)
            if fault:
                faults.append(f"{life.name}, the next mount: {fault}")
    finally:
        mount.end()
        subprocess.run(["umount", "-l", mount.dir], check=False,
                       stderr=subprocess.DEVNULL)
    return count, failed, len(lives), faults, ends


def main():
    base = tempfile.mkdtemp(prefix="ackfs-memory-")
    sandbox = Sandbox(SANDBOX)
    try:
        count, failed, lives, faults, ends = run(sandbox, base)
    finally:
        sandbox.stop()
        shutil.rmtree(base, ignore_errors=True)
    for fault in faults:
        print("not ok -", fault)
    for (what, end), n in sorted(ends.items()):
        if end != "OK":
            print(f"# {what}: {n} times {end}")
    print(f"# {count} allocations in a life, {failed} failed in {lives} "
          f"lives, {len(faults)} faults")
    return 1 if faults or not failed else 0


if __name__ == "__main__":
    sys.exit(main())
