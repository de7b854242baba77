#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Many shells at work while everything around them fails.

usage: endurance.py ACKFS ACK-SANDBOX SECONDS [SHELLS [SEED]]

tests/crash/shell is the load. Meanwhile the daemon is killed (-9) and mounted
again, in the midst of many commits at once, too; it and the service are
stopped for a while; requests and answers are lost, late, throttled; the state
directory, a tmpfs, is full. In the last third of the time it is not killed,
and must not hold more at the end than at the beginning of that.

Then, and after one more kill, the clusters of the service and the directories
match one to one, no name is there twice, what was said to be made is there
under its ID, what was said to be deleted is not, and what is a draft commits.
Prints what is wrong, a line each, and the figures.
"""
import collections
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

sys.dont_write_bytecode = True
from trial import DRAFT, Mount, Sandbox, get, put, until

ACKFS, SANDBOX = (os.path.abspath(p) for p in sys.argv[1:3])
SECONDS = float(sys.argv[3])
SHELLS = int(sys.argv[4]) if len(sys.argv) > 4 else 4
SEED = int(sys.argv[5]) if len(sys.argv) > 5 else random.randrange(1 << 32)
SHELL = os.path.dirname(os.path.abspath(__file__)) + "/shell"
OPTIONS = "timeout=3,settle=3,refresh=1,qps=500"
BURST = 40
SETTLED = 120  # s: the longest that an outcome may stay unknown
RULES = (
    {"do": "drop", "method": "POST", "times": 5},
    {"do": "drop_after", "method": "POST", "times": 5},
    {"do": "delay", "ms": 300, "times": 20},
    {"do": "delay_after", "ms": 500, "method": "POST", "times": 10},
    {"do": "throttle", "retry_after_ms": 200, "times": 20},
    {"do": "status", "status": 503, "times": 5},
    {"do": "hang_after", "method": "POST", "times": 2},
    {"do": "drop", "times": 10},
)


class World:
    def __init__(self, base):
        self.base, self.state = base, base + "/state"
        os.mkdir(self.state, 0o700)
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m,mode=700",
                        "tmpfs", self.state], check=True)
        self.sandbox = Sandbox(SANDBOX, "--speed", "50")
        self.mount = Mount(ACKFS, self.sandbox, base, None, OPTIONS)
        self.done = collections.Counter()
        self.faults = []

    def end(self):
        self.mount.end()
        subprocess.run(["umount", "-l", self.mount.dir], check=False,
                       stderr=subprocess.DEVNULL)
        self.sandbox.stop()
        subprocess.run(["umount", "-l", self.state], check=False)

    def rules(self, *rules):
        urllib.request.urlopen(urllib.request.Request(
            self.sandbox.told["url"] + "/_sandbox/faults",
            json.dumps(rules).encode(),
            {"Content-Type": "application/json"})).close()

    def clusters(self):
        url = self.sandbox.told["url"] + "/_sandbox/clusters"
        with urllib.request.urlopen(url) as r:
            return {(c["request"]["name"], c["cluster_id"])
                    for c in json.load(r)}

    def directories(self):
        top = self.mount.dir + "/clusters"
        return {(name, get(f"{top}/{name}/cluster_id"))
                for name in os.listdir(top) if get(f"{top}/{name}/cluster_id")}

    # what can go wrong

    def kill(self):
        if self.mount.process.poll() is not None:
            self.faults.append("the daemon ended with "
                               f"{self.mount.process.returncode}")
        self.mount.end(signal.SIGKILL)
        self.mount = Mount(ACKFS, self.sandbox, self.base, None, OPTIONS)

    def burst(self):
        n = self.done["burst"]
        names = [f"{self.mount.dir}/clusters/burst{n}-{i}"
                 for i in range(BURST)]
        for c in names:
            os.mkdir(c)
            for k, v in DRAFT.items():
                put(f"{c}/{k}", v + "\n")
        threads = [threading.Thread(target=put, args=(f"{c}/commit", "1\n"))
                   for c in names]
        for t in threads:
            t.start()
        time.sleep(random.random() / 2)
        self.kill()
        for t in threads:
            t.join()

    def stop_daemon(self):
        self.mount.process.send_signal(signal.SIGSTOP)
        time.sleep(random.random())
        self.mount.process.send_signal(signal.SIGCONT)

    def stop_service(self):
        self.sandbox.process.send_signal(signal.SIGSTOP)
        time.sleep(random.random() * 4)
        self.sandbox.process.send_signal(signal.SIGCONT)

    def fill(self):
        with open(self.state + "/filler", "wb") as f:
            try:
                while f.write(bytes(1 << 20)):
                    f.flush()
            except OSError:
                pass
        time.sleep(random.random() * 2)
        os.unlink(self.state + "/filler")

    def network(self):
        self.rules(*random.sample(RULES, random.randint(1, 4)))
        time.sleep(random.random() * 3)

    def hang_up(self):
        self.mount.process.send_signal(signal.SIGHUP)

    GENTLE = ("stop_daemon", "stop_service", "fill", "network", "network",
              "hang_up")
    RUDE = ("kill", "burst")

    def trouble(self, until_, kinds):
        while time.monotonic() < until_:
            kind = random.choice(kinds)
            try:
                getattr(self, kind)()
            except OSError:
                pass  # mkdir on a full disk, say
            self.done[kind] += 1
            if self.mount.process.poll() is not None:
                raise RuntimeError("the daemon ended with "
                                   f"{self.mount.process.returncode}")
            time.sleep(random.random())
        self.rules()

    def held(self):
        pid = self.mount.process.pid
        kinds = [os.readlink(f"/proc/{pid}/fd/{fd}").split(":")[0]
                 for fd in os.listdir(f"/proc/{pid}/fd")]
        with open(f"/proc/{pid}/status", encoding="ascii") as f:
            kib = next(int(line.split()[1]) for line in f
                       if line.startswith("VmRSS"))
        return len(kinds) - kinds.count("socket"), kib

    # what must hold

    def settled(self):
        top = self.mount.dir + "/clusters"
        states = {get(f"{top}/{n}/state") for n in os.listdir(top)}
        return not states & {"unknown", "committing", "deleting"}

    def judge(self, when):
        if not until(self.settled, SETTLED):
            self.faults.append(f"{when}: an outcome stays unknown")
        match = until(lambda: self.clusters() == self.directories(), 30)
        clusters, directories = self.clusters(), self.directories()
        if not match:
            self.faults.append(f"{when}: clusters only: "
                               f"{sorted(clusters - directories)}, "
                               f"directories only: {directories - clusters}")
        names = collections.Counter(name for name, _ in clusters)
        twice = [name for name, n in names.items() if n > 1]
        if twice:
            self.faults.append(f"{when}: more than one cluster: {twice}")
        return dict(clusters)

    def ledger(self, path, clusters):
        with open(path, encoding="utf-8") as f:
            for line in f:
                what, name, *ids = line.split()
                self.done[what] += 1 if what != "ops" else int(name)
                if what == "made":
                    self.done[("made", name)] = ids[0] if ids else ""
                if what == "deleting":
                    self.done.pop(("made", name), None)
                if what == "deleted" and name in clusters:
                    self.faults.append(f"deleted, and there: {name}")
        for key in [k for k in self.done if isinstance(k, tuple)]:
            made = self.done.pop(key)
            if key[1] not in clusters:
                self.faults.append(f"made, and not there: {key[1]} {made}")
            elif made and clusters[key[1]] != made:
                self.faults.append(f"{key[1]} was {made}, and is "
                                   f"{clusters[key[1]]}")

    def drafts_commit(self):
        top = self.mount.dir + "/clusters"
        drafts = [n for n in os.listdir(top) if get(f"{top}/{n}/state") == "draft"]
        for name in drafts[:5]:
            for k, v in DRAFT.items():
                put(f"{top}/{name}/{k}", v + "\n")
            err = put(f"{top}/{name}/commit", "1\n")
            if err:
                self.faults.append(f"{name} does not commit: "
                                   f"{get(top + '/' + name + '/error')}")
        return len(drafts)


def run(world):
    random.seed(SEED)
    start = time.monotonic()
    stop, ledgers = world.base + "/stop", []
    shells = []
    for i in range(SHELLS):
        ledgers.append(f"{world.base}/ledger-{i}")
        open(ledgers[-1], "w", encoding="utf-8").close()
        shells.append(subprocess.Popen(
            [SHELL, world.mount.dir, f"s{i}", ledgers[-1], stop],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL))
    try:
        world.burst()  # at least that
        world.done["burst"] += 1
        world.trouble(start + SECONDS * 2 / 3, world.GENTLE + world.RUDE)
        until(world.settled, SETTLED)
        before = world.held()
        world.trouble(max(start + SECONDS, time.monotonic() + SECONDS / 4),
                      world.GENTLE)
    finally:
        open(stop, "w", encoding="utf-8").close()
        for shell in shells:
            shell.wait()
    clusters = world.judge("at the end")
    after = world.held()
    for ledger in ledgers:
        world.ledger(ledger, clusters)
    if after[0] > before[0]:
        world.faults.append(f"descriptors: {before[0]}, then {after[0]}")
    with open(ACKFS, "rb") as f:
        # a sanitizer keeps what was freed for a while
        sanitized = b"__asan_init" in f.read()
    if after[1] > before[1] + 2048 and not sanitized:
        world.faults.append(f"memory: {before[1]} KiB, then {after[1]}")
    world.kill()
    world.judge("the next mount")
    drafts = world.drafts_commit()
    made = world.judge("the drafts")
    figures = ", ".join(f"{n} {what}" for what, n in sorted(world.done.items()))
    print(f"# {time.monotonic() - start:.0f} s, {SHELLS} shells, seed {SEED}: "
          f"{figures}; {len(made)} clusters, {drafts} drafts; descriptors "
          f"{before[0]} to {after[0]}, memory {before[1]} to {after[1]} KiB; "
          f"{len(world.faults)} faults")


def main():
    base = tempfile.mkdtemp(prefix="ackfs-endurance-")
    world = World(base)
    try:
        run(world)
    except (OSError, RuntimeError) as e:
        world.faults.append(f"{type(e).__name__}: {e}; seed {SEED}")
    finally:
        for fault in world.faults:
            print("not ok -", fault)
        world.end()
        with open(base + "/log", encoding="utf-8", errors="replace") as log:
            if world.faults:
                print(*log.readlines()[-100:], sep="")
        shutil.rmtree(base, ignore_errors=True)
    return 1 if world.faults else 0


if __name__ == "__main__":
    sys.exit(main())
