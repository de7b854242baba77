#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Holds a mount against the reference model: random system calls on both, and
every errno, text, size and listing has to be the same.

usage: reference.py MOUNTPOINT SCHEMA OPERATIONS [SEED [WRONG]]

SCHEMA holds what `ackfs --schema` prints. The seed is printed first, and gives
the same calls again. A sequence that ends differently is made as short as it
stays different, and printed; exit status 1. WRONG names a rule that the model
is told wrongly (wrong.py), to see that it would be found.
"""
import errno
import json
import os
import random
import sys
import time

from draft import Fail
from model import ANY, Model
from mount import Mount
from sequence import Sequence
from wrong import wrong_model

LENGTH = 400


def result(call, args):
    try:
        got = call(*args)
    except (Fail, OSError) as fail:
        return errno.errorcode[fail.errno]
    return "OK" if got is None else got


def differs(wanted, got):
    """What is wrong with it, or None."""
    if wanted is ANY:
        return None if not isinstance(got, str) else f"{got} instead of a text"
    if callable(wanted):
        return got if isinstance(got, str) else wanted(got) or None
    if isinstance(wanted, tuple) and isinstance(got, tuple):
        got = tuple(ANY if w is ANY else g for w, g in zip(wanted, got))
    if isinstance(wanted, dict) and isinstance(got, dict):
        odd = [n for n in {*wanted, *got} if wanted.get(n) != got.get(n)]
        wanted, got = ({n: texts.get(n) for n in odd}
                       for texts in (wanted, got))
    return None if wanted == got else f"{got!r}, and by the model {wanted!r}"


class Trial:
    """One sequence on an empty model and an empty mount."""

    def __init__(self, top, rows, make):
        self.top, self.rows, self.make = top, rows, make
        self.calls = 0

    def run(self, steps):
        """The number of the first step that differs, and how; or None."""
        model, mount = self.make(self.rows), Mount(self.top)
        try:
            for number, (name, *args) in enumerate(steps):
                self.calls += 1
                trouble = differs(result(getattr(model, name), args),
                                  result(getattr(mount, name), args))
                if trouble:
                    return number, trouble
            trouble = differs(model.whole(), result(mount.whole, ()))
            return trouble and (len(steps), trouble)
        finally:
            for slot in list(mount.slots):
                result(mount.close, (slot,))
            for name in mount.names():
                mount.rmdir(name)

    def shrink(self, steps):
        """As few steps as still end differently."""
        found = self.run(steps)
        steps = steps[:found[0] + 1]
        size = len(steps)
        while size:
            at = 0
            while at < len(steps):
                fewer = steps[:at] + steps[at + size:]
                found = self.run(fewer)
                if found:
                    steps = fewer[:found[0] + 1]
                else:
                    at += size
            size //= 2
        return steps, self.run(steps)


def written(step):
    name, *args = step
    if name == "open":
        flags = [n for n in ("O_WRONLY", "O_RDWR", "O_CREAT", "O_EXCL",
                             "O_TRUNC", "O_APPEND")
                 if args[2] & getattr(os, n)] or ["O_RDONLY"]
        return f"open({args[0]}, {args[1]}, {'|'.join(flags)})"
    return f"{name}({', '.join(map(repr, args))})"


def main():
    top, schema, operations, *rest = sys.argv[1:]
    seed = int(rest[0]) if rest else random.SystemRandom().getrandbits(32)
    with open(schema, encoding="utf-8") as f:
        rows = json.load(f)["cluster"]
    trial = Trial(top, rows, wrong_model(rest[1]) if rest[1:] else Model)
    print(f"seed {seed}", flush=True)
    number, began = 0, time.monotonic()
    while trial.calls < int(operations):
        dice = random.Random(f"{seed} {number}")
        steps = Sequence(dice, LENGTH).steps
        if trial.run(steps):
            short, found = trial.shrink(steps)
            print(f"sequence {number} differs, {len(short)} calls:")
            print("\n".join(f"  {written(step)}" for step in short))
            print(f"gives {found[1] if found else 'the same now'}")
            return 1
        number += 1
    print(f"{trial.calls} operations in {number} sequences, "
          f"{time.monotonic() - began:.0f} s, no difference")
    return 0


if __name__ == "__main__":
    sys.exit(main())
