# SPDX-License-Identifier: MIT
"""The file system as the design has it: `clusters/` with its drafts, and the
descriptors of one process. Each call returns what the system call would, or
raises Fail; ANY stands for what only the mount can know."""
import errno
import os
import stat

from descriptor import Directory, File
from draft import Draft, Fail
from text import Refused
from values import value

ANY = object()
NAME_MAX = 255


def short(name):
    if len(os.fsencode(name)) > NAME_MAX:
        raise Fail(errno.ENAMETOOLONG)


class Model:
    Draft, File, Directory = Draft, File, Directory

    def __init__(self, rows):
        self.rows = rows
        self.name_row = next(r for r in rows if r["name"] == "name")
        self.drafts = {}
        self.slots = {}

    # Names

    def draft(self, name):
        short(name)
        if name not in self.drafts:
            raise Fail(errno.ENOENT)
        return self.drafts[name]

    def node(self, where):
        draft = self.draft(where[0])
        short(where[1])
        return draft, draft.find(where[1])

    def name_right(self, name):
        """ACK's rule; a name is not trimmed as a value is."""
        short(name)
        try:
            right = value(self.name_row, os.fsencode(name)) == name
        except Refused:
            right = False
        if not right:
            raise Fail(errno.EINVAL)

    def mkdir(self, name):
        short(name)
        if name in self.drafts:
            raise Fail(errno.EEXIST)
        self.name_right(name)
        self.drafts[name] = self.Draft(self.rows)

    def mkdir_in(self, where):
        draft = self.draft(where[0])
        short(where[1])
        if where[1] in draft.names():
            raise Fail(errno.EEXIST)
        draft.fail(errno.EPERM)

    def rmdir(self, name):
        self.draft(name).gone = True
        del self.drafts[name]

    def move(self, name, other):
        """rename(2) of a draft."""
        draft = self.draft(name)
        if name == other:
            return
        short(other)
        if other in self.drafts:
            draft.fail(errno.EEXIST)
        try:
            self.name_right(other)
        except Fail as fail:
            # mv(1) says nonsense of EINVAL
            draft.fail(errno.EPERM if fail.errno == errno.EINVAL
                       else fail.errno)
        self.drafts[other] = self.drafts.pop(name)

    def unlink(self, where):
        draft, _ = self.node(where)
        draft.unlink(where[1])

    def rename(self, where, other):
        self.draft(where[0])
        into = self.draft(other[0])
        draft, _ = self.node(where)
        short(other[1])
        if into is not draft:
            raise Fail(errno.EXDEV)
        draft.rename(where[1], other[1])

    def stat(self, where):
        _, node = self.node(where)
        return self.attributes(node)

    def attributes(self, node):
        text = node.text()
        return (stat.S_IFREG | node.mode, int(node.named),
                ANY if text is None else len(text))

    def names(self):
        return sorted(self.drafts)

    def chmod(self, where, _mode):
        """Asking for another mode, as copying tools do, is no failure."""
        self.node(where)

    def cat(self, where):
        """open, read until the end, fstat, close"""
        draft, node = self.node(where)
        if where[1] == "error":
            return draft.judge_error
        text = node.text()
        return ANY if text is None else text

    # Descriptors

    def open(self, slot, where, flags):
        if slot in self.slots:
            return
        draft = self.draft(where[0])
        name = where[1]
        short(name)
        if name in draft.names():
            if flags & os.O_CREAT and flags & os.O_EXCL:
                raise Fail(errno.EEXIST)
            node = draft.find(name)
        elif flags & os.O_CREAT:
            node = draft.create(name)
            if getattr(node, "value", ""):
                flags |= os.O_TRUNC
        else:
            raise Fail(errno.ENOENT)
        self.may_open(draft, node, flags)
        self.slots[slot] = self.File(draft, node, flags)

    def may_open(self, draft, node, flags):
        access = flags & os.O_ACCMODE
        if access != os.O_RDONLY or flags & os.O_TRUNC:
            if not node.mode & 0o200:
                draft.fail(errno.EPERM, node.name)

    def file(self, slot, kind=File):
        file = self.slots.get(slot)
        if not isinstance(file, kind):
            raise Fail(errno.EBADF)
        return file

    def dup(self, slot, other):
        if other not in self.slots:
            self.slots[other] = self.file(slot, (File, Directory))
            self.slots[other].uses += 1

    def close(self, slot):
        file = self.file(slot, (File, Directory))
        del self.slots[slot]
        file.uses -= 1
        if not isinstance(file, File):
            return
        try:
            file.flush()
        finally:
            if not file.uses:
                file.close()

    def pread(self, slot, at, count):
        file = self.file(slot)
        if not file.reads:
            raise Fail(errno.EBADF)
        text = file.read(at, count)
        return ANY if text is None else text

    def read(self, slot, count):
        file = self.file(slot)
        text = self.pread(slot, file.at or 0, count)
        if file.at is None:
            return ANY
        if text is not ANY:
            file.at += len(text)
        return text

    def pwrite(self, slot, at, data):
        file = self.file(slot)
        if not file.writes:
            raise Fail(errno.EBADF)
        file.write(at, data)
        return len(data)

    def write(self, slot, data):
        file = self.file(slot)
        self.pwrite(slot, file.at or 0, data)
        file.at = file.end() if file.appends else file.at + len(data)
        return len(data)

    def seek(self, slot, at):
        self.file(slot).at = at
        return at

    def ftruncate(self, slot, size):
        file = self.file(slot)
        if not file.writes:
            raise Fail(errno.EINVAL)
        file.truncate(size)

    def truncate(self, where, size):
        draft, node = self.node(where)
        self.may_open(draft, node, os.O_WRONLY)
        file = self.File(draft, node, os.O_WRONLY)
        try:
            file.truncate(size)
        finally:
            file.close()

    def fstat(self, slot):
        file = self.file(slot)
        if file.draft.gone:
            return ANY
        if getattr(file.node, "backups", 0) != file.backups:
            return ANY  # those of the backup
        if getattr(file.node, "moved", False) and not file.node.named:
            return ANY  # or of what it has become
        return self.attributes(file.node)

    def fsync(self, slot):
        self.file(slot).flush()

    def opendir(self, slot, name):
        if slot in self.slots:
            return
        draft = self.draft(name)
        self.slots[slot] = self.Directory(draft.names)
        self.slots[slot].draft = draft

    def getdents(self, slot, _room):
        """Its judge, since the order of the names is the mount's."""
        directory = self.file(slot, Directory)
        if directory.draft.gone:
            raise Fail(errno.ENOENT)
        return directory.got

    def seekdir(self, slot, index):
        """To the entry of that number, which was told."""
        directory = self.file(slot, Directory)
        directory.at = min(index, len(directory.order))
        return directory.at

    def whole(self):
        """Every text that can be read and written, of every draft."""
        return {(name, n): d.nodes[n].text()
                for name, d in self.drafts.items() for n in d.names()
                if d.nodes[n].mode in (0o644, 0o600)
                and n not in ("request.json", "commit")}
