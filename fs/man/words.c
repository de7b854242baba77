/* SPDX-License-Identifier: MIT */
/* What schema/ says of a parameter besides its meaning, in Chinese. */
#include <string.h>

#include "manual.h"

static const struct {
	const char *en, *zh;
} words[] = {
	{"type", "类型"},
	{"unit", "单位"},
	{"required", "必填"},
	{"range", "范围"},
	{"characters", "字符数"},
	{"items", "项数"},
	{"usually at most", "通常不超过"},
	{"prefix length", "前缀长度"},
	{"choices", "可选值"},
	{"other words", "其他值"},
	{"shape", "结构"},
	{"begins with", "开头"},
	{"default", "默认值"},
	{"deprecated", "已过期"},
	{"secret", "保密"},
	{"changes", "修改"},
	{"write", "写法"},
	{"request", "经典形式"},
	{"nodepools", "节点池形式"},
	{"live", "读取自"},
	{"edit", "修改时"},
	{" to ", " 至 "},
	{"no", "否"},
	{"yes", "是"},
	{"with nodes", "有节点时必填"},
	{"accepted with a warning", "接受并给出警告"},
	{"never", "创建后不能修改"},
	{"at any time", "随时可以修改"},
	{"to a later one, by an upgrade", "只能升级到更新的版本"},
	{"at any time, by scaling", "随时可以修改（扩容或缩容）"},
	{"before it is deleted", "删除集群之前设置"},
	{"not sent", "不发送"},
	{"nodes", "节点"},
	{"minutes", "分钟"},
	{"days", "天"},
	{"months", "月"},
	{"percent", "百分比"},
	{"bits", "位"},
};

const char *manual_word(const char *english)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (manual_is_chinese() && !strcmp(words[i].en, english))
			return words[i].zh;
	return english;
}
