#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Power cuts on a real file system, at every step of a writer.

usage: powercut.py xfs|ext4 BUILD DIR [SHIM.so...]

DIR gets an image of that file system on a loop device. The writer of
tests/durable is killed before each of the calls by which it changes the disk
(counted by tests/crash/step.c), and then

	kill	nothing more happens
	cut	the power fails: what is not on the disk is gone
	sync	everything reaches the disk, then the power fails
	flush	the file system's log reaches the disk but no data, then the power fails

What must hold when it is mounted again: every draft that was said to be safe
is there, as it was or newer, and nothing is torn. Without a power cut what was
edited only is there, too. Further shims are
bugs to be found. Each failure is a line, the last one is `# N trials, N
failed`.
"""
import os
import signal
import subprocess
import sys

ROUNDS = 2
SHUTDOWN = {"cut": "shutdown", "sync": "shutdown", "flush": "shutdown -f"}


def run(*command):
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL,
                   stdout=subprocess.DEVNULL)


class Disk:
    def __init__(self, kind, where):
        self.image, self.dir = where + "/image", where + "/disk"
        with open(self.image, "wb") as f:
            f.truncate(320 << 20)
        run(*(["mkfs.xfs", "-q"] if kind == "xfs" else
              ["mkfs.ext4", "-q", "-F", "-E", "lazy_itable_init=0"]),
            self.image)
        os.makedirs(self.dir, exist_ok=True)
        self.device = subprocess.run(
            ["losetup", "-f", "--show", self.image], check=True,
            stdout=subprocess.PIPE, text=True).stdout.strip()
        self.mount()

    def mount(self):
        run("mount", self.device, self.dir)

    def again(self, how):
        if how == "sync":
            run("sync", "-f", self.dir)
        if how in SHUTDOWN:
            run("xfs_io", "-x", "-c", SHUTDOWN[how], self.dir)
        run("umount", self.dir)
        self.mount()

    def remove(self):
        subprocess.run(["umount", self.dir], check=False)
        run("losetup", "-d", self.device)
        os.unlink(self.image)


class Writer:
    def __init__(self, build, shims):
        self.path = build + "/tests/durable/writer"
        self.shims = [build + "/tests/crash/step.so"] + shims

    def write(self, state, at, log=""):
        """What it said to be safe until it was killed at that step."""
        env = {"LD_PRELOAD": ":".join(self.shims), "STEP_ARM": "/",
               "STEP_AT": str(at), "STEP_DO": "kill"}
        if log:
            env["STEP_LOG"] = log
        p = subprocess.run([self.path, state, "write", str(ROUNDS)], env=env,
                           stdout=subprocess.PIPE, text=True, check=False)
        if not at and p.returncode:
            raise RuntimeError("the writer does not come to its end")
        said = [line.split() for line in p.stdout.splitlines()]
        return {what: {name: int(number) for w, name, number in said
                       if w == what} for what in ("safe", "loose")}

    def read(self, state):
        if not os.path.isdir(state):
            return {}, []
        p = subprocess.run([self.path, state, "read"], check=False,
                           stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                           text=True)
        if p.returncode:
            return {}, [p.stderr.strip() or f"it ended with {p.returncode}"]
        there, damaged = {}, []
        for line in p.stdout.splitlines():
            if line.startswith("damaged"):
                damaged.append(line)
            else:
                _, name, number = line.split()
                there[name] = int(number)
        return there, damaged


def judge(said, there, damaged, how):
    promised = dict(said["safe"])
    if how in ("kill", "sync"):
        promised.update(said["loose"])
    faults = list(damaged)
    for name, number in promised.items():
        if name not in there:
            faults.append(f"{name} {number} is lost")
        elif there[name] < number:
            faults.append(f"{name} is {there[name]} again, not {number}")
    return faults


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    kind, build, where = sys.argv[1:4]
    writer, disk = Writer(build, sys.argv[4:]), Disk(kind, where)
    trials = failed = 0
    try:
        log = where + "/steps"
        writer.write(disk.dir + "/count", 0, log)
        with open(log, encoding="utf-8") as f:
            steps = [line.split()[1] for line in f]
        os.unlink(log)
        if len(steps) < ROUNDS * 10:
            raise RuntimeError(f"too few steps to be true: {steps}")
        print(f"# {len(steps)} steps")
        for at in range(1, len(steps) + 2):
            for how in ("kill", "cut", "sync", "flush"):
                state = f"{disk.dir}/{at}-{how}"
                said = writer.write(state, at)
                disk.again(how)
                faults = judge(said, *writer.read(state), how)
                trials += 1
                failed += bool(faults)
                step = steps[at - 1] if at <= len(steps) else "the end"
                for fault in faults:
                    print(f"{kind}, {how} at {at} ({step}): {fault}")
    finally:
        disk.remove()
    print(f"# {trials} trials, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
