# SPDX-License-Identifier: MIT
"""What an answer is worth, and what a person may be shown, by rules of its
own: nothing here is taken from ackfs."""
import json
import re

MANY = 64  # levels; what nests deeper need not be understood
# A byte of a terminal's language, or no text at all. Tabs and line ends are
# part of a file.
RAW = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
CLUSTER_ID = re.compile(r"c[0-9a-f]{32}")
POOL_ID = re.compile(r"np[0-9a-f]{32}")


class Pairs(list):
    """An object, its members in order, whichever stand there twice."""

    def get(self, key):
        """The member of that name, None unless there is one alone."""
        found = [v for k, v in self if k == key]
        return found[0] if len(found) == 1 else None

    def first(self, key):
        return next((v for k, v in self if k == key), None)


def _no_constant(word):
    raise ValueError(word)


def _levels(text):
    deep = most = 0
    for m in re.finditer(r'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]', text):
        deep += {"[": 1, "{": 1, "]": -1, "}": -1}.get(m[0], 0)
        most = max(most, deep)
    return most


def parse(body):
    """(True, the value), numbers as text; or (False, None)."""
    try:
        text = body.decode("utf-8")
        if _levels(text) > MANY:
            return False, None
        value = json.loads(text, object_pairs_hook=Pairs, parse_int=str,
                           parse_float=str, parse_constant=_no_constant)
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError):
        return False, None
    return "\\u0000" not in text, value


def answer_of(cell):
    """(whether it may pass for a success, the JSON that it holds)"""
    if cell.status // 100 != 2:
        return False, None
    return parse(cell.body)


def is_refusal(cell):
    """In the service's own words, so that nothing was executed."""
    own, value = parse(cell.body)
    if not own or not isinstance(value, Pairs):
        return False

    def says(*keys):
        return any(isinstance(value.first(k), str) and value.first(k)
                   for k in keys)

    return says("Code", "code") and says(
        "Message", "message", "Detail", "detail", "Description",
        "description") and (cell.status // 100 == 4 and cell.status != 408)


def made_id(cell, key, form):
    """The one ID of the right form that an answer gives, or None."""
    good, value = answer_of(cell)
    if not good or not isinstance(value, Pairs):
        return None
    made = value.get(key)
    return made if isinstance(made, str) and form.fullmatch(made) else None


def raw(text):
    """What of it would reach a terminal as it is; '' if nothing does."""
    if isinstance(text, bytes):
        text = text.decode("utf-8", "surrogateescape")
    found = RAW.search(text)
    return repr(text[max(0, found.start() - 30):found.end() + 30]) \
        if found else ""
