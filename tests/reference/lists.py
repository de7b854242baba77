# SPDX-License-Identifier: MIT
"""Values of many items: lists of words, and of objects in their line form or
in JSON."""
import json
import re

import jsontext
from scalars import identifier, number
from text import WORD, chosen, need, plain, trimmed


class Items:
    """Takes the items as they come; none may be there twice."""

    def __init__(self, row, most):
        self.row = row
        self.most = most
        self.lines = []
        self.identities = set()

    def add(self, line, identity):
        need(len(self.lines) < self.most)
        need(identity is None or identity not in self.identities)
        self.identities.add(identity)
        self.lines.append(line)


def read(row, text, from_text, from_object=None, words=False, single=False):
    """from_text and from_object give the line of one item, and what no other
    may have."""
    items = Items(row, 1 if single else row["max"] or 65536)

    def take(item):
        if isinstance(item, str):
            items.add(*from_text(row, item))
        else:
            need(from_object and isinstance(item, jsontext.Pairs))
            need(len({key for key, _ in item}) == len(item))
            items.add(*from_object(row, dict(item)))

    rest = text.lstrip(" \t\r\n")
    while rest:
        if rest[0] in "[{":
            found, rest = jsontext.first_value(rest)
            between = re.match(r"[ \t\r\n]*", rest)[0]
            rest = rest[len(between):]
            need(not rest or "\n" in between)
            many = not isinstance(found, jsontext.Pairs)
            for item in found if many else [found]:
                take(item)
            continue
        line, _, rest = rest.partition("\n")
        for item in re.split("[, \t\r]+", line) if words else [trimmed(line)]:
            if item:
                take(item)
        rest = rest.lstrip(" \t\r\n")
    return "\n".join(items.lines)


def a_word(row, text):
    need(WORD.fullmatch(text))
    return (chosen(row, text) if row["choices"] else text), text


def an_id(row, text):
    return identifier(row, text), text


class Object:
    """Items of several fields, as a pattern of their line and a check."""

    def __init__(self, pattern, fields, check, join, identity):
        self.pattern = re.compile(pattern, re.DOTALL)
        self.fields = fields  # each with the kinds of JSON it may be
        self.check = check
        self.join = join
        self.identity = identity

    def split(self, line):
        found = self.pattern.fullmatch(line)
        found = found and {k: v or "" for k, v in found.groupdict().items()}
        if found and found.get("disabled"):
            found["disabled"] = "true"
        return found

    def from_text(self, row, line):
        found = self.split(line)
        need(found)
        return self.finish(row, found)

    def from_object(self, row, members):
        found = dict.fromkeys(self.fields, "")
        for key, item in members.items():
            need(key in self.fields)
            if item is None:
                continue
            need(type(item) in self.fields[key])
            if isinstance(item, bool):
                item = "true" if item else ""
            elif not isinstance(item, str):
                item = (compact(item) if isinstance(item, jsontext.Pairs)
                        else str(item))
            found[key] = item
        return self.finish(row, found)

    def finish(self, row, found):
        self.check(row, found)
        for text in found.values():
            plain(text)
        line = self.join(found)
        # what the line form cannot say is said in JSON
        if (line[0] in "[{" or trimmed(line) != line
                or self.split(line) != found):
            line = json.dumps(found, ensure_ascii=False,
                              separators=(",", ":"))
        return line, self.identity and self.identity(found)


def compact(members):
    def plain_dict(item):
        if isinstance(item, jsontext.Pairs):
            return {k: plain_dict(v) for k, v in item}
        return [plain_dict(v) for v in item] if type(item) is list else item
    return json.dumps(plain_dict(members), ensure_ascii=False,
                      separators=(",", ":"))


def check_tag(_row, tag):
    need(0 < len(tag["key"]) <= 64 and trimmed(tag["key"]) == tag["key"])
    need(len(tag["value"]) <= 128)
    for text in tag.values():
        need(not text.startswith(("aliyun", "acs:", "http://", "https://")))


def check_taint(row, taint):
    edge = "[A-Za-z0-9]"
    need(len(taint["key"]) <= 253 + 1 + 63 and
         re.fullmatch(f"{edge}([A-Za-z0-9._/-]*{edge})?", taint["key"]))
    need(len(taint["value"]) <= 63 and
         re.fullmatch(f"({edge}([A-Za-z0-9._-]*{edge})?)?", taint["value"]))
    taint["effect"] = chosen(row, taint["effect"] or "NoSchedule")


def check_addon(_row, addon):
    need(len(addon["name"]) <= 63 and addon["name"][:1] != "-"
         and WORD.fullmatch(addon["name"]))
    need(re.fullmatch("[A-Za-z0-9._+~-]{0,63}", addon["version"]))
    if addon["config"]:
        need(trimmed(addon["config"]).startswith("{"))
        try:
            found, rest = jsontext.first_value(addon["config"])
        except jsontext.Unfinished:
            raise jsontext.Broken() from None
        need(not rest.strip(" \t\r\n"))
        addon["config"] = compact(found)


def check_disk(row, disk):
    chosen(row, disk["category"])
    number(disk["size"], 40, 32768)


def join_addon(addon):
    return (("-" if addon["disabled"] else "") + addon["name"]
            + (addon["version"] and "@" + addon["version"])
            + (addon["config"] and " " + addon["config"]))


def join_taint(taint):
    return (taint["key"] + (taint["value"] and "=" + taint["value"])
            + ":" + taint["effect"])


TEXT = {str}
TAG = Object("(?P<key>[^=]+)=(?P<value>.*)", {"key": TEXT, "value": TEXT},
             check_tag, lambda t: f"{t['key']}={t['value']}",
             lambda t: t["key"])
TAINT = Object("(?P<key>[^=]+?)(=(?P<value>.*))?:(?P<effect>[^:]+)",
               {"key": TEXT, "value": TEXT, "effect": TEXT}, check_taint,
               join_taint, lambda t: (t["key"], t["effect"]))
ADDON = Object("(?P<disabled>-?)(?P<name>[^@ \t]+)(@(?P<version>[^ \t]+))?"
               "([ \t]+(?P<config>.*))?",
               {"name": TEXT, "version": TEXT,
                "config": {str, jsontext.Pairs}, "disabled": {bool}},
               check_addon, join_addon, lambda a: a["name"])
DISK = Object("(?P<category>[^ \t]+)[ \t]+(?P<size>[^ \t]+)",
              {"category": TEXT, "size": {str, int, float}}, check_disk,
              lambda d: f"{d['category']} {d['size']}", None)


def of_words(item):
    return lambda row, text: read(row, text, item, words=True)


def of_objects(kind):
    return lambda row, text: read(row, text, kind.from_text,
                                  kind.from_object)


LISTS = {
    "words": of_words(a_word), "ids": of_words(an_id),
    "tags": of_objects(TAG), "taints": of_objects(TAINT),
    "addons": of_objects(ADDON), "disks": of_objects(DISK),
}
