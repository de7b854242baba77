# SPDX-License-Identifier: MIT
"""What is mounted: ackfs, or the file system that does nothing."""
import contextlib
import os
import re
import signal
import time

from world import wait_until

# lists as fast as they can be had, where they are what is measured
QPS = "qps=10000"
LISTED = re.compile(r"^list: \d+ s ago$", re.M)


class Mount:
    """A program that mounts on a directory, until it is unmounted."""

    def __init__(self, w, inside, *command):
        self.world, self.at = w, w.directory("mnt")
        self.inside = os.path.join(self.at, inside)
        self.child = w.start(*(self.at if c == "AT" else c for c in command))
        wait_until(self.answers)

    def answers(self):
        if self.child.poll() is not None:
            raise OSError(f"it did not mount; {self.world.tail()}")
        with open("/proc/self/mounts", encoding="utf-8") as f:
            return f" {self.at} fuse" in f.read() and os.stat(self.at)

    def stop(self):
        self.world.run("fusermount3", "-u", self.at)
        self.child.wait(60)


class Ackfs(Mount):
    def __init__(self, w, endpoint, *options, wrap=()):
        self.endpoint, self.pages = endpoint, 0
        super().__init__(w, "clusters", *wrap, w.program("ackfs"),
                         endpoint.url, "AT", "-f", "-o",
                         settings(w, *options))

    def is_listed(self):
        with open(f"{self.at}/status", encoding="utf-8") as f:
            return LISTED.search(f.read())

    def list_once(self, seconds=60):
        """The first list, which somebody's look begins, and which fails
        with EAGAIN where it takes long."""
        with contextlib.suppress(BlockingIOError):
            os.listdir(self.inside)
        wait_until(self.is_listed, seconds, 0.02)
        self.pages = self.pages or self.endpoint.counts()["lists"]

    def refresh(self):
        """Another list; the seconds that it took."""
        begun = time.perf_counter()
        wanted = self.endpoint.counts()["lists"] + self.pages
        self.child.send_signal(signal.SIGHUP)
        wait_until(lambda: self.endpoint.counts()["lists"] >= wanted)
        wait_until(self.is_listed)
        return time.perf_counter() - begun

    def megabytes(self, what):
        with open(f"/proc/{self.child.pid}/status", encoding="utf-8") as f:
            return int(re.search(rf"^{what}:\s*(\d+) kB$", f.read(),
                                 re.M)[1]) / 1024

    def memory(self):
        return self.megabytes("VmRSS")

    def peak(self):
        return self.megabytes("VmHWM")

    def forget_peak(self):
        with open(f"/proc/{self.child.pid}/clear_refs", "w",
                  encoding="utf-8") as f:
            f.write("5")


def settings(w, *options):
    """What follows -o; the clusters are listed once, and when a row says so."""
    return ",".join((f"state={w.directory('state')}", "region=cn-beijing",
                     "refresh=86400", "timeout=120", *options))


def null(w, *keep):
    return Mount(w, "", w.program("bench-null"), "AT", w.values, *keep)


def promise(w):
    """The same, which keeps each value that is written in a database."""
    return null(w, "promise", os.path.join(w.directory("state"), "db"))
