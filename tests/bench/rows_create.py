# SPDX-License-Identifier: MIT
"""Creating clusters by a script, against what else one could use."""
import contextlib
import time

import mounts
import world
from measure import Ratio


class Place:
    def __init__(self, w):
        self.world, self.endpoint = w, world.Endpoint(w)
        self.mount = mounts.Ackfs(w, self.endpoint)
        # which has few clusters to list
        self.other = world.Endpoint(w)
        self.memory = w.directory("memory")
        self.body = w.body()

    def script(self, name, *more):
        return self.world.time(self.world.script(name), self.mount.inside,
                               self.world.name(), *more)

    def one_shot(self):
        w = self.world
        took = w.time(w.script("oneshot"), w.name(), w.directory("mnt"),
                      w.program("ackfs"), self.other.url, mounts.settings(w))
        time.sleep(0.02)  # the daemon ends; it is in nobody's way then
        return took

    def in_memory(self, *what):
        return self.world.time(self.world.script("create"), self.memory,
                               self.world.name(), *what)

    def mini(self):
        """The command."""
        return (self.world.program("bench-mini"), self.endpoint.url,
                self.body, self.world.name())

    def post(self):
        return self.world.time(self.world.script("post"), self.endpoint.url,
                               self.world.name())

    def sdk(self, *how):
        return self.world.time("node", self.world.script("sdk.mjs"),
                               self.endpoint.url, self.world.name(), *how)


@contextlib.contextmanager
def place(w):
    p = Place(w)
    yield p
    for part in (p.mount, p.endpoint, p.other):
        part.stop()


def script(p):
    return p.script("create")


ROWS = [
    Ratio("a script of mkdir, 15 echos, commit, 3 cats, against the same in "
          "memory without a commit", 1.30, script,
          lambda p: p.in_memory("nothing")),
    Ratio("the script against one process of the SDK", 0.04, script,
          lambda p: p.sdk(), rounds=9),
    Ratio("the script against one run of curl, openssl and jq", 0.12, script,
          lambda p: p.post(), rounds=11),
    Ratio("the script against the same in memory and a process of mini", 0.25,
          script, lambda p: p.in_memory(*p.mini())),
    Ratio("a hundred scripts in one bash against the SDK, a hundred in one "
          "process", 1.0, lambda p: p.script("hundred"),
          lambda p: p.sdk("100"), rounds=7),
    Ratio("mount, the script and unmount against one process of mini", 1.0,
          lambda p: p.one_shot(), lambda p: p.world.time(*p.mini())),
]
