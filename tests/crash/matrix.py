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
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request

ACKFS, SANDBOX, SHIM = (os.path.abspath(p) for p in sys.argv[1:4])
WORKERS = int(sys.argv[4]) if len(sys.argv) > 4 else 6
DISK = {"create", "write", "fsync", "fsync-dir", "rename", "unlink"}
DRAFT = {
    "num_of_nodes": "0",
    "vpcid": "vpc-crash",
    "vswitch_ids": "vsw-crash",
    "snat_entry": "true",
    "addons": "flannel",
    "container_cidr": "172.20.0.0/16",
    "service_cidr": "172.21.0.0/20",
}


class Sandbox:
    def __init__(self):
        self.process = subprocess.Popen(
            [SANDBOX, "--speed", "20"], stdout=subprocess.PIPE)
        self.told = json.loads(self.process.stdout.readline())

    def clusters(self, name):
        with urllib.request.urlopen(self.told["url"] + "/_sandbox/clusters") as r:
            return [c["cluster_id"] for c in json.load(r) if c["request"]["name"] == name]

    def stop(self):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()


class Mount:
    """A daemon in the foreground; `env` is added to its environment."""

    def __init__(self, sandbox, base, env):
        self.dir, self.log = base + "/mnt", open(base + "/log", "ab")
        try:
            os.mkdir(self.dir)
        except FileExistsError:
            pass  # a dead mount, which the next one takes over
        self.process = subprocess.Popen(
            [ACKFS, sandbox.told["url"], self.dir, "-f", "-o",
             f"region=cn-beijing,timeout=2,settle=0.5,state={base}/state"],
            stderr=self.log, stdout=self.log, stdin=subprocess.DEVNULL,
            env={"PATH": os.environ["PATH"], "HOME": base,
                 "ALIBABA_CLOUD_ACCESS_KEY_ID": sandbox.told["access_key_id"],
                 "ALIBABA_CLOUD_ACCESS_KEY_SECRET":
                     sandbox.told["access_key_secret"], **env})
        until(lambda: get(self.dir + "/status")
              or self.process.poll() is not None)
        if self.process.poll() is not None:
            raise RuntimeError("the daemon did not start")

    def end(self, how=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(how)
        self.process.wait()
        self.log.close()


def until(true, seconds=30):
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True


def put(path, text):
    """The errno of writing it, 0 when it went well."""
    try:
        fd = os.open(path, os.O_WRONLY | os.O_TRUNC)
    except OSError as e:
        return e.errno
    try:
        os.write(fd, text.encode())
        return 0
    except OSError as e:
        return e.errno
    finally:
        os.close(fd)


def get(path):
    try:
        with open(path, encoding="utf-8") as f:
            return f.read().rstrip("\n")
    except OSError:
        return None


def judge(sandbox, mount, name):
    """None, or what is wrong with the directory on this mount."""
    c = f"{mount.dir}/clusters/{name}"
    if not until(lambda: get(c + "/state") not in ("unknown", "committing")):
        return f"still {get(c + '/state')}"
    state, ids = get(c + "/state"), sandbox.clusters(name)
    if state is None:
        return f"the directory is lost: {get(mount.dir + '/error')}"
    if len(ids) > 1:
        return f"{len(ids)} clusters for one commit"
    if state == "draft" and ids:
        return "a draft, and yet there is a cluster"
    if state != "draft" and ids != [get(c + "/cluster_id")]:
        return f"{state}, but the clusters are {ids}"
    lost = [k for k, v in DRAFT.items() if get(f"{c}/{k}") != v]
    return f"lost of the draft: {lost}" if lost else None


def trial(sandbox, name, at, what, call="", log=None):
    base = tempfile.mkdtemp(prefix="ackfs-crash-")
    arm = base + "/arm"
    env = {"LD_PRELOAD": SHIM, "STEP_ARM": arm, "STEP_AT": str(at),
           "STEP_DO": what}
    if call:
        env["STEP_CALL"] = call
    if log:
        env["STEP_LOG"] = log
    mount = Mount(sandbox, base, env)
    try:
        c = f"{mount.dir}/clusters/{name}"
        os.mkdir(c)
        for k, v in DRAFT.items():
            if put(f"{c}/{k}", v + "\n"):
                return f"{k}: {get(c + '/error')}"
        if get(c + "/check"):
            return get(c + "/check")
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
        mount = Mount(sandbox, base, {})
        return judge(sandbox, mount, name)
    finally:
        mount.end()
        subprocess.run(["umount", "-l", mount.dir], check=False,
                       stderr=subprocess.DEVNULL)
        shutil.rmtree(base, ignore_errors=True)


def main():
    sandboxes = [Sandbox() for _ in range(WORKERS)]
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
