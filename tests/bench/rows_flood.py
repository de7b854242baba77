# SPDX-License-Identifier: MIT
"""The owner's work while another user floods the mount, against alone."""
import contextlib
import json
import os
import signal
import statistics
import time

import mounts
import world
from measure import Figure, Ratio

FLOOD = os.path.join(world.HERE, "..", "lib", "flood")
NOBODY, PROCESSES, CLUSTERS = "65534", "64", 300


class Place:
    def __init__(self, w):
        self.world = w
        self.endpoint = world.Endpoint(w, clusters=CLUSTERS)
        self.mount = mounts.Ackfs(w, self.endpoint, mounts.QPS, "allow_other")
        self.mount.list_once()
        # other users have to come to the mountpoint
        os.chmod(w.where, 0o711)
        self.flood = w.start(FLOOD, NOBODY, PROCESSES, self.mount.at,
                             cpu=f"{w.near},{w.far}", text=True, start_new_session=True,
                             stdout=-1)
        if self.flood.stdout.readline() != "ready\n":
            raise OSError(f"no flood; {w.tail()}")
        self.signal(signal.SIGSTOP)

    def signal(self, number):
        os.killpg(self.flood.pid, number)

    def flooded(self, what):
        self.signal(signal.SIGCONT)
        try:
            time.sleep(0.5)
            return what(self)
        finally:
            self.signal(signal.SIGSTOP)

    def stop(self):
        # it waits for all of its own
        self.signal(signal.SIGCONT)
        self.flood.terminate()
        self.flood.wait(60)
        self.mount.stop()
        self.endpoint.stop()


@contextlib.contextmanager
def place(w):
    p = Place(w)
    try:
        yield p
    finally:
        p.stop()


def write(p):
    return int(p.world.run(p.world.program("bench-strokes"), "write", "again",
                           p.mount.inside, "5", p.world.values))


def listing(p):
    def once():
        begun = time.perf_counter()
        os.listdir(p.mount.inside)
        return time.perf_counter() - begun

    return statistics.median([once() for _ in range(100)])


def commit(p):
    return json.loads(p.world.run(
        p.world.program("bench-commits"), "apart", p.mount.inside,
        p.world.name(), "20", p.world.values))["each"]


def row(name, what):
    return Ratio(f"{name} under a flood of {PROCESSES}, against alone", 2,
                 ours=lambda p: p.flooded(what), theirs=what, rounds=7)


ROWS = [
    row("open+write+close", write),
    row("ls", listing),
    row("commit", commit),
    Figure(f"memory under a flood of {PROCESSES}", 64, "MB",
           lambda p: p.flooded(lambda _: p.mount.memory())),
]
