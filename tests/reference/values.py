# SPDX-License-Identifier: MIT
"""What a parameter makes of a text: the value that it then has, or why not.

Written from the design and the meaning of each parameter, as `ackfs --schema`
tells it, and not from the program that it is held against.
"""
import errno

from jsontext import Broken, Unfinished
from lists import LISTS
from scalars import SCALARS
from text import Refused, need

LIMIT = 65536
BLOCK = 4096
TYPES = {**SCALARS, **LISTS}


def is_drafted(row):
    """What has no place in a request that creates is of what exists."""
    return row["places"]["classic"] or row["places"]["nodepools"]


def decoded(data):
    """Its text without the line end, which is no part of the value."""
    if len(data) > LIMIT:
        raise Refused(errno.EFBIG)
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise Refused() from None
    need("\0" not in text)
    for end in ("\r\n", "\n"):
        if text.endswith(end):
            return text[:-len(end)]
    return text


def judged(row, data):
    text = decoded(data)
    if not text.strip(" \t\r\n"):
        return ""
    try:
        return TYPES[row["type"]](row, text)
    except Broken:
        raise Refused() from None


def is_cut(row, data):
    """A program's buffer was full, and the last line goes on; those before
    it are right."""
    if (not row["list"] or not data or len(data) % BLOCK
            or len(data) >= LIMIT or data.endswith(b"\n")):
        return False
    try:
        judged(row, data[:data.rfind(b"\n") + 1])
    except Refused:
        return False
    except Unfinished:
        pass
    return True


def value(row, data):
    """The value as it reads back, less its newline; "": unset. Raises
    Refused, or Unfinished when more has to follow."""
    try:
        return judged(row, data)
    except Refused as refused:
        if refused.errno == errno.EINVAL and is_cut(row, data):
            raise Unfinished() from None
        raise
