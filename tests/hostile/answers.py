# SPDX-License-Identifier: MIT
"""The table of answers: what a service may say instead of a good answer.

A row is a function of that good answer, a JSON value, which yields cells; a
cell is one thing to be said, as steps of servers.take(). A new row is a new
function in ROWS.
"""
import dataclasses
import gzip
import json
import re

import mutations
from servers import drip, flood, hang, reset
from service import about

# Whatever a terminal obeys: escapes of both widths, bells, line ends.
EVIL = "\x1b[2J\x1b]0;evil\x07\x9b31m\x7f\x08\r\n\x85evil"
ID = re.compile(r"(_id|Id|_ids)$")
# Bytes behind an answer must not be taken for the next one.
ENDS = "Connection: close"
EVIL_IDS = ("../../etc", "..", ".", "a/b", "/", "", "c" + "0" * 31,
            "c" + "0" * 33, "C" + "0" * 32, "c" + "0" * 31 + "G", "c" * 4096,
            "c" + "0" * 32 + "\n", " c" + "0" * 32, "%2e%2e", "?x=1", "a#b")


@dataclasses.dataclass
class Cell:
    name: str
    steps: list
    status: int = 0  # of an answer that is whole; 0: it is not
    body: bytes = b""
    kept: bool = False  # the connection, for what comes next
    hasty: bool = False  # ends by a time-out, or is tried again
    texts: bool = False  # its strings hold what a terminal obeys
    page: object = None  # (number) of one without an end: its body

    def of(self, i):
        """The same of cluster i."""
        return dataclasses.replace(
            self, body=about(i, self.body), steps=[
                step if callable(step) else about(i, step)
                for step in self.steps])

    def say(self, number):
        if not self.page:
            return self.steps
        body = self.page(number)
        return [head(200, len(body)), body]


def head(status, length, *headers, reason="Made up"):
    lines = [f"HTTP/1.1 {status} {reason}", *headers]
    if length is not None:
        lines.insert(1, f"Content-Length: {length}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def whole(name, status, body, *headers, **more):
    if not isinstance(body, bytes):
        body = json.dumps(body).encode()
    hasty = status >= 500 or status in (408, 429)
    return Cell(name, [head(status, len(body), *headers), body], status, body,
                **{"hasty": hasty, "kept": ENDS not in headers, **more})


def good_answer(good):
    yield whole("the good answer", 200,
                good.encode() if isinstance(good, str) else good)


def not_json(good):
    """What is no JSON value, or not one alone, or one that hides."""
    text = json.dumps(good).encode()
    for name, body in (
            ("empty", b""), ("blanks", b" \r\n\t "), ("a NUL", b"\0"),
            ("HTML", b"<!DOCTYPE html><html><body>\x1b[2JLog in</body>"),
            ("XML", b"<?xml version='1.0'?><Error><Code>x</Code></Error>"),
            ("gzip", gzip.compress(text, mtime=0)),
            ("BOM", b"\xef\xbb\xbf" + text),
            ("UTF-16", text.decode().encode("utf-16")),
            ("UTF-32", text.decode().encode("utf-32")),
            ("two documents", text + text),
            ("garbage behind it", text + b"\0\0\0"),
            ("escapes behind it", text + EVIL.encode()),
            ("a comment", b"/* x */" + text),
            ("a comma too many", text[:-1] + b",}"),
            ("single quotes", text.replace(b'"', b"'")),
            ("no quotes", re.sub(rb'"(\w+)":', rb"\1:", text)),
            ("NaN", mutations.with_raw(good, b"NaN")),
            ("Infinity", mutations.with_raw(good, b"-Infinity")),
            ("1e999", mutations.with_raw(good, b"1e999")),
            ("4000 digits", mutations.with_raw(good, b"9" * 4000)),
            ("a number of letters", mutations.with_raw(good, b"0x10")),
            ("a raw NUL", mutations.with_raw(good, b'"a\0b"')),
            ("an escaped NUL", mutations.with_raw(good, b'"a\\u0000b"')),
            ("raw escapes", mutations.with_raw(good, b'"\x1b[2J\x9b"')),
            ("raw DEL", mutations.with_raw(good, b'"\x7f\xc2\x9b31m"')),
            ("half a surrogate", mutations.with_raw(good, b'"\\ud800"')),
            ("a bad escape", mutations.with_raw(good, b'"\\x1b"')),
            ("33 levels", mutations.with_raw(good, b"[" * 33 + b"]" * 33)),
            ("1,001 levels",
             mutations.with_raw(good, b"[" * 1001 + b"]" * 1001)),
            ("100,000 levels", b"[" * 100000),
            ("100,000 objects", b'{"a":' * 100000),
            ("50,000 keys", mutations.with_raw(good, json.dumps(
                {f"k{i}": i for i in range(50000)}).encode())),
            ("a string of 1 MiB",
             mutations.with_raw(good, b'"' + b"x" * (1 << 20) + b'"'))):
        yield whole(name, 200, body)
    for bad in ("ff", "c0af", "e080af", "f08080af", "eda080", "f4908080",
                "80", "e4b8", "c328", "b2e2cad4"):
        yield whole(f"bytes {bad}", 200, mutations.with_raw(
            good, b'"' + bytes.fromhex(bad) + b'"'))


def other_values(good):
    """JSON, and something else altogether."""
    for other in (None, True, 0, -1, "x", [], {}, [good], {"x": good},
                  [[[]]], {"": ""}, {"Code": "OK"}, EVIL):
        yield whole(f"only {json.dumps(other)[:40]}", 200, other, texts=True)


def wrong_types(good):
    """Each field, one at a time, is something else; and all at once."""
    for value in mutations.VALUES:
        yield whole(f"every field {json.dumps(value)[:40]}", 200,
                    mutations.all_leaves(good, lambda _, v=value: v))
    for path in mutations.paths(good):
        for value in mutations.VALUES:
            yield whole(f"{'.'.join(map(str, path))} = "
                        f"{json.dumps(value)[:40]}", 200,
                        mutations.put(good, path, value))
        yield whole(f"no {'.'.join(map(str, path))}", 200,
                    mutations.put(good, path, mutations.GONE))


def escapes(good):
    """Every text holds what a terminal obeys; so do keys and IDs."""
    yield whole("escapes in every text", 200, mutations.all_leaves(
        good, lambda v: v + EVIL if isinstance(v, str) else v), texts=True)
    yield whole("escapes in what is no ID", 200, mutations.all_leaves(
        good, lambda v: v + EVIL if isinstance(v, str) else v,
        lambda key: not ID.search(key)), texts=True)
    yield whole("escapes in a new key", 200, {**good, EVIL: EVIL}
                if isinstance(good, dict) else good, texts=True)
    yield whole("escapes as they are", 200, json.dumps(
        mutations.all_leaves(good, lambda v: v + "\x7f\x9b31m\x85\x90"
                             if isinstance(v, str) else v),
        ensure_ascii=False).encode(), texts=True)


def evil_ids(good):
    for evil in EVIL_IDS:
        yield whole(f"IDs {evil[:34]!r}", 200, mutations.all_leaves(
            good, lambda _, e=evil: e, ID.search))


def duplicates(good):
    """A key twice, with the same value and with another."""
    if not isinstance(good, dict):
        return
    for key in good:
        for other in (good[key], "c" + "1" * 32, None):
            text = json.dumps(good)[:-1] + "," + json.dumps(
                {key: other})[1:]
            yield whole(f"{key} twice, then {json.dumps(other)[:36]}", 200,
                        text.encode())
            yield whole(f"{key} twice, first {json.dumps(other)[:36]}", 200,
                        (json.dumps({key: other})[:-1] + "," +
                         json.dumps(good)[1:]).encode())
        yield whole(f"{key.upper()} for {key}", 200,
                    {k.upper() if k == key else k: v
                     for k, v in good.items()})


def truncations(good):
    """It ends at each token, as if it were whole."""
    text = json.dumps(good).encode()
    for m in re.finditer(rb'"(?:[^"\\]|\\.)*"|[\[\]{}:,]|[\w.+-]+', text):
        for end in {m.start(), m.end() - 1, m.end()}:
            if 0 < end < len(text):
                yield whole(f"ends after {end} bytes", 200, text[:end])


def refusals(good):
    """What is no success, whatever its body looks like."""
    evil = {"Code": "Evil" + EVIL, "Message": EVIL, "RequestId": EVIL,
            "Recommend": EVIL, "data": [{"code": EVIL, "message": EVIL}, EVIL],
            "AccessDeniedDetail": {"AuthAction": EVIL, "PolicyType": EVIL,
                                   "AuthPrincipalDisplayName": EVIL,
                                   "NoPermissionType": EVIL}}
    for status in (400, 401, 403, 404, 405, 407, 409, 410, 418, 429, 451, 499,
                   500, 501, 503, 505, 599):
        yield whole(f"{status} with escapes", status, evil, texts=True)
        yield whole(f"{status} and the good answer", status, good)
        yield whole(f"{status} without a body", status, b"")
    for status in (400, 403, 404, 500, 503):
        for body in (b"<html>\x1b[2J</html>", b"null", b"[]", b"\0",
                     b'{"Code":1,"Message":2}', b'{"Code":[],"Message":{}}',
                     b'{"code":"","message":""}', b'{"Code":"' + b"x" * 70000 +
                     b'","Message":"' + b"y" * 70000 + b'"}'):
            yield whole(f"{status} {body[:24]}", status, body)
    for status in (201, 202, 203, 205, 206, 207, 226, 299):
        yield whole(f"{status} and the good answer", status, good)
    for status in (300, 304, 600, 999):
        yield whole(f"{status} and the good answer", status, good, ENDS,
                    hasty=True)


def redirects(good, trap):
    for status in (301, 302, 303, 305, 307, 308):
        for where in (trap, "//" + trap.partition("//")[2], "/elsewhere",
                      "file:///etc/passwd", "ftp://127.0.0.1/x", EVIL[:3]):
            yield whole(f"{status} to {where[:20]!r}", status, good,
                        f"Location: {where}", hasty=True)
    yield whole("200 that refreshes", 200, good, f"Refresh: 0;url={trap}",
                f"Location: {trap}", f"Alt-Svc: h2=\"{trap}\"")


def broken_http(good):
    """Where HTTP ends, or does not."""
    text = json.dumps(good).encode()
    half = text[:len(text) // 2]

    def cell(name, *steps):
        return Cell(name, list(steps), hasty=True)

    yield cell("closes at once")
    yield cell("resets", reset)
    yield cell("hangs", hang)
    yield cell("drips its body", head(200, len(text) + 999), half, drip)
    yield cell("drips its headers", b"HTTP/1.1 200 X\r\nX: ", drip)
    yield cell("drips chunks", head(200, None, "Transfer-Encoding: chunked"),
               chunk_drip)
    yield cell("headers without end", b"HTTP/1.1 200 X\r\nX: ", flood)
    yield cell("a short body", head(200, len(text) + 1), text)
    yield cell("two lengths", head(200, len(text), "Content-Length: 3", ENDS),
               text)
    yield cell("a negative length", head(200, -1, ENDS), text)
    yield cell("a length of letters", head(200, "x", ENDS), text)
    yield cell("a length of 2^64", head(200, 1 << 64, ENDS), text)
    yield cell("a bad chunk", head(200, None, "Transfer-Encoding: chunked"),
               b"zz\r\n" + text)
    yield cell("half a chunk", head(200, None, "Transfer-Encoding: chunked"),
               b"fff\r\n" + text)
    yield cell("HTTP/0.9", text)
    yield cell("another protocol", b"SSH-2.0-x\r\n\r\n")
    yield cell("no status", b"HTTP/1.1\r\n\r\n" + text)
    yield Cell("HTTP/2", [b"HTTP/2 200\r\n\r\n" + text], 200, text)
    yield cell("a NUL in a header", b"HTTP/1.1 200 X\r\nX: a\0b\r\n\r\n" + half)
    yield cell("100 without end", continues)
    yield Cell("a long body", [head(200, len(half), ENDS), text], 200, half)
    yield whole("compressed", 200, gzip.compress(text, mtime=0),
                "Content-Encoding: gzip")
    yield whole("204 and a body", 204, text, ENDS)
    yield Cell("escapes in headers", [
        b"HTTP/1.1 200 \x1b[2J\r\nContent-Type: \x1b[2J\x07\r\n"
        b"Date: \x1b[2J\r\nX-Acs-Retry-After: \x1b[2J\r\n" +
        b"Content-Length: %d\r\n\r\n" % len(text) + text], 200, text)
    for date in ("Fri, 31 Dec 9999 23:59:59 GMT",
                 "Thu, 01 Jan 1970 00:00:01 GMT", "x"):
        yield whole(f"a clock of {date}", 400, {
            "Code": "InvalidTimeStamp.Expired", "Message": "m"},
            f"Date: {date}", hasty=True)
    for ms in ("99999999999999999999", "-1", "1e9", "9223372036854775807"):
        yield whole(f"come back after {ms} ms", 429, {
            "Code": "Throttling", "Message": "m"},
            f"x-acs-retry-after: {ms}", hasty=True)


def chunk_drip(c):
    c.say(b"1\r\n")
    drip(c)


def continues(c):
    while True:
        c.say(b"HTTP/1.1 100 Go on\r\n\r\n" * 64)


ROWS = (good_answer, not_json, other_values, wrong_types, escapes, evil_ids,
        duplicates, truncations, refusals, broken_http)
