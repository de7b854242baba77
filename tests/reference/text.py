# SPDX-License-Identifier: MIT
"""A piece of text, and what is asked of it."""
import errno
import re

WORD = re.compile(r"[A-Za-z0-9._-]+")


class Refused(Exception):
    """It is no value; the errno says how bad it is."""

    def __init__(self, number=errno.EINVAL):
        super().__init__(errno.errorcode[number])
        self.errno = number


def need(right):
    if not right:
        raise Refused()


def like(pattern, text):
    need(re.fullmatch(pattern, text))
    return text


def trimmed(text):
    return text.strip(" \t\r")


def plain(text):
    """No control characters, of which a terminal knows two sets."""
    need(not any(ord(c) < 32 or 127 <= ord(c) < 160 for c in text))
    return text


def chosen(row, word):
    """One of the row's words; of an open row any word, which only warns, but
    not a known one in other letters."""
    choices = row["choices"]
    if word in choices:
        return word
    need(row["open"] and len(word) <= 64 and WORD.fullmatch(word)
         and word.lower() not in [c.lower() for c in choices])
    return word
