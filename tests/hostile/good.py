# SPDX-License-Identifier: MIT
"""What a service in good order says (SERVICE.md, Calls)."""
import json

from service import DAY, cluster_id, name, pool_id, task_id

KEYS = {"Code": "Success", "AccessKeyId": "STS.MadeUp0001",
        "AccessKeySecret": "MadeUpSecret0001", "SecurityToken": "MadeUpToken",
        "Expiration": "2099-01-01T00:00:00Z"}


def cluster(row, i):
    return {"cluster_id": cluster_id(i), "name": name(i),
            "cluster_type": "ManagedKubernetes", "region_id": "cn-beijing",
            "state": row.state, "current_version": "1.28.3-aliyun.1",
            "created": DAY, "size": 3, "deletion_protection": False,
            "vswitch_ids": ["vsw-2ze48rkq464rsdts1abcd"],
            "tags": [{"key": "k", "value": "v"}]}


def detail(row, i):
    return {**cluster(row, i), "vpc_id": "vpc-2zegvl5etah5requ09nec",
            "subnet_cidr": "172.20.0.0/16", "proxy_mode": "ipvs",
            "service_cidr": "172.21.0.0/20", "node_cidr_mask": "25",
            "maintenance_window": {"enable": False},
            "master_url": json.dumps({"api_server_endpoint":
                                      "https://192.0.2.1:6443"}),
            "parameters": {"ProxyMode": "ipvs"}}


def pool(row, i):
    return {"nodepool_info": {"nodepool_id": pool_id(i), "name": "pool",
                              "created": DAY, "is_default": True},
            "scaling_group": {"desired_size": 3, "system_disk_size": 120,
                              "vswitch_ids": ["vsw-2ze48rkq464rsdts1abcd"],
                              "instance_types": ["ecs.g7.xlarge"]},
            "kubernetes_config": {"runtime": "containerd"},
            "auto_scaling": {"enable": False},
            "status": {"state": row.pool_state, "total_nodes": 3}}


def task(row, i):
    bad = row.call == "logs"
    return {"task_id": task_id(i), "cluster_id": cluster_id(i),
            "task_type": "cluster_create", "created": DAY,
            "state": "failed" if bad else "running",
            "current_stage": "nodes",
            "stages": [{"state": "success", "message": "made"},
                       {"state": "failed" if bad else "running",
                        "message": "being made"}],
            "events": [{"level": "info", "reason": "Begun", "message": "m",
                        "timestamp": "1704164645000"}],
            "error": {"code": "MadeUp", "message": "made up"} if bad else {}}


def event(i):
    return {"event_id": f"E-{i}", "type": "cluster_create", "time": DAY,
            "data": {"level": "info", "reason": "r", "message": "m"}}


def node(i):
    return {"instance_id": f"i-{i}", "node_name": f"cn-beijing.{i}",
            "ip_address": ["192.0.2.1"], "state": "running",
            "is_aliyun_node": True}


MADE = {"request_id": "R-1", "task_id": "T-1"}
ANSWERS = {
    "create": lambda row, i: {"cluster_id": cluster_id(i), **MADE},
    "create pool": lambda row, i: {"nodepool_id": pool_id(i), **MADE},
    "cluster": cluster,
    "detail": detail,
    "pools": lambda row, i: {"nodepools": [pool(row, i)]},
    "pool": pool,
    "task": task,
    "tasks": lambda row, i: {"tasks": [{"task_id": task_id(i),
                                        "state": "running"}]
                             if row.has_task else []},
    "events": lambda row, i: {"events": [event(i)]},
    "logs": lambda row, i: [{"cluster_log": "a line", "ID": 1}],
    "nodes": lambda row, i: {"nodes": [node(i)], "page": {
        "page_number": 1, "page_size": 100, "total_count": 1}},
    "check": lambda row, i: {"check_id": "1-check"},
    "check result": lambda row, i: {
        "status": "Succeeded", "finished_at": DAY, "check_items": {
            "a": [{"name": "b", "status": "failed", "message": "c"}]}},
    "vulnerabilities": lambda row, i: {"vul_records": [
        {"vul_name": "a", "necessity": "asap"}]},
    "region events": lambda row, i: {"events": [event(i)]},
    "resources": lambda row, i: [{"resource_type": "SLB", "instance_id": "x",
                                  "dependencies": {"a": ["b"]}}],
    "kubeconfig": lambda row, i: {"config": "apiVersion: v1\nkind: Config\n",
                                  "expiration": DAY},
    "addon list": lambda row, i: {"addons": [
        {"name": "one", "version": "1"}]},
    "addon": lambda row, i: {"name": "one", "version": "1", "config": "{}"},
    "versions": lambda row, i: [
        {"version": "1.28.3-aliyun.1", "creatable": True,
         "runtimes": [{"name": "containerd", "version": "1.6.38"}],
         "upgradable_versions": ["1.30.1-aliyun.1"]}],
    "quota": lambda row, i: {"amk_cluster_quota": 50, "cluster_quota": 50,
                             "quotas": {"node_quota": {"quota": "100"}}},
    "roles": lambda row, i: {"roles": [{"name": "AliyunCSDefaultRole",
                                        "granted": True}]},
    "identity": lambda row, i: {"AccountId": "1234567890123456", "Arn":
                                "acs:ram::1234567890123456:user/alice"},
    "metadata token": lambda row, i: "made-up-token",
    "metadata role": lambda row, i: "made-up-role",
    "metadata keys": lambda row, i: KEYS,
    "uri": lambda row, i: KEYS,
    "role": lambda row, i: {"Credentials": KEYS},
    "oidc": lambda row, i: {"Credentials": KEYS},
}


def good(row, action, i, service, target):
    """None: nothing at all, the connection is closed."""
    if action in row.lost:
        return None
    if action == "list":
        return service.clusters(target)
    if action in ANSWERS:
        return ANSWERS[action](row, i)
    return MADE


def example(row):
    """What the cells of a row are made of."""
    if row.call == "list":
        one = {**cluster(row, 0), **row.says}
        return {"clusters": [one], "page_info": {
            "page_number": 1, "page_size": 50, "total_count": 1}}
    said = ANSWERS.get(row.call, lambda row, i: MADE)(row, 0)
    return {**said, **row.says} if row.says else said
