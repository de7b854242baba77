# SPDX-License-Identifier: MIT
"""The table of calls: how ackfs is made to send each, and what it may show of
an answer. A new row is a new line in rows().

A poke has (result, text): OK or the name of an errno, and what was read.
"""
import dataclasses
import time

from checks import (
    adopted, anything, changed, config, followed, free, home, lines, listed,
    made, refused, shows, started, told)
from mounts import DRAFT
from oracle import CLUSTER_ID, POOL_ID
from service import cluster_id, name, pool_id

POOL = {"instance_types": "ecs.g7.xlarge", "key_pair": "my-key",
        "runtime_version": "1.6.38", "system_disk_size": "120"}


@dataclasses.dataclass
class Row:
    name: str
    call: str  # of service.ACTIONS
    poke: object  # (play, i)
    check: object
    state: str = "running"  # of the clusters there are
    pool_state: str = "active"
    has_task: bool = False
    lost: tuple = ()  # actions that are not answered
    count: object = None  # of clusters; None: one a cell
    is_it: object = lambda target, named: True  # or another use of the call
    options: str = "preflight=off"
    prepare: object = lambda play: None
    follow: bool = False  # all cells at once, by themselves
    holds: str = ""  # a file that is kept open
    wide: bool = False  # its values are spread over many files
    is_text: bool = False  # its answers are no JSON
    # of a good answer, in the place of what is always said
    says: dict = dataclasses.field(default_factory=dict)
    proof: tuple = ()  # a file, and what a good answer brings into it
    env: object = None  # a source of keys, and ackfs is started for each

    def clusters(self, cells):
        return cells if self.count is None else self.count


def reading(path):
    return lambda play, i: play.mount.read(path.format(name(i)))


def writing(what, param, value):
    """Edits a file, and commits."""
    def poke(play, i):
        at = f"{home(i)}/{what}"
        told = play.mount.write(f"{at}{param}", value.encode() + b"\n")
        return (play.mount.write(f"{at}commit", b"1") if told == "OK"
                else "not written: " + told), b""
    return poke


def deleting(what, id_of):
    return lambda play, i: (play.mount.write(
        f"{home(i)}/{what}delete", id_of(i).encode()), b"")


def creating(at, values):
    def poke(play, i):
        play.mount.draft(f"{at}/{name(i)}", values)
        return play.mount.write(f"{at}/{name(i)}/commit", b"1"), b""
    return poke


def revoking(play, i):
    return play.mount.write(f"live/{name(i)}/revoke",
                            cluster_id(i).encode()), b""


def installing(play, i):
    play.mount.write(f"live/{name(i)}/addons", b"two@1\n")
    return play.mount.write(f"{home(i)}/commit", b"1"), b""


def adopting(play, i):
    creating("clusters", DRAFT)(play, i)
    return play.mount.write(f"{home(i)}/adopt", cluster_id(i).encode()), b""


def listing(play, i):
    """HUP lists anew; it is over when status says so."""
    service = play.service
    play.names = play.clusters()
    deadline = time.monotonic() + 100
    while not service.delivered[i]:
        play.hup()
        late = time.monotonic() + 2
        while not service.delivered[i] and time.monotonic() < late:
            time.sleep(0.002)
        if time.monotonic() > deadline:
            return "not asked", b""
    while "being renewed" in (status := play.mount.text("status")):
        time.sleep(0.002)
        if time.monotonic() > deadline:
            return "no end", b""
    return ("EIO" if "last attempt failed" in status else "OK"), b""


def rows():
    live = "live/{}/"
    yield Row("the list of all", "list", listing, listed, wide=True,
              is_it=lambda target, named: "name=" not in target and
              "page_size=1&" not in target + "&", count=0)
    yield Row("the list of a name", "list", creating("clusters", DRAFT), free,
              is_it=lambda target, named: "name=" in target, count=0,
              options="preflight=on", says={"name": "other"})
    yield Row("create", "create", creating("clusters", DRAFT),
              made("clusters", "cluster_id", "cluster_id", CLUSTER_ID),
              count=0)
    yield Row("create a pool", "create pool",
              creating(home(0) + "/nodepools", POOL),
              made(home(0) + "/nodepools", "nodepool_id", "nodepool_id",
                   POOL_ID), count=1)
    yield Row("detail.json", "detail", reading(live + "detail.json"),
              shows(about=True), wide=True)
    yield Row("nodepools.json", "pools", reading(live + "nodepools.json"),
              shows("nodepools"), wide=True, pool_state="scaling")
    yield Row("nodes.json", "nodes", reading(live + "nodes.json"),
              shows("nodes"))
    yield Row("resources.json", "resources", reading(live + "resources.json"),
              shows())
    yield Row("kubeconfig", "kubeconfig", reading(live + "kubeconfig"), config)
    yield Row("kubeconfig, its address", "detail",
              reading(live + "kubeconfig"), refused)
    yield Row("credential.json", "kubeconfig",
              reading(live + "credential.json"), refused,
              says={"config": "server: https://192.0.2.1:6443\n"
                    "client-certificate-data: QQ==\nclient-key-data: QQ==\n"})
    yield Row("tasks of a cluster", "tasks", reading(live + "tasks"), refused)
    yield Row("nodes", "nodes", reading(live + "nodes"), refused)
    yield Row("vulnerabilities", "vulnerabilities",
              reading(live + "vulnerabilities"), refused)
    yield Row("events of the region", "region events",
              reading("live/events"), refused, count=0)
    yield Row("precheck", "check", reading(live + "precheck"), refused)
    yield Row("precheck, its result", "check result",
              reading(live + "precheck"), refused)
    yield Row("addons", "addon list", reading(live + "addons"), refused)
    yield Row("revoke", "revoke", revoking, changed)
    yield Row("install an addon", "install", installing, changed)
    yield Row("versions", "versions", reading("live/versions"), lines, count=0)
    yield Row("upgrades", "versions", reading(live + "upgrades"), lines)
    for call, what in (("identity", "identity"), ("roles", "service roles"),
                       ("quota", "service and quota")):
        yield Row(f"account, {call}", call, reading("live/account"),
                  told(what), count=0)
    yield Row("account, the list", "list", reading("live/account"),
              told("clusters"), count=0,
              is_it=lambda target, named: "page_size=1&" in target + "&")
    yield Row("modify", "modify", writing("", "deletion_protection", "true"),
              changed)
    yield Row("upgrade", "upgrade", writing("", "kubernetes_version",
                                            "1.30.1-aliyun.1"), changed)
    yield Row("untag", "untag", writing("", "tags", "a=b"), changed)
    yield Row("tag", "tag", writing("", "tags", "a=b"), changed)
    yield Row("scale", "modify pool", writing("", "num_of_nodes", "5"),
              changed)
    yield Row("scale, its pool", "pools", writing("", "num_of_nodes", "5"),
              changed)
    yield Row("delete", "delete", deleting("", cluster_id), changed)
    yield Row("modify a pool", "modify pool", writing(
        "nodepools/pool/", "desired_size", "5"), changed, prepare=with_pools)
    yield Row("delete a pool", "delete pool", deleting(
        "nodepools/pool/", pool_id), changed, prepare=with_pools)
    yield Row("adopt", "detail", adopting, adopted, lost=("create",), count=0)
    follow = {"poke": None, "check": followed, "follow": True,
              "state": "initial", "options": "refresh=1"}
    resting = {**follow, "state": "running"}
    yield Row("a task", "task", has_task=True, **follow,
              proof=("progress", "stage 2 of 2: nodes"))
    yield Row("tasks", "tasks", has_task=True, **follow, proof=("progress", "nodes"))
    yield Row("what became of it", "detail", **follow,
              says={"state": "running"}, proof=("events", "state: running"))
    yield Row("the log of a failure", "logs", has_task=True, **follow,
              proof=("error", "log: a line"))
    yield Row("events", "events", holds="events", **resting,
              proof=("events", "info cluster_create r: m"))
    yield Row("a pool", "pool", pool_state="scaling", prepare=with_pools,
              **resting, says={"status": {"state": "updating"}},
              proof=("nodepools/pool/state", "updating"))
    for call in ("metadata token", "metadata role", "metadata keys", "uri",
                 "role", "oidc"):
        yield Row(f"keys, {call}", call, None,
                  # without a token there is still version 1
                  anything if call == "metadata token" else started, count=0,
                  env=call, is_text=call in ("metadata token",
                                             "metadata role"))


def with_pools(play):
    """Reading the list is what brings them to be."""
    for i in range(len(play.cells)):
        play.mount.read(f"live/{name(i)}/nodepools.json")
