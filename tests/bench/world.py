# SPDX-License-Identifier: MIT
"""Where it is measured: a directory in memory, programs, processors, mounts.

Everything is in namespaces that end with the harness (see run), so what it
starts and mounts needs no other end.
"""
import json
import os
import struct
import subprocess
import time

import trust

HERE = os.path.dirname(os.path.abspath(__file__))


def wait_until(what, seconds=60, pause=0.002):
    end = time.monotonic() + seconds
    while not (answer := what()):
        if time.monotonic() > end:
            raise TimeoutError(f"waited in vain for {what.__qualname__}")
        time.sleep(pause)
    return answer


class World:
    def __init__(self, where, build):
        subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=700", "bench",
                        where], check=True)
        self.where, self.build, self.count = where, build, 0
        cpus = sorted(os.sched_getaffinity(0))
        # what is compared shares the first; services have the last
        self.near, self.far = cpus[0], cpus[-1]
        os.sched_setaffinity(0, [self.near])
        self.env = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8",
                    "HOME": self.directory("home"),
                    "ALIBABA_CLOUD_ECS_METADATA_DISABLED": "true"}
        self.values = os.path.join(HERE, "values")
        root, self.service = trust.establish(self.directory("trust"))
        self.env["NODE_EXTRA_CA_CERTS"] = root

    def path(self, name):
        return os.path.join(self.where, name)

    def body(self):
        """A file with the values as a request, but for the name."""
        with open(self.values, encoding="utf-8") as f:
            values = dict(line.rstrip("\n").split("\t") for line in f)
        return self.write("body", json.dumps(values))

    def script(self, name):
        return os.path.join(HERE, name)

    def directory(self, name):
        """A new one, whose name begins so."""
        self.count += 1
        path = self.path(f"{name}-{self.count}")
        os.mkdir(path)
        return path

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as f:
            f.write(text)
        return self.path(name)

    def program(self, name):
        at = "fs" if name == "ackfs" else "tests/bench"
        return os.path.join(self.build, at, name)

    def start(self, *command, cpu=None, **more):
        cpu = self.near if cpu is None else cpu
        more.setdefault("stdin", subprocess.DEVNULL)
        with open(self.path("log"), "a", encoding="utf-8") as log:
            return subprocess.Popen(
                ["taskset", "-c", str(cpu), *command], env=self.env,
                stderr=log, **more)

    def run(self, *command):
        """What it prints."""
        done = subprocess.run(command, env=self.env, text=True,
                              stdin=subprocess.DEVNULL, capture_output=True)
        if done.returncode:
            raise OSError(f"{' '.join(command)}: {done.stdout}{done.stderr}")
        return done.stdout

    def read_line(self, child):
        """The line of JSON that a service begins with."""
        line = child.stdout.readline()
        if not line:
            raise OSError(f"{child.args} did not start; {self.tail()}")
        return json.loads(line)

    def tail(self):
        with open(self.path("log"), encoding="utf-8") as f:
            return "".join(f.readlines()[-5:])

    def time(self, *command):
        """The seconds that it takes from its start to its end."""
        files = [(os.POSIX_SPAWN_OPEN, fd, path, flags, 0o600)
                 for fd, path, flags in (
                     (0, os.devnull, os.O_RDONLY),
                     (1, os.devnull, os.O_WRONLY),
                     (2, self.path("log"),
                      os.O_WRONLY | os.O_CREAT | os.O_APPEND))]
        begun = time.perf_counter()
        pid = os.posix_spawnp(command[0], command, self.env,
                              file_actions=files)
        _, status = os.waitpid(pid, 0)
        took = time.perf_counter() - begun
        if status:
            raise OSError(f"{' '.join(command)} failed; {self.tail()}")
        return took

    def name(self):
        """One that no cluster has yet."""
        self.count += 1
        return f"bench-{self.count}"


class Endpoint:
    """The service, on the other processor."""

    COUNTS = ("connections", "requests", "lists", "names", "creations",
              "refused")

    def __init__(self, w, get_ms=0, post_ms=None, clusters=0):
        post_ms = get_ms if post_ms is None else post_ms
        self.counted = os.path.join(w.directory("endpoint"), "counts")
        self.child = w.start(
            w.program("bench-endpoint"), w.service, self.counted, str(get_ms),
            str(post_ms), str(clusters), cpu=w.far, stdout=subprocess.PIPE,
            text=True)
        line = w.read_line(self.child)
        self.url = line["url"]
        w.env["ALIBABA_CLOUD_ACCESS_KEY_ID"] = line["access_key_id"]
        w.env["ALIBABA_CLOUD_ACCESS_KEY_SECRET"] = line["access_key_secret"]

    def counts(self):
        with open(self.counted, "rb") as f:
            return dict(zip(self.COUNTS, struct.unpack("=6Q", f.read())))

    def stop(self):
        self.child.kill()
        self.child.wait()
        if self.counts()["refused"]:
            raise OSError("the endpoint refused a signature")
