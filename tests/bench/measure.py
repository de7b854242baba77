# SPDX-License-Identifier: MIT
"""Rows, their figures, and what these say."""
import dataclasses
import math
import statistics
import time

# after so many seconds rows get no more rounds than they need
HURRY = 200
ENOUGH = 3
begun = time.monotonic()


def is_late():
    return time.monotonic() - begun > HURRY


def rounds_of(row):
    for n in range(row.rounds):
        if n >= ENOUGH and is_late():
            return
        yield n


def quartiles(figures):
    if len(figures) < 2:
        return figures[0], figures[0]
    cut = statistics.quantiles(figures, n=4, method="inclusive")
    return cut[0], cut[2]


@dataclasses.dataclass
class Result:
    name: str
    figures: list
    target: float
    unit: str
    itself: list  # the floor against itself, a round later

    @property
    def median(self):
        return statistics.median(self.figures)

    def bounds(self):
        """Where the true median is, 19 times out of 20."""
        ordered, n = sorted(self.figures), len(self.figures)
        off = 0.98 * math.sqrt(n)
        low = max(0, math.floor(n / 2 - off))
        high = min(n - 1, math.ceil(n / 2 + off) - 1)
        return ordered[low], ordered[high]

    def verdict(self):
        if self.target is None:
            return ""
        low, high = self.bounds()
        if high <= self.target:
            return "reached"
        if low > self.target:
            return "**missed**"
        side = "reached" if self.median <= self.target else "missed"
        return f"too noisy to tell ({side})"


@dataclasses.dataclass
class Ratio:
    """A row: ours against theirs, both of them numbers of the same kind."""
    name: str
    target: float
    ours: object
    theirs: object
    rounds: int = 21

    def measure(self, place):
        ours, theirs = [], []
        for _ in rounds_of(self):
            theirs.append(self.theirs(place))
            ours.append(self.ours(place))
        return Result(self.name, [a / b for a, b in zip(ours, theirs)],
                      self.target, "",
                      [a / b for a, b in zip(theirs[1:], theirs)])


@dataclasses.dataclass
class Figure:
    """A row: numbers that are compared with nothing but their target."""
    name: str
    target: float
    unit: str
    take: object
    rounds: int = 1

    def measure(self, place):
        return Result(self.name, [self.take(place) for _ in rounds_of(self)],
                      self.target, self.unit, [])
