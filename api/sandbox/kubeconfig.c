/* SPDX-License-Identifier: MIT */
/*
 * DescribeClusterUserKubeconfig and RevokeK8sClusterKubeConfig (SERVICE.md,
 * Kubeconfig). The certificates are made up, the same ones for a cluster until
 * they are revoked: nothing listens there. Or it is that of a cluster of the
 * user's, from a file.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/json.h"
#include "client/sign.h"
#include "sandbox/begun.h"
#include "sandbox/clock.h"
#include "sandbox/describe.h"
#include "sandbox/exchange.h"
#include "sandbox/lookup.h"
#include "sandbox/router.h"
#include "sandbox/sandbox.h"

#define CONFIG_MAX    65536
#define PEM_LINE      64
#define USER          "202000000000000001"
#define MINUTES_LEAST 15
#define MINUTES_MOST  4320
#define MINUTES_USUAL (3 * 365 * 24 * 60)

/* What stands for the bytes of a key or certificate, and looks like it. */
static void put_pem(struct ack_buf *out, const char *label, const char *seed)
{
	struct ack_buf body = ACK_BUF_INIT(4096), pem = ACK_BUF_INIT(4096);
	char text[128], sum[ACK_SHA256_HEX];

	for (int i = 0; i < 9; i++) {
		int len = snprintf(
			text, sizeof(text), "%s %s %d", label, seed, i);

		ack_sha256_hex(text, (size_t)len, sum);
		ack_base64(sum, 48, &body);
	}
	ack_buf_printf(&pem, "-----BEGIN %s-----\n", label);
	for (size_t i = 0; i < body.len; i += PEM_LINE)
		ack_buf_printf(&pem, "%.*s\n", PEM_LINE, body.data + i);
	ack_buf_printf(&pem, "-----END %s-----\n", label);
	if (ack_buf_status(&body) < 0 || ack_buf_status(&pem) < 0)
		out->failed = true;
	else
		ack_base64(pem.data, pem.len, out);
	ack_buf_release(&body);
	ack_buf_release(&pem);
}

#define REVOKED "kubeconfig_revoked"

static void put_file(struct ack_buf *out, const char *path)
{
	FILE *f = fopen(path, "re");
	char part[4096];
	size_t len;

	while (f && (len = fread(part, 1, sizeof(part), f)) > 0)
		ack_buf_put(out, part, len);
	out->failed |= !f || ferror(f);
	if (f)
		fclose(f);
}

static void put_config(struct ack_buf *out, const struct cluster *k,
	const char *server, int64_t minutes)
{
	char seed[160];

	ack_buf_printf(out,
		"apiVersion: v1\n"
		"clusters:\n"
		"- cluster:\n"
		"    server: %s\n"
		"    certificate-authority-data: ",
		server);
	put_pem(out, "CERTIFICATE", k->id);
	ack_buf_printf(out,
		"\n"
		"  name: kubernetes\n"
		"contexts:\n"
		"- context:\n"
		"    cluster: kubernetes\n"
		"    user: \"%s\"\n"
		"  name: %s-%s\n"
		"current-context: %s-%s\n"
		"kind: Config\n"
		"preferences: {}\n"
		"users:\n"
		"- name: \"%s\"\n"
		"  user:\n"
		"    client-certificate-data: ",
		USER, USER, k->id, USER, k->id, USER);
	snprintf(seed, sizeof(seed), "%s %lld%s", k->id, (long long)minutes,
		field_text(k, REVOKED));
	put_pem(out, "CERTIFICATE", seed);
	ack_buf_puts(out, "\n    client-key-data: ");
	put_pem(out, "RSA PRIVATE KEY", seed);
	ack_buf_putc(out, '\n');
}

/* False: the exchange has its refusal. */
static bool read_minutes(struct exchange *x, int64_t *minutes)
{
	const char *text = target_query(&x->target, "TemporaryDurationMinutes");
	char *end;

	*minutes = MINUTES_USUAL;
	if (!text || !*text)
		return true;
	errno = 0;
	*minutes = strtoll(text, &end, 10);
	if (errno == 0 && *end == '\0' && *minutes >= MINUTES_LEAST &&
		*minutes <= MINUTES_MOST)
		return true;
	answer_service(x, 400, "InvalidParameter.Format",
		"TemporaryDurationMinutes: It must be a number from 15 to "
		"4320.",
		NULL);
	return false;
}

static bool has_endpoint(
	struct exchange *x, const struct cluster *k, bool intranet)
{
	if (intranet || field_flag(k, "endpoint_public_access"))
		return true;
	answer_service(x, 400, "ErrorPublicEndpointNotFound",
		"The API server has no public endpoint; ask with "
		"PrivateIpAddress=true.",
		NULL);
	return false;
}

void call_DescribeClusterUserKubeconfig(struct sandbox *s, struct exchange *x)
{
	int64_t now = clock_ms(), minutes;
	const struct cluster *k = lookup_cluster(s, x, now);
	struct ack_buf text = ACK_BUF_INIT(CONFIG_MAX);
	char expires[CLOCK_TEXT];
	bool intranet;
	int rc = 0;

	if (!k || !lookup_query_flag(x, "PrivateIpAddress", &intranet) ||
		!read_minutes(x, &minutes) ||
		!lookup_is_in(x, k, "running|updating|upgrading|scaling") ||
		!has_endpoint(x, k, intranet))
		return;
	if (s->kubeconfig)
		put_file(&text, s->kubeconfig);
	else
		put_config(&text, k, intranet ? INTRANET_SERVER : PUBLIC_SERVER,
			minutes);
	clock_utc(now + minutes * 60000, expires);
	struct ack_json *root = ack_json_object();
	rc |= ack_buf_status(&text);
	if (root) {
		rc |= ack_json_add_string(root, "config", ack_buf_text(&text));
		rc |= ack_json_add_string(root, "expiration", expires);
	}
	ack_buf_release(&text);
	answer_json(x, 200, root, rc);
}

void call_RevokeK8sClusterKubeConfig(struct sandbox *s, struct exchange *x)
{
	int64_t now = clock_ms();
	struct cluster *k = lookup_cluster(s, x, now);
	char when[CLOCK_TEXT];
	int rc = 0;

	if (!k || !lookup_is_in(x, k, "running|updating|upgrading|scaling"))
		return;
	clock_utc(now, when);
	rc |= cluster_set(k, REVOKED, ack_json_new_string(when));
	if (rc == 0 && !keep_cluster(s, x, k))
		return;
	answer_json(x, 200, ack_json_object(), rc);
}
