# SPDX-License-Identifier: MIT
"""The service, as far as changes of what exists need it: clusters and their
node pools in memory, changed by requests, or by somebody else behind the back
of the mount. Every request is kept."""
import http.server
import json
import re
import threading
import urllib.parse


class Cluster:
    def __init__(self, number, pools):
        self.id = f"c{number:032x}"
        self.name = f"k{number}"
        self.protected = False
        self.tags = {"team": "a"}
        self.pools = pools

    def wanted(self):
        return sum(p.size for p in self.pools)

    def detail(self):
        return {"cluster_id": self.id, "name": self.name, "state": "running",
                "cluster_type": "ManagedKubernetes",
                "region_id": "cn-beijing",
                "size": sum(p.size - p.failed for p in self.pools),
                "deletion_protection": self.protected,
                "tags": [{"key": k, "value": v}
                         for k, v in self.tags.items()]}


class Pool:
    def __init__(self, number, name, size):
        self.id = f"np{number:032x}"
        self.name, self.size = name, size
        self.default = self.scales = self.prepaid = False
        self.failed = 0  # nodes that are wanted, and could not be had

    def detail(self):
        return {"nodepool_info": {"nodepool_id": self.id, "name": self.name,
                                  "is_default": self.default},
                "scaling_group": {
                    "desired_size": self.size,
                    "instance_charge_type":
                        "PrePaid" if self.prepaid else "PostPaid"},
                "auto_scaling": {"enable": self.scales, "min_instances": 0,
                                 "max_instances": 50},
                "status": {"state": "active", "total_nodes": self.size}}


class Service:
    def __init__(self, clusters, accounts):
        self.accounts = accounts  # by key
        self.clusters = {c.id: c for c in clusters}
        self.requests = []  # (key, method, path, query, body)
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = 1 << 16  # head and body leave together

            def log_message(self, *_):
                pass

            def do_GET(self):
                outer.answer(self)

            do_PUT = do_DELETE = do_POST = do_GET

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0),
                                                      Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever,
                         daemon=True).start()

    def answer(self, h):
        url = urllib.parse.urlsplit(h.path)
        query = dict(urllib.parse.parse_qsl(url.query))
        length = int(h.headers.get("Content-Length") or 0)
        body = json.loads(h.rfile.read(length) or b"{}")
        key = re.search(r"Credential=([^,/]+)",
                        h.headers.get("Authorization", ""))
        if h.headers.get("x-acs-action") == "GetCallerIdentity":
            account = self.accounts[key[1]]
            said = {"AccountId": account, "UserId": "1",
                    "Arn": f"acs:ram::{account}:user/u"}
        else:
            self.requests.append((key and key[1], h.command, url.path, query,
                                  body))
            said = self.own(h.command, url.path, query, body)
        text = json.dumps(said or {"code": "Other", "message": "No."}).encode()
        h.send_response(200 if said else 404)
        h.send_header("Content-Type", "application/json")
        h.send_header("Content-Length", str(len(text)))
        h.end_headers()
        h.wfile.write(text)

    def own(self, method, path, query, body):
        if path.startswith("/regions/"):
            n, size = (int(query[k]) for k in ("page_number", "page_size"))
            every = [c.detail() for c in self.clusters.values()]
            return {"clusters": every[(n - 1) * size:n * size],
                    "page_info": {"total_count": len(every)}}
        if path == "/tags":
            return self.tag(method, query, body)
        m = re.fullmatch(r"(?:/api/v2)?/clusters/(\w+)(/nodepools(/\w+)?)?",
                         path)
        c = m and self.clusters.get(m[1])
        if not c:
            return None
        if not m[2]:
            if method == "PUT" and "deletion_protection" in body:
                c.protected = body["deletion_protection"]
            return c.detail()
        if not m[3]:
            return {"nodepools": [p.detail() for p in c.pools]}
        p = next((p for p in c.pools if p.id == m[3][1:]), None)
        if p and method == "PUT":
            size = body.get("scaling_group", {}).get("desired_size")
            p.size = p.size if size is None else size
        return p and p.detail()

    def tag(self, method, query, body):
        ids = json.loads(query["resource_ids"]) if query.get(
            "resource_ids") else body["resource_ids"]
        c = self.clusters[ids[0]]
        if method == "DELETE":
            for k in json.loads(query["tag_keys"]):
                c.tags.pop(k, None)
        else:
            c.tags.update((t["key"], t["value"]) for t in body["tags"])
        return {"RequestId": "1"}

    def changes(self, since):
        return [r for r in self.requests[since:] if r[1] != "GET"]
