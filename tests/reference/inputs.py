#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Plays the bad inputs of battery.py through a mount.

usage: inputs.py MOUNTPOINT SCHEMA KIND...

KIND is texts (of two parameters of every type), all (of every parameter),
pieces (the texts again, written in pieces), names (of directories), or orders
(words for commit). What has to
come of each text is said by the reference model; of types that it does not
know, only that it is taken or refused as a whole. Every case that ends
otherwise is a line; exit status 1 then, or when there was none.
"""
import collections
import errno
import json
import os
import sys

import battery
from model import Model
from mount import Mount
from reference import differs, result
from values import TYPES, is_drafted

DRAFT = "test"
CONTROLS = {*range(32), 127} - {10}


def shown(data):
    return f"{data[:60]!r}" + (f" ({len(data)} bytes)" if data[60:] else "")


def whole(data):
    return [(0, data)] if data else []


def in_pieces(data):
    """A byte at a time; two halves; the second half first."""
    half = len(data) // 2
    if data and len(data) <= 300:
        yield [(at, data[at:at + 1]) for at in range(len(data))]
    if half and len(data) <= 65536:
        yield [(0, data[:half]), (half, data[half:])]
        yield [(half, data[half:]), (0, data[:half])]


class Battery:
    def __init__(self, top, rows):
        self.model, self.mount = Model(rows), Mount(top)
        self.rows = [row for row in rows if is_drafted(row)]
        self.cases = self.bad = 0
        self.call("mkdir", DRAFT)

    def call(self, name, *args):
        """What is wrong with it, or None."""
        return differs(result(getattr(self.model, name), args),
                       result(getattr(self.mount, name), args))

    def tell(self, what, trouble):
        self.cases += 1
        if trouble:
            self.bad += 1
            print(f"{what}: {trouble}")

    def error_of(self, name):
        """What is wrong with the text of `error` after a refusal."""
        text = self.mount.cat((DRAFT, "error"))
        if f"\nparam: {name}\n".encode() not in b"\n" + text:
            return f"error does not name the parameter: {text}"
        shown_raw = text.decode()  # or it is no text at all
        if any(ord(c) in CONTROLS or 128 <= ord(c) < 160 for c in shown_raw):
            return f"error holds control characters: {text}"
        return None

    def write_all(self, where, pieces):
        """The first trouble, or None."""
        calls = [("open", 0, where, os.O_WRONLY | os.O_TRUNC),
                 *(("pwrite", 0, at, data) for at, data in pieces),
                 ("close", 0)]
        troubles = [self.call(*call) for call in calls]
        return next(filter(None, troubles), None)

    def known(self, row, pieces):
        """The trouble with one text of a type that the model knows."""
        where = DRAFT, row["name"]
        trouble = (self.write_all(where, whole(row["example"].encode()))
                   or self.write_all(where, pieces)
                   or self.call("cat", (DRAFT, "error")))
        if not trouble and self.model.drafts[DRAFT].error:
            trouble = self.error_of(row["name"])
        if row["secret"]:
            return trouble or self.call("stat", where)
        return trouble or self.call("cat", where) or self.back(row)

    def back(self, row):
        """What is read can be written back unchanged."""
        path = self.mount.path((DRAFT, row["name"]))
        with open(path, "rb") as f:
            text = f.read()
        for data in (text, text.rstrip(b"\n")):
            with open(path, "wb", buffering=0) as f:
                f.write(data)
            with open(path, "rb") as f:
                if f.read() != text:
                    return f"{shown(text)} cannot be written back"
        self.model.drafts[DRAFT].error = ""
        return None

    def unknown(self, row, pieces):
        """The same, of one that it does not."""
        path = self.mount.path((DRAFT, row["name"]))
        failed = None
        with open(path, "wb", buffering=0) as f:
            f.write(row["example"].encode())
        with open(path, "rb") as f:
            before = f.read()
        fd = os.open(path, os.O_WRONLY | os.O_TRUNC)
        try:
            for at, data in pieces:
                os.pwrite(fd, data, at)
        except OSError as e:
            failed = e.errno
        try:
            os.close(fd)
        except OSError as e:
            failed = e.errno
        with open(path, "rb") as f:
            after = f.read()
        if failed not in (None, errno.EINVAL, errno.EFBIG):
            return errno.errorcode[failed]
        if failed and after != before:
            return "the old value did not stay"
        if failed:
            return self.error_of(row["name"])
        if os.stat(path).st_size != len(after) or b"\0" in after:
            return f"reads {shown(after)}"
        return self.back(row)

    def of_texts(self, most=2, forms=lambda data: [whole(data)]):
        """On so many parameters of each type."""
        seen = collections.Counter()
        for row in self.rows:
            seen[row["type"]] += 1
            if seen[row["type"]] > most:
                continue
            try_it = self.known if row["type"] in TYPES else self.unknown
            texts = [*battery.common(row["example"].encode()),
                     *battery.TEXTS[row["type"]]]
            for data in dict.fromkeys(texts):
                for pieces in forms(data):
                    self.tell(f"{row['name']}: {shown(data)} in "
                              f"{len(pieces)}", try_it(row, pieces))
            self.call("truncate", (DRAFT, row["name"]), 0)

    def of_all(self):
        self.of_texts(len(self.rows))

    def of_pieces(self):
        self.of_texts(2, in_pieces)

    def of_names(self):
        for data in dict.fromkeys(battery.NAMES):
            name = os.fsdecode(data)
            trouble = self.call("mkdir", name)
            made = name in self.model.drafts
            trouble = trouble or self.call("names")
            if made:
                trouble = trouble or self.call("rmdir", name)
            else:
                trouble = trouble or self.call("move", DRAFT, name)
            self.tell(f"name {shown(data)}", trouble)

    def of_orders(self):
        """On a draft that lacks everything, so that nothing can be sent."""
        path = self.mount.path((DRAFT, "commit"))
        for data in dict.fromkeys(battery.ORDERS + battery.ORDERS_TAKEN):
            try:
                with open(path, "wb", buffering=0) as f:
                    f.write(data)
                trouble = "was carried out"
            except OSError as e:
                trouble = (None if e.errno == errno.EINVAL
                           else errno.errorcode[e.errno])
            text = self.mount.cat((DRAFT, "error"))
            taken = b"param: commit\n" not in text
            if taken != (data in battery.ORDERS_TAKEN):
                trouble = trouble or f"taken: {taken}"
            if taken and b"snat_entry" not in text:
                trouble = trouble or f"no findings: {text}"
            self.tell(f"commit {shown(data)}", trouble)


def main():
    top, schema, *kinds = sys.argv[1:]
    with open(schema, encoding="utf-8") as f:
        tried = Battery(top, json.load(f)["cluster"])
    for kind in kinds:
        getattr(tried, f"of_{kind}")()
    tried.mount.rmdir(DRAFT)
    print(f"{tried.cases} cases, {tried.bad} wrong")
    return 1 if tried.bad or not tried.cases else 0


if __name__ == "__main__":
    sys.exit(main())
