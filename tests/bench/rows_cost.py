# SPDX-License-Identifier: MIT
"""Instructions of the daemon, which are the same on every machine."""
import contextlib
import os

import mounts
import world
from measure import Figure


class Place:
    """Runs of the daemon under callgrind, each once."""

    def __init__(self, w):
        self.world, self.known = w, {}
        self.profiles = os.path.join(w.build, "bench-profiles")
        os.makedirs(self.profiles, exist_ok=True)

    def instructions(self, how, count):
        """Of a whole life: mounted, used so, unmounted."""
        if (how, count) not in self.known:
            self.known[how, count] = self.live(how, count)
        return self.known[how, count]

    def live(self, how, count):
        w, profile = self.world, f"{self.profiles}/{how}-{count}"
        endpoint = world.Endpoint(w, clusters=count if how == "list" else 0)
        mount = mounts.Ackfs(w, endpoint, mounts.QPS, wrap=(
            "valgrind", "-q", "--tool=callgrind",
            f"--callgrind-out-file={profile}"))
        if how == "list":
            mount.list_once(120)
        else:
            w.run(w.program("bench-commits"), how, mount.inside, w.name(),
                  str(count), w.values)
        mount.stop()
        endpoint.stop()
        with open(profile, encoding="utf-8") as f:
            for line in f:
                if line.startswith(("summary:", "totals:")):
                    return int(line.split()[1])
        raise OSError(f"callgrind counted nothing in {profile}")


@contextlib.contextmanager
def place(w):
    yield Place(w)


def a_commit(p):
    """60 drafts are made in both, of which 6 are committed, or all."""
    return (p.instructions("apart", 60) -
            p.instructions("prepared", 60)) / 54 / 1e3


def a_cluster(p):
    return (p.instructions("list", 1200) -
            p.instructions("list", 200)) / 1000 / 1e3


ROWS = [
    Figure("instructions of a commit (two calls)", 450, "k", a_commit),
    Figure("instructions of start and first commit over TLS", 40, "M",
           lambda p: p.instructions("apart", 1) / 1e6),
    Figure("instructions of a listed cluster", 150, "k", a_cluster),
]
