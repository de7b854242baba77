# SPDX-License-Identifier: MIT
"""Values of one piece: a function for each type, from text to value."""
import base64
import binascii
import ipaddress
import re

import jsontext
from text import Refused, chosen, like, need, plain, trimmed

TRUE = {"true", "1", "yes", "y", "on"}
FALSE = {"false", "0", "no", "n", "off"}
PRIVATE = [ipaddress.ip_network(n)
           for n in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")]


def within(row, count):
    need(not row["max"] or row["min"] <= count <= row["max"])


def number(text, low, high):
    """A plain decimal: no sign that says nothing, no zero in front."""
    like("0|-?[1-9][0-9]*", text)
    need(len(text) < 20 and low <= int(text) <= high)
    return text


def integer(row, text):
    if row["choices"]:
        return chosen(row, trimmed(text))
    return number(trimmed(text), row["min"], row["max"])


def boolean(_row, text):
    word = trimmed(text)
    need(word.isascii() and word.lower() in TRUE | FALSE)
    return "true" if word.lower() in TRUE else "false"


def choice(row, text):
    return chosen(row, trimmed(text))


def string(row, text):
    plain(text)
    within(row, len(text))
    return text


def name(row, text):
    like("[A-Za-z0-9\u4e00-\u9fff][A-Za-z0-9\u4e00-\u9fff-]*", text)
    return string(row, text)


def identifier(row, text):
    prefix = row["prefix"]
    need(len(text) <= 64)
    return like(f"{prefix}[a-z0-9]+" if prefix else "[a-z0-9-]+", text)


def version(_row, text):
    return like(r"[0-9]{1,3}(\.[0-9]{1,3}){2}(-aliyun\.[0-9]{1,3})?",
                trimmed(text))


def domain(_row, text):
    text = trimmed(text)
    need(len(text) <= 253)
    label = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
    return like(rf"{label}(\.{label})*", text)


def cidr(row, text):
    """A private network by its first address."""
    text = trimmed(text)
    part = "(0|[1-9][0-9]{0,2})"
    like(rf"({part}\.){{3}}{part}/{part}", text)
    try:
        net = ipaddress.ip_network(text)
    except ValueError:
        raise Refused() from None
    need(any(net.subnet_of(wide) for wide in PRIVATE))
    within(row, net.prefixlen)
    return text


def password(row, text):
    """Three of four kinds of ASCII characters."""
    like("[ -~]*", text)
    within(row, len(text))
    need(sum(bool(re.search(kind, text)) for kind in
             ("[A-Z]", "[a-z]", "[0-9]", "[^A-Za-z0-9]")) >= 3)
    return text


def base64_text(_row, text):
    """Its lines, as base64(1) prints them, are one text."""
    text = re.sub("[ \t\r\n]", "", text)
    try:
        base64.b64decode(like("[A-Za-z0-9+/]+={0,2}", text), validate=True)
    except binascii.Error:
        raise Refused() from None
    return text


def switch(row, text):
    """true or false, or the object that the service makes of it, which has
    two keys for it."""
    if not trimmed(text).startswith("{"):
        return boolean(row, text)
    members, rest = jsontext.first_value(text)
    need(not rest.strip(" \t\r\n") and len(members) == 1
         and members[0][0] in ("enabled", "enable")
         and isinstance(members[0][1], bool))
    return "true" if members[0][1] else "false"


SCALARS = {
    "integer": integer, "boolean": boolean, "choice": choice,
    "string": string, "name": name, "version": version, "domain": domain,
    "id": lambda row, text: identifier(row, trimmed(text)),
    "cidr": cidr, "password": password, "base64": base64_text,
    "switch": switch,
}
