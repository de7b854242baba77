/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <string.h>

#include "params/cidr.h"

static const struct {
	const char *text;
	uint32_t addr;
	unsigned bits;
	const char *fault;
} texts[] = {
	{"0.0.0.0/0", 0, 0, NULL},
	{"10.0.0.0/8", 0x0a000000, 8, NULL},
	{"172.20.0.0/16", 0xac140000, 16, NULL},
	{"255.255.255.255/32", 0xffffffff, 32, NULL},
	{"172.20.0.0", 0, 0, "is not a network"},
	{"172.20.0/16", 0, 0, "is not a network"},
	{"172.20.0.0.0/16", 0, 0, "is not a network"},
	{"172.20.0.256/16", 0, 0, "is not a network"},
	{"172.020.0.0/16", 0, 0, "is not a network"},
	{"172.20.0.0 /16", 0, 0, "is not a network"},
	{"-1.20.0.0/16", 0, 0, "is not a network"},
	{"4294967297.0.0.0/8", 0, 0, "is not a network"},
	{"::/0", 0, 0, "is not a network"},
	{"", 0, 0, "is not a network"},
	{"172.20.0.0/", 0, 0, "prefix length"},
	{"172.20.0.0/33", 0, 0, "prefix length"},
	{"172.20.0.0/016", 0, 0, "prefix length"},
	{"172.20.0.0/16 ", 0, 0, "prefix length"},
	{"172.20.0.1/16", 0, 0, "first address"},
	{"1.0.0.0/0", 0, 0, "first address"},
};

static void test_parse(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(texts); i++) {
		struct ack_cidr net = {0};
		const char *fault = ack_cidr_parse(texts[i].text, &net);

		if (texts[i].fault) {
			if (!fault || !strstr(fault, texts[i].fault))
				fail_msg("%s: %s", texts[i].text, fault);
			continue;
		}
		assert_null(fault);
		assert_int_equal(net.addr, texts[i].addr);
		assert_int_equal(net.bits, texts[i].bits);
	}
}

static const struct {
	const char *a, *b;
	bool overlap, within; /* a within b */
} pairs[] = {
	{"172.20.0.0/16", "172.21.0.0/16", false, false},
	{"172.20.0.0/16", "172.20.0.0/16", true, true},
	{"172.20.128.0/17", "172.20.0.0/16", true, true},
	{"172.16.0.0/12", "172.20.0.0/16", true, false},
	{"172.20.0.0/17", "172.20.128.0/17", false, false},
	{"192.168.0.0/16", "0.0.0.0/0", true, true},
	{"0.0.0.0/0", "255.255.255.255/32", true, false},
	{"10.0.0.0/32", "10.0.0.1/32", false, false},
};

static void test_pairs(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(pairs); i++) {
		struct ack_cidr a, b;

		assert_null(ack_cidr_parse(pairs[i].a, &a));
		assert_null(ack_cidr_parse(pairs[i].b, &b));
		assert_int_equal(ack_cidr_overlap(a, b), pairs[i].overlap);
		assert_int_equal(ack_cidr_overlap(b, a), pairs[i].overlap);
		assert_int_equal(ack_cidr_within(a, b), pairs[i].within);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_pairs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
