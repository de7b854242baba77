# SPDX-License-Identifier: MIT
"""The way of a value through FUSE, against a file system that does nothing."""
import contextlib

import mounts
import world
from measure import Ratio

DIRECTORIES = 20


class Place:
    def __init__(self, w):
        self.world = w
        self.endpoint = world.Endpoint(w)
        self.null = mounts.null(w)
        self.keep = mounts.null(w, "keep")
        self.promise = mounts.promise(w)
        self.ackfs = mounts.Ackfs(w, self.endpoint)
        self.body = w.write("body", BODY)

    def stroke(self, mount, what, again):
        body = [self.body] if mount is self.ackfs and what == "read" else []
        return int(self.world.run(
            self.world.program("bench-strokes"), what, again, mount.inside,
            str(DIRECTORIES), self.world.values, *body))


@contextlib.contextmanager
def place(w):
    p = Place(w)
    yield p
    for part in (p.ackfs, p.promise, p.keep, p.null, p.endpoint):
        part.stop()


def row(name, what, again, target=1.10, floor="null"):
    return Ratio(
        name, target, ours=lambda p: p.stroke(p.ackfs, what, again),
        theirs=lambda p: p.stroke(getattr(p, floor), what, again))


# what LIST holds, as one body
BODY = """{"vpcid": "vpc-2zegvl5etah5requ09nec",
"vswitch_ids": ["vsw-2ze48rkq464rsdts1abcd"],
"container_cidr": "172.20.0.0/16", "service_cidr": "172.21.0.0/20",
"node_cidr_mask": "25", "proxy_mode": "ipvs", "addons": [{"name": "flannel"}],
"worker_instance_types": ["ecs.g7.xlarge"], "num_of_nodes": 3,
"worker_system_disk_category": "cloud_efficiency",
"worker_system_disk_size": 120, "key_pair": "my-key", "snat_entry": true,
"endpoint_public_access": false, "cloud_monitor_flags": false}
"""

# The bare one keeps nothing, so it has no target.
ROWS = [
    row(f"{gesture}, {again}, against null{floor}", what, again, target, place)
    for place, floor, target in (("promise", " that keeps the promise", 1.10),
                                 ("null", "", None))
    for gesture, what in (("open+write+close", "write"),
                          ("bash's echo", "echo"),
                          ("open+read+close", "read"))
    for again in ("first", "again")
] + [
    row("open+read+close, again, against null that keeps pages", "read",
        "again", None, "keep"),
]
