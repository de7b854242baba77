/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "base/buf.h"
#include "page/page_put.h"

#define BAD "\xef\xbf\xbd"

static const struct {
	const char *text, *html;
} rows[] = {
	{"", ""},
	{"test", "test"},
	{"<script>", "&lt;script&gt;"},
	{"a&b", "a&amp;b"},
	{"&amp;", "&amp;amp;"},
	{"\" onclick='x'", "&quot; onclick=&#39;x&#39;"},
	{"</td>--><![CDATA[", "&lt;/td&gt;--&gt;&lt;![CDATA["},
	{"监控 é 🚀", "监控 é 🚀"},
	/* controls: C0, DEL, C1 */
	{"a\tb\nc", "a b c"},
	{"\001\033[31m", BAD BAD "[31m"},
	{"\r\177", BAD BAD},
	{"\xc2\x85\xc2\x9b", BAD BAD},
	{"\xc2\xa0", "\xc2\xa0"},
	/* not UTF-8: a byte each */
	{"\xff", BAD},
	{"a\xe7\x9b", "a" BAD BAD},
	{"\xc0\xaf", BAD BAD},
	{"\xed\xa0\x80", BAD BAD BAD},
	{"\xf5\x80<", BAD BAD "&lt;"},
	{"\xe7<b>", BAD "&lt;b&gt;"},
	/* marks of direction, and of the order of bytes */
	{"\xe2\x80\xae"
	 "exe",
		BAD "exe"},
	{"\xe2\x81\xa6\xe2\x80\x8f\xd8\x9c\xef\xbb\xbf", BAD BAD BAD BAD},
	{"\xe2\x80\xa8", BAD},
	/* no characters at all */
	{"\xef\xbf\xbe\xef\xb7\x90\xf0\x9f\xbf\xbf", BAD BAD BAD},
};

static void test_put(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ack_buf out = ACK_BUF_INIT(4096);

		page_put(&out, rows[i].text, 1000);
		assert_string_equal(ack_buf_text(&out), rows[i].html);
		ack_buf_release(&out);
	}
}

static const struct {
	const char *text, *cut;
} cuts[] = {
	{"abcd", "abcd"},
	{"abcde", "abcd…"},
	{"a监", "a监"},
	{"ab监", "ab…"},
	{"监监", "监…"},
	{"&&&&&", "&amp;&amp;&amp;&amp;…"},
	/* something is always shown */
	{"🚀🚀", "🚀…"},
	{"\xff\xff\xff\xff\xff", BAD BAD BAD BAD "…"},
};

static void test_cut(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cuts) / sizeof(cuts[0]); i++) {
		struct ack_buf out = ACK_BUF_INIT(4096);

		page_put(&out, cuts[i].text, 4);
		assert_string_equal(ack_buf_text(&out), cuts[i].cut);
		ack_buf_release(&out);
	}
}

/* What was said before `from`, or is said in part only, is not said. */
static void test_has(void **state)
{
	struct ack_buf out = ACK_BUF_INIT(4096);
	size_t from;

	(void)state;
	assert_false(page_has(&out, 0, "a", 80));
	page_put(&out, "a <b>", 80);
	from = out.len;
	page_put(&out, "a & c, abcdefgh", 13);
	assert_true(page_has(&out, 0, "a <b>", 80));
	assert_false(page_has(&out, from, "a <b>", 80));
	assert_true(page_has(&out, from, "a & c", 80));
	assert_false(page_has(&out, from, "a & d", 80));
	assert_true(page_has(&out, from, "a & c, abcdefgh", 13));
	assert_false(page_has(&out, from, "", 80));
	assert_false(page_has(&out, out.len, "a", 80));
	ack_buf_release(&out);
}

static void test_href(void **state)
{
	struct ack_buf out = ACK_BUF_INIT(4096);

	(void)state;
	page_put_href(&out, "a-b_c.D~9 %2F\"'<>&?#@:监\xff/..");
	assert_string_equal(ack_buf_text(&out),
		"a-b_c.D~9%20%252F%22%27%3C%3E%26%3F%23%40%"
		"3A%E7%9B%91%FF%2F..");
	ack_buf_release(&out);
}

static void test_count(void **state)
{
	struct ack_buf out = ACK_BUF_INIT(4096);

	(void)state;
	page_put_count(&out, 0);
	ack_buf_putc(&out, ' ');
	page_put_count(&out, 999);
	ack_buf_putc(&out, ' ');
	page_put_count(&out, 1000);
	ack_buf_putc(&out, ' ');
	page_put_count(&out, 1002003);
	assert_string_equal(ack_buf_text(&out), "0 999 1,000 1,002,003");
	ack_buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_put),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_has),
		cmocka_unit_test(test_href),
		cmocka_unit_test(test_count),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
