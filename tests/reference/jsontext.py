# SPDX-License-Identifier: MIT
"""Text in JSON: right, wrong, or right so far."""
import json
import re

DEPTH = 32
SPACE = re.compile(r"[ \t\r\n]*")
WORD = re.compile(r"true|false|null")
NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
# a NUL, and half of a surrogate pair, are text of nobody
STRING = re.compile(
    r'"([^"\\\x00-\x1f]|\\(["\\/bfnrt]|'
    r"u(?!0000)(?![dD][89a-fA-F])[0-9a-fA-F]{4}|"
    r"u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}))*\"")


class Unfinished(Exception):
    """More text could make it right."""


class Broken(Exception):
    """No more text could."""


class _Reader:
    def __init__(self, text):
        self.text = text
        self.at = 0

    def blanks(self):
        self.at = SPACE.match(self.text, self.at).end()
        return self.text[self.at:self.at + 1]

    def value(self, depth):
        first = self.blanks()
        if first in ("[", "{") and first:
            return self.members(first, depth)
        token = STRING if first == '"' else (
            WORD if first.isalpha() else NUMBER)
        match = token.match(self.text, self.at)
        if not match or len(match[0]) > 63 and token is NUMBER:
            raise self.fault(token)
        self.at = match.end()
        return None

    def fault(self, token):
        """Whether it was cut short, of which nothing else is known."""
        rest = self.text[self.at:]
        if token is STRING:
            short = any(STRING.fullmatch(rest + more) for more in (
                '"', '\\"', 'n"', '0041"', '041"', '41"', '1"',
                '\\udc00"', 'udc00"', 'dc00"', 'c00"', '00"', '0"',
                '8"', '800\\udc00"', '00\\udc00"', '0\\udc00"'))
        elif token is WORD:
            short = any(w.startswith(rest) for w in ("true", "false", "null"))
        else:
            short = rest == "" or bool(NUMBER.fullmatch(rest + "0"))
        return Unfinished() if short else Broken()

    def members(self, opening, depth):
        closing = "]" if opening == "[" else "}"
        if depth == DEPTH:
            raise Broken()
        self.at += 1
        if self.blanks() == closing:
            self.at += 1
            return
        while True:
            if opening == "{":
                if self.blanks() not in ('"', ""):
                    raise Broken()
                self.value(depth)
                self.expect(":")
            self.value(depth + 1)
            if self.expect("," + closing) == closing:
                return

    def expect(self, marks):
        mark = self.blanks()
        if not mark:
            raise Unfinished()
        if mark not in marks:
            raise Broken()
        self.at += 1
        return mark


def first_value(text):
    """The value that text begins with, pairs instead of objects, and what
    is left of the text."""
    reader = _Reader(text)
    reader.value(0)
    return (json.loads(text[:reader.at], object_pairs_hook=Pairs),
            text[reader.at:])


class Pairs(list):
    """The members of an object, with those that are there twice."""
