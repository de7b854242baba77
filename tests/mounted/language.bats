#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The texts of a mount in the language of its reader.

# shellcheck source=tests/lib/ackfs.bash
source "$BATS_TEST_DIRNAME/../lib/ackfs.bash"
# shellcheck source=tests/lib/state.bash
source "$BATS_TEST_DIRNAME/../lib/state.bash"
# shellcheck source=tests/lib/life.bash
source "$BATS_TEST_DIRNAME/../lib/life.bash"
bats_require_minimum_version 1.5.0

# reads_chinese FILE: it has Chinese text.
reads_chinese()
{
	LC_ALL=C grep -q $'[\xe4-\xe9][\x80-\xbf][\x80-\xbf]' "$1"
}

@test "lang=zh: sentences are Chinese, what scripts match stays" {
	mount_quick lang=zh_CN
	reads_chinese "$mnt/README"
	grep -q '^<html lang="zh-CN">' "$mnt/index.html"
	grep -q '>还没有集群。<' "$mnt/index.html"
	draft test
	ends 'write EINVAL' write "$draft/num_of_nodes" x
	same $'"x" 不是 0 至 100 的整数\nparam: num_of_nodes' "$(cat "$draft/error")"
	put addons flannel
	put worker_instance_types ecs.g7
	reads_chinese "$draft/check"
	grep -q '^warning: worker_instance_types: ' "$draft/check"
	grep -q '^[a-z_]*: ' "$draft/check"
	draft=$mnt/clusters/shop
	mkdir "$draft"
	fill
	put num_of_nodes 3
	commit
	cat "$draft/live/wait"
	put num_of_nodes 2
	holds "$(cat "$draft/plan")" $'\nloses: num_of_nodes: 节点池 .* 的 1 个节点'
	ends 'write EPERM' write "$draft/commit" 1
	holds "$(cat "$draft/error")" '目录名'
	put num_of_nodes 3
	faults '{"do": "status", "status": 403, "code": "Forbidden.RAM",
		"message": "not you", "method": "PUT"}'
	put deletion_protection true
	ends 'write EACCES' write "$draft/commit" 1
	holds "$(cat "$mnt/status")" $'\nlist: [0-9]+ 秒前' $'\nretries: 0'
	holds "$(cat "$mnt/index.html")" '<html lang="zh-CN">' '需关注' \
		'<th scope="col">节点</th>' '>running<'
	# a name is refused as the service does, with the reason
	run -1 mkdir "$mnt/clusters/生产环境（一）"
	holds "$(cat "$mnt/error")" '"生产环境（一）" 不是.*汉字'
	mkdir "$mnt/clusters/生产环境-1"
	rmdir "$mnt/clusters/生产环境-1"
	# the words of the service are its own
	holds "$(cat "$draft/error")" \
		$'^not you\ncode: Forbidden.RAM\nhttp_status: 403\n.*hint: 请管理员'
}

@test "the language of the environment, and one that is not known" {
	LC_ALL=zh_CN.UTF-8 run -0 "$ackfs" --help
	holds "$output" '^用法：'
	LC_ALL=C LANG=zh_CN.UTF-8 run -0 "$ackfs" --help
	holds "$output" '^usage: '
	LC_ALL=zh_CN.UTF-8 run -1 "$ackfs" sandbox
	holds "$output" '缺少 MOUNTPOINT'
	run -1 "$ackfs" sandbox "$mnt" -o lang=fr
	same 'ackfs: lang=fr: give en or zh' "$output"
	sandbox_start
	LC_ALL=zh_CN.UTF-8 mount_start "$url" region=cn-beijing,lang=en
	grep -q '^Look around' "$mnt/README"
	holds "$(cat "$mnt/index.html")" '<html lang="en">' Attention
}
