#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The crash matrix: a daemon is stopped at every step of a commit.

usage: matrix.py ACKFS ACK-SANDBOX STEP.so [WORKERS]

A first commit counts the steps (tests/crash/step.c). Then, for each step, a
commit of its own is killed before it, killed after it, or, where the step
concerns the disk, told ENOSPC or EIO by it. What must hold afterwards, on
the mount that comes next: never two clusters, never none when one was made,
never a lost draft, and `state` tells the truth. Each trial is a line.
"""
import concurrent.futures
import os
import shutil
import signal
import subprocess
import sys
import tempfile

from trial import DRAFT, Mount, Sandbox, get, judge, put

ACKFS, SANDBOX, SHIM = (os.path.abspath(p) for p in sys.argv[1:4])
WORKERS = int(sys.argv[4]) if len(sys.argv) > 4 else 6
DISK = {"create", "write", "fsync", "fsync-dir", "rename", "unlink",
        "truncate"}


def trial(sandbox, name, at, what, call="", log=None):
    base = tempfile.mkdtemp(prefix="ackfs-crash-")
    arm = base + "/arm"
    env = {"LD_PRELOAD": SHIM, "STEP_ARM": arm, "STEP_AT": str(at),
           "STEP_DO": what}
    if call:
        env["STEP_CALL"] = call
    if log:
        env["STEP_LOG"] = log
    mount = Mount(ACKFS, sandbox, base, env)
    try:
        c = f"{mount.dir}/clusters/{name}"
        os.mkdir(c)
        for k, v in DRAFT.items():
            if put(f"{c}/{k}", v + "\n"):
                return f"{k}: {get(c + '/error')}"
        # a warning stops nothing: all these clusters have the same pods
        found = [line for line in get(c + "/check").splitlines()
                 if not line.startswith("warning: ")]
        if found:
            return "\n".join(found)
        open(arm, "w", encoding="utf-8").close()
        err = put(c + "/commit", "1\n")
        os.unlink(arm)
        if at == 0 and err:
            return f"errno {err}: {get(c + '/error')}"
        if mount.process.poll() is None and what not in ("kill", "after"):
            fault = judge(sandbox, mount, name)
            if fault:
                return "before the remount: " + fault
        mount.end(signal.SIGKILL)
        mount = Mount(ACKFS, sandbox, base)
        return judge(sandbox, mount, name)
    finally:
        mount.end()
        subprocess.run(["umount", "-l", mount.dir], check=False,
                       stderr=subprocess.DEVNULL)
        shutil.rmtree(base, ignore_errors=True)


def main():
    sandboxes = [Sandbox(SANDBOX) for _ in range(WORKERS)]
    try:
        return matrix(sandboxes)
    finally:
        for s in sandboxes:
            s.stop()


def matrix(sandboxes):
    with tempfile.TemporaryDirectory() as tmp:
        log = tmp + "/steps"
        fault = trial(sandboxes[0], "count", 0, "count", log=log)
        steps = [line.split()[1] for line in open(log, encoding="utf-8")]
    if fault or len(steps) < 10:
        print(f"not ok - the steps cannot be counted: {fault} {steps}")
        return 1
    print(f"# {len(steps)} steps: {' '.join(steps)}")
    jobs = [(n, what) for n, step in enumerate(steps, 1)
            for what in ("kill", "after", "ENOSPC", "EIO")
            if what in ("kill", "after") or step in DISK]
    free, failed = list(sandboxes), 0

    def run(job):
        at, what = job
        sandbox = free.pop()
        try:
            return job, trial(sandbox, f"c{at}-{what}", at, what,
                              steps[at - 1])
        except (OSError, RuntimeError) as e:
            return job, str(e)
        finally:
            free.append(sandbox)

    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        for (at, what), fault in pool.map(run, jobs):
            failed += fault is not None
            print(f"{'not ok' if fault else 'ok'} - step {at} "
                  f"({steps[at - 1]}): {what}{': ' + fault if fault else ''}")
    print(f"# {len(jobs)} trials, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
