# SPDX-License-Identifier: MIT
"""Resident memory of the daemon."""
import contextlib

import mounts
import world
from measure import Figure

FLEET = 10000


class Place:
    """Mounts, each as far as the rows have brought it."""

    def __init__(self, w):
        self.world, self.mounts, self.endpoints = w, {}, []

    def mount(self, name, *latency, clusters=0):
        if name not in self.mounts:
            endpoint = world.Endpoint(self.world, *latency, clusters=clusters)
            self.endpoints.append(endpoint)
            self.mounts[name] = mounts.Ackfs(self.world, endpoint, mounts.QPS)
        return self.mounts[name]

    def stop(self):
        for part in (*self.mounts.values(), *self.endpoints):
            part.stop()

    def commits(self, m, how, count):
        self.world.run(self.world.program("bench-commits"), how, m.inside,
                       self.world.name(), str(count), self.world.values)

    def walk(self, how):
        """Of 10,000 drafts; how much memory that takes more."""
        m = self.mount("drafts")
        before = m.memory()
        done = self.world.run(self.world.program("bench-walk"), how, m.inside,
                              "draft", str(FLEET), self.world.values)
        if how == "stat" and int(done) < FLEET * 40:
            raise OSError(f"only {done} files were there")
        return m.memory() - before


@contextlib.contextmanager
def place(w):
    p = Place(w)
    try:
        yield p
    finally:
        p.stop()


def mounted(p):
    return p.mount("one").memory()


def committed(p):
    p.commits(p.mount("one"), "apart", 1)
    return p.mount("one").memory()


def during_commits(p):
    m = p.mount("hundred", 300)
    m.forget_peak()
    p.commits(m, "together", 100)
    return m.peak()


def listed(p):
    m = p.mount("fleet", clusters=FLEET)
    m.list_once()
    return m.memory()


def refreshing(p):
    m = p.mount("fleet", clusters=FLEET)
    m.list_once()
    m.forget_peak()
    m.refresh()
    return m.peak()


ROWS = [
    Figure("memory: mounted", 10, "MB", mounted),
    Figure("memory: after a commit over TLS", 12, "MB", committed),
    Figure("memory: during 100 commits, the most", 22, "MB", during_commits),
    Figure("memory: 10,000 clusters listed", 20, "MB", listed),
    Figure("memory: the same, the most during a refresh", 28, "MB",
           refreshing),
    Figure("memory: 10,000 empty drafts, more than before", None, "MB",
           lambda p: p.walk("make")),
    Figure("memory: 15 values in each of them, more than before", 10, "MB",
           lambda p: p.walk("values")),
    Figure("memory: after stat of all their files, more than before", 1, "MB",
           lambda p: p.walk("stat")),
]
