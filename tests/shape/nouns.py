#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Holds each header of a room against the files of its noun, and each function
against the longest that there may be.

usage: nouns.py TOP

What NAME.h declares is defined in NAME.c beside it, or in a file beside it whose
name begins with NAME_; the header that has the name of its room speaks for the
whole room. Prints what is defined elsewhere, and each function of more than 60
lines; ends with 1 when there is one.
"""
import os
import re
import sys

MOST = 60
COMMENT = re.compile(r"/\*.*?\*/", re.S)
# Heads and braces stand at the left margin.
HEAD = r"^(?!%s)[a-z_][^;{}#]*?\b(\w+)\([^;{}]*\)%s"
DECLARED = re.compile(HEAD % ("static |typedef ", ";$"), re.M)
DEFINED = re.compile(HEAD % ("static ", r"\n\{$"), re.M)
FUNCTION = re.compile("(" + HEAD % ("@", r"\n\{\n.*?^\}\n") + ")", re.M | re.S)


def read(path):
    with open(path, encoding="utf-8") as f:
        return f.read()


def files(top, end):
    for side in ("api", "fs"):
        for folder, _, names in os.walk(f"{top}/{side}"):
            for name in sorted(names):
                if name.endswith(end):
                    yield os.path.relpath(f"{folder}/{name}", top)


def of_noun(header, path):
    folder, noun = os.path.split(header[:-2])
    if noun == os.path.basename(folder):
        return os.path.dirname(path) == folder
    return path == header[:-2] + ".c" or path.startswith(header[:-2] + "_")


def strays(top):
    defined = {}
    for path in files(top, ".c"):
        for name in DEFINED.findall(COMMENT.sub("", read(f"{top}/{path}"))):
            defined.setdefault(name, []).append(path)
    for header in files(top, ".h"):
        if header.startswith("fs/man/"):
            continue
        for name in DECLARED.findall(COMMENT.sub("", read(f"{top}/{header}"))):
            there = defined.get(name, [])
            if there and not any(of_noun(header, t) for t in there):
                yield f"{header}: {name} is in {there[0]}"


def long_ones(top):
    seen = 0
    for path in files(top, ".c"):
        for text, name in FUNCTION.findall(read(f"{top}/{path}")):
            seen += 1
            if text.count("\n") > MOST:
                yield f"{path}: {name} has {text.count(chr(10))} lines"
    if not seen:
        yield f"no function was found below {top}"


def main():
    wrong = [*strays(sys.argv[1]), *long_ones(sys.argv[1])]
    for line in wrong:
        print(line)
    return 1 if wrong else 0


sys.exit(main())
