# SPDX-License-Identifier: MIT
"""Commits: one after the other, and many at the same time."""
import contextlib
import json

import mounts
import world
from measure import Figure, Ratio, Result, is_late

MS = 1000000
# of the thousand: how long the endpoint takes for a POST
SLOW_MS = 2000


class Place:
    def __init__(self, w):
        self.world, self.body = w, w.body()
        self.null, self.thousands = mounts.null(w), []
        self.endpoint = world.Endpoint(w, 300)

    @contextlib.contextmanager
    def fresh(self, *latency):
        """A mount, and a service that has no clusters yet."""
        endpoint = world.Endpoint(self.world, *latency)
        m = mounts.Ackfs(self.world, endpoint)
        yield m
        m.stop()
        endpoint.stop()

    def commits(self, m, how, count, *more):
        return json.loads(self.world.run(
            self.world.program("bench-commits"), how, m.inside,
            self.world.name(), str(count), self.world.values, *more))

    def stop(self):
        self.null.stop()
        self.endpoint.stop()


class Steady(Ratio):
    """The same mount all the time, and connections that are kept."""

    def measure(self, place):
        with place.fresh() as place.steady:
            return super().measure(place)


def steady(p):
    return p.commits(p.steady, "apart", 60)["each"]


def floor(p):
    w = p.world
    calls = int(w.run(w.program("bench-mini"), p.steady.endpoint.url, p.body,
                      w.name(), "60"))
    echo = int(w.run(w.program("bench-strokes"), "echo", "first",
                     p.null.at, "20", w.values))
    return calls + echo


def in_latencies(warm):
    """A hundred at 300 ms for each of the two calls."""
    def take(p):
        with p.fresh(300) as m:
            took = [p.commits(m, "together", 100)["all"]
                    for _ in range(1 + warm)]
        return took[-1] / (600 * MS)
    return take


def together(p):
    """A hundred by one bash, each with an &."""
    with p.fresh(300) as m:
        return p.world.time(p.world.script("hundred"), m.inside,
                            p.world.name(), "together")


def promises(p):
    return p.world.time("node", p.world.script("sdk.mjs"), p.endpoint.url,
                        p.world.name(), "100", "all")


class Thousand(Figure):
    """A thousand at once; the same runs serve all rows that tell of it."""

    def measure(self, place):
        while len(place.thousands) < self.rounds and not (
                place.thousands and is_late()):
            with place.fresh(0, SLOW_MS) as m:
                place.thousands.append(place.commits(m, "together", 1000, "1"))
        return Result(self.name, [self.take(t) for t in place.thousands],
                      self.target, self.unit, [])


def against_idle(of):
    """A write meanwhile: its median (0) or 99th percentile (1)."""
    return lambda t: t["busy"][of] / t["idle"][0]


@contextlib.contextmanager
def place(w):
    p = Place(w)
    try:
        yield p
    finally:
        p.stop()


ROWS = [
    Steady("a steady commit (name check and POST) against both calls of mini "
           "on a kept connection and an echo to null", 1.4, steady, floor,
           rounds=15),
    Ratio("a hundred with `echo 1 > commit &` at 300 ms (two calls) against "
          "the SDK's Promise.all (one call)", 1.1, together, promises,
          rounds=7),
    Figure("100 commits at 300 ms a call, cold", 1.4, "× both latencies",
           in_latencies(False), rounds=5),
    Figure("100 commits at 300 ms a call, warm", 1.10, "× both latencies",
           in_latencies(True), rounds=5),
    Thousand("1,000 commits at once, 2 s for a POST: the last is through", 4,
             "s", lambda t: t["all"] / 1000 / MS, rounds=3),
    Thousand("… another parameter's write meanwhile: its median", 1.5,
             "× its idle median", against_idle(0), rounds=3),
    Thousand("… its 99th percentile", 3, "× its idle median",
             against_idle(1), rounds=3),
]
