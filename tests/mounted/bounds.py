#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Writes to every parameter what its row of the table allows and forbids.

usage: bounds.py DIRECTORY SCHEMA TABLE KIND...

SCHEMA holds what `ackfs --schema` prints, TABLE is the one of its tables that
tells what is in the directory; the kinds are the functions below that are
called cases_KIND. Every case is a line `ok NAME: CASE` or
`not ok NAME: CASE: …`; exit status 1 when one is not as the table says, or
when there was none.
"""
import errno
import json
import os
import sys

LIMIT = 65536

# Values that a type refuses, whatever the row says.
WRONG = {
    "integer": ["x", "1.5", "1e2", "0x10", "3 4", "+3", "--3", "00",
                "99999999999999999999"],
    "boolean": ["2", "maybe", "truefalse", "t rue"],
    "string": ["a\nb", "a\x01b"],
    "name": ["-a", "a_b", "a b", "a.b"],
    "id": ["two words", "UPPER-1", "vpc_1"],
    "version": ["1", "1.2", "v1.24.6", "1.24.x", "1.24.6-other"],
    "cidr": ["10.0.0.0", "10.0.0.0/33", "10.0.0.1/16", "300.0.0.0/8",
             "010.0.0.0/8", "10.0.0.0/x"],
    "password": ["short1A", "alllowercase", "x" * 40],
    "ids": ["vsw_1", "UPPER-1"],
    "tags": ["novalue", "=v", "acs:x=1", "aliyun=1", "http://x=1", "a=1\na=2"],
    "taints": ["key=value", "key=value:Never", ":NoSchedule"],
    "addons": ["name {broken", "name {\"a\":1} more"],
    "disks": ["cloud_ssd", "cloud_ssd x", "nonsense 500", "cloud_ssd 1"],
    "runtime": ["two words more"],
    "node_tags": ["novalue", "=v", "acs:x=1", "a=1\na=2"],
    "labels": ["novalue", "=v", "a b=c", "a=b c", "a=1\na=2"],
    "removals": ["SLB", "SLB keep", "SLB delete\nSLB retain"],
    "hosts": ["a_b", "*", "a.b a.b"],
    "domain": ["-a", "a-.b", "A.b", "a..b", "two words"],
    "pem": ["x", "-----BEGIN CERTIFICATE-----\nnot base64\n",
            "-----BEGIN PRIVATE KEY-----\nTQ==\n"],
    "base64": ["#!/bin/sh", "TQ", "T===", "TQ==TQ=="],
    "json": ["true", "3", "{\"enable\":true} more", "{\"no such\":1}",
             "{\"enable\":}"],
    "switch": ["2", "maybe", "{\"on\":true}", "{}", "{\"enable\":1}"],
    "pools": ["web", "[1]", "{\"no_such_key\":1}",
              "{\"scaling_group\":{\"login_password\":\"Test@1900ackfs\"}}"],
}
# What makes one of a list's items differ from the next.
ITEM = {
    "words": "ecs.g{}.xlarge", "tags": "key-{}=v", "addons": "addon-{}",
    "taints": "key-{}=v:NoSchedule", "disks": "cloud_ssd {}00",
    "node_tags": "key-{}=v", "labels": "key-{}=v",
    "hosts": "host-{}.example.com",
    "removals": "TYPE-{} delete",
    "pools": "{{\"nodepool_info\":{{\"name\":\"pool-{}\"}},"
             "\"scaling_group\":{{\"instance_charge_type\":\"PostPaid\"}},"
             "\"kubernetes_config\":{{\"runtime\":\"containerd\"}}}}",
}

failures = cases = 0


class Parameter:
    def __init__(self, draft, row):
        self.row = row
        self.name = row["name"]
        self.type = row["type"]
        self.path = os.path.join(draft, row["name"])
        self.error = os.path.join(draft, "error")
        self.secret = bool(row.get("secret"))

    def right(self):
        """A value that it takes."""
        if self.type == "password":
            return "Test@1900ackfs"
        if self.type == "pem":
            return self.row["example"]
        return self.row["example"].splitlines()[0]

    def closed(self):
        """Whether its words are all there are."""
        return (self.type == "words" and self.row["choices"]
                and not self.row["open"])

    def items(self, count):
        if self.closed():
            return self.row["choices"][:count]
        if self.type == "ids":
            one = self.row["example"][:-3]
            return [f"{one}{i:03d}" for i in range(1, count + 1)]
        return [ITEM[self.type].format(i) for i in range(1, count + 1)]

    def write(self, data):
        """None, or the errno of write(2); close(2) must not fail."""
        fd = os.open(self.path, os.O_WRONLY | os.O_TRUNC)
        try:
            if data:
                os.write(fd, data)
            return None
        except OSError as e:
            return e.errno
        finally:
            os.close(fd)

    def read(self):
        if self.secret:
            return None
        with open(self.path, "rb") as f:
            data = f.read()
        assert os.stat(self.path).st_size == len(data)
        return data.decode()

    def tell(self, case, trouble):
        global failures, cases
        cases += 1
        failures += bool(trouble)
        print(f"not ok {self.name}: {case}: {trouble}" if trouble
              else f"ok {self.name}: {case}")

    def takes(self, case, data, reads):
        """The write succeeds and the file reads so (None: whatever)."""
        data = data.encode() if isinstance(data, str) else data
        failed = self.write(data)
        if failed:
            with open(self.error, encoding="utf-8") as f:
                why = f.read().strip()
            self.tell(case, f"{data[:60]!r} was refused with "
                            f"{errno.errorcode[failed]}: {why}")
            return
        got = self.read()
        wanted = reads + "\n" if reads else reads
        if got is not None and wanted is not None and got != wanted:
            self.tell(case, f"reads {got[:80]!r}, wanted {wanted[:80]!r}")
        elif os.stat(self.error).st_size:
            self.tell(case, "error is not empty after a success")
        else:
            self.tell(case, None)

    def refuses(self, case, data, wanted=errno.EINVAL):
        """The write fails so, the old value stays, error says why."""
        data = data.encode() if isinstance(data, str) else data
        old = self.right()
        assert self.write(old.encode() + b"\n") is None
        before = self.read()
        failed = self.write(data)
        trouble = None
        with open(self.error, encoding="utf-8") as f:
            why = f.read()
        if failed != wanted:
            trouble = (f"{data[:60]!r} gave "
                       f"{errno.errorcode.get(failed, 'no error')}, wanted "
                       f"{errno.errorcode[wanted]}")
        elif self.read() != before:
            trouble = "the old value did not stay"
        elif f"param: {self.name}" not in why:
            trouble = f"error does not name the parameter: {why!r}"
        elif len(why.splitlines()[0]) < 10:
            trouble = f"error has no sentence: {why!r}"
        elif any(ord(c) < 32 and c != "\n" for c in why):
            trouble = f"error holds control characters: {why!r}"
        self.tell(case, trouble)


def cases_bounds(p):
    """The ends of the range, one beyond each, and what is no such value."""
    low, high = p.row.get("min"), p.row.get("max")
    if p.type == "integer" and not p.row.get("choices"):
        for n in (low, low + 1, high - 1, high):
            p.takes(f"{n}", f"{n}\n", str(n))
        for n in (low - 1, high + 1, high * 10 + 1, -high - 1):
            p.refuses(f"{n}", f"{n}\n")
    elif p.type in ("string", "name") and high:
        for n in (max(low or 1, 1), high):
            p.takes(f"{n} characters", "x" * n + "\n", "x" * n)
            p.takes(f"{n} Chinese characters", "集" * n + "\n", "集" * n)
        p.refuses(f"{high + 1} characters", "x" * (high + 1) + "\n")
        p.refuses(f"{high + 1} Chinese characters", "集" * (high + 1))
    elif p.type == "password":
        body = "aA1@" * 16
        for n in (low, high):
            p.takes(f"{n} characters", body[:n] + "\n", None)
        for n in (low - 1, high + 1):
            p.refuses(f"{n} characters", body[:n] + "\n")
    elif p.type == "cidr":
        for n in (low, high):
            p.takes(f"/{n}", f"10.0.0.0/{n}\n", f"10.0.0.0/{n}")
        for n in (low - 1, high + 1):
            p.refuses(f"/{n}", f"{'0' if n < 8 else '10'}.0.0.0/{n}\n")
        p.refuses("a public network", "8.8.0.0/16\n")
    elif p.type in ITEM or p.type == "ids":
        if high and not p.closed():
            lines = p.items(high)
            p.takes(f"{high} items", "\n".join(lines) + "\n",
                    "\n".join(lines))
            lines = p.items(high + 1)
            p.refuses(f"{high + 1} items", "\n".join(lines) + "\n")
            as_json = p.type in ("ids", "words", "hosts")
            p.refuses(f"{high + 1} items as JSON" if as_json
                      else f"{high + 1} items, no newline",
                      json.dumps(lines) if as_json else "\n".join(lines))
    wrong = WRONG.get(p.type, [])
    if p.row["shape"] == "object":
        wrong = [text for text in wrong if "no such" not in text]
    for text in wrong:
        if not (p.row.get("open") and p.row.get("choices")):
            p.refuses(f"{text!r}", text + "\n")


def cases_choices(p):
    """Every choice, and a word that is none."""
    choices = p.row.get("choices")
    if not choices:
        return
    for choice in choices:
        text = {"disks": f"{choice} 500", "taints": f"key=value:{choice}",
                "removals": f"{choice} retain"}.get(p.type, str(choice))
        p.takes(text, text + "\n", text)
    other = "13" if p.type == "integer" else "nonsense"
    if p.row.get("open"):
        p.takes("an unknown choice, with a warning", other + "\n", other)
        draft = os.path.dirname(p.path)
        with open(f"{draft}/check", encoding="utf-8") as f:
            warned = f"warning: {p.name}: " in f.read()
        p.tell("the warning", None if warned else "there is none")
    else:
        p.refuses("an unknown choice", other + "\n")
    p.refuses("two at once", f"{choices[0]} {choices[0]} {choices[0]}")


def cases_empty(p):
    """Nothing, a newline, blanks: unset."""
    for case, text in (("truncated", ""), ("a newline", "\n"),
                       ("CRLF", "\r\n"), ("blanks", "  \n")):
        p.write(p.right().encode())
        p.takes(case, text, "")


def cases_large(p):
    """64 KiB is the most a value may have."""
    p.refuses("64 KiB and a byte", b"x" * (LIMIT + 1), errno.EFBIG)
    p.refuses("twice as much, less a block", b"x" * (2 * LIMIT - 4096),
              errno.EFBIG)
    if p.type != "words" and (p.type != "string" or p.row.get("max")):
        p.refuses("64 KiB less a byte, of one letter",
                  b"x" * (LIMIT - 1))


def cases_bytes(p):
    """NUL and malformed UTF-8 anywhere."""
    value = p.right().encode()
    for case, data in (
            ("a NUL alone", b"\0"), ("a NUL in front", b"\0" + value),
            ("a NUL in the middle", value[:1] + b"\0" + value[1:]),
            ("a NUL at the end", value + b"\0\n"),
            ("a lone continuation", value + b"\x80"),
            ("a cut sequence", value + b"\xe9\x9b"),
            ("an overlong slash", value + b"\xc0\xaf"),
            ("a surrogate", value + b"\xed\xa0\x80"),
            ("beyond Unicode", value + b"\xf4\x90\x80\x80"),
            ("ff", b"\xff" + value)):
        p.refuses(case, data)


def cases_blanks(p):
    """The line end goes, once; blanks only where they mean nothing."""
    value = p.right()
    p.takes("no newline", value, value)
    p.takes("newline", value + "\n", value)
    p.takes("CRLF", value + "\r\n", value)
    if p.row.get("choices") or p.type in ("integer", "boolean", "switch"):
        if p.type not in ("words", "disks"):
            p.takes("blanks around", f" \t{value}  \n", value)
    if p.type in ("string", "name"):
        if p.type == "name":
            p.refuses("blanks around", f" {value} \n")
    if p.type in ("ids", "words", "hosts"):
        items = p.items(min(3, p.row["max"] or 3))
        wanted = "\n".join(items)
        for case, text in (("blanks between", " ".join(items)),
                           ("commas between", ",".join(items)),
                           ("lines with CRLF", "\r\n".join(items)),
                           ("empty lines", "\n\n".join(items) + "\n\n"),
                           ("JSON", json.dumps(items)),
                           ("JSON over lines", json.dumps(items, indent=2))):
            p.takes(case, text + "\n", wanted)


def cases_words(p):
    """Booleans: every word."""
    if p.type not in ("boolean", "switch"):
        return
    for words, reads in (("true 1 yes on TRUE On", "true"),
                         ("false 0 no off FALSE Off", "false")):
        for word in words.split():
            p.takes(word, word + "\n", reads)


def main():
    draft, schema, table, *kinds = sys.argv[1:]
    with open(schema, encoding="utf-8") as f:
        rows = json.load(f)[table]
    assert len(rows) >= 40
    for row in rows:
        # the others are there only once there is a cluster
        if not row["places"]["classic"] and not row["places"]["nodepools"]:
            continue
        p = Parameter(draft, row)
        for kind in kinds:
            globals()["cases_" + kind](p)
            if os.path.exists(p.path):
                p.write(b"")
    print(f"{cases} cases, {failures} wrong")
    return 1 if failures or not cases else 0


sys.exit(main())
