# SPDX-License-Identifier: MIT
"""A mount of ackfs, and what one does with its files."""
import errno
import os
import signal
import subprocess
import time

KEYS = {"ALIBABA_CLOUD_ACCESS_KEY_ID": "LTAI5tMadeUpKeyId01",
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "MadeUpSecret"}
DRAFT = {"num_of_nodes": "0", "snat_entry": "true", "addons": "flannel"}


class Mount:
    def __init__(self, ackfs, base, url, options, env):
        self.base, self.dir, self.log = base, base + "/mnt", base + "/log"
        os.makedirs(self.dir)
        clean = {k: v for k, v in os.environ.items()
                 if not k.lower().endswith("_proxy")}
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                [ackfs, url, self.dir, "-f", "-o",
                 f"region=cn-beijing,state={base}/state,{options}"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env={**clean, **env, "HOME": base})

    def answers(self):
        """False: it ended before it mounted."""
        while self.process.poll() is None:
            if os.path.exists(self.dir + "/README"):
                return True
            time.sleep(0.02)
        return False

    def path(self, name):
        return f"{self.dir}/{name}"

    def text(self, name):
        """What the file says, nothing when there is none."""
        try:
            with open(self.path(name), encoding="utf-8",
                      errors="surrogateescape") as f:
                return f.read()
        except FileNotFoundError:
            return ""

    def read(self, name):
        """(OK or the name of an errno, bytes)"""
        try:
            with open(self.path(name), "rb", 0) as f:
                return "OK", f.readall()
        except OSError as e:
            return errno.errorcode[e.errno], b""

    def write(self, name, data):
        """By one write(2): OK, or the name of an errno."""
        try:
            fd = os.open(self.path(name), os.O_WRONLY | os.O_TRUNC)
        except OSError as e:
            return errno.errorcode[e.errno]
        try:
            os.write(fd, data)
            return "OK"
        except OSError as e:
            return errno.errorcode[e.errno]
        finally:
            os.close(fd)

    def draft(self, name, values):
        os.mkdir(self.path(name))
        for key, value in values.items():
            with open(self.path(f"{name}/{key}"), "w",
                      encoding="utf-8") as f:
                f.write(value + "\n")

    def peak(self):
        """The most memory that it ever had, KiB."""
        with open(f"/proc/{self.process.pid}/status",
                  encoding="ascii") as f:
            return int(next(line.split()[1] for line in f
                            if line.startswith("VmHWM")))

    def stop(self):
        """Whether it ended by itself, and well."""
        try:
            self.process.send_signal(signal.SIGTERM)
            return self.process.wait(20) == 0
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            return False
