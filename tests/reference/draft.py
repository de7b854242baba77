# SPDX-License-Identifier: MIT
"""A draft: a map from names to texts (DESIGN.md, Writing)."""
import errno
import fnmatch
import json
import re

import jsontext
import values
from text import Refused

SCRATCH_FILES = 64
SCRATCH_BYTES = 256 << 10
SCRATCH = (".*.sw[a-p]", "*~", "4913", "sed??????", ".*.??????", "*.tmp",
           "tmp.*", ".tmp*")
# what is only read, and orders, which are only written
FIXED = {"check": 0o444, "plan": 0o444, "digest": 0o444, "state": 0o444, "error": 0o444,
         "request.json": 0o644, "commit": 0o600}


def made_up(name, known):
    """The whole of a known name, and something around it that is more than a
    slip of the finger."""
    for found in re.finditer(f"(?={re.escape(known)})", name):
        before, after = name[:found.start()], name[found.start() + len(known):]
        joined = (re.search("[a-z_]$", before) or re.match("[a-z_]", after))
        if not joined:
            if before or after:
                return True
        elif re.search("[_.]", known):
            if len(before + after) > 2:
                return True
        elif not before and re.fullmatch(".*[A-Z0-9].*", after) \
                and len(after) == 6:
            return True
    return False


class Fail(Exception):
    """A call ends with this errno."""

    def __init__(self, number):
        super().__init__(errno.errorcode[number])
        self.errno = number


class Param:
    def __init__(self, row):
        self.row = row
        self.name = row["name"]
        self.mode = 0o600 if row["secret"] else 0o644
        self.value = ""
        self.stamp = 0  # of the last change
        self.named = True
        self.backups = 0  # renames that took its name away

    def text(self):
        """What it reads as: the value and one newline, or nothing."""
        if not self.value or self.row["secret"]:
            return b""
        return self.value.encode() + b"\n"


class Fixed:
    def __init__(self, name, mode):
        self.name = name
        self.mode = mode
        self.named = True

    def text(self):
        """None: whatever the mount says, which has reasons of its own."""
        return {"state": b"draft\n", "commit": b""}.get(self.name)


class Scratch:
    mode = 0o600  # it may become a secret

    def __init__(self):
        self.data = b""
        self.named = True
        self.opens = 0
        self.moved = False  # from a parameter's name

    def text(self):
        return self.data


class Draft:
    def __init__(self, rows):
        self.nodes = {name: Fixed(name, mode) for name, mode in FIXED.items()}
        self.nodes.update((row["name"], Param(row)) for row in rows
                          if values.is_drafted(row))
        self.scratch = []  # also those without a name that are open
        self.error = ""    # a word that must stand in it; None: any text
        self.stamp = 0
        self.gone = False

    def find(self, name):
        node = self.nodes.get(name)
        if not node or not node.named:
            raise Fail(errno.ENOENT)
        return node

    def names(self):
        return {name for name, node in self.nodes.items() if node.named}

    def params(self):
        return [n for n in self.nodes.values() if isinstance(n, Param)]

    def is_scratch(self, name):
        if isinstance(self.nodes.get(name), Param):
            return False
        known = [p.name for p in self.params()] + ["request.json"]
        return (any(fnmatch.fnmatchcase(name, p) for p in SCRATCH)
                or any(made_up(name, k) for k in known))

    def note(self, word):
        """The reason stands in `error`, whose name is back."""
        self.error = word
        self.nodes["error"].named = True

    def fail(self, number, word=None):
        self.note(word)
        raise Fail(number)

    def show_fixed(self):
        """What is written brings back the fixed files that were removed."""
        for node in self.nodes.values():
            if isinstance(node, Fixed):
                node.named = True

    def judge_error(self, text):
        """Empty after what succeeded; else it names what went wrong."""
        if self.error == "":
            return f"error says {text}" if text else ""
        word = (self.error or "").encode()
        return "" if text and word in text else f"no {word} in error: {text}"

    def put(self, param, value):
        """The value is in place, its name is there, and all is well."""
        self.stamp += 1
        param.value = value
        param.stamp = self.stamp
        param.named = True
        self.error = ""

    def judge(self, param, data):
        try:
            return values.value(param.row, data)
        except Refused as refused:
            self.fail(refused.errno, param.name)

    def create(self, name):
        """O_CREAT of a name that is not there."""
        node = self.nodes.get(name)
        if isinstance(node, Param) and node.value:
            node.named = True  # a rename took the name, not the value
        elif isinstance(node, Param):
            self.put(node, "")
        elif node:
            node.named = True
        elif not self.is_scratch(name):
            self.fail(errno.EPERM, name)
        elif len(self.scratch) == SCRATCH_FILES:
            self.fail(errno.ENOSPC)
        else:
            node = self.nodes[name] = Scratch()
            self.scratch.append(node)
        return node

    def unlink(self, name):
        node = self.find(name)
        if isinstance(node, Param):
            self.put(node, "")
        if isinstance(node, Scratch):
            del self.nodes[name]
        node.named = False
        self.drop(node)

    def drop(self, node):
        """A scratch file without a name lives while it is open."""
        if isinstance(node, Scratch) and not node.named and not node.opens:
            self.scratch.remove(node)

    def rename(self, name, other):
        node = self.find(name)
        target = self.nodes.get(other)
        if node is target:
            return
        if not isinstance(node, Scratch):
            if isinstance(node, Param) and self.is_scratch(other):
                self.back_up(node, target, other)
                return
            self.fail(errno.EPERM)
        if isinstance(target, Param) or other == "request.json":
            self.show_fixed()
            try:
                self.place(node, target, other)
            except (Fail, values.Unfinished) as fail:
                if target.named is False:
                    target.named = bool(getattr(target, "value", True))
                number = getattr(fail, "errno", errno.EINVAL)
                self.fail(errno.EPERM if number == errno.EINVAL else number,
                          other if isinstance(target, Param) else None)
            self.unlink(name)
        elif isinstance(target, Fixed):
            self.show_fixed()
            self.fail(errno.EPERM)
        elif not self.is_scratch(other):
            self.fail(errno.EPERM)
        else:
            if target:
                self.unlink(other)
            del self.nodes[name]
            self.nodes[other] = node

    def place(self, node, target, name):
        if name == "request.json":
            self.replace(node.data)
        else:
            self.put(target, self.judge(target, node.data))

    def back_up(self, node, target, name):
        """A copy, and the name is gone; the value goes when the name is made
        anew."""
        if target:
            self.unlink(name)
        if len(self.scratch) == SCRATCH_FILES:
            self.fail(errno.ENOSPC)
        copy = self.nodes[name] = Scratch()
        copy.data = node.text()
        copy.moved = True
        self.scratch.append(copy)
        node.named = False
        node.backups += 1

    def replace(self, data):
        """A body: all parameters that it does not say are unset, but for
        secrets, which it never shows."""
        try:
            body, rest = jsontext.first_value(data.decode())
            if rest.strip() or not isinstance(body, jsontext.Pairs):
                raise jsontext.Broken()
            found = {name: values.value(self.nodes[name].row,
                                        json.dumps(item).encode())
                     for name, item in body}
        except (UnicodeDecodeError, KeyError, jsontext.Broken, Refused):
            self.fail(errno.EINVAL)
        if not any(found.get(param.name) for param in self.params()
                   if "[0]" in (param.row["places"]["nodepools"] or "")):
            found["num_of_nodes"] = "0"  # it says nothing of nodes
        for param in self.params():
            if not param.row["secret"] or not param.value:
                self.put(param, found.get(param.name, ""))
        for node in self.nodes.values():
            node.named = True
        self.error = ""
