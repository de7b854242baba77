#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Holds the folders of fs/ and api/ against their order.

usage: rooms.py TOP [BUILD]

A file may include, and an object file may need, what is in its own room or in
one below it. Prints each that does not, and each circle of units that spans
rooms; ends with 1 when there is one. Without BUILD only includes are read.
"""
import collections
import json
import os
import re
import subprocess
import sys

# Top first. What stands in one line beside each other knows nothing of the
# others in that line.
ORDER = [
    ["fs/man"],
    ["fs/mount"], ["fs/fuse"], ["fs/tree"], ["fs/page"], ["fs/actions"],
    ["fs/cloud"], ["fs/state"], ["fs/model"],
    ["api/keys", "api/sandbox"],
    ["api/client"], ["api/http"], ["api/params"], ["api/base"],
]
FLOOR = {room: floor for floor, rooms in enumerate(ORDER) for room in rooms}
INCLUDE = re.compile(r'^\s*#\s*include "([^"]+)"', re.M)


def room_of(path):
    return next((r for r in FLOOR if path.startswith(r + "/")), None)


def goes_down(a, b):
    return a == b or FLOOR[a] < FLOOR[b]


def sources(top):
    for side in ("api", "fs"):
        for folder, _, files in os.walk(f"{top}/{side}"):
            for f in files:
                if f.endswith((".c", ".h", ".def")):
                    yield os.path.relpath(f"{folder}/{f}", top)


def resolve(top, path, name):
    """Beside the file, or by its room."""
    for there in (os.path.dirname(path) + "/" + name, "fs/" + name,
                  "api/" + name):
        if os.path.exists(f"{top}/{there}"):
            return os.path.normpath(there)
    return None


def includes(top):
    for path in sorted(sources(top)):
        with open(f"{top}/{path}", encoding="utf-8") as f:
            for name in INCLUDE.findall(f.read()):
                there = resolve(top, path, name)
                yield path, there or "nowhere/" + name


def units(top, build):
    """Of each unit of a room: what its object file defines and needs."""
    with open(build + "/compile_commands.json", encoding="utf-8") as f:
        commands = json.load(f)
    for c in commands:
        path = os.path.relpath(os.path.join(c["directory"], c["file"]), top)
        out = os.path.join(c["directory"], c["output"])
        if room_of(path) is None or not os.path.exists(out):
            continue
        names = subprocess.run(["nm", "-P", out], stdout=subprocess.PIPE,
                               text=True, check=True).stdout.split("\n")
        rows = [n.split(" ")[:2] for n in names if n]
        yield (path, {n for n, kind in rows if kind in "TDBRVWC"},
               {n for n, kind in rows if kind == "U"})


def needs(top, build):
    """From unit to unit: the names."""
    all_units = list(units(top, build))
    # the sandbox and ackfs are two programs: each finds a name at home first
    home = {}
    for path, defined, _ in all_units:
        for name in defined:
            home.setdefault(name, []).append(path)
    arrows = collections.defaultdict(lambda: collections.defaultdict(set))
    for path, _, undefined in all_units:
        room = room_of(path)
        for name in undefined:
            there = home.get(name, [])
            mine = [t for t in there if room_of(t) == room] or there
            if mine and mine[0] != path:
                arrows[path][mine[0]].add(name)
    return arrows, len(all_units)


def circles(arrows):
    """Sets of units that need each other (Tarjan)."""
    index, low, stack, found = {}, {}, [], []

    def visit(unit):
        index[unit] = low[unit] = len(index)
        stack.append(unit)
        for other in sorted(arrows.get(unit, ())):
            if other not in index:
                visit(other)
            if other in stack:
                low[unit] = min(low[unit], low[other])
        if low[unit] == index[unit]:
            at = stack.index(unit)
            if len(stack) - at > 1:
                found.append(sorted(stack[at:]))
            del stack[at:]

    sys.setrecursionlimit(10000)
    for unit in sorted(arrows):
        if unit not in index:
            visit(unit)
    return found


def main():
    top, wrong, seen = os.path.abspath(sys.argv[1]), 0, 0
    for path, there in includes(top):
        a, b = room_of(path), room_of(there)
        seen += 1
        if a is None:
            print(f"no room: {path}")
            wrong += 1
        elif b is None or not goes_down(a, b):
            print(f"include: {path} -> {there}")
            wrong += 1
    if len(sys.argv) > 2:
        arrows, count = needs(top, sys.argv[2])
        seen += count
        for a in sorted(arrows):
            for b in sorted(arrows[a]):
                if not goes_down(room_of(a), room_of(b)):
                    print(f"symbol: {a} -> {b}: {' '.join(sorted(arrows[a][b]))}")
                    wrong += 1
        for circle in circles(arrows):
            if len({room_of(unit) for unit in circle}) > 1:
                print(f"circle: {' '.join(circle)}")
                wrong += 1
    if not seen:
        print(f"nothing was found below {top}")
    return 1 if wrong or not seen else 0


sys.exit(main())
