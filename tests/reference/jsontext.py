# SPDX-License-Identifier: MIT
"""Text in JSON: right, wrong, or right so far."""
import json
import re

DEPTH = 32
SPACE = re.compile(r"[ \t\r\n]*")
WORD = re.compile(r"true|false|null")
NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
# a NUL, and half of a surrogate pair, are text of nobody
HEX, HIGH = "[0-9a-fA-F]", "u[dD][89abAB][0-9a-fA-F]{2}"
CHARACTERS = (r'"([^"\\\x00-\x1f]|\\(["\\/bfnrt]|'
              rf"u(?!0000)(?![dD][89a-fA-F]){HEX}{{4}}|"
              rf"{HIGH}\\u[dD][c-fC-F]{HEX}{{2}}))*")
STRING = re.compile(CHARACTERS + '"')
# an escape is judged when it is whole
CUT_ESCAPE = rf"\\(u{HEX}{{0,3}}|{HIGH}(\\(u{HEX}{{0,3}})?)?)?"
CUT_STRING = re.compile(rf"{CHARACTERS}({CUT_ESCAPE})?")
CUT_NUMBER = re.compile(rf"{NUMBER.pattern}|-|-?(0|[1-9][0-9]*)"
                        r"(\.|(\.[0-9]+)?[eE][+-]?)")


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
            self.members(first, depth)
            return
        token = STRING if first == '"' else (
            WORD if first.isalpha() else NUMBER)
        match = token.match(self.text, self.at)
        rest = self.text[self.at:]
        if token is NUMBER and len(rest) < 64 and CUT_NUMBER.fullmatch(rest):
            raise Unfinished()
        if not match or len(match[0]) > 63 and token is NUMBER:
            raise self.fault(token, rest)
        self.at = match.end()

    def fault(self, token, rest):
        """Whether it was cut short, of which nothing else is known."""
        short = (CUT_STRING.fullmatch(rest) if token is STRING else
                 rest == "" or token is WORD and any(
                     w.startswith(rest) for w in ("true", "false", "null")))
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
