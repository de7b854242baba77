/* SPDX-License-Identifier: MIT */
/* Texts of many lines: PEM, base64. */
#include "param_case.h"

#define B "-----BEGIN CERTIFICATE-----"
#define E "-----END CERTIFICATE-----"

static const struct param_case cases[] = {
	{ACK_P_user_ca, B "\nTWFk\nZQ==\n" E "\n", B "\nTWFk\nZQ==\n" E, NULL},
	{ACK_P_user_ca, B "\r\nTWFk\r\n" E "\r\n", B "\nTWFk\n" E, NULL},
	{ACK_P_user_ca, "\n" B "\nTQ==\n" E "\n\n" B "\nTg==\n" E,
		B "\nTQ==\n" E "\n" B "\nTg==\n" E, NULL},
	{ACK_P_user_ca, "  \n", "", NULL},
	/* it comes in pieces */
	{ACK_P_user_ca, "-", NULL, NULL},
	{ACK_P_user_ca, "-----BEGIN", NULL, NULL},
	{ACK_P_user_ca, "-----BEGIN CERT", NULL, NULL},
	{ACK_P_user_ca, B, NULL, NULL},
	{ACK_P_user_ca, B "\nTWFk\n", NULL, NULL},
	{ACK_P_user_ca, B "\nTWFk\n-----E", NULL, NULL},
	{ACK_P_user_ca, B "\nTWFk\n-----END CERTIFICATE", NULL, NULL},
	{ACK_P_user_ca, B "\nTWFk\n" E "\n-----BEGIN ", NULL, NULL},
	/* it is something else */
	{ACK_P_user_ca, "TWFk", NULL, "does not begin a certificate in PEM"},
	{ACK_P_user_ca, "-----BEGIN -----\nTQ==\n", NULL,
		"does not begin a certificate in PEM"},
	{ACK_P_user_ca, "-----BEGIN\nTQ==\n" E, NULL, "does not begin"},
	{ACK_P_user_ca, B "\nnot base64\n" E, NULL,
		"\"not base64\" is not a line of base64"},
	{ACK_P_user_ca, B "\nTQ==\n-----END KEY-----\n", NULL,
		"does not end what has begun"},
	{ACK_P_user_ca, "-----BEGIN RSA PRIVATE KEY-----\nTQ==\n", NULL,
		"a private key does not belong here"},
	{ACK_P_user_ca, B "\nTQ==\n" E "\nmore", NULL, "\"more\" does not"},

	{ACK_P_user_data, "IyEvYmluL3NoCg==\n", "IyEvYmluL3NoCg==", NULL},
	{ACK_P_user_data, "IyEv\nYmlu\r\nL3No\n", "IyEvYmluL3No", NULL},
	{ACK_P_user_data, "TQ==", "TQ==", NULL},
	{ACK_P_user_data, "TWE=", "TWE=", NULL},
	{ACK_P_user_data, "", "", NULL},
	{ACK_P_user_data, "#!/bin/sh\necho\n", NULL,
		"\"#!/bin/sh\" is not base64"},
	{ACK_P_user_data, "TWE", NULL, "is not whole"},
	{ACK_P_user_data, "T===", NULL, "is not whole"},
	{ACK_P_user_data, "TQ==TQ==", NULL, "is not whole"},
	{ACK_P_user_data, "TQ=A", NULL, "is not whole"},
};

static void test_cases(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++)
		check_case(&cases[i]);
}

/* Each beginning of it is either right or not whole yet. */
static void test_pieces(void **state)
{
	static const char text[] = B "\nTWFk\nZQ==\n" E "\n" B "\nTQ==\n" E
				     "\n";

	(void)state;
	for (size_t len = 1; len < sizeof(text); len++) {
		struct ack_buf out = ACK_BUF_INIT(65536);
		struct ack_error e;
		int ret = parse_bytes(ACK_P_user_ca, text, len, &out, &e);

		if (ret && ret != -EAGAIN)
			fail_msg("%.*s: %s", (int)len, text, e.message);
		ack_buf_release(&out);
	}
}

static void test_private_key_is_not_shown(void **state)
{
	struct ack_buf out = ACK_BUF_INIT(65536);
	struct ack_error e;
	static const char text[] = "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n";

	(void)state;
	assert_int_equal(
		parse_bytes(ACK_P_user_ca, text, strlen(text), &out, &e),
		-EINVAL);
	assert_null(memmem(&e, sizeof(e), "c2VjcmV0", 8));
	assert_int_equal(out.len, 0);
	ack_buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_pieces),
		cmocka_unit_test(test_private_key_is_not_shown),
	};

	ack_json_setup();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
