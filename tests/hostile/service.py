# SPDX-License-Identifier: MIT
"""A service that answers every call well, but for one that is under attack.

Cluster N, and whatever is asked about it, gets cell N of that call.
"""
import re
import threading
import urllib.parse

from servers import Server, answer, take

INDEX = re.compile(r"\bc(\d{32})\b|\bnp(\d{32})\b|\bT-(\d+)\b|\bcell-(\d+)\b")
PAGE = 50
DAY = "2024-01-02T03:04:05Z"

# Method and path of each call, as calls.def has them.
ACTIONS = [(action, method, re.compile(path + r"(?:\?|$)"))
           for action, method, path in (
    ("create", "POST", "/clusters"),
    ("list", "GET", "/regions/[^/]+/clusters"),
    ("detail", "GET", "/clusters/[^/?]+"),
    ("modify", "PUT", "/api/v2/clusters/[^/]+"),
    ("upgrade", "POST", "/api/v2/clusters/[^/]+/upgrade"),
    ("delete", "DELETE", "/clusters/[^/]+"),
    ("task", "GET", "/tasks/[^/]+"),
    ("tasks", "GET", "/clusters/[^/]+/tasks"),
    ("events", "GET", "/clusters/[^/]+/events"),
    ("logs", "GET", "/clusters/[^/]+/logs"),
    ("create pool", "POST", "/clusters/[^/]+/nodepools"),
    ("pools", "GET", "/clusters/[^/]+/nodepools"),
    ("pool", "GET", "/clusters/[^/]+/nodepools/[^/]+"),
    ("modify pool", "PUT", "/clusters/[^/]+/nodepools/[^/]+"),
    ("delete pool", "DELETE", "/clusters/[^/]+/nodepools/[^/]+"),
    ("tag", "PUT", "/tags"),
    ("untag", "DELETE", "/tags"),
    ("nodes", "GET", "/clusters/[^/]+/nodes"),
    ("check", "POST", "/clusters/[^/]+/checks"),
    ("check result", "GET", "/clusters/[^/]+/checks/[^/]+"),
    ("vulnerabilities", "GET", "/clusters/[^/]+/vuls"),
    ("region events", "GET", "/regions/[^/]+/events"),
    ("resources", "GET", "/clusters/[^/]+/resources"),
    ("kubeconfig", "GET", "/k8s/[^/]+/user_config"),
    ("revoke", "DELETE", "/k8s/[^/]+/certs"),
    ("pause", "POST", "/tasks/[^/]+/pause"),
    ("addon list", "GET", "/clusters/[^/]+/addon_instances"),
    ("addon", "GET", "/clusters/[^/]+/addon_instances/[^/]+"),
    ("install", "POST", "/clusters/[^/]+/components/install"),
    ("versions", "GET", "/api/v1/metadata/versions"),
    ("quota", "GET", "/quota"),
    ("roles", "POST", "/ram/check-service-role"),
    ("metadata token", "PUT", "/latest/api/token"),
    ("metadata role", "GET", "/latest/meta-data/ram/security-credentials/"),
    ("metadata keys", "GET",
     "/latest/meta-data/ram/security-credentials/made-up-role"),
    ("uri", "GET", "/keys"),
    ("sts", "POST", "/"))]
STS = (("AssumeRoleWithOIDC", "oidc"), ("AssumeRole", "role"))


# All of one length, so that an answer about one is one about any.
def cluster_id(i):
    return f"c{i:032d}"


def pool_id(i):
    return f"np{i:032d}"


def task_id(i):
    return f"T-{i:05d}"


def name(i):
    return f"cell-{i:05d}"


def about(i, data):
    """What is said of number 0, of i."""
    for of in (cluster_id, pool_id, task_id, name):
        data = data.replace(of(0).encode(), of(i).encode())
    return data


def action_of(method, target):
    for action, m, path in ACTIONS:
        if m == method and path.match(target):
            if action != "sts":
                return action
            return next((a for word, a in STS if word in target), "identity")
    return None


class Service:
    """Of a row of calls.py, with as many clusters as there are cells. What a
    call is answered with is row.good, if it has one for that action."""

    def __init__(self, row, cells, good):
        self.row, self.cells, self.good = row, cells, good
        self.current = 0  # the cell of a call that is about no cluster
        self.lock = threading.Lock()
        self.delivered = [0] * len(cells)
        self.requests = self.pages = 0
        self.posts = set()  # cells whose POST has come
        self.server = Server(self.play)

    def index(self, target, body):
        found = INDEX.search(body) or INDEX.search(
            urllib.parse.unquote(target))
        return int(next(g for g in found.groups() if g)) if found else None

    def play(self, c):
        while True:
            c.take()
            self.requests += 1
            if not self.say(c):
                return

    def say(self, c):
        """Whether the connection is kept."""
        body = c.body.decode("utf-8", "replace")
        action = action_of(c.method, c.target)
        i = self.index(c.target, body)
        named = i is not None
        i = self.current if i is None else i
        if action in ("create", "create pool"):
            self.posts.add(i)
        attacked = action == self.row.call and i < len(self.cells) and \
            self.row.is_it(c.target, named)
        if attacked:
            with self.lock:
                self.delivered[i] += 1
                self.pages += 1
            take(c, self.cells[i].say(self.pages))
            return self.cells[i].kept
        good = self.good(self.row, action, i, self, c.target)
        if good is None:
            return False
        c.say(good if isinstance(good, bytes) else answer(200, good))
        return True

    def clusters(self, target):
        """A page of the list; of those of a name none, if it is asked for."""
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(target).query)
        page = int(query.get("page_number", ["1"])[0])
        count = 0 if "name" in query else self.row.clusters(len(self.cells))
        shown = range((page - 1) * PAGE, min(page * PAGE, count))
        return {"clusters": [self.good(self.row, "cluster", i, self, target)
                             for i in shown],
                "page_info": {"page_number": page, "page_size": PAGE,
                              "total_count": count}}
