# SPDX-License-Identifier: MIT
"""A row is played: a mount, its cells, and what a person would see."""
import contextlib
import dataclasses
import os
import signal
import threading
import time

import good
from checks import home
from mounts import KEYS, Mount
from oracle import raw
from service import Service, name

HASTY = "timeout=1,connect_timeout=1"
PATIENT = "timeout=60,connect_timeout=30"
HANGS_S = 150  # for everything that one poke may take
HOME = ("state", "error", "check", "plan", "delete_plan", "progress",
        "events", "cluster_id", "nodepool_id", "request_id", "task_id")
ROLE = "acs:ram::1234567890123456:role/made-up"
OFF = {"ALIBABA_CLOUD_ECS_METADATA_DISABLED": "true"}


def sources(kind, url, base):
    """The environment that sends ackfs there for its keys."""
    sts = {"ALIBABA_CLOUD_STS_ENDPOINT": url, "ALIBABA_CLOUD_ROLE_ARN": ROLE}
    if kind.startswith("metadata"):
        return {**dict.fromkeys(OFF, "false"), "ACKFS_ECS_METADATA_URL": url}
    if kind == "uri":
        return {**OFF, "ALIBABA_CLOUD_CREDENTIALS_URI": url + "/keys"}
    if kind == "oidc":
        with open(base + "/token", "w", encoding="ascii") as f:
            f.write("made-up-jwt")
        return {**OFF, **sts, "ALIBABA_CLOUD_OIDC_TOKEN_FILE": base + "/token",
                "ALIBABA_CLOUD_OIDC_PROVIDER_ARN":
                "acs:ram::1234567890123456:oidc-provider/made-up"}
    os.mkdir(base + "/.aliyun")
    with open(base + "/.aliyun/config.json", "w", encoding="ascii",
              opener=lambda path, flags: os.open(path, flags, 0o600)) as f:
        f.write('{"current": "x", "profiles": [{"name": "x", "mode": '
                '"RamRoleArn", "access_key_id": "LTAI5tMadeUp", '
                '"access_key_secret": "MadeUp", "ram_role_arn": "%s", '
                '"ram_session_name": "me"}]}' % ROLE)
    return {**OFF, "ALIBABA_CLOUD_STS_ENDPOINT": url}


# What ends it, and what stops it.
SIGNALS = {"dead": signal.SIGKILL, "hangs": signal.SIGSTOP}


class Play:
    """Of some cells of a row, which are all hasty or all patient."""

    def __init__(self, ackfs, base, row, cells, doubt=""):
        self.ackfs, self.base, self.row = ackfs, base, row
        self.cells = [cell.of(i) for i, cell in enumerate(cells)]
        self.doubt = doubt
        self.service = Service(row, self.cells, good.good)
        self.wrongs = []  # (cell, what)
        self.mount = self.watchdog = None
        self.names = set()
        os.makedirs(base)

    def url(self):
        return f"http://127.0.0.1:{self.service.server.port}"

    def options(self):
        haste = HASTY if self.cells[0].hasty else PATIENT
        return f"qps=10000,{haste},{self.row.options}"

    def begin(self, number=0):
        url, base = self.url(), f"{self.base}/{number}"
        os.mkdir(base)
        env = {**OFF, **KEYS, "ALIBABA_CLOUD_STS_ENDPOINT": url}
        if self.row.env:
            env = sources(self.row.env, url, base)
        self.mount = Mount(self.ackfs, base, url, self.options(), env)
        return self.mount.answers()

    def end(self):
        if not self.mount.stop():
            self.wrong(None, "ackfs did not end well: "
                       f"{self.mount.process.returncode}")
        text = self.mount.text("../log")
        for file in ("../log", "../state/audit.log"):
            self.clean(None, file, self.mount.text(file))
        if "runtime error" in text or "Sanitizer" in text:
            self.wrong(None, f"in the log: {text[-3000:]}")

    def hup(self):
        self.mount.process.send_signal(signal.SIGHUP)

    def wrong(self, cell, what):
        self.wrongs.append((cell.name if cell else "", what))

    def error(self, i):
        """What is told of cell i, or of the mount as a whole."""
        return any(self.mount.text(f"{at}error")
                   for at in (*self.homes(i), f"live/{name(i)}/", ""))

    def homes(self, i):
        """The directories in which cell i is told of."""
        yield f"{home(i)}/"
        if "pool" not in self.row.name:
            return
        for at in (f"{home(i)}/nodepools/pool/",
                   f"{home(0)}/nodepools/{name(i)}/"):
            if self.is_known(at):
                yield at

    def is_known(self, at):
        """A name that is not known takes a list, and that may be hostile."""
        try:
            os.stat(self.mount.path(at))
        except FileNotFoundError:
            return False
        except OSError:
            if self.row.call != "pools":
                raise
            return False
        return True

    def dead(self):
        return self.mount.process.poll() is not None

    def run(self):
        if self.row.env:
            self.start_each()
            return self.wrongs
        if not self.begin():
            self.wrong(None, "it did not mount")
            return self.wrongs
        self.watch()
        try:
            self.know_clusters()
            self.row.prepare(self)
            if self.row.follow:
                self.follow()
            else:
                for i, cell in enumerate(self.cells):
                    self.watch()
                    self.one(i, cell)
            self.watch()
            self.look_around()
        except OSError as e:
            self.wrong(None, f"{e}; it ended with {self.mount.process.poll()}")
        self.watchdog.cancel()
        self.end()
        return self.wrongs

    def watch(self):
        """From here on it has so much time again."""
        if self.watchdog:
            self.watchdog.cancel()
        self.watchdog = threading.Timer(
            2 if self.doubt == "hangs" else HANGS_S, self.hangs)
        self.watchdog.start()

    def hangs(self):
        self.wrong(None, f"hangs at cell {self.service.current}: "
                   f"{self.cells[self.service.current].name}")
        self.mount.process.kill()

    def clusters(self):
        """The directories; none where the list never came: it fails then."""
        try:
            return set(os.listdir(self.mount.path("clusters")))
        except OSError:
            return set()

    def know_clusters(self):
        """Those of the list have to be there."""
        wanted = self.row.clusters(len(self.cells))
        while wanted and len(self.clusters()) < wanted:
            time.sleep(0.02)

    def one(self, i, cell):
        self.service.current = i
        if self.doubt in SIGNALS:
            self.mount.process.send_signal(SIGNALS[self.doubt])
        result, text = self.row.poke(self, i)
        if self.dead():
            raise OSError(f"{cell.name}: it is dead")
        self.judge(i, cell, result, text)

    def judge(self, i, cell, result, text):
        if not self.service.delivered[i] or self.doubt == "asked":
            self.wrong(cell, f"the call was not made: {result}, "
                       f"{list(self.texts(i))}")
            return
        if self.doubt == "success":
            cell = dataclasses.replace(cell, name="none", status=500)
        if cell.name == "the good answer" and result != "OK":
            self.wrong(cell, f"it ends with {result}: {self.texts(i)}")
        if cell.name == "the good answer" and self.row.proof:
            file, proof = self.row.proof
            self.prove(cell, f"{home(i)}/{file}", proof)
        if wrong := self.row.check(self, i, cell, result, text):
            self.wrong(cell, f"{wrong} ({result})")
        self.clean(cell, "what was read", text)
        for file, text in self.texts(i):
            self.clean(cell, file, text)

    def prove(self, cell, file, proof):
        """It may take its time."""
        deadline = time.monotonic() + 60
        while proof not in self.mount.text(file):
            if time.monotonic() > deadline:
                self.wrong(cell, f"no {proof} in {self.mount.text(file)!r}")
                return
            time.sleep(0.05)

    def clean(self, cell, where, text):
        if self.doubt == "raw" and cell and cell.texts:
            text = cell.body + b"\x1b[2J"
        if found := raw(text):
            self.wrong(cell, f"raw in {where}: {found}")

    def texts(self, i):
        """Whatever tells of cell i."""
        for at in ("", f"live/{name(i)}/"):
            yield at + "error", self.mount.text(at + "error")
        for where in self.homes(i):
            for file in HOME:
                text = self.mount.text(where + file)
                if text:
                    yield where + file, text

    def look_around(self):
        """All that there is to read and to list, at the end."""
        with contextlib.suppress(OSError):  # then `error` says why
            self.clean(None, "account", self.mount.text("live/account"))
        for file in ("status", "error", "index.html"):
            self.clean(None, file, self.mount.text(file))
        for at, dirs, files in os.walk(self.mount.dir):
            if "/schema" in at:
                continue
            for entry in dirs + files:
                self.clean(None, f"a name in {at}", entry)
            if self.row.wide and "/clusters/" in at:
                for file in files:
                    self.look(f"{at}/{file}")

    def look(self, path):
        if os.stat(path).st_mode & 0o444 and not os.path.islink(path):
            with open(path, "rb") as f:
                self.clean(None, path[len(self.mount.dir):], f.read())

    def follow(self):
        """They come by themselves, all of them."""
        held = [open(self.mount.path(f"{home(i)}/{self.row.holds}"),
                     "rb") for i in range(len(self.cells))
                if self.row.holds]
        watching = [os.open(self.mount.path(f"live/{name(i)}/watch"),
                            os.O_RDONLY | os.O_NONBLOCK)
                    for i in range(len(self.cells))]
        while not all(self.service.delivered) and not self.dead():
            time.sleep(0.05)
        time.sleep(1)  # what they say has to be heard, too
        for i, cell in enumerate(self.cells):
            self.service.current = i
            self.watch()
            self.judge(i, cell, "OK", self.watched(watching[i]))
        for f in held:
            f.close()

    @staticmethod
    def watched(fd):
        try:
            return os.read(fd, 65536)
        except BlockingIOError:
            return b""
        finally:
            os.close(fd)

    def start_each(self):
        """Keys are looked for at the start, so each cell has its own."""
        for i, cell in enumerate(self.cells):
            self.service.current = i
            self.watch()
            result = "OK" if self.begin(i) else "EIO"
            self.watchdog.cancel()
            self.judge_start(i, cell, result)

    def judge_start(self, i, cell, result):
        text = self.mount.text("../log")
        if result == "OK":
            self.clean(cell, "status", self.mount.text("status"))
            self.end()
        elif self.mount.process.returncode != 1:
            self.wrong(cell, f"it ended with {self.mount.process.returncode}:"
                       f" {text[-3000:]}")
        if not self.service.delivered[i]:
            self.wrong(cell, "the call was not made")
        if cell.name == "the good answer" and result != "OK":
            self.wrong(cell, f"no keys: {text}")
        if wrong := self.row.check(self, i, cell, result, b""):
            self.wrong(cell, wrong)
        self.clean(cell, "what it wrote", text)
