# SPDX-License-Identifier: MIT
"""Many clusters: ten times as many cost ten times as much, and no pause."""
import contextlib
import subprocess
import time

import mounts
import world
from measure import Figure, Ratio

FEW, MANY = 1000, 10000
AT_ONCE = 8  # pages
LATENCY = 0.3
PATIENCE = 3  # of what it may take: then it has missed


class Place:
    def __init__(self, w):
        self.world, self.endpoints, self.mounts = w, {}, {}
        for count in (0, FEW, MANY):
            self.endpoints[count] = world.Endpoint(w, clusters=count)
            self.mounts[count] = mounts.Ackfs(w, self.endpoints[count], mounts.QPS)
            self.mounts[count].list_once()

    def more_memory(self, count):
        return self.mounts[count].memory() - self.mounts[0].memory()

    def ls(self, count):
        return self.world.time("ls", self.mounts[count].inside)

    def stop(self):
        for part in (*self.mounts.values(), *self.endpoints.values()):
            part.stop()


@contextlib.contextmanager
def place(w):
    p = Place(w)
    try:
        yield p
    finally:
        p.stop()


def longest_stall(p):
    """Of a write to a draft, in ms."""
    w, m = p.world, p.mounts[MANY]
    name = w.name()
    w.run("mkdir", f"{m.inside}/{name}")
    child = w.start(w.program("bench-walk"), "stall",
                    f"{m.inside}/{name}/num_of_nodes", "3\n", text=True,
                    stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    child.stdout.readline()
    m.refresh()
    out, _ = child.communicate()
    w.run("rmdir", f"{m.inside}/{name}")
    return int(out.split()[1]) / 1e6


def at_latency(p):
    """Against what eight pages at once would take."""
    w = p.world
    ideal = p.mounts[MANY].pages / AT_ONCE * LATENCY
    e = world.Endpoint(w, round(LATENCY * 1000), clusters=MANY)
    m = mounts.Ackfs(w, e, mounts.QPS)
    begun = time.monotonic()
    try:
        m.list_once(PATIENCE * ideal)
    except TimeoutError:
        pass
    took = time.monotonic() - begun
    m.stop()
    e.stop()
    return took / ideal


ROWS = [
    Ratio("growth from 1,000 to 10,000 clusters: ls", 11,
          lambda p: p.ls(MANY), lambda p: p.ls(FEW), rounds=15),
    Ratio("growth from 1,000 to 10,000 clusters: a refresh", 11,
          lambda p: p.mounts[MANY].refresh(),
          lambda p: p.mounts[FEW].refresh(), rounds=5),
    Ratio("growth from 1,000 to 10,000 clusters: memory", 11,
          lambda p: p.more_memory(MANY), lambda p: p.more_memory(FEW),
          rounds=1),
    Figure("a refresh of 10,000 clusters: the longest stall of a write", 5,
           "ms", longest_stall, rounds=5),
    Figure(f"a refresh of 10,000 clusters at 300 ms (given up at {PATIENCE})",
           1.2, "× pages / 8 × latency", at_latency),
]
