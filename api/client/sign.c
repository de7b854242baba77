/* SPDX-License-Identifier: MIT */
#include "client/sign.h"

#include <errno.h>
#include <limits.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"

#define ALGORITHM "ACS3-HMAC-SHA256"
#define TEXT_MAX  (1u << 20) /* of a canonical request */

static void hex(
	const unsigned char *in, size_t len, const char *digits, char *out)
{
	for (size_t i = 0; i < len; i++) {
		out[2 * i] = digits[in[i] >> 4];
		out[2 * i + 1] = digits[in[i] & 15];
	}
	out[2 * len] = '\0';
}

static const char lower_hex[] = "0123456789abcdef";
static const char upper_hex[] = "0123456789ABCDEF";

/* Looked up once: by name, as SHA256() does it each time, takes longer than
 * the digest of a request. */
static const EVP_MD *sha256(void)
{
	static const EVP_MD *md;

	if (!md)
		md = EVP_MD_fetch(NULL, "SHA2-256", NULL);
	return md ? md : EVP_sha256();
}

static bool digest_of(
	const void *data, size_t len, unsigned char out[SHA256_DIGEST_LENGTH])
{
	return EVP_Digest(data, len, out, NULL, sha256(), NULL) == 1 ||
	       SHA256(data, len, out);
}

int ack_sha256_hex(const void *data, size_t len, char out[ACK_SHA256_HEX])
{
	unsigned char digest[SHA256_DIGEST_LENGTH] = {0};
	bool made = digest_of(data, len, digest);

	hex(digest, sizeof(digest), lower_hex, out);
	return made ? 0 : -ENOMEM;
}

void ack_sha256_base64(const void *data, size_t len, struct ack_buf *out)
{
	unsigned char digest[SHA256_DIGEST_LENGTH];

	if (digest_of(data, len, digest))
		ack_base64(digest, sizeof(digest), out);
	else
		out->failed = true;
}

int ack_nonce(char out[ACK_NONCE_HEX])
{
	unsigned char bits[16];

	if (RAND_bytes(bits, sizeof(bits)) != 1)
		return -EIO;
	hex(bits, sizeof(bits), lower_hex, out);
	return 0;
}

int ack_uuid(char out[37])
{
	unsigned char bits[16];
	char digits[33];

	if (RAND_bytes(bits, sizeof(bits)) != 1)
		return -EIO;
	bits[6] = (unsigned char)((bits[6] & 0x0f) | 0x40); /* version 4 */
	bits[8] = (unsigned char)((bits[8] & 0x3f) | 0x80);
	hex(bits, sizeof(bits), upper_hex, digits);
	snprintf(out, 37, "%.8s-%.4s-%.4s-%.4s-%.12s", digits, digits + 8,
		digits + 12, digits + 16, digits + 20);
	return 0;
}

void ack_date(time_t t, char out[ACK_DATE_LEN])
{
	struct tm tm;

	if (!gmtime_r(&t, &tm) ||
		strftime(out, ACK_DATE_LEN, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
		strcpy(out, "1970-01-01T00:00:00Z");
}

void ack_percent_encode(const char *text, struct ack_buf *out)
{
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		/* Not isalnum(): that one asks the locale. */
		if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
			(c >= 'a' && c <= 'z') || strchr("-_.~", c))
			ack_buf_putc(out, *text);
		else
			ack_buf_printf(out, "%%%02X", c);
	}
}

static int compare_query(const void *a, const void *b)
{
	const struct ack_query *p = a, *q = b;
	int order = strcmp(p->name, q->name);

	if (order == 0)
		order = strcmp(
			p->value ? p->value : "", q->value ? q->value : "");
	return order;
}

int ack_canonical_query(
	const struct ack_query *query, size_t n, struct ack_buf *out)
{
	if (n == 0)
		return 0;
	struct ack_query *sorted = calloc(n, sizeof(*sorted));
	if (!sorted)
		return -ENOMEM;
	memcpy(sorted, query, n * sizeof(*sorted));
	qsort(sorted, n, sizeof(*sorted), compare_query);
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			ack_buf_putc(out, '&');
		ack_percent_encode(sorted[i].name, out);
		ack_buf_putc(out, '=');
		ack_percent_encode(sorted[i].value ? sorted[i].value : "", out);
	}
	free(sorted);
	return ack_buf_status(out);
}

/* The value without the white space around it. */
static const char *trim(const char *value, size_t *len)
{
	value += strspn(value, " \t\r\n");
	*len = strlen(value);
	while (*len > 0 && strchr(" \t\r\n", value[*len - 1]))
		(*len)--;
	return value;
}

static int compare_header(const void *a, const void *b)
{
	const struct ack_header *p = a, *q = b;
	int order = strcasecmp(p->name, q->name);

	if (order == 0) {
		size_t n, m;
		const char *v = trim(p->value, &n), *w = trim(q->value, &m);

		order = memcmp(v, w, n < m ? n : m);
		if (order == 0)
			order = (n > m) - (n < m);
	}
	return order;
}

static void put_lower(struct ack_buf *out, const char *name)
{
	for (; *name; name++) {
		bool upper = *name >= 'A' && *name <= 'Z';

		ack_buf_putc(out, upper ? (char)(*name + 32) : *name);
	}
}

static int put_headers(const struct ack_sign_request *r,
	struct ack_buf *signed_names, struct ack_buf *out)
{
	size_t n = r->nheaders, len;

	struct ack_header *sorted = calloc(n + 1, sizeof(*sorted));
	if (!sorted)
		return -ENOMEM;
	if (n > 0)
		memcpy(sorted, r->headers, n * sizeof(*sorted));
	qsort(sorted, n, sizeof(*sorted), compare_header);

	for (size_t i = 0; i < n; i++) {
		const char *value = trim(sorted[i].value, &len);

		if (i > 0 &&
			strcasecmp(sorted[i - 1].name, sorted[i].name) == 0) {
			ack_buf_putc(out, ',');
		} else {
			if (i > 0) {
				ack_buf_putc(out, '\n');
				ack_buf_putc(signed_names, ';');
			}
			put_lower(out, sorted[i].name);
			ack_buf_putc(out, ':');
			put_lower(signed_names, sorted[i].name);
		}
		ack_buf_put(out, value, len);
	}
	if (n > 0)
		ack_buf_putc(out, '\n');
	free(sorted);
	return ack_buf_status(signed_names);
}

int ack_canonical_request(const struct ack_sign_request *r,
	struct ack_buf *signed_names, struct ack_buf *out)
{
	int err;

	ack_buf_printf(out, "%s\n%s\n", r->method, *r->path ? r->path : "/");
	err = ack_canonical_query(r->query, r->nquery, out);
	ack_buf_putc(out, '\n');
	if (err == 0)
		err = put_headers(r, signed_names, out);
	ack_buf_putc(out, '\n');
	ack_buf_put(out, ack_buf_text(signed_names), signed_names->len);
	ack_buf_printf(out, "\n%s", r->payload_hash);
	return err ? err : ack_buf_status(out);
}

int ack_authorization(const struct ack_sign_request *r, const char *key_id,
	const char *key_secret, struct ack_buf *out)
{
	struct ack_buf names = ACK_BUF_INIT(TEXT_MAX);
	struct ack_buf canonical = ACK_BUF_INIT(TEXT_MAX);
	char hash[ACK_SHA256_HEX], text[sizeof(ALGORITHM) + ACK_SHA256_HEX];
	char signature[2 * SHA256_DIGEST_LENGTH + 1];
	unsigned char mac[EVP_MAX_MD_SIZE];
	unsigned mac_len = 0;
	size_t key_len = strlen(key_secret);

	int err = ack_canonical_request(r, &names, &canonical);
	if (err)
		goto out;
	err = ack_sha256_hex(ack_buf_text(&canonical), canonical.len, hash);
	if (err)
		goto out;
	snprintf(text, sizeof(text), ALGORITHM "\n%s", hash);
	if (key_len > INT_MAX || !HMAC(sha256(), key_secret, (int)key_len,
					 (const unsigned char *)text,
					 strlen(text), mac, &mac_len)) {
		err = -ENOMEM;
		goto out;
	}
	hex(mac, SHA256_DIGEST_LENGTH, lower_hex, signature);
	ack_buf_printf(out,
		ALGORITHM " Credential=%s,SignedHeaders=%s,Signature=%s",
		key_id, ack_buf_text(&names), signature);
	err = ack_buf_status(out);
out:
	ack_buf_release(&canonical);
	ack_buf_release(&names);
	return err;
}

void ack_base64(const void *data, size_t len, struct ack_buf *out)
{
	const unsigned char *in = data;
	unsigned char text[65];

	for (size_t at = 0; at < len; at += 48) {
		EVP_EncodeBlock(
			text, in + at, len - at < 48 ? (int)(len - at) : 48);
		ack_buf_puts(out, (const char *)text);
	}
}

int ack_base64_decode(const char *text, size_t len, struct ack_buf *out)
{
	unsigned char piece[48];
	size_t pad = 0;

	while (pad < 2 && pad < len && text[len - 1 - pad] == '=')
		pad++;
	/* OpenSSL takes blanks around it, and = anywhere */
	if (len % 4 || memchr(text, '=', len - pad))
		return -EINVAL;
	for (size_t at = 0; at < len; at += 64) {
		size_t part = len - at < 64 ? len - at : 64;
		int got = EVP_DecodeBlock(
			piece, (const unsigned char *)text + at, (int)part);

		if (got != (int)(part / 4 * 3))
			return -EINVAL;
		ack_buf_put(
			out, piece, (size_t)got - (at + part == len ? pad : 0));
	}
	OPENSSL_cleanse(piece, sizeof(piece));
	return ack_buf_status(out);
}

int ack_hmac_sha1_base64(
	const char *key, const char *text, char out[ACK_HMAC_SHA1_BASE64])
{
	unsigned char mac[EVP_MAX_MD_SIZE];
	unsigned mac_len = 0;
	size_t key_len = strlen(key);

	if (key_len > INT_MAX || !HMAC(EVP_sha1(), key, (int)key_len,
					 (const unsigned char *)text,
					 strlen(text), mac, &mac_len))
		return -ENOMEM;
	EVP_EncodeBlock((unsigned char *)out, mac, SHA_DIGEST_LENGTH);
	return 0;
}

int ack_secret_compare(const char *a, const char *b)
{
	/* Digests have one length, so that of the secret does not show. */
	unsigned char x[SHA256_DIGEST_LENGTH], y[SHA256_DIGEST_LENGTH];

	bool made = digest_of(a, strlen(a), x) && digest_of(b, strlen(b), y);
	int differ = !made || CRYPTO_memcmp(x, y, sizeof(x));
	OPENSSL_cleanse(x, sizeof(x));
	OPENSSL_cleanse(y, sizeof(y));
	return differ;
}

const char *ack_sign_version(void)
{
	return OpenSSL_version(OPENSSL_VERSION);
}
