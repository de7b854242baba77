/* SPDX-License-Identifier: MIT */
/*
 * ACS3-HMAC-SHA256, the signature of ROA requests (SERVICE.md, Signature), and
 * what else needs OpenSSL; sign.c is the only file that includes it. The
 * sandbox verifies with the same code that ackfs signs with.
 */
#ifndef ACK_SIGN_H
#define ACK_SIGN_H

#include <stddef.h>
#include <time.h>

#include "http/http.h"

struct ack_buf;

#define ACK_SHA256_HEX 65 /* 64 digits and a NUL */
#define ACK_NONCE_HEX  33
#define ACK_DATE_LEN   21 /* YYYY-MM-DDTHH:MM:SSZ and a NUL */

#define ACK_HMAC_SHA1_BASE64 29 /* 28 characters and a NUL */

struct ack_query {
	const char *name;  /* not yet percent-encoded */
	const char *value; /* NULL counts as "" */
};

struct ack_sign_request {
	const char *method;
	const char *path; /* percent-encoded already, as on the wire */
	const struct ack_query *query;
	size_t nquery;
	/* every x-acs-* header, host, and content-type if there is a body */
	const struct ack_header *headers;
	size_t nheaders;
	const char *payload_hash; /* value of x-acs-content-sha256 */
};

/* 0, or -ENOMEM and zeros. */
int ack_sha256_hex(const void *data, size_t len, char out[ACK_SHA256_HEX]);

/* The same in base64. */
void ack_sha256_base64(const void *data, size_t len, struct ack_buf *out);

/* 128 random bits; 0 or -EIO when the system gives none. */
int ack_nonce(char out[ACK_NONCE_HEX]);

/* A random UUID in upper case, as the service's request IDs are. */
int ack_uuid(char out[37]);

/* UTC in the form of x-acs-date. */
void ack_date(time_t t, char out[ACK_DATE_LEN]);

/* Percent-encodes all but A-Z a-z 0-9 - _ . ~ (RFC 3986). */
void ack_percent_encode(const char *text, struct ack_buf *out);

/* The query string: sorted by name, encoded, joined by '&'; maybe empty. */
int ack_canonical_query(
	const struct ack_query *query, size_t n, struct ack_buf *out);

/* Steps 1 to 5 of SERVICE.md, Signature; `signed_names` gets the list of
 * step 4. */
int ack_canonical_request(const struct ack_sign_request *r,
	struct ack_buf *signed_names, struct ack_buf *out);

/* The whole Authorization value. 0 or -ENOMEM. */
int ack_authorization(const struct ack_sign_request *r, const char *key_id,
	const char *key_secret, struct ack_buf *out);

/* Base64 (RFC 4648), in one line. */
void ack_base64(const void *data, size_t len, struct ack_buf *out);

/* What it stands for. 0, -EINVAL for what it is not, or -ENOMEM. */
int ack_base64_decode(const char *text, size_t len, struct ack_buf *out);

/* HMAC-SHA1 of a text, in base64: for rpc.h. 0 or -ENOMEM. */
int ack_hmac_sha1_base64(
	const char *key, const char *text, char out[ACK_HMAC_SHA1_BASE64]);

/* 0 when equal; takes the same time wherever they differ. */
int ack_secret_compare(const char *a, const char *b);

/* "OpenSSL 3.0.17 …", for --version. */
const char *ack_sign_version(void);

#endif
