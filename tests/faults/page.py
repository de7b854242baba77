# SPDX-License-Identifier: MIT
"""What memory.so counts in a daemon, and which allocations it fails."""
import mmap
import struct


class Page:
    """A file that it shares; memory.c has the same fields."""

    FIELDS = ("calls", "at", "every", "failed", "live", "bytes")

    def __init__(self, path):
        with open(path, "wb") as f:
            f.write(bytes(4096))
        with open(path, "r+b") as f:
            self.map = mmap.mmap(f.fileno(), 4096)

    def __getattr__(self, name):
        return struct.unpack_from("Q", self.map, 8 * self.FIELDS.index(name))[0]

    def put(self, name, value):
        struct.pack_into("Q", self.map, 8 * self.FIELDS.index(name), value)

    def calm(self):
        self.put("at", 0)
        self.put("every", 0)

    @staticmethod
    def environment(shim, path):
        return {"LD_PRELOAD": shim, "FAULT_PAGE": path}
