# SPDX-License-Identifier: MIT
"""Servers that fail, each in one way, and count what they were sent."""
import json
import re
import socket
import ssl
import struct
import threading
import time

ID = "c" + "0123456789abcdef" * 2
REQUEST_MAX = 1 << 20


class Gone(Exception):
    pass


class Browsing(Gone):
    pass


def answer(status, body="", *headers):
    text = body if isinstance(body, str) else json.dumps(body)
    lines = [f"HTTP/1.1 {status} Made up", "Content-Type: application/json",
             f"Content-Length: {len(text)}", *headers]
    return ("\r\n".join(lines) + "\r\n\r\n" + text).encode()


NO_CLUSTERS = {"clusters": [], "page_info": {"total_count": 0}}
MADE = answer(202, {"cluster_id": ID, "request_id": "R-1", "task_id": "T-1"})
NONE = answer(200, NO_CLUSTERS)


def is_browsing(target):
    """The list of all clusters and the service roles, which a mount asks for by
    itself: they are no part of a situation, and no connection is kept of it."""
    return target == "/ram/check-service-role" or \
        re.match(r"/regions/[^/]+/clusters\?", target) and \
        "name=" not in target


class Connection:
    def __init__(self, server, sock, number):
        self.server, self.sock, self.number = server, sock, number
        self.method = self.target = self.body = None

    def read(self):
        """A whole request, counted."""
        self.take()
        if is_browsing(self.target):
            self.say(answer(200, NO_CLUSTERS, "Connection: close"))
            raise Browsing
        self.server.heard.append((self.number, self.method))

    def take(self):
        """A whole request, whatever it is."""
        data = b""
        while b"\r\n\r\n" not in data:
            data += self._more(data)
        head, body = data.split(b"\r\n\r\n", 1)
        self.method, self.target = head.decode("latin-1").split(" ", 2)[:2]
        length = 0
        for line in head.split(b"\r\n")[1:]:
            name, value = line.split(b":", 1)
            if name.lower() == b"content-length":
                length = int(value)
        while len(body) < length:
            body += self._more(body)
        self.body = body

    def _more(self, data):
        try:
            more = self.sock.recv(65536)
        except OSError as e:
            raise Gone from e
        if not more or len(data) > REQUEST_MAX:
            raise Gone
        return more

    def say(self, data):
        try:
            self.sock.sendall(data)
        except OSError as e:
            raise Gone from e

    def hang(self):
        threading.Event().wait()

    def reset(self):
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                             struct.pack("ii", 1, 0))
        self.sock.close()


class Server:
    """`play(connection)` is all it does; the connection is closed then."""

    def __init__(self, play, context=None, address="127.0.0.1", before=None):
        self.play, self.context = play, context
        self.heard = []  # (connection, method) of each request
        self.listener = None
        self.connected = threading.Event()  # with TLS, where there is any
        ready = threading.Event()
        threading.Thread(target=self._serve, args=(address, before, ready),
                         daemon=True).start()
        if not ready.wait(30):
            raise OSError("a server did not start")
        self.port = self.listener.getsockname()[1]

    def posts(self):
        return sum(method == "POST" for _, method in self.heard)

    def _serve(self, address, before, ready):
        if before:
            before()
        self.listener = socket.create_server((address, 0), backlog=64)
        ready.set()
        number = 0
        while True:
            sock, _ = self.listener.accept()
            number += 1
            threading.Thread(target=self._attend, args=(sock, number),
                             daemon=True).start()

    def _attend(self, sock, number):
        try:
            if self.context:
                sock = self.context.wrap_socket(sock, server_side=True)
            self.connected.set()
            self.play(Connection(self, sock, number))
        except (Gone, OSError, ssl.SSLError):
            pass
        sock.close()


def context(world, name="good"):
    c = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    c.load_cert_chain(world.path(f"{name}.pem"), world.path(f"{name}.key"))
    return c


def old_context(world):
    c = context(world)
    c.set_ciphers("ALL:@SECLEVEL=0")
    c.minimum_version = ssl.TLSVersion.TLSv1
    c.maximum_version = ssl.TLSVersion.TLSv1_1
    return c


# What a server does with a connection.

def take(c, steps):
    for step in steps:
        if callable(step):
            step(c)
        else:
            c.say(step)


def after_reading(*steps):
    """Reads a request, then says each of the steps, or does it."""
    def play(c):
        c.read()
        take(c, steps)
    return play


def hang(c):
    c.hang()


def reset(c):
    c.reset()


def close(c):
    pass


def drip(c):
    while True:
        c.say(b" ")
        time.sleep(0.2)


def flood(c):
    while True:
        c.say(b"x" * 65536)


def reads_first_bytes(*steps):
    """What speaks no TLS takes a ClientHello for the start of something."""
    def play(c):
        c.sock.recv(65536)
        take(c, steps)
    return play


def in_turn(*plays):
    """Each request, on whatever connection, is played by the next; the last
    plays all that follow. The connection stays open after those that are
    `kept`."""
    lock, left = threading.Lock(), list(plays)

    def play(c):
        while True:
            with lock:
                more = len(left) > 1
                do = left.pop(0) if more else left[0]
            try:
                do(c)
            except Browsing:
                if more:
                    left.insert(0, do)
                raise
            if not getattr(do, "keeps", False):
                return
    return play


def kept(play):
    play.keeps = True
    return play


class Reluctant:
    """A TLS context that turns the first connections away."""

    def __init__(self, tls, times):
        self.tls, self.times, self.lock = tls, times, threading.Lock()

    def wrap_socket(self, sock, server_side):
        with self.lock:
            self.times -= 1
            if self.times >= 0:
                raise OSError("not now")
        return self.tls.wrap_socket(sock, server_side=server_side)
