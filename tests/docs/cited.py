#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Finds citations that lead nowhere.

usage: cited.py TOP

A source cites `SERVICE.md, Lists` or `DESIGN.md, Commit; Changes`: a heading of
that document. It names no document that is not in the tree below TOP. Prints a
line for each fault, and then how many citations there are.
"""
import os
import re
import sys

DOCUMENTS = {"SERVICE.md": "api/SERVICE.md", "DESIGN.md": "fs/DESIGN.md"}
# documents by other names, and what a build makes
VAGUE = re.compile(r"\bfounding document\b|[(]design\b|\bdesign,? [0-9]")
MADE = {"bench.md"}
NAME = re.compile(r"(?<![\w.<>-])(?:[\w*-]+/)*([\w-]+(?:\.[\w-]+)*\.md)\b")
CITED = re.compile(r"\b(SERVICE|DESIGN)\.md(,?) ?")


def files(top):
    for where, below, names in os.walk(top):
        below[:] = sorted(d for d in below if d not in (".git", "node_modules")
                          and not d.startswith("build"))
        for name in sorted(names):
            path = os.path.join(where, name)
            try:
                with open(path, encoding="utf-8") as f:
                    yield os.path.relpath(path, top), f.read()
            except (OSError, UnicodeDecodeError):
                continue


def headings(text):
    return sorted(re.findall(r"^## (.+)$", text, re.M), key=len, reverse=True)


def flat(text):
    """The text without what makes it a comment of several lines."""
    return re.sub(r"\s*\n[ \t]*(?:[*#]|//|\.\\\")?[ \t]*", " ", text)


def sections(text, at, known):
    """The headings that stand there, with "; " between them, or None."""
    found = []
    while True:
        here = next((h for h in known if text.startswith(h, at) and
                     not re.match(r"\w", text[at + len(h):])), None)
        if not here:
            return found or None
        found.append(here)
        at += len(here)
        if not re.match(r"; [A-Z]", text[at:]):
            return found
        at += 2


def main(top):
    texts = dict(files(top))
    known = {d: headings(texts[p]) for d, p in DOCUMENTS.items()}
    there = {os.path.basename(p) for p in texts if p.endswith(".md")} | MADE
    count = 0

    for path, text in texts.items():
        document, text = path.endswith(".md"), flat(text)
        if path.startswith("tests/docs/cited."):
            continue
        for m in CITED.finditer(text):
            name = m[1] + ".md"
            # a document may name another as a whole
            if document and not (m[2] and text[m.end():m.end() + 1].isupper()):
                continue
            if not m[2] or not sections(text, m.end(), known[name]):
                print(f"{path}: no section of {name}: "
                      f"{text[m.start():m.end() + 30]}")
            count += 1
        for m in NAME.finditer(text):
            if not document and m[1] not in there:
                print(f"{path}: not in the repository: {m[0]}")
        for m in VAGUE.finditer(text):
            print(f"{path}: which document is it? {m[0]}")
    print(f"{count} citations")


if __name__ == "__main__":
    main(sys.argv[1])
