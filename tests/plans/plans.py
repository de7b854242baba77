#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What `plan` says is what a commit does, whatever others do meanwhile.

usage: plans.py ACKFS ROUNDS [SEED]

A round is a cluster of random node pools, random edits of it and of them, and
changes by somebody else before them, after them, or not at all. Then it is
committed, with a random word; sometimes while the keys of the profile are those
of another account. What must hold: what was sent is what `plan` said,
call by call and number by number; nothing is sent that is refused, and none of
the service's values that an edit was not based on is overwritten; nothing is
taken away by a plan that did not say so, nor by a `1`; with the other keys
nothing is sent, and every request is signed for the account of the mount. Each round that breaks this is a line.
"""
import collections
import errno
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time

from service import Cluster, Pool, Service

KEY, OTHER = "AKIDPLANS", "AKIDOTHER"
ACCOUNTS = {KEY: "1000000000000001", OTHER: "1000000000000002"}
seen = collections.Counter()


class Broken(Exception):
    pass


def must(what, *shown):
    if not what:
        raise Broken(" | ".join(str(s) for s in shown))


def get(path):
    with open(path, encoding="utf-8") as f:
        return f.read()


def put(path, text):
    """The errno's name, or ok."""
    try:
        fd = os.open(path, os.O_WRONLY | os.O_TRUNC)
        try:
            os.write(fd, text.encode())
        finally:
            os.close(fd)
    except OSError as e:
        return errno.errorcode[e.errno]
    return "ok"


def use(base, key):
    """The keys of the profile from here on, as `aliyun configure` writes them."""
    path = f"{base}/.aliyun/config.json"
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path + ".new", "w", encoding="utf-8") as f:
        json.dump({"current": "plans", "profiles": [
            {"name": "plans", "mode": "AK", "access_key_id": key,
             "access_key_secret": "s"}]}, f)
    os.chmod(path + ".new", 0o600)
    os.rename(path + ".new", path)


def make(rng, number):
    pools = []
    for i in range(rng.randint(1, 3)):
        p = Pool(number * 8 + i, f"p{i}", rng.randint(0, 6))
        p.failed = rng.randint(0, p.size) if rng.random() < .2 else 0
        p.scales = rng.random() < .08
        p.prepaid = rng.random() < .2
        pools.append(p)
    if rng.random() < .9:
        rng.choice(pools).default = True
    return Cluster(number, pools)


class Edit:
    """One file, what it said before it was written, and where the service has
    the truth of it."""

    def __init__(self, path, wanted, truth, lists):
        self.path, self.wanted, self.truth = path, wanted, truth
        self.name = os.path.basename(path)
        self.is_list = lists
        self.was = get(path).strip()

    def stale(self):
        """Whether somebody else has changed it, to something else."""
        now = self.truth()
        return str(now) not in (self.was, self.wanted)


class Round:
    def __init__(self, rng, service, mnt, cluster):
        self.rng, self.service, self.c = rng, service, cluster
        self.dir = f"{mnt}/clusters/{cluster.name}"
        self.live = f"{mnt}/live/{cluster.name}"
        self.where = self.dir
        self.edits = []
        self.base = os.path.dirname(mnt)

    def truth(self):
        return ([(p.id, p.size) for p in self.c.pools], self.c.protected,
                dict(self.c.tags))

    def others(self):
        """Somebody else changes something."""
        kind = self.rng.choice("ssspt")
        if kind == "s":
            for p in self.rng.sample(self.c.pools,
                                     min(len(self.c.pools),
                                         self.rng.randint(1, 2))):
                p.size = max(0, p.size + self.rng.choice((-2, -1, 1, 2)))
                p.failed = min(p.failed, p.size)
        elif kind == "p":
            self.c.protected = not self.c.protected
        else:
            self.c.tags[self.rng.choice(("team", "other"))] = \
                self.rng.choice("abc")

    def edit(self, name, wanted, truth):
        e = Edit(f"{self.where}/{name}", wanted, truth, name == "tags")
        if put(e.path, wanted + "\n") == "ok" and wanted != e.was:
            self.edits.append(e)

    def write_edits(self):
        c, rng = self.c, self.rng
        self.known = rng.random() < .7
        if self.known:
            get(f"{self.live}/nodepools.json")
        if self.known and rng.random() < .35:
            p = rng.choice(c.pools)
            self.where = f"{self.dir}/nodepools/{p.name}"
            self.edit("desired_size", str(rng.randint(0, 8)),
                      lambda: p.size)
            return
        kinds = rng.sample("nnpt", rng.randint(1, 3))
        if "n" in kinds:
            self.edit("num_of_nodes", str(rng.randint(0, 15)), c.wanted)
        if "p" in kinds:
            self.edit("deletion_protection",
                      rng.choice(("true", "false")),
                      lambda: str(c.protected).lower())
        if "t" in kinds:
            self.edit("tags", rng.choice(("team=x", "mine=1\nteam=a")),
                      lambda: None)

    def word(self, plan):
        digest = get(f"{self.where}/digest").strip()
        must(bool(digest) == bool(plan), "a digest iff a plan", plan)
        return self.rng.choice(("1", os.path.basename(self.where),
                                digest or "1"))

    def check_sent(self, plan, sent, before, true):
        """Call by call, what was said and what came; `true`: edits that had
        come true by then, which are no edits any more."""
        calls = [line for line in plan.splitlines()
                 if re.match(r"(PUT|POST|DELETE) ", line) and
                 not any(f" {name}: " in line for name in true)]
        must(len(calls) == len(sent), "other calls", calls, sent)
        sizes = dict(before[0])
        for line, (_, method, path, _, body) in zip(calls, sent):
            said = re.match(r"(\w+) ([^: ]+): (.*)", line)
            must(said[1] == method and re.fullmatch(
                said[2].replace("POOL", r"\w+"), path),
                "another call", line, path)
            self.check_numbers(said[3], path, body, sizes)
        seen["sent as planned"] += 1

    def check_numbers(self, said, path, body, sizes):
        size = body.get("scaling_group", {}).get("desired_size")
        pool = path.rsplit("/", 1)[-1]
        m = re.search(r"desired_size(?: of \S+)?: (\d+) -> (\d+)", said)
        if m:
            must((sizes[pool], size) == (int(m[1]), int(m[2])),
                 "another number", said, sizes[pool], size)
        elif size is not None:
            m = re.search(r"num_of_nodes: (\w+) -> (\d+)", said)
            must(m and sum(sizes.values()) - sizes[pool] + size == int(m[2]),
                 "not what all are to want", said, sizes, size)
        m = re.search(r"deletion_protection: \w+ -> (\w+)", said)
        must(not m or str(body["deletion_protection"]).lower() == m[1],
             "another value", said, body)

    def commit(self, word):
        """What became of it, and all that must hold of that."""
        plan = get(f"{self.where}/plan")
        word = word or self.word(plan)
        before, since = self.truth(), len(self.service.requests)
        true = [e.name for e in self.edits
                if not e.is_list and str(e.truth()) == e.wanted]
        stale = [e for e in self.edits if not e.is_list and e.stale()]
        said = put(f"{self.where}/commit", word + "\n")
        sent, after = self.service.changes(since), self.truth()
        error = get(f"{self.where}/error")
        seen[said] += 1
        if said != "ok":
            must(not sent and before == after, "sent, and", said, sent)
            must(error, "no reason for", said)
        else:
            must(not stale, "overwritten unseen", stale and stale[0].name,
                 stale and stale[0].was, before, sent)
            self.check_sent(plan, sent, before, true)
            less = any(b < a for (_, a), (_, b) in zip(before[0], after[0]))
            must(not less or ("loses: " in plan and word != "1"),
                 "taken away", word, plan)
            must(not get(f"{self.where}/plan"), "a plan is left", plan)
        if said == "EPERM":
            must("loses: " in get(f"{self.where}/plan") and word == "1",
                 "EPERM", word, plan)
        if said == "ESTALE":
            for e in stale[:1]:
                must(str(e.truth()) in error and e.wanted in error,
                     "not the three values", error)
        return said

    def commit_elsewhere(self):
        """With the keys of another account."""
        before, since = self.truth(), len(self.service.requests)
        use(self.base, OTHER)
        said = put(f"{self.where}/commit", os.path.basename(self.where) + "\n")
        use(self.base, KEY)
        must(said == "EKEYREJECTED", "another account", said,
             get(f"{self.where}/error"))
        must(not self.service.changes(since) and before == self.truth(),
             "sent by another account")
        seen["another account"] += 1

    def play(self):
        if self.rng.random() < .3:
            self.others()
        self.write_edits()
        for _ in range(self.rng.choice((0, 0, 1, 2))):
            self.others()
        if self.rng.random() < .1 and get(f"{self.where}/plan"):
            self.commit_elsewhere()
        said = self.commit(None)
        for _ in range(3):
            # the plan is made anew: what it says now goes
            if said not in ("ESTALE", "EPERM"):
                break
            for e in self.edits:
                e.was = str(e.truth())
            said = self.commit(os.path.basename(self.where))
        must(said in ("ok", "EINVAL"), "it never goes", said,
             get(f"{self.where}/error"))
        for e in self.edits:
            must(said != "ok" or e.is_list or e.truth() is not None and
                 get(e.path).strip() == str(e.truth()) == e.wanted,
                 "the file says", get(e.path), "the service", e.truth())


def mount(ackfs, url, base):
    mnt = base + "/mnt"
    os.mkdir(mnt)
    env = {"PATH": os.environ["PATH"], "HOME": base,
           "ALIBABA_CLOUD_STS_ENDPOINT": url}
    use(base, KEY)
    for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS"):
        if name in os.environ:
            env[name] = os.environ[name]
    daemon = subprocess.Popen(
        [ackfs, url, mnt, "-f", "-o",
         f"region=cn-beijing,refresh=86400,qps=1000,state={base}/state"], env=env,
        stdin=subprocess.DEVNULL)
    return mnt, daemon


def main():
    ackfs, rounds = os.path.abspath(sys.argv[1]), int(sys.argv[2])
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else random.getrandbits(32)
    rng = random.Random(seed)
    print(f"seed {seed}", flush=True)
    clusters = [make(rng, n + 1) for n in range(rounds)]
    service = Service(clusters, ACCOUNTS)
    broken = 0
    with tempfile.TemporaryDirectory(prefix="ackfs-plans-") as base:
        mnt, daemon = mount(ackfs, service.url, base)
        try:
            last = f"{mnt}/clusters/{clusters[-1].name}"
            while not os.path.exists(last):
                must(daemon.poll() is None, "the mount ended")
                time.sleep(.05)
            for c in clusters:
                try:
                    Round(rng, service, mnt, c).play()
                except Broken as e:
                    broken += 1
                    print(f"{c.name}: {e}")
        finally:
            subprocess.run(["fusermount3", "-u", "-z", mnt], check=False)
            daemon.wait(20)
    keys = {r[0] for r in service.requests}
    if keys != {KEY}:
        broken += 1
        print(f"signed with {keys}")
    print(", ".join(f"{n} {what}" for what, n in sorted(seen.items())))
    print(f"{rounds} rounds, {broken} broken")
    return broken > 0


if __name__ == "__main__":
    sys.exit(main())
