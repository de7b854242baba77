/* SPDX-License-Identifier: MIT */
#include "client_fixture.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/event.h"
#include "client/credentials.h"
#include "client/endpoint.h"
#include "http/http.h"

static struct ack_events ev;
static struct ack_http *http;
static struct ack_endpoint endpoint;
struct ack_client *client;
struct server *server;
struct got got;

void set_keys(const char *token)
{
	struct ack_credentials keys = {
		.key_id = strdup(KEY),
		.key_secret = strdup(WORD),
		.token = token ? strdup(token) : NULL,
	};

	ack_client_set_credentials(client, &keys);
	assert_null(keys.key_id);
}

void begin(const struct server_step *steps, size_t n)
{
	begin_within(steps, n, 10000);
}

void begin_within(const struct server_step *steps, size_t n, long timeout_ms)
{
	const struct ack_http_config http_config = {
		.user_agent = "ackfs/" ACK_VERSION};
	struct ack_client_config config = {
		.events = &ev,
		.endpoint = &endpoint,
		.connect_timeout_ms = 5000,
		.timeout_ms = timeout_ms,
	};
	struct ack_error e;
	char url[64];

	memset(&got, 0, sizeof(got));
	server = server_start(steps, n);
	snprintf(url, sizeof(url), "http://127.0.0.1:%u", server_port(server));
	assert_int_equal(
		ack_endpoint_init(&endpoint, url, "cn-beijing", -1, &e), 0);
	assert_int_equal(ack_events_init(&ev, &e), 0);
	http = ack_http_new(&ev, &http_config, &e);
	assert_non_null(http);
	config.http = http;
	client = ack_client_new(&config, &e);
	assert_non_null(client);
	set_keys(NULL);
}

void end(void)
{
	ack_client_free(client);
	ack_http_free(http);
	ack_events_release(&ev);
	server_free(server);
}

void turn(void)
{
	assert_int_equal(ack_events_turn(&ev), 0);
}

static void fired(void *arg)
{
	*(bool *)arg = true;
}

void turn_for(int64_t ms)
{
	bool over = false;
	struct ack_timer timer = {.fire = fired, .arg = &over};

	ack_timer_set(&ev, &timer, ms);
	while (!over)
		turn();
}

void wait_for(unsigned calls)
{
	while (got.calls < calls)
		turn();
}

struct ack_call *create(const char *body)
{
	struct ack_request r = {.action = ACK_CALL_CreateCluster,
		.body = body,
		.len = strlen(body)};

	return ack_create(client, &r, created, &got, &got.error);
}

struct ack_call *ask(enum ack_action action, const char *id, ack_answer_fn done)
{
	struct ack_request r = {.action = action, .ids = {id}};
	struct ack_error e;

	return ack_ask(client, &r, done, NULL, &e);
}

void created(void *arg, const struct ack_created *r, const struct ack_error *e)
{
	assert_ptr_equal(arg, &got);
	got.calls++;
	got.outcome = r->outcome;
	strcpy(got.cluster_id, r->id);
	strcpy(got.request_id, r->request_id);
	strcpy(got.task_id, r->task_id);
	got.error = *e;
}

const char *header(const char *request, const char *name, char out[512])
{
	char line[128];

	snprintf(line, sizeof(line), "\r\n%s: ", name);
	const char *p = strcasestr(request, line);
	if (!p)
		return NULL;
	p += strlen(line);
	snprintf(out, 512, "%.*s", (int)strcspn(p, "\r"), p);
	return out;
}

void check_signature(const char *request, const char *method, const char *path,
	const struct ack_query *query, size_t nquery, const char *body)
{
	struct ack_buf want = ACK_BUF_INIT(10000);
	char values[16][512], names[512], hash[ACK_SHA256_HEX], auth[512];
	struct ack_header headers[16];
	struct ack_sign_request r = {
		.method = method,
		.path = path,
		.query = query,
		.nquery = nquery,
		.headers = headers,
		.payload_hash = hash,
	};

	assert_non_null(header(request, "Authorization", auth));
	const char *p = strstr(auth, "SignedHeaders=");
	assert_non_null(p);
	p += 14;
	snprintf(names, sizeof(names), "%.*s", (int)strcspn(p, ","), p);
	for (char *name = strtok(names, ";"); name; name = strtok(NULL, ";")) {
		const char *value = header(request, name, values[r.nheaders]);

		assert_non_null(value);
		headers[r.nheaders++] = (struct ack_header){name, value};
	}
	/* Every x-acs- header is among them. */
	size_t n = 0;
	for (p = request; (p = strcasestr(p, "\r\nx-acs-")); p++)
		n++;
	for (size_t i = 0; i < r.nheaders; i++)
		n -= strncmp(headers[i].name, "x-acs-", 6) == 0;
	assert_int_equal(n, 0);

	ack_sha256_hex(body, strlen(body), hash);
	assert_int_equal(ack_authorization(&r, KEY, WORD, &want), 0);
	assert_string_equal(auth, ack_buf_text(&want));
	ack_buf_release(&want);
}
