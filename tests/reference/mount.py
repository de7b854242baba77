# SPDX-License-Identifier: MIT
"""The same calls, made on a mount."""
import ctypes
import errno
import os
import stat
import struct

LIBC = ctypes.CDLL(None, use_errno=True)


class Mount:
    def __init__(self, top):
        self.top = os.path.join(top, "clusters")
        self.slots = {}
        self.cookies = {}  # of an open directory, one for each entry

    def path(self, where):
        return os.path.join(self.top, *where)

    def fd(self, slot, directory=False):
        """Files and directories are told apart here as in the model."""
        if slot not in self.slots or (slot in self.cookies) != directory:
            raise OSError(errno.EBADF, "not open")
        return self.slots[slot]

    def mkdir(self, name):
        os.mkdir(self.path([name]))

    def mkdir_in(self, where):
        os.mkdir(self.path(where))

    def rmdir(self, name):
        os.rmdir(self.path([name]))

    def move(self, name, other):
        os.rename(self.path([name]), self.path([other]))

    def unlink(self, where):
        os.unlink(self.path(where))

    def rename(self, where, other):
        os.rename(self.path(where), self.path(other))

    def stat(self, where):
        return self.attributes(os.stat(self.path(where)))

    def attributes(self, st):
        return st.st_mode, st.st_nlink, st.st_size

    def names(self):
        return sorted(os.listdir(self.top))

    def chmod(self, where, mode):
        os.chmod(self.path(where), mode)

    def cat(self, where):
        fd = os.open(self.path(where), os.O_RDONLY)
        try:
            text = os.read(fd, 1 << 20)
            assert not os.read(fd, 1)
            if os.fstat(fd).st_size != len(text):
                return f"{len(text)} bytes, size {os.fstat(fd).st_size}"
            return text
        finally:
            os.close(fd)

    def open(self, slot, where, flags):
        if slot not in self.slots:
            self.slots[slot] = os.open(self.path(where), flags, 0o644)

    def dup(self, slot, other):
        if other not in self.slots:
            self.slots[other] = os.dup(self.fd(slot, slot in self.cookies))
            if slot in self.cookies:
                self.cookies[other] = self.cookies[slot]

    def close(self, slot):
        fd = self.fd(slot, slot in self.cookies)
        del self.slots[slot]
        self.cookies.pop(slot, None)
        os.close(fd)

    def pread(self, slot, at, count):
        return os.pread(self.fd(slot), count, at)

    def read(self, slot, count):
        return os.read(self.fd(slot), count)

    def pwrite(self, slot, at, data):
        return os.pwrite(self.fd(slot), data, at)

    def write(self, slot, data):
        return os.write(self.fd(slot), data)

    def seek(self, slot, at):
        return os.lseek(self.fd(slot), at, os.SEEK_SET)

    def ftruncate(self, slot, size):
        os.ftruncate(self.fd(slot), size)

    def truncate(self, where, size):
        os.truncate(self.path(where), size)

    def fstat(self, slot):
        return self.attributes(os.fstat(self.fd(slot)))

    def fsync(self, slot):
        os.fsync(self.fd(slot))

    def opendir(self, slot, name):
        if slot not in self.slots:
            self.slots[slot] = os.open(self.path([name]), os.O_DIRECTORY)
            self.cookies[slot] = [0]

    def getdents(self, slot, room):
        """The names, and no more than fit into that room."""
        fd, cookies = self.fd(slot, True), self.cookies[slot]
        buffer = ctypes.create_string_buffer(room)
        at = os.lseek(fd, 0, os.SEEK_CUR)
        index = cookies.index(at)
        count = LIBC.getdents64(fd, buffer, ctypes.c_size_t(room))
        if count < 0:
            raise OSError(ctypes.get_errno(), "getdents64")
        if not index:
            del cookies[1:]
        names, offset = [], 0
        while offset < count:
            _, cookie, length = struct.unpack_from("=QqH", buffer, offset)
            name = buffer.raw[offset + 19:offset + length].split(b"\0")[0]
            names.append(os.fsdecode(name))
            index += 1
            if index == len(cookies):
                cookies.append(cookie)
            offset += length
        return names

    def seekdir(self, slot, index):
        fd, cookies = self.fd(slot, True), self.cookies[slot]
        index = min(index, len(cookies) - 1)
        os.lseek(fd, cookies[index], os.SEEK_SET)
        return index

    def whole(self):
        found = {}
        for name in os.listdir(self.top):
            for entry in os.listdir(self.path([name])):
                mode = os.stat(self.path([name, entry])).st_mode
                if stat.S_IMODE(mode) in (0o644, 0o600) \
                        and entry not in ("request.json", "commit"):
                    found[name, entry] = self.cat([name, entry])
        return found
