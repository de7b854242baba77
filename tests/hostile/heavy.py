# SPDX-License-Identifier: MIT
"""The table of answers that weigh much, each played by a mount of its own.

MOST_KIB is what one answer may cost beside what a mount has; a list of many
pages, which is kept, may cost KEPT_KIB.
"""
import json
import time

import good
import mutations
from answers import Cell, head, whole
from play import HANGS_S, Play
from service import PAGE

MOST_KIB = 32 << 10
KEPT_KIB = 128 << 10
MIB = 1 << 20
SIZES = (4 * MIB - 4096, 8 * MIB, 31 * MIB)  # below each limit, and above
ROWS = ("the list of all", "create", "detail.json", "nodes.json",
        "nodepools.json", "versions", "modify", "account, roles", "keys, uri",
        "keys, metadata role")


def is_sanitized(ackfs):
    """Its memory is not ackfs's alone."""
    with open(ackfs, "rb") as f:
        return b"__asan_init" in f.read()


def flood_of(data):
    def flood(c):
        while True:
            c.say(data * (65536 // len(data)))
    return flood


def bombs(size):
    """Valid JSON of about that many bytes that unfolds to more."""
    deep = b"[" * 28 + b"]" * 28
    for name, one in (("empty arrays", b"[]"), ("zeros", b"0"),
                      ("short texts", b'"a"'), ("levels", deep),
                      ("objects", b'{"":0}'), ("literals", b"null")):
        yield name, b"[" + b",".join([one] * (size // (len(one) + 1))) + b"]"
    yield "members", b"{" + b'"":0,' * (size // 5) + b'"":0}'
    yield "DEL", b'"' + b"\x7f" * size + b'"'
    yield "C1", b'"' + b"\xc2\x9b" * (size // 2) + b'"'
    yield "line ends", b'"' + b"\\n" * (size // 2) + b'"'
    yield "letters", b'"' + b"x" * size + b'"'


def cells_of(row, every):
    made = good.example(row)
    start = head(200, None)
    text = json.dumps(made).encode()
    yield Cell("a body without end", [start, text[:-1], flood_of(b" ")])
    yield Cell("an array without end", [start, b"[", flood_of(b"0,")])
    yield Cell("chunks without end", [
        head(200, None, "Transfer-Encoding: chunked"),
        flood_of(b"1000\r\n" + b" " * 0x1000 + b"\r\n")])
    for size in SIZES if every else SIZES[:1]:
        for name, bomb in bombs(size):
            yield whole(f"{name}, {size >> 20} MiB", 200,
                        mutations.with_raw(made, bomb))
    leaves = text.count(b":") or 1
    for name, one in (("arrays", "[],"), ("numbers", "0,"), ("lines", "a\n"),
                      ("an object", '{"a":0},'), ("words", "x ")):
        inside = one * (3 * MIB // leaves // len(one))
        yield whole(f"{name} in every text", 200, mutations.all_leaves(
            made, lambda _, i=inside: f"[{i}0]"))
        yield whole(f"{name} in every field", 200, mutations.all_leaves(
            made, lambda _, i=inside: [f"[{i}0]"]))
    for status in (400, 500):
        yield whole(f"{status} of 4 MiB", status, json.dumps(
            {"Code": "x" * MIB, "Message": "\x1b" * (MIB // 6),
             "data": [{"code": "y", "message": "z"}] * 40000}).encode())
    if row.call in ("list", "nodes"):
        yield from page_cells(row)


def page_cells(row):
    def page(count, repeats, total, text=""):
        def body(number):
            first = 0 if repeats else number * PAGE
            ids = range(first + 1, first + 1 + count)
            if row.call == "nodes":
                return json.dumps({
                    "nodes": [{**good.node(i), "text": text} for i in ids],
                    "page": {"total_count": total}}).encode()
            return json.dumps({
                "clusters": [good.cluster(row, i) for i in ids],
                "page_info": {"total_count": total}}).encode()
        return body

    for name, *of in (("pages without end", 1, False, 10**9),
                      ("fat pages without end", 10, False, 10**9, "x" * 99999),
                      ("a page again and again", PAGE, True, 10**9),
                      ("pages without a count", 100, False, None),
                      ("a count below zero", PAGE, False, -1),
                      ("a count of 2^63", 1, False, 2**63),
                      ("a page of 20,000", 20000, False, 20000)):
        yield Cell(name, [], 200, hasty=row.call == "nodes", page=page(*of))


class Heavy(Play):
    """A good answer first, to know what it costs, and then the other."""

    def __init__(self, ackfs, base, row, cell, doubt):
        self.cell, self.least = cell, 0
        first = whole("the good answer", 200, self.first(row),
                      hasty=cell.hasty)
        super().__init__(ackfs, base, row, [first, cell], doubt)

    @staticmethod
    def first(row):
        made = good.example(row)
        return made.encode() if isinstance(made, str) else made

    def judge(self, i, cell, result, text):
        if not self.service.delivered[i]:
            self.wrong(cell, f"the call was not made: {result}")
        if i == 0:
            self.least = self.mount.peak()
            return
        grown = self.mount.peak() - self.least
        most = KEPT_KIB if cell.page else MOST_KIB
        if self.doubt == "memory":
            most = 0
        if grown > most and not is_sanitized(self.ackfs):
            self.wrong(cell, f"it grew by {grown >> 10} MiB")
        if cell.page and result == "OK" and "without" in cell.name:
            self.wrong(cell, "a list that has no end")

    def look_around(self):
        """There may be thousands."""

    def start_each(self):
        """Its keys are renewed: it is there before and afterwards."""
        if not self.begin():
            self.wrong(None, "it did not mount")
            return
        self.judge(0, self.cells[0], "OK", b"")
        self.service.current = 1
        self.hup()
        deadline = time.monotonic() + HANGS_S
        while not self.service.delivered[1] and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(0.5)  # it has to be taken in, too
        if self.dead():
            self.wrong(self.cell, f"it is dead: {self.mount.text('../log')}")
            return
        self.judge(1, self.cell, "EIO", b"")
        self.end()
