# SPDX-License-Identifier: MIT
"""Bugs, one a row, and the test that each must turn red.

Bug(what it is, the file it is in, the text that is right, the text that is
wrong, the test, what that says). The right text stands in the file just once.
Tests: a mounted one by file and name; a unit test, with AddressSanitizer in
what is changed and in the test; or a program of tests/, with its arguments.
"""
import collections

Bug = collections.namedtuple("Bug", "name file right wrong test says")
Mounted = collections.namedtuple("Mounted", "file name")
Unit = collections.namedtuple("Unit", "name fixtures", defaults=((),))
Program = collections.namedtuple("Program", "path args target")

POWERCUT = Program("durable/powercut.py", ["ext4", "{build}", "{dir}"],
                   "tests/durable/writer")
FLAT = Program("faults/flat.py",
               ["{build}/fs/ackfs", "{build}/api/sandbox/ack-sandbox",
                "{build}/tests/faults/memory.so", "4"], "fs/ackfs")
CRASH = Program("crash/matrix.py",
                ["{build}/fs/ackfs", "{build}/api/sandbox/ack-sandbox",
                 "{build}/tests/crash/step.so", "3"], "fs/ackfs")
STARVED = Program("faults/memory.py",
                  ["{build}/fs/ackfs", "{build}/api/sandbox/ack-sandbox",
                   "{build}/tests/faults/memory.so", "1"], "fs/ackfs")

CHEAP = [
    Bug("no fsync of the directory", "fs/journal.c",
        "if (!s->err && s->dir >= 0 && fsync(s->dir))", "if (0)",
        Unit("durable", ("fleet_fixture.c",)), "data told"),
    Bug("no fsync of the records' directory", "fs/store.c",
        "return fsync(s->dir) ? -errno : 0;", "return 0;",
        Unit("durable", ("fleet_fixture.c",)), "rename drop"),
    Bug("no fsync of a record", "fs/store.c",
        "if (!ret && fsync(fd))", "if (0)",
        Unit("durable", ("fleet_fixture.c",)), "rotate rename"),
    Bug("no fdatasync of the journal", "fs/journal.c",
        "if (!s->err && fdatasync(s->fd))", "if (0)",
        Unit("durable", ("fleet_fixture.c",)), "directory told"),
    Bug("keys of another account are used", "fs/keys.c",
        "else if (strcmp(f->account, k->account) != 0)", "else if (0)",
        Unit("keys", ("inquiry_fixture.c",)), r"FAILED +\] test_walks"),
    Bug("O_TRUNC is ignored", "fs/handle.c",
        "} else if (flags & O_TRUNC) {\n\t\th->truncated = true;",
        "} else if (flags & O_TRUNC && 0) {\n\t\th->truncated = true;",
        Mounted("draft", "truncating to nothing unsets"), "wanted"),
    Bug("a second request is let through", "api/http.c",
        "t->x.departures++ ?", "t->x.departures++ < 0 ?",
        Unit("failures", ("http_fixture.c", "server.c")), r"FAILED +\] test_no_repetition"),
    Bug("a handler blocks", "fs/ops_dir.c",
        "\tl = listing_open(&n);", "\textern int usleep(unsigned);\n"
        "\tusleep(6000000);\n\tl = listing_open(&n);",
        Mounted("signals", "a service that stands still: only those who wait "
                "for it wait"), "timeout 5"),
    Bug("a password stays in memory", "api/vault.c",
        "explicit_bzero(p, b->size - sizeof(*b));", "",
        Mounted("memory", "the password is gone once it was sent"), "wanted"),
    Bug("a byte is read beyond the end", "api/json_scan.c",
        "return s->pos < s->len ?", "return s->pos <= s->len ?",
        Unit("json"), "heap-buffer-overflow"),
    Bug("nobody asks who the caller is", "fs/owner.c",
        "if (!owner_alone(n) || owner_is(o, caller))", "if (n || caller || o)",
        Mounted("unprivileged", "allow_other: others read; secrets, orders "
                "and changes are the owner's"), "EACCES"),
    Bug("nobody asks again who writes", "fs/ops_open.c",
        "if (!h->guarded || owner_is", "if (h || owner_is",
        Mounted("unprivileged", "allow_other: a descriptor that the owner "
                "handed on gives nobody more"), "EACCES"),
    Bug("the intent is not recorded", "fs/commit.c",
        "if (saved_put(o, &e))\n\t\tnot_recorded(m, &e);",
        "if (0)\n\t\tnot_recorded(m, &e);",
        Mounted("state", "an intent is on disk before the POST has left"),
        "wanted: intent"),
    Bug("a lost request is as old as its record", "fs/commit.c",
        "intent->signed_at = r->signed_at;",
        "intent->signed_at = m->object->intent->date;",
        Unit("unknown", ("fleet_fixture.c", "server.c")),
        r"FAILED +\] test_signed"),
    Bug("after a crash an intent is a draft", "fs/course.c",
        "return COURSE_UNKNOWN;\n}", "return COURSE_DRAFT;\n}",
        CRASH, "a draft, and yet there is a cluster"),
    Bug("a change whose answer was lost counts as refused", "api/call.c",
        "call->unclear |= ack_retry_outcome(ending) == ACK_UNKNOWN;", "",
        Unit("call_retry", ("client_fixture.c", "server.c")),
        "lost, then refused: outcome"),
    Bug("a wait does not ask for node pools", "fs/rest.c",
        "objects_walk(&o->pools, visit, &s);", "(void)visit;",
        Unit("rest", ("fleet_fixture.c",)), "pool initial"),
    Bug("a value is not kept", "fs/saved.c",
        "record_write_value(o, row, line);", "",
        Mounted("state", "every acknowledged edit is there after kill -9, "
                "forty times over"), "wanted"),
]

LONG = [
    Bug("no fdatasync of the journal, in a power cut", "fs/journal.c",
        "if (!s->err && fdatasync(s->fd))", "if (0)", POWERCUT, "cut at"),
    Bug("no fsync of a record, in a power cut", "fs/store.c",
        "if (!ret && fsync(fd))", "if (0)", POWERCUT, "cut at"),
    Bug("memory is not given back", "fs/handle.c",
        "\tack_buf_release(&h->text);\n\t*h->link", "\t*h->link", FLAT, "grew"),
    Bug("a failed allocation is not looked at", "fs/handle.c",
        "if (!h)\n\t\t\tret =", "if (0)\n\t\t\tret =", STARVED, "ended with"),
]
