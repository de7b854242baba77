# SPDX-License-Identifier: MIT
"""What trials with a sandbox and a daemon of their own have in common."""
import json
import os
import signal
import subprocess
import time
import urllib.request

OPTIONS = "timeout=2,settle=0.5"
# of the environment a daemon has no more than it needs
KEPT = ("PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS")
DRAFT = {
    "num_of_nodes": "0",
    "vpcid": "vpc-crash",
    "vswitch_ids": "vsw-crash",
    "snat_entry": "true",
    "addons": "flannel",
    "container_cidr": "172.20.0.0/16",
    "service_cidr": "172.21.0.0/20",
}


class Sandbox:
    def __init__(self, program, *options):
        self.process = subprocess.Popen(
            [program, *(options or ("--speed", "20"))], stdout=subprocess.PIPE)
        self.told = json.loads(self.process.stdout.readline())

    def clusters(self, name):
        with urllib.request.urlopen(self.told["url"] + "/_sandbox/clusters") as r:
            return [c["cluster_id"] for c in json.load(r) if c["request"]["name"] == name]

    def stop(self):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()


class Mount:
    """A daemon in the foreground, `program` or a list with what runs it; `env`
    is added to its environment."""

    def __init__(self, program, sandbox, base, env=None, options=OPTIONS):
        self.dir, self.log = base + "/mnt", open(base + "/log", "ab")
        try:
            os.mkdir(self.dir)
        except FileExistsError:
            pass  # a dead mount, which the next one takes over
        self.process = subprocess.Popen(
            [*([program] if isinstance(program, str) else program),
             sandbox.told["url"], self.dir, "-f", "-o",
             f"region=cn-beijing,{options},state={base}/state"],
            stderr=self.log, stdout=self.log, stdin=subprocess.DEVNULL,
            env={**{k: os.environ[k] for k in KEPT if k in os.environ},
                 "HOME": base,
                 "ALIBABA_CLOUD_ACCESS_KEY_ID": sandbox.told["access_key_id"],
                 "ALIBABA_CLOUD_ACCESS_KEY_SECRET":
                     sandbox.told["access_key_secret"], **(env or {})})
        there = until(lambda: get(self.dir + "/status")
                      or self.process.poll() is not None)
        if not there or self.process.poll() is not None:
            with open(base + "/log", encoding="utf-8") as log:
                raise RuntimeError("the daemon did not start: " + log.read())

    def unmount(self):
        """As a user does; the daemon ends by itself. Whether it went well."""
        free = until(lambda: not subprocess.run(
            ["fusermount3", "-q", "-u", self.dir], check=False).returncode)
        self.end(0 if free else signal.SIGTERM)
        return free and not self.process.returncode

    def end(self, how=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(how)
        self.process.wait()
        self.log.close()


def until(true, seconds=30):
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True


def put(path, text):
    """The errno of writing it, 0 when it went well."""
    try:
        fd = os.open(path, os.O_WRONLY | os.O_TRUNC)
    except OSError as e:
        return e.errno
    try:
        os.write(fd, text.encode())
        return 0
    except OSError as e:
        return e.errno
    finally:
        os.close(fd)


def get(path):
    try:
        with open(path, encoding="utf-8") as f:
            return f.read().rstrip("\n")
    except OSError:
        return None


def judge(sandbox, mount, name):
    """None, or what is wrong with the directory on this mount."""
    c = f"{mount.dir}/clusters/{name}"
    if not until(lambda: get(c + "/state") not in ("unknown", "committing")):
        return f"still {get(c + '/state')}"
    state, ids = get(c + "/state"), sandbox.clusters(name)
    if state is None:
        return f"the directory is lost: {get(mount.dir + '/error')}"
    if len(ids) > 1:
        return f"{len(ids)} clusters for one commit"
    if state == "draft" and ids:
        return "a draft, and yet there is a cluster"
    if state != "draft" and ids != [get(c + "/cluster_id")]:
        return f"{state}, but the clusters are {ids}"
    lost = [k for k, v in DRAFT.items() if get(f"{c}/{k}") != v]
    return f"lost of the draft: {lost}" if lost else None
