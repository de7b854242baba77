/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "manual.h"

#include "base/length.h"

static bool chinese;

void manual_be_chinese(void)
{
	chinese = true;
}

bool manual_is_chinese(void)
{
	return chinese;
}

/* The next character of well-formed UTF-8; its bytes are counted in *n. */
static uint32_t next(const char *text, size_t *n)
{
	unsigned char c = (unsigned char)*text;
	uint32_t u;

	*n = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
	u = *n == 1 ? c : c & (0x7fu >> *n);
	for (size_t i = 1; i < *n; i++)
		u = u << 6 | ((unsigned char)text[i] & 0x3f);
	return u;
}

static bool is_wide(uint32_t u)
{
	return u >= 0x2e80;
}

static bool one_of(uint32_t u, const char *set)
{
	for (size_t n; *set; set += n)
		if (next(set, &n) == u)
			return true;
	return false;
}

/* Chinese has no blanks to break lines at. */
static bool may_break(uint32_t before, uint32_t after)
{
	if (!before || !after || before == ' ' || after == ' ')
		return false;
	if (one_of(after, "，。；：、）」》！？…") || one_of(before, "（「《"))
		return false;
	if (is_wide(before) && is_wide(after))
		return true;
	return (is_wide(before) && after < 0x80 && isalnum((int)after)) ||
	       (is_wide(after) && before < 0x80 && isalnum((int)before));
}

static void put_character(const char *text, size_t n, bool first)
{
	if (first && (*text == '.' || *text == '\''))
		fputs("\\&", stdout);
	if (*text == '\\' && !chinese)
		fputs("\\e", stdout);
	else
		fwrite(text, 1, n, stdout);
}

/* Whether a sentence ends with this blank. */
static bool ends_sentence(const char *blank, const char *start)
{
	return blank > start && strchr(".:?", blank[-1]) &&
	       isupper((unsigned char)blank[1]);
}

void manual_text(const char *text)
{
	uint32_t before = 0;
	bool first = true;
	size_t n;

	for (const char *c = text; *c; c += n) {
		uint32_t u = next(c, &n);

		if (chinese && may_break(before, u))
			fputs("\\:", stdout);
		if (*c == ' ' && ends_sentence(c, text)) {
			putchar('\n');
			first = true;
		} else {
			put_character(c, n, first);
			first = false;
		}
		before = u;
	}
	putchar('\n');
}

void manual_argument(const char *text)
{
	bool is_path = strlen(text) > 50 && !strpbrk(text, "{,");

	/* Nothing here is a macro or a delimiter, whatever it looks like. */
	fputs(" \"\\&", stdout);
	for (; *text; text++) {
		if (*text == '\\')
			fputs("\\e", stdout);
		else if (*text == '"')
			fputs("\\(dq", stdout);
		else if (*text == '-')
			fputs("\\-", stdout);
		else
			putchar(*text);
		/* JSON and paths have no blanks to break lines at */
		if (*text == ',' || (*text == ':' && strchr("[{", text[1])) ||
			(*text == '.' && is_path))
			fputs("\\:", stdout);
	}
	putchar('"');
}

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
	{"by an upgrade", "只能升级到更新的版本"},
	{"at any time, by scaling", "随时可以修改（扩容或缩容）"},
	{"to remove nodes", "移除节点时设置"},
	{"before it is deleted", "删除集群之前设置"},
	{"without a call", "随时可改，不调用服务"},
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
	for (size_t i = 0; i < LENGTH(words); i++)
		if (manual_is_chinese() && !strcmp(words[i].en, english))
			return words[i].zh;
	return english;
}
