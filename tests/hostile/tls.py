# SPDX-License-Identifier: MIT
"""The table of those who are not the service, or not by a protocol of today.
Not a byte of a request may leave for one of them."""
import time

import calls
import good
import world as worlds
from answers import whole
from play import Play
from servers import context, old_context

HOST = "service.test"
ROWS = ("the list of all", "keys, uri", "keys, role", "keys, oidc")


def peers(world):
    """(who, TLS of the server, the name it is called by, whether it is good)"""
    signed = world.path("self.pem")
    worlds.run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
               "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
               "/CN=self", "-addext", f"subjectAltName=DNS:{HOST}",
               "-keyout", world.path("self.key"), "-out", signed)
    yield "the service", context(world), HOST, True
    yield "of another name", context(world), "other.test", False
    yield "expired", context(world, "expired"), HOST, False
    yield "signed by a stranger", context(world, "untrusted"), HOST, False
    yield "signed by itself", context(world, "self"), HOST, False
    yield "of TLS 1.1", old_context(world), HOST, False


class Peer(Play):
    def __init__(self, ackfs, base, row, world, tls, host):
        self.ca, self.host = world.path("ca.pem"), host
        super().__init__(ackfs, base, row, [whole(
            "the good answer", 200, good.example(row), hasty=True)])
        self.service.server.context = tls

    def url(self):
        return f"https://{self.host}:{self.service.server.port}"

    def options(self):
        return f"{super().options()},ca={self.ca}"

    def trusts(self):
        """Whether it got what it asked for."""
        if self.row.env:
            return self.begin()
        if not self.begin():
            return False
        while "never" in (status := self.mount.text("status")) and \
                "failed" not in status:
            self.mount.read("index.html")
            time.sleep(0.05)
        return "failed" not in status

    def play(self, is_good):
        if self.trusts() != is_good:
            self.wrong(self.cells[0], f"trusted: {not is_good}")
        if not is_good and self.service.requests:
            self.wrong(self.cells[0], f"it was sent {self.service.requests}")
        if self.mount.process.poll() is None:
            self.end()
        return self.wrongs


def played(ackfs, base, world, doubt):
    """(call and peer, what was wrong)"""
    number = 0
    for row in calls.rows():
        if row.name not in ROWS:
            continue
        for who, tls, host, is_good in peers(world):
            number += 1
            is_good &= doubt != "peer"
            peer = Peer(ackfs, f"{base}/tls-{number}", row, world, tls, host)
            yield f"{row.name}, {who}", peer.play(is_good)

