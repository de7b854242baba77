/* SPDX-License-Identifier: MIT */
/*
 * The floor of the calls: what signs and sends, and does nothing else.
 *
 * usage: mini URL BODY NAME [COUNT]
 *
 * Creates a cluster of that name, whose other parameters are the JSON in the
 * file BODY, and prints its ID. With COUNT it creates so many over one
 * connection, asks for each name first, and prints the nanoseconds that one
 * took, but for the first. Keys come from the usual variables; libcurl is as
 * it is, certificates included.
 */
#include <err.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <curl/curl.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#define TEXT 4096

struct answer {
	size_t len;
	char text[65536];
};

static const char *key_id, *secret, *url, *host;
static CURL *curl;

static void hex(const unsigned char *in, size_t len, char *out)
{
	for (size_t i = 0; i < len; i++)
		sprintf(out + 2 * i, "%02x", in[i]);
}

static void sha256(const char *text, size_t len, char out[65])
{
	unsigned char sum[EVP_MAX_MD_SIZE];

	if (!EVP_Digest(text, len, sum, NULL, EVP_sha256(), NULL))
		errx(1, "no SHA-256");
	hex(sum, 32, out);
}

static struct curl_slist *add(struct curl_slist *list, const char *line)
{
	list = curl_slist_append(list, line);
	if (!list)
		errx(1, "no memory");
	return list;
}

/* What is signed stands in the order of its names. */
static struct curl_slist *sign(const char *method, const char *action,
	const char *path, const char *query, const char *body)
{
	char lines[TEXT], text[2 * TEXT], sum[65], nonce[33], date[32], mac[65];
	const char *type = *body ? "content-type:application/json\n" : "";
	const char *names = "content-type;host;x-acs-action;"
			    "x-acs-content-sha256;x-acs-date;"
			    "x-acs-signature-nonce;x-acs-version";
	unsigned char random[16], raw[EVP_MAX_MD_SIZE];
	time_t now = time(NULL);
	struct curl_slist *list;
	struct tm tm;
	int n;

	names += *body ? 0 : strlen("content-type;");
	if (RAND_bytes(random, sizeof(random)) != 1)
		errx(1, "no random numbers");
	hex(random, sizeof(random), nonce);
	strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &tm));
	sha256(body, strlen(body), sum);
	snprintf(lines, sizeof(lines),
		"%shost:%s\nx-acs-action:%s\nx-acs-content-sha256:%s\n"
		"x-acs-date:%s\nx-acs-signature-nonce:%s\n"
		"x-acs-version:2015-12-15\n",
		type, host, action, sum, date, nonce);
	n = snprintf(text, sizeof(text), "%s\n%s\n%s\n%s\n%s\n%s", method, path,
		query, lines, names, sum);
	sha256(text, (size_t)n, sum);
	n = snprintf(text, sizeof(text), "ACS3-HMAC-SHA256\n%s", sum);
	HMAC(EVP_sha256(), secret, (int)strlen(secret), (unsigned char *)text,
		(size_t)n, raw, NULL);
	hex(raw, 32, mac);
	snprintf(text, sizeof(text),
		"Authorization: ACS3-HMAC-SHA256 Credential=%s,"
		"SignedHeaders=%s,Signature=%s",
		key_id, names, mac);
	list = add(add(NULL, text), "accept: application/json");
	for (char *line = strtok(lines, "\n"); line; line = strtok(NULL, "\n"))
		list = add(list, line);
	return list;
}

static size_t take(char *data, size_t size, size_t n, void *arg)
{
	struct answer *a = arg;

	if (size * n > sizeof(a->text) - 1 - a->len)
		return 0;
	memcpy(a->text + a->len, data, size * n);
	a->len += size * n;
	a->text[a->len] = '\0';
	return size * n;
}

static void call(const char *method, const char *action, const char *path,
	const char *query, const char *body, struct answer *a)
{
	struct curl_slist *headers = sign(method, action, path, query, body);
	char address[TEXT];
	long status = 0;
	CURLcode rc;

	snprintf(address, sizeof(address), "%s%s%s%s", url, path,
		*query ? "?" : "", query);
	a->len = 0;
	curl_easy_setopt(curl, CURLOPT_URL, address);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	if (*body)
		curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
	else
		curl_easy_setopt(curl, CURLOPT_HTTPGET, 1L);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, a);
	rc = curl_easy_perform(curl);
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	if (rc != CURLE_OK || status / 100 != 2)
		errx(1, "%s %s: %s, HTTP %ld: %s", method, path,
			curl_easy_strerror(rc), status, a->len ? a->text : "");
	curl_slist_free_all(headers);
}

static void create(const char *name, const char *rest, struct answer *a)
{
	char body[2 * TEXT];

	snprintf(body, sizeof(body), "{\"name\":\"%s\",%s", name, rest);
	call("POST", "CreateCluster", "/clusters", "", body, a);
	if (!strstr(a->text, "cluster_id"))
		errx(1, "no ID in %s", a->text);
}

static int64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void create_many(
	const char *name, const char *rest, long count, struct answer *a)
{
	char one[TEXT / 2], query[TEXT];
	int64_t begun = 0;

	for (long i = 0; i <= count; i++) {
		snprintf(one, sizeof(one), "%s-%ld", name, i);
		snprintf(query, sizeof(query),
			"name=%s&page_number=1&page_size=50", one);
		call("GET", "DescribeClustersForRegion",
			"/regions/cn-beijing/clusters", query, "", a);
		create(one, rest, a);
		if (!i)
			begun = now_ns();
	}
	printf("%ld\n", (long)((now_ns() - begun) / count));
}

int main(int argc, char **argv)
{
	static struct answer a;
	char rest[TEXT] = "";
	FILE *f;

	if (argc < 4)
		errx(1, "usage: mini URL BODY NAME [COUNT]");
	key_id = getenv("ALIBABA_CLOUD_ACCESS_KEY_ID");
	secret = getenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET");
	url = argv[1];
	host = strstr(url, "://");
	f = fopen(argv[2], "r");
	if (!key_id || !secret || !host || !f || fgetc(f) != '{' ||
		!fread(rest, 1, sizeof(rest) - 1, f))
		errx(1, "keys, URL or body are missing");
	fclose(f);
	host += 3;
	curl_global_init(CURL_GLOBAL_DEFAULT);
	curl = curl_easy_init();
	if (!curl)
		errx(1, "no libcurl");
	if (argc > 4) {
		create_many(argv[3], rest, strtol(argv[4], NULL, 10), &a);
	} else {
		create(argv[3], rest, &a);
		puts(a.text);
	}
	curl_easy_cleanup(curl);
	curl_global_cleanup();
	return 0;
}
