# SPDX-License-Identifier: MIT
"""Random calls: few names and few descriptors, so that they meet."""
import os

DRAFTS = ("a", "b", "c")
BAD_DRAFTS = ("-a", "a b", "a.b", ".a", "x" * 64, "x" * 256, "a\n")
PARAMS = ("num_of_nodes", "snat_entry", "timezone", "worker_instance_types",
          "tags", "login_password")
FIXED = ("check", "plan", "state", "error", "request.json", "commit")
SCRATCH = (".tags.swp", "tags~", "4913", "sedAbC123", ".num_of_nodes.AbC123",
           "tagsAbC123", "num_of_nodes.bak", ".tmpAbC123", "tmp.a1",
           "timezone-new")
UNKNOWN = ("num_of_node", "nodes", "num_of_nodess", "tags_old", "cluster_id", "x" * 255, "x" * 256)
TEXTS = {
    "num_of_nodes": (b"3", b"5\n", b"1", b"0", b"00", b"500", b" 7 \n",
                     b"100\r\n", b"x", b"\n"),
    "snat_entry": (b"true\n", b"0", b"yes", b"t", b"rue", b"maybe\n", b"No"),
    "timezone": (b"Asia/Shanghai\n", b"x", b"y" * 60, b"\xe9\x9b\x86",
                 b"\xe9\x9b", b"\x86", b"a\nb", b" \n"),
    "worker_instance_types": (
        b"ecs.g7.xlarge\n", b"a,b\n", b"c", b",d", b" e f", b"a\n", b"/\n",
        b'["g"', b',"h"]', b"]", b'["i"]\n', b" ".join([b"w"] * 4096),
        b"l.1 l.2 l.3 l.4 l.5 l.6 l.7\n"),
    "tags": (b"k=v\n", b"k=w\n", b"m=n", b"o", b"=p\n", b"novalue\n",
             b'{"key":"q"', b',"value":"r"}', b'[{"key":"s=t"}]\n', b"[",
             b"u=" + b"v" * 94 + b"\n"),
    "login_password": (b"Test@1900ackfs", b"short", b"correct-Horse-7\n"),
    "request.json": (b'{"num_of_nodes":4,"snat_entry":true}', b"{}",
                     b'{"num_of_nodes":500}', b'{"timezone":3', b"x"),
    "commit": (b"0\n", b"no", b"11"),
}
EVERY = tuple(text for texts in TEXTS.values() for text in texts)
OFFSETS = (0, 0, 0, 0, 1, 2, 3, 5, 14, 100, 4096, 65534, 65538, 1 << 40)
SIZES = (0, 0, 0, 1, 2, 4, 6, 14, 4096, 65538, 65539, 1 << 20, 1 << 40)
FLAGS = (0, os.O_TRUNC, os.O_APPEND, os.O_CREAT, os.O_CREAT | os.O_TRUNC,
         os.O_CREAT | os.O_TRUNC, os.O_CREAT | os.O_APPEND,
         os.O_CREAT | os.O_APPEND | os.O_TRUNC, os.O_CREAT | os.O_EXCL)
ACCESS = (os.O_WRONLY, os.O_WRONLY, os.O_RDWR, os.O_RDWR, os.O_RDONLY)
SLOTS = 6


class Sequence:
    """One after the other. It remembers what should be there and open, and
    mostly makes calls on that."""

    def __init__(self, random, length):
        self.random = random
        self.drafts = ["a", "b"]
        self.files = {}  # the names that the descriptors were opened by
        self.writers = set()
        self.directories = set()
        self.steps = [("mkdir", "a"), ("mkdir", "b")]
        kinds = [getattr(self, name) for name in dir(self)
                 if name.startswith("a_")]
        weights = [int(kind.__doc__) for kind in kinds]
        while len(self.steps) < length:
            step = random.choices(kinds, weights)[0]()
            self.steps.extend(step if isinstance(step, list) else [step])
        self.steps.extend(("close", slot) for slot in range(SLOTS))

    def draft(self):
        pick = self.random.random()
        if pick < 0.02:
            return self.random.choice(BAD_DRAFTS + DRAFTS)
        if not self.drafts:
            return "a"
        return self.drafts[int(pick * pick * len(self.drafts))]

    def name(self):
        pick = self.random.random()
        for kind, below in ((PARAMS, 0.65), (SCRATCH, 0.85), (FIXED, 0.96)):
            if pick < below:
                return self.random.choice(kind)
        return self.random.choice(UNKNOWN)

    def where(self):
        return self.draft(), self.name()

    def slot(self, among=None):
        if among and self.random.random() < 0.97:
            return self.random.choice(sorted(among))
        return self.random.randrange(SLOTS)

    def file(self):
        return self.slot(self.files)

    def writer(self):
        return self.slot(self.writers)

    def text(self, slot):
        name = self.files.get(slot)
        if name not in TEXTS or self.random.random() < 0.05:
            return self.random.choice(EVERY)
        return self.random.choice(TEXTS[name])

    def closed(self, slot):
        """What leaves that descriptor free."""
        used = slot in self.files or slot in self.directories
        self.files.pop(slot, None)
        self.writers.discard(slot)
        self.directories.discard(slot)
        return [("close", slot)] if used else []

    def a_mkdir(self):
        "3"
        name = self.random.choice(DRAFTS + BAD_DRAFTS[:1])
        if name in DRAFTS and name not in self.drafts:
            self.drafts.append(name)
        return "mkdir", name

    def a_mkdir_in(self):
        "1"
        return "mkdir_in", self.where()

    def a_rmdir(self):
        "1"
        name = self.draft()
        if name in self.drafts:
            self.drafts.remove(name)
        return "rmdir", name

    def a_move(self):
        "3"
        name, other = self.draft(), self.random.choice(DRAFTS + BAD_DRAFTS)
        if name in self.drafts and other in DRAFTS:
            if other not in self.drafts:
                self.drafts[self.drafts.index(name)] = other
        return "move", name, other

    def a_open(self):
        "24"
        where, slot = self.where(), self.slot()
        flags = self.random.choice(ACCESS) | self.random.choice(FLAGS)
        if where[1] == "request.json":
            # what it reads as, and so what a part of it would make, is for
            # the mount to say: a body is written whole
            return self.closed(slot) + [
                ("open", slot, where, os.O_WRONLY | os.O_TRUNC),
                ("pwrite", slot, 0,
                 self.random.choice(TEXTS["request.json"])),
                ("close", slot)]
        steps = self.closed(slot)
        self.files[slot] = where[1]
        if flags & os.O_ACCMODE and where[1] not in FIXED + UNKNOWN:
            self.writers.add(slot)
        return steps + [("open", slot, where, flags)]

    def a_dup(self):
        "1"
        slot, other = self.file(), self.slot()
        if slot in self.files and other not in self.directories:
            self.files.setdefault(other, self.files[slot])
        return "dup", slot, other

    def a_close(self):
        "8"
        slot = self.slot({*self.files, *self.directories})
        return self.closed(slot) or ("close", slot)

    def a_write(self):
        "26"
        slot = self.writer()
        return "write", slot, self.text(slot)

    def a_pwrite(self):
        "14"
        slot = self.writer()
        return ("pwrite", slot, self.random.choice(OFFSETS), self.text(slot))

    def a_read(self):
        "5"
        return "read", self.file(), self.random.choice((1, 3, 100, 70000))

    def a_pread(self):
        "5"
        return ("pread", self.file(), self.random.choice(OFFSETS),
                self.random.choice((1, 3, 100, 70000)))

    def a_seek(self):
        "3"
        return "seek", self.file(), self.random.choice(OFFSETS)

    def a_ftruncate(self):
        "6"
        return "ftruncate", self.writer(), self.random.choice(SIZES)

    def a_truncate(self):
        "3"
        where = self.where()
        size = 0 if where[1] == "request.json" else self.random.choice(SIZES)
        return "truncate", where, size

    def a_unlink(self):
        "7"
        return "unlink", self.where()

    def a_rename(self):
        "10"
        draft, name = self.where()
        other = draft if self.random.random() < 0.95 else self.draft()
        if self.random.random() < 0.6:
            name = self.random.choice(SCRATCH)
        if name == "request.json":
            name = "tags"  # its text is the mount's to say
        return "rename", (draft, name), (other, self.name())

    def a_stat(self):
        "8"
        return "stat", self.where()

    def a_fstat(self):
        "5"
        return "fstat", self.file()

    def a_cat(self):
        "16"
        return "cat", self.where()

    def a_chmod(self):
        "1"
        return "chmod", self.where(), self.random.choice((0o777, 0, 0o644))

    def a_fsync(self):
        "1"
        return "fsync", self.file()

    def a_names(self):
        "1"
        return ("names",)

    def a_opendir(self):
        "3"
        slot = self.slot()
        steps = self.closed(slot)
        self.directories.add(slot)
        return steps + [("opendir", slot, self.draft())]

    def a_getdents(self):
        "8"
        return ("getdents", self.slot(self.directories),
                self.random.choice((300, 600, 4096, 65536)))

    def a_seekdir(self):
        "4"
        return ("seekdir", self.slot(self.directories),
                self.random.choice((0, 1, 5, 30, 90)))
