# SPDX-License-Identifier: MIT
"""Open files and directories, as a process sees them."""
import errno
import os

from draft import SCRATCH_BYTES, Fail, Fixed, Param, Scratch
from values import LIMIT, Unfinished

MOST = LIMIT + 2  # a value and its line end
BODY = 1 << 20


def overlaid(old, data, at, most):
    if at + len(data) > most:
        raise Fail(errno.EFBIG)
    return old[:at].ljust(at, b"\0") + data + old[at + len(data):]


class File:
    """It keeps the text that it had when it was opened, and gathers what is
    written to it."""

    def __init__(self, draft, node, flags):
        self.draft, self.node = draft, node
        access = flags & os.O_ACCMODE
        self.reads = access != os.O_WRONLY
        self.writes = access != os.O_RDONLY
        self.appends = bool(flags & os.O_APPEND)
        self.uses = 1  # descriptors that share it
        self.at = 0
        # an order to empty it that is held back until the close
        self.emptied = bool(flags & os.O_TRUNC)
        self.held = b"" if self.emptied else node.text()
        self.original = not self.emptied  # not written through this
        self.before = None  # the value that this has replaced
        self.failed = self.unfinished = False
        self.seen = getattr(node, "stamp", 0)
        self.backups = getattr(node, "backups", 0)
        if isinstance(node, Scratch):
            node.opens += 1
            if self.emptied:
                node.data = b""

    def text(self):
        if isinstance(self.node, Scratch):
            return b"" if self.draft.gone else self.node.data
        if getattr(self.node, "row", {}).get("secret"):
            return b""  # not even what was written through it
        return self.held

    def read(self, at, count):
        """Its bytes; None: whatever the mount says."""
        text = self.text()
        return None if text is None else text[at:at + count]

    def end(self):
        """The position after an appending write; None: that of a value, which
        may read back as another text, says nothing."""
        return len(self.text()) if isinstance(self.node, Scratch) else None

    def write(self, at, data):
        node = self.node
        if not data:
            return
        if self.draft.gone:
            raise Fail(errno.ESTALE)
        if isinstance(node, Scratch):
            at = len(node.data) if self.appends else at
            node.data = overlaid(node.data, data, at, SCRATCH_BYTES)
            return
        self.draft.show_fixed()
        if node.name == "commit":
            if self.failed:  # no order is given twice
                raise Fail(errno.EINVAL)
            self.failed = True
            self.draft.fail(errno.EINVAL, "commit")
        if not node.named:
            raise Fail(errno.ENOENT)
        if node.name == "request.json":
            try:
                self.draft.replace(data)
            except Unfinished:
                self.unfinished = True
            return
        first = not at and not self.appends
        if self.failed and not first and (
                node.row["list"] or self.original and self.held):
            raise Fail(errno.EINVAL)
        self.notice()
        at = len(self.held) if self.appends else at
        try:
            self.put(first, at, data)
        except Fail as fail:
            self.refuse(fail.errno)
        self.failed = self.failed and not first

    def put(self, first, at, data):
        """At its start a scalar begins anew; so does a list of which the end
        of the old one would make none."""
        if first and not self.node.row["list"]:
            self.take(overlaid(b"", data, 0, MOST))
            return
        error = self.draft.error
        try:
            self.take(overlaid(self.held, data, at, MOST))
        except Fail as fail:
            if (not first or fail.errno != errno.EINVAL
                    or len(self.held) <= len(data)):
                raise
            self.draft.error = error
            self.take(data)

    def notice(self):
        """What another descriptor has put in place stays."""
        if self.seen == self.node.stamp:
            return
        self.seen = self.node.stamp
        self.before = None
        if self.appends and not self.emptied and not self.unfinished:
            self.held = self.node.text()
            self.original = True

    def take(self, text):
        try:
            value = self.draft.judge(self.node, text)
        except Unfinished:
            self.unfinished = True
        else:
            self.unfinished = self.emptied = False
            if self.before is None:
                self.before = self.node.value
            self.draft.put(self.node, value)
            self.seen = self.node.stamp
        self.held = text
        self.original = False

    def refuse(self, number):
        """The old value stays."""
        self.unfinished, self.failed = False, True
        self.take_back()
        self.draft.fail(number, self.node.name)

    def take_back(self):
        if self.before is not None and self.seen == self.node.stamp:
            self.draft.put(self.node, self.before)
            self.seen = self.node.stamp

    def truncate(self, size):
        node = self.node
        if self.draft.gone:
            raise Fail(errno.ESTALE)
        if isinstance(node, Scratch):
            if size > SCRATCH_BYTES:
                raise Fail(errno.EFBIG)
            node.data = node.data[:size].ljust(size, b"\0")
        elif node.name == "commit":
            return
        elif not node.named:
            raise Fail(errno.ENOENT)
        elif size == 0:
            self.held = b""
            self.emptied, self.unfinished = True, False
            self.before = None
        elif self.failed:
            raise Fail(errno.EINVAL)
        elif (self.emptied and not self.held
                and size <= (BODY if isinstance(node, Fixed) else MOST)):
            return  # set before its text
        elif isinstance(node, Fixed):
            raise Fail(errno.EFBIG if size > BODY else errno.EINVAL)
        elif size != len(self.held):
            self.notice()
            try:
                if size > len(self.held):
                    raise Fail(errno.EFBIG if size > MOST else errno.EINVAL)
                self.take(self.held[:size])
            except Fail as fail:
                self.refuse(fail.errno)

    def flush(self):
        """fsync, and the close of each descriptor."""
        if self.unfinished and not self.draft.gone and self.node.named:
            self.draft.fail(errno.EINVAL, self.node.name)

    def close(self):
        draft, node = self.draft, self.node
        if isinstance(node, Scratch):
            node.opens -= 1
            draft.drop(node)
        elif draft.gone or not node.named:
            return
        elif self.unfinished:
            self.take_back()
            draft.note(node.name)
        elif isinstance(node, Param) and self.emptied and not self.failed and not self.held:
            draft.put(node, "")


class Directory:
    """The names that were there when it was opened, or rewound."""

    def __init__(self, names):
        self.names = names  # a function
        self.uses = 1
        self.writes = False
        self.listed = {".", ".."} | names()
        self.order = []  # as far as it was told
        self.at = 0
        self.fresh = True

    def rewind(self):
        self.listed = {".", ".."} | self.names()
        self.order = []

    def got(self, entries):
        """What is wrong with the next entries; "" when nothing is."""
        if self.at == 0 and not self.fresh:
            self.rewind()
        self.fresh = False
        if not entries and self.at != len(self.listed):
            return f"ends before {self.listed - set(self.order)}"
        for name in entries:
            if self.at == len(self.order):
                if name not in self.listed or name in self.order:
                    return f"{name} is not there, or twice"
                self.order.append(name)
            if self.order[self.at] != name:
                return f"{name} instead of {self.order[self.at]}"
            self.at += 1
        return ""
