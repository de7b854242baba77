# SPDX-License-Identifier: MIT
"""A network of one's own: names, certificates, packets that get lost.

Everything is in namespaces that this process has for itself and that end
with it.
"""
import ctypes
import os
import socket
import subprocess
import sys
import threading

CLONE_NEWNET = 0x40000000
HOSTS = """127.0.0.1 localhost service.test other.test
10.77.1.2 far1.test
10.77.2.2 far2.test
"""


def enter():
    """Begins the program anew in namespaces; returns there."""
    if os.environ.get("NETWORK_INSIDE") == str(os.getppid()):
        # a copy of the mount of another test would keep its daemon alive
        subprocess.run(["umount", "--lazy", "--all", "--types", "fuse.ackfs"],
                       stderr=subprocess.DEVNULL)
        return
    os.environ["NETWORK_INSIDE"] = "0"  # the parent there, as seen from there
    os.execvp("unshare", [
        "unshare", "--net", "--mount", "--pid", "--fork", "--mount-proc",
        "--kill-child=KILL", sys.executable, *sys.argv])


def run(*command):
    done = subprocess.run(command, stdin=subprocess.DEVNULL, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode:
        raise OSError(f"{' '.join(command)}: {done.stdout.strip()}")


class World:
    def __init__(self, base):
        self.base = base
        self.missing = {}  # what cannot be had here: why
        run("ip", "link", "set", "lo", "up")
        self._names()
        self._certificates()
        for what, prepare in (
                ("nft", lambda: run("nft", "add table inet ackfs; add chain "
                                    "inet ackfs in { type filter hook input "
                                    "priority 0; }")),
                ("veth", lambda: [Cable.lay(n) for n in (1, 2)])):
            try:
                prepare()
            except OSError as why:
                self.missing[what] = str(why)

    def path(self, name):
        return f"{self.base}/{name}"

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as f:
            f.write(text)
        return self.path(name)

    def _names(self):
        for name, text in (("hosts", HOSTS),
                           ("resolv.conf", "nameserver 127.0.0.53\n"),
                           ("nsswitch.conf", "hosts: files dns\n")):
            run("mount", "--bind", self.write(name, text), f"/etc/{name}")
        threading.Thread(target=self._answer_names, daemon=True).start()

    def _answer_names(self):
        """There is no such name; of hang.test nothing is ever said."""
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        s.bind(("127.0.0.53", 53))
        while True:
            query, who = s.recvfrom(4096)
            if b"\x04hang\x04test\x00" not in query:
                s.sendto(query[:2] + b"\x81\x83" + query[4:6] + bytes(6) +
                         query[12:], who)

    def _certificates(self):
        key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
               "-nodes")
        for name in ("ca", "stranger"):
            run("openssl", "req", "-x509", *key, "-days", "2", "-subj",
                f"/CN={name}", "-keyout", self.path(f"{name}.key"),
                "-out", self.path(f"{name}.pem"))
        self.write("index", "")
        self.write("signer.conf",
                   "[ca]\ndefault_ca=c\n[c]\nrand_serial=yes\n"
                   f"database={self.path('index')}\n"
                   f"new_certs_dir={self.base}\ndefault_md=sha256\n"
                   "unique_subject=no\npolicy=p\ncopy_extensions=copy\n"
                   "[p]\ncommonName=supplied\n")
        self._certificate("good", "service.test,DNS:far1.test,DNS:far2.test", "ca")
        self._certificate("untrusted", "service.test", "stranger")
        self._certificate("expired", "service.test", "ca",
                          "-enddate", "20200102000000Z")

    def _certificate(self, name, host, signer, *end):
        request, out = self.path(f"{name}.csr"), self.path(f"{name}.pem")
        run("openssl", "req", "-new", "-newkey", "ec", "-pkeyopt",
            "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN={name}",
            "-addext", f"subjectAltName=DNS:{host}",
            "-keyout", self.path(f"{name}.key"), "-out", request)
        run("openssl", "ca", "-batch", "-notext", "-config",
            self.path("signer.conf"), "-startdate", "20200101000000Z",
            *(end or ("-days", "36500")), "-cert", self.path(f"{signer}.pem"),
            "-keyfile", self.path(f"{signer}.key"), "-in", request,
            "-out", out)

    def rule(self, *words):
        """A rule for packets that come in."""
        run("nft", "add", "rule", "inet", "ackfs", "in", *words)


class Cable:
    """Between here and a thread that is elsewhere, at 10.77.N.2."""

    def __init__(self, number):
        self.number, self.address = number, f"10.77.{number}.2"

    @staticmethod
    def lay(n):
        run("ip", "link", "add", f"near{n}", "type", "veth", "peer", "name",
            f"far{n}")
        run("ip", "address", "add", f"10.77.{n}.1/24", "dev", f"near{n}")
        run("ip", "link", "set", f"near{n}", "up")

    def go_far(self):
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.unshare(CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), "unshare")
        far = f"far{self.number}"
        self._here("ip", "link", "set", far, "netns",
                   str(threading.get_native_id()))
        run("ip", "address", "add", f"{self.address}/24", "dev", far)
        run("ip", "link", "set", far, "up")

    def pull(self):
        self._here("ip", "link", "set", f"near{self.number}", "down")

    @staticmethod
    def _here(*command):
        run("nsenter", f"--net=/proc/{os.getpid()}/ns/net", *command)
