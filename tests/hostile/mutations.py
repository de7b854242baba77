# SPDX-License-Identifier: MIT
"""A JSON value with something else in its place."""
import copy
import json

GONE = object()
# Of every type; the numbers are those at which others overflow.
VALUES = (None, True, False, 0, -1, 2**31, 2**53 + 1, 2**63, -2**63, 10**40,
          1.5, 1e308, "", "x", "0", "true", "../..", "%s%n", "x" * 5000,
          "\U0001f600", [], {}, [[]], [None], {"a": {}})
MARK = "the place of something else"


def paths(value, at=()):
    """To every member, at any depth; of an array to its first."""
    if isinstance(value, dict):
        for key in value:
            yield (*at, key)
            yield from paths(value[key], (*at, key))
    elif isinstance(value, list) and value:
        yield (*at, 0)
        yield from paths(value[0], (*at, 0))


def put(value, path, other):
    if not path:
        return other
    value = copy.deepcopy(value)
    inside = value
    for step in path[:-1]:
        inside = inside[step]
    if other is GONE:
        del inside[path[-1]]
    else:
        inside[path[-1]] = other
    return value


def all_leaves(value, change, of=lambda key: True, key=""):
    """Whatever is no object and no array."""
    if isinstance(value, dict):
        return {k: all_leaves(v, change, of, k) for k, v in value.items()}
    if isinstance(value, list):
        return [all_leaves(v, change, of, key) for v in value]
    return change(value) if of(key) else value


def with_raw(value, raw):
    """Its text, with one more member, or element, that are these bytes."""
    if isinstance(value, dict):
        value = {**value, "more": MARK}
    elif isinstance(value, list):
        value = [*value, MARK]
    else:
        value = MARK
    return json.dumps(value).encode().replace(
        json.dumps(MARK).encode(), raw)
