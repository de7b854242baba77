#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Prints each function of fs/ and api/ that has more than 60 lines.

usage: lengths.py TOP

Ends with 1 when there is one.
"""
import os
import re
import sys

MOST = 60
# Heads and braces stand at the left margin.
FUNCTION = re.compile(
    r"^([a-z_][^;{}#]*?\b(\w+)\([^;{}]*\)\n\{\n.*?^\}\n)", re.M | re.S)


def main():
    top, wrong, seen = sys.argv[1], 0, 0
    for side in ("api", "fs"):
        for folder, _, names in os.walk(f"{top}/{side}"):
            for name in sorted(n for n in names if n.endswith(".c")):
                path = os.path.join(folder, name)
                with open(path, encoding="utf-8") as f:
                    functions = FUNCTION.findall(f.read())
                seen += len(functions)
                for text, function in functions:
                    lines = text.count("\n")
                    if lines > MOST:
                        print(f"{os.path.relpath(path, top)}: {function} "
                              f"has {lines} lines")
                        wrong += 1
    if not seen:
        print(f"no function was found below {top}")
    return 1 if wrong or not seen else 0


sys.exit(main())
