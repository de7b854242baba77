/* SPDX-License-Identifier: MIT */
/*
 * In place of libcrypto's: digests that cost nothing, signatures of noughts,
 * and a random source that is none. What they are computed of is made as ever;
 * the same input takes the same way each time.
 */
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <stdint.h>
#include <string.h>

static void spread(
	const void *data, size_t len, unsigned char *out, size_t size)
{
	const unsigned char *bytes = data;
	uint64_t sum = 14695981039346656037u;

	for (size_t i = 0; i < len; i++)
		sum = (sum ^ bytes[i]) * 1099511628211u;
	for (size_t i = 0; i < size; i++)
		out[i] = (unsigned char)(sum >> i % 8 * 8);
}

unsigned char *SHA256(const unsigned char *data, size_t len, unsigned char *out)
{
	spread(data, len, out, SHA256_DIGEST_LENGTH);
	return out;
}

unsigned char *HMAC(const EVP_MD *type, const void *key, int key_len,
	const unsigned char *data, size_t len, unsigned char *out,
	unsigned *out_len)
{
	(void)type, (void)key, (void)key_len, (void)data, (void)len;
	memset(out, 0, SHA256_DIGEST_LENGTH);
	*out_len = SHA256_DIGEST_LENGTH;
	return out;
}

int RAND_bytes(unsigned char *out, int len)
{
	static uint64_t count;

	count++;
	spread(&count, sizeof(count), out, (size_t)len);
	return 1;
}
