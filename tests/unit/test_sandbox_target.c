/* SPDX-License-Identifier: MIT */
/* What the sandbox makes of a request line, and of an Authorization. */
#include "unit.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "sandbox/authorization.h"
#include "sandbox/nonces.h"
#include "sandbox/target.h"

static const struct {
	const char *uri, *path, *query; /* in normal form; path NULL: refused */
} targets[] = {
	{"/clusters", "/clusters", ""},
	{"/", "/", ""},
	{"/a?", "/a", ""},
	{"/a?b", "/a", "b="},
	{"/a?b=", "/a", "b="},
	{"/a?b=c=d", "/a", "b=c%3Dd"},
	{"/a?b=2&a=1&&", "/a", "a=1&b=2"},
	{"/a?x=te+st", "/a", "x=te%20st"},
	{"/a?x=te%20st", "/a", "x=te%20st"},
	{"/a?x=!'()*~", "/a", "x=%21%27%28%29%2A~"},
	{"/a?x=%e4%b8%ad", "/a", "x=%E4%B8%AD"},
	{"/a?n%61me=x", "/a", "name=x"},
	{"/a?b=c?d/e", "/a", "b=c%3Fd%2Fe"},
	{"/a*b/%7E", "/a%2Ab/~", ""},
	{"/a%2fb", "/a%2Fb", ""},
	{"/%e4%b8%ad", "/%E4%B8%AD", ""},
	{"/a+b", "/a%2Bb", ""},
	{"", NULL, NULL},
	{"*", NULL, NULL},
	{"a", NULL, NULL},
	{"http://127.0.0.1/a", NULL, NULL},
	{"/%", NULL, NULL},
	{"/%4", NULL, NULL},
	{"/%zz", NULL, NULL},
	{"/%00", NULL, NULL},
	{"/a?b=%", NULL, NULL},
	{"/a?b=%g0", NULL, NULL},
	{"/a?b=%00", NULL, NULL},
	{"/a?%00=b", NULL, NULL},
};

static void test_targets(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(targets); i++) {
		struct target t = {.nquery = 0};
		struct ack_buf query = ACK_BUF_INIT(4096);
		int rc = target_parse(&t, targets[i].uri);

		print_message("%s\n", targets[i].uri);
		if (targets[i].path) {
			assert_int_equal(rc, 0);
			assert_string_equal(
				ack_buf_text(&t.path), targets[i].path);
			assert_int_equal(
				ack_canonical_query(t.query, t.nquery, &query),
				0);
			assert_string_equal(
				ack_buf_text(&query), targets[i].query);
		} else {
			assert_int_equal(rc, -EINVAL);
		}
		ack_buf_release(&query);
		target_release(&t);
	}
}

static void test_query_of_many_names(void **state)
{
	char uri[8192] = "/a?";
	struct target t = {.nquery = 0};
	size_t len = strlen(uri);

	(void)state;
	/* Every name without '=' needs one byte more than it has. */
	for (int i = 0; i < TARGET_QUERY_MAX; i++)
		len += (size_t)snprintf(uri + len, sizeof(uri) - len, "%s%c",
			i ? "&" : "", 'a' + i % 26);
	assert_int_equal(target_parse(&t, uri), 0);
	assert_int_equal(t.nquery, TARGET_QUERY_MAX);
	assert_string_equal(target_query(&t, "z"), "");
	assert_null(target_query(&t, "A"));
	target_release(&t);
	snprintf(uri + len, sizeof(uri) - len, "&one");
	assert_int_equal(target_parse(&t, uri), -EINVAL);
	target_release(&t);
}

static void test_decode_fits(void **state)
{
	char out[4];

	(void)state;
	assert_int_equal(target_decode("%61bc", 5, out, sizeof(out)), 0);
	assert_string_equal(out, "abc");
	assert_int_equal(target_decode("abcd", 4, out, sizeof(out)), -EINVAL);
	assert_int_equal(target_decode("a%0", 3, out, sizeof(out)), -EINVAL);
	assert_int_equal(target_decode("", 0, out, 0), -EINVAL);
}

#define SIGNATURE \
	"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void test_authorization(void **state)
{
	static const char *const bad[] = {
		"",
		"ACS3-HMAC-SHA256",
		"acs LTAI:c2ln",
		"ACS3-HMAC-SHA256 SignedHeaders=host,Credential=a,Signature=b",
		"ACS3-HMAC-SHA256 Credential=,SignedHeaders=host,Signature=b",
		"ACS3-HMAC-SHA256 Credential=a,SignedHeaders=,Signature=b",
		"ACS3-HMAC-SHA256 Credential=a,SignedHeaders=host",
		"ACS3-HMAC-SHA256 Credential=a,SignedHeaders=host,Signature=",
		"ACS3-HMAC-SHA256 Credential=a,SignedHeaders=host,"
		"Signature=" SIGNATURE "0",
		"ACS3-HMAC-SHA256 Credential=a,SignedHeaders=host,"
		"Signature=" SIGNATURE ",More=x",
	};
	struct authorization a;

	(void)state;
	for (size_t i = 0; i < LENGTH(bad); i++)
		assert_non_null(authorization_parse(&a, bad[i]));
	assert_null(authorization_parse(&a,
		"ACS3-HMAC-SHA256 Credential=LTAI,SignedHeaders=content-type;"
		"host;x-acs-date, Signature=" SIGNATURE));
	assert_string_equal(a.key_id, "LTAI");
	assert_string_equal(a.signature, SIGNATURE);
	assert_true(authorization_lists(&a, "host"));
	assert_true(authorization_lists(&a, "X-Acs-Date"));
	assert_true(authorization_lists(&a, "Content-Type"));
	assert_false(authorization_lists(&a, "x-acs-dat"));
	assert_false(authorization_lists(&a, "ost"));
	assert_false(authorization_lists(&a, "host;x-acs-date"));
	assert_false(authorization_lists(&a, ""));
}

static void test_nonces(void **state)
{
	struct nonces n = {NULL};
	char nonce[32];

	(void)state;
	for (int round = 0; round < 2; round++)
		for (int i = 0; i < 5000; i++) {
			snprintf(nonce, sizeof(nonce), "n%d", i);
			assert_int_equal(nonces_use(&n, nonce, 1000, 500),
				round ? -EEXIST : 0);
		}
	/* Still the same window, then past it: all of them are free again. */
	assert_int_equal(nonces_use(&n, "n7", 1499, 500), -EEXIST);
	for (int i = 0; i < 5000; i++) {
		snprintf(nonce, sizeof(nonce), "n%d", i);
		assert_int_equal(nonces_use(&n, nonce, 1500, 500), 0);
	}
	/* What is past does not pile up. */
	for (int i = 0; i < 100000; i++) {
		snprintf(nonce, sizeof(nonce), "m%d", i);
		assert_int_equal(nonces_use(&n, nonce, 3000 + i, 500), 0);
	}
	assert_true(n.size <= 16384);
	nonces_release(&n);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_targets),
		cmocka_unit_test(test_query_of_many_names),
		cmocka_unit_test(test_decode_fits),
		cmocka_unit_test(test_authorization),
		cmocka_unit_test(test_nonces),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
