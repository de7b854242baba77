/* SPDX-License-Identifier: MIT */
#include "sandbox/verify.h"

#include <errno.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "base/length.h"
#include "sandbox/authorization.h"
#include "sandbox/exchange.h"

#define WINDOW_MS (900 * 1000) /* how far a clock may be off, either way */
#define NONCE_MAX 128

/* Without these there is nothing to check. */
static const char *const required[] = {"host", "x-acs-action",
	"x-acs-content-sha256", "x-acs-date", "x-acs-signature-nonce",
	"x-acs-version"};

static bool incomplete(struct exchange *x, const char *what, const char *name)
{
	answer_gateway(x, 400, "IncompleteSignature", "%s: %s.", what, name);
	return false;
}

static bool must_be_signed(const char *name)
{
	return strncasecmp(name, "x-acs-", 6) == 0 ||
	       strcasecmp(name, "host") == 0 ||
	       strcasecmp(name, "content-type") == 0;
}

static bool check_headers(struct exchange *x, const struct authorization *a)
{
	for (size_t i = 0; i < LENGTH(required); i++)
		if (!exchange_header(x, required[i]))
			return incomplete(
				x, "A required header is missing", required[i]);
	for (size_t i = 0; i < x->nheaders; i++) {
		const char *name = x->headers[i].name;

		if (must_be_signed(name) && !authorization_lists(a, name))
			return incomplete(
				x, "A header is not among SignedHeaders", name);
	}
	return true;
}

static bool check_body(struct exchange *x)
{
	char sum[ACK_SHA256_HEX];

	ack_sha256_hex(ack_buf_text(&x->body), x->body.len, sum);
	if (strcmp(sum, exchange_header(x, "x-acs-content-sha256")) == 0)
		return true;
	answer_gateway(x, 400, "SignatureDoesNotMatch",
		"x-acs-content-sha256 is not the SHA-256 of the body that "
		"arrived, which is %s.",
		sum);
	return false;
}

static bool check_signature(
	struct verifier *v, struct exchange *x, const struct authorization *a)
{
	struct ack_header headers[EXCHANGE_HEADERS_MAX];
	struct ack_sign_request r = {
		.method = x->method,
		.path = ack_buf_text(&x->target.path),
		.query = x->target.query,
		.nquery = x->target.nquery,
		.headers = headers,
		.payload_hash = exchange_header(x, "x-acs-content-sha256"),
	};
	struct ack_buf ours = ACK_BUF_INIT(65536);
	struct ack_buf names = ACK_BUF_INIT(65536);
	struct authorization b;
	char sum[ACK_SHA256_HEX];
	bool same = false;

	for (size_t i = 0; i < x->nheaders; i++)
		if (authorization_lists(a, x->headers[i].name))
			headers[r.nheaders++] = x->headers[i];
	if (ack_authorization(&r, v->key_id, v->key_secret, &ours) < 0) {
		answer_broken(x);
		goto out;
	}
	same = authorization_parse(&b, ack_buf_text(&ours)) == NULL &&
	       ack_secret_compare(a->signature, b.signature) == 0;
	if (same)
		goto out;
	ack_buf_clear(&ours);
	if (ack_canonical_request(&r, &names, &ours) < 0) {
		answer_broken(x);
		goto out;
	}
	ack_sha256_hex(ack_buf_text(&ours), ours.len, sum);
	answer_gateway(x, 400, "SignatureDoesNotMatch",
		"The signature is not the one that was computed here. The "
		"server's string to sign is: ACS3-HMAC-SHA256\n%s",
		sum);
out:
	ack_buf_release(&ours);
	ack_buf_release(&names);
	return same;
}

static bool check_date(struct exchange *x, int64_t now_ms)
{
	const char *date = exchange_header(x, "x-acs-date");
	struct tm tm = {0};
	const char *end = strptime(date, "%Y-%m-%dT%H:%M:%SZ", &tm);

	if (strlen(date) != ACK_DATE_LEN - 1 || !end || *end) {
		answer_gateway(x, 400, "InvalidTimeStamp.Format",
			"x-acs-date must look like 2026-01-02T03:04:05Z.");
		return false;
	}
	int64_t off = (int64_t)timegm(&tm) * 1000 - now_ms;
	if (off >= -WINDOW_MS && off <= WINDOW_MS)
		return true;
	answer_gateway(x, 400, "InvalidTimeStamp.Expired",
		"x-acs-date is more than 15 minutes away from the clock of "
		"the server.");
	return false;
}

static bool check_nonce(struct verifier *v, struct exchange *x, int64_t now_ms)
{
	const char *nonce = exchange_header(x, "x-acs-signature-nonce");
	size_t len = strlen(nonce);
	int rc = len == 0 || len > NONCE_MAX ? -EINVAL : 0;

	/* A date may lie ahead by the window, and counts until it is past. */
	if (rc == 0)
		rc = nonces_use(&v->nonces, nonce, now_ms, 2 * WINDOW_MS);
	if (rc == -EINVAL)
		return incomplete(x, "A header has no usable value",
			"x-acs-signature-nonce");
	if (rc == -EEXIST)
		answer_gateway(x, 400, "SignatureNonceUsed",
			"The nonce of this request was used before.");
	else if (rc < 0)
		answer_broken(x);
	return rc == 0;
}

bool verify_request(struct verifier *v, struct exchange *x, int64_t now_ms)
{
	const char *text = exchange_header(x, "authorization");
	struct authorization a;

	if (!text)
		return incomplete(
			x, "A required header is missing", "authorization");
	const char *wrong = authorization_parse(&a, text);
	if (wrong)
		return incomplete(
			x, "The header authorization is wrong", wrong);
	if (strcmp(a.key_id, v->key_id) != 0) {
		answer_gateway(x, 404, "InvalidAccessKeyId.NotFound",
			"There is no AccessKey of this ID.");
		return false;
	}
	if (!check_headers(x, &a) || !check_body(x) ||
		!check_signature(v, x, &a) || !check_date(x, now_ms))
		return false;
	if (strcmp(exchange_header(x, "x-acs-version"), "2015-12-15") != 0) {
		answer_gateway(x, 400, "InvalidVersion",
			"x-acs-version must be 2015-12-15.");
		return false;
	}
	return check_nonce(v, x, now_ms);
}
