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
    Bug("no sync of the log", "fs/state/db.c",
        "if (fdatasync(d->log) || fstat(d->log, &log))",
        "if (fstat(d->log, &log))",
        Unit("durable", ("fleet_fixture.c", "kept.c")), "log, told"),
    Bug("no sync of the log's directory", "fs/state/db.c",
        "fsync(d->state->lock) ||", "",
        Unit("durable", ("fleet_fixture.c", "kept.c")),
        r"FAILED +\] test_open_and_close"),
    Bug("the log begins anew before it is on disk", "fs/state/db.c",
        "rc = sqlite3_step(d->hold);", "rc = SQLITE_ROW;",
        Unit("durable", ("fleet_fixture.c", "kept.c")),
        r"FAILED +\] test_(order|meanwhile)"),
    Bug("a later format is opened", "fs/state/db.c",
        "if (!ret && (format < 0 || format > d->known))", "if (0)",
        Unit("saved_files", ("fleet_fixture.c", "kept.c")),
        r"FAILED +\] test_later"),
    Bug("a value that makes no sense takes others with it", "fs/state/saved_open.c",
        "lose(l, o->name, name, why.message);\n\t\treturn 0;",
        "return fault(e, why.message);",
        Unit("saved", ("fleet_fixture.c", "kept.c")),
        r"FAILED +\] test_senseless"),
    Bug("what a guest holds is counted, and not refused", "fs/model/guest.c",
        "\t\treturn limits[what].err;\n\thold(", "\t\t(void)limits[0].err;\n\thold(",
        Unit("guest", ("fleet_fixture.c", "kept.c")),
        r"FAILED +\] test_limits"),
    Bug("O_TRUNC is ignored", "fs/fuse/handle.c",
        "} else if (flags & O_TRUNC) {\n\t\th->truncated = true;",
        "} else if (flags & O_TRUNC && 0) {\n\t\th->truncated = true;",
        Mounted("draft", "truncating to nothing unsets"), "wanted"),
    Bug("a second request is let through", "api/http/http.c",
        "t->x.departures++ ?", "t->x.departures++ < 0 ?",
        Unit("failures", ("http_fixture.c", "server.c")), r"FAILED +\] test_no_repetition"),
    Bug("a handler blocks", "fs/fuse/ops_dir.c",
        "\tret = listing_open(&n, fuse_req_ctx(req)->uid, &l);",
        "\textern int usleep(unsigned);\n\tusleep(6000000);\n"
        "\tret = listing_open(&n, fuse_req_ctx(req)->uid, &l);",
        Mounted("signals", "a service that stands still: only those who wait "
                "for it wait"), "timeout 5"),
    Bug("a password stays in memory", "api/base/vault.c",
        "explicit_bzero(p, b->size - sizeof(*b));", "",
        Mounted("memory", "the password is gone once it was sent"), "wanted"),
    Bug("a byte is read beyond the end", "api/base/json_scan.c",
        "return s->pos < s->len ?", "return s->pos <= s->len ?",
        Unit("json"), "heap-buffer-overflow"),
    Bug("nobody asks who the caller is", "fs/tree/access.c",
        "if (!access_alone(n) || owner_is(o, caller))", "if (n || caller || o)",
        Mounted("unprivileged", "allow_other: others read; secrets, orders "
                "and changes are the owner's"), "EACCES"),
    Bug("nobody asks again who writes", "fs/fuse/ops_open.c",
        "if (!h->guarded || owner_is", "if (h || owner_is",
        Mounted("unprivileged", "allow_other: a descriptor that the owner "
                "handed on gives nobody more"), "EACCES"),
    Bug("the intent is not recorded", "fs/actions/commit.c",
        "if (saved_put(o, &e))\n\t\tnot_recorded(m, &e);",
        "if (0)\n\t\tnot_recorded(m, &e);",
        Mounted("state", "an intent is on disk before the POST has left"),
        "wanted: intent"),
    Bug("a lost request is as old as its record", "fs/actions/commit.c",
        "intent->signed_at = r->signed_at;",
        "intent->signed_at = m->a.object->intent->date;",
        Unit("unknown", ("fleet_fixture.c", "kept.c", "server.c")),
        r"FAILED +\] test_signed"),
    Bug("after a crash an intent is a draft", "fs/model/course.c",
        "return COURSE_UNKNOWN;\n}", "return COURSE_DRAFT;\n}",
        CRASH, "a draft, and yet there is a cluster"),
    Bug("a change whose answer was lost counts as refused", "api/client/call.c",
        "call->unclear |= ack_retry_outcome(ending) == ACK_UNKNOWN;", "",
        Unit("call_retry", ("client_fixture.c", "server.c")),
        "lost, then refused: outcome"),
    Bug("a wait does not ask for node pools", "fs/cloud/rest.c",
        "objects_walk(&o->pools, visit, &s);", "(void)visit;",
        Unit("rest", ("fleet_fixture.c", "kept.c")), "pool initial"),
    Bug("what an edit was based on is not compared", "fs/model/bases.c",
        "if (is_same(bases_get(o, row), is))", "if (is || !is)",
        Unit("steps", ("fleet_fixture.c", "kept.c")), r"FAILED +\] test_bases"),
    Bug("what a node pool leaves unset is no base", "fs/model/bases.c",
        "bool asked = o->parent && *o->word;", "bool asked = false;",
        Mounted("counts", "what somebody else has changed is not overwritten: "
                "ESTALE, then it goes"), "write ESTALE"),
    Bug("keys of another account are used", "fs/mount/keys.c",
        "else if (strcmp(f->account, k->account) != 0)", "else if (0)",
        Mounted("account", "keys of another account sign nothing, and nothing "
                "is lost meanwhile"), "waited in vain for: rejected"),
    Bug("what is sent is not what was planned", "fs/model/scale.c",
        "s->to = will - (all.sum - s->from);", "s->to = will;",
        Mounted("plans", "what is sent is what plan said, or nothing is"),
        "not what all are to want"),
    Bug("a value is not kept", "fs/state/saved.c",
        "if (is_secret(o, row))\n\t\treturn 0;", "return 0;",
        Mounted("state", "every acknowledged edit is there after kill -9, "
                "forty times over"), "wanted"),
]

LONG = [
    Bug("no sync of the log, in a power cut", "fs/state/db.c",
        "if (fdatasync(d->log) || fstat(d->log, &log))",
        "if (fstat(d->log, &log))", POWERCUT, "cut at"),
    Bug("memory is not given back", "fs/fuse/handle.c",
        "\tack_buf_release(&h->text);\n\tLIST_REMOVE", "\tLIST_REMOVE", FLAT,
        "grew"),
    Bug("a failed allocation is not looked at", "fs/fuse/handle.c",
        "if (!h) {\n\t\tguest_leave(guest", "if (0) {\n\t\tguest_leave(guest",
        STARVED, "ended with"),
]
