/* SPDX-License-Identifier: MIT */
/*
 * Whose keys sign what: random walks through files of keys of two accounts, an
 * STS that answers or does not, and mounts that end and begin again. A service
 * in the same loop notes who has signed each request.
 */
#include "inquiry_fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/event.h"
#include "client/client.h"
#include "client/endpoint.h"
#include "model/fleet.h"
#include "mount/keys.h"
#include "state/keybook.h"

#define CLUSTER     "c0123456789abcdef0123456789abcdef"
#define CONNECTIONS 8
#define WALKS       40
#define STEPS       30

static const struct {
	const char *key_id, *account;
} known[] = {
	{"LTAI5tFirstKey0000000001", "1000000000000001"},
	{"LTAI5tFirstKey0000000002", "1000000000000001"},
	{"LTAI5tFirstKey0000000003", "1000000000000001"},
	{"LTAI5tOtherKey0000000001", "1000000000000002"},
	{"LTAI5tOtherKey0000000002", "1000000000000002"},
	{"LTAI5tNobodysKey00000001", ""}, /* the STS does not know it */
};

/* The service. */
static struct {
	struct ack_watch listener, connections[CONNECTIONS];
	unsigned port;
	bool silent; /* the STS */
	unsigned calls;
	char by[64], whose[64]; /* key of the last call; its account */
	bool mixed;             /* calls of two accounts */
} cloud;

/* A mount. */
static struct {
	struct fleet fleet;
	struct keys keys;
	struct ack_endpoint sts;
	char account[64]; /* as its state directory has it */
	unsigned ended;
	int err;
} mount;

static size_t row_of(const char *key_id)
{
	size_t i = 0;

	while (strcmp(known[i].key_id, key_id) != 0)
		assert_true(++i < LENGTH(known));
	return i;
}

static void reply(int fd, const char *status, const char *body)
{
	char text[1024];
	int n = snprintf(text, sizeof(text),
		"HTTP/1.1 %s X\r\nContent-Length: %zu\r\n"
		"x-acs-retry-after: 60000\r\nConnection: close\r\n\r\n%s",
		status, strlen(body), body);

	assert_int_equal(write(fd, text, (size_t)n), n);
}

static void answer(int fd, const char *request)
{
	const char *at = strstr(request, "Credential=");
	char key_id[64], body[256];
	const char *whose;

	assert_non_null(at);
	assert_int_equal(sscanf(at, "Credential=%63[^,]", key_id), 1);
	whose = known[row_of(key_id)].account;
	snprintf(body, sizeof(body), "{\"AccountId\":\"%s\"}", whose);
	if (strstr(request, "GetCallerIdentity")) {
		if (cloud.silent)
			reply(fd, "503", "");
		else if (*whose)
			reply(fd, "200", body);
		else
			reply(fd, "404",
				"{\"Code\":\"InvalidAccessKeyId.NotFound\","
				"\"Message\":\"m\",\"RequestId\":\"r\"}");
		return;
	}
	cloud.calls++;
	cloud.mixed |= *cloud.whose && strcmp(cloud.whose, whose) != 0;
	strcpy(cloud.by, key_id);
	strcpy(cloud.whose, whose);
	reply(fd, "200", "{\"cluster_id\":\"" CLUSTER "\"}");
}

/* The head comes in one piece, and there is no body. */
static void readable(void *arg, uint32_t what)
{
	struct ack_watch *w = arg;
	char request[4096];
	ssize_t n = read(w->fd, request, sizeof(request) - 1);

	(void)what;
	request[n > 0 ? n : 0] = '\0';
	if (n > 0)
		answer(w->fd, request);
	ack_watch_set(&events, w, 0);
	close(w->fd);
	w->fd = 0;
}

static void arrived(void *arg, uint32_t what)
{
	struct ack_watch *w = cloud.connections;

	(void)arg;
	(void)what;
	while (w->fd)
		assert_true(++w < cloud.connections + CONNECTIONS);
	*w = (struct ack_watch){.ready = readable, .arg = w};
	w->fd = accept4(cloud.listener.fd, NULL, NULL, SOCK_CLOEXEC);
	assert_true(w->fd > 0);
	assert_int_equal(ack_watch_set(&events, w, EPOLLIN), 0);
}

static void cloud_start(void)
{
	struct sockaddr_in at = {.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(at);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	memset(&cloud, 0, sizeof(cloud));
	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&at, len), 0);
	assert_int_equal(listen(fd, 16), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &len), 0);
	cloud.port = ntohs(at.sin_port);
	cloud.listener = (struct ack_watch){.fd = fd, .ready = arrived};
	assert_int_equal(ack_watch_set(&events, &cloud.listener, EPOLLIN), 0);
}

static void cloud_stop(void)
{
	for (size_t i = 0; i < CONNECTIONS; i++) {
		if (!cloud.connections[i].fd)
			continue;
		ack_watch_set(&events, &cloud.connections[i], 0);
		close(cloud.connections[i].fd);
	}
	ack_watch_set(&events, &cloud.listener, 0);
	close(cloud.listener.fd);
}

static void write_key(const char *key_id)
{
	char path[160], to[160], text[512];

	snprintf(text, sizeof(text),
		"{\"current\":\"main\",\"profiles\":[{\"name\":\"main\","
		"\"mode\":\"AK\",\"access_key_id\":\"%s\","
		"\"access_key_secret\":\"word\"}]}",
		key_id);
	write_file(".aliyun/new", text, 0600, path);
	snprintf(to, sizeof(to), "%s/.aliyun/config.json", home);
	assert_int_equal(rename(path, to), 0);
}

static int claim(void *arg, const char *account, struct ack_error *e)
{
	(void)arg;
	(void)e;
	strcpy(mount.fleet.account, account);
	strcpy(mount.account, account);
	return 0;
}

static void mount_start(int beside)
{
	struct fleet *f = &mount.fleet;
	struct ack_client_config config = {.events = &events,
		.http = http,
		.endpoint = &f->endpoint,
		.connect_timeout_ms = 1000,
		.timeout_ms = 2000,
		.keys_check = keys_check,
		.keys_renew = keys_renew,
		.keys_arg = &mount.keys};
	struct ack_error e;
	char url[64];

	memset(f, 0, sizeof(*f));
	memset(&mount.keys, 0, sizeof(mount.keys));
	snprintf(url, sizeof(url), "http://127.0.0.1:%u", cloud.port);
	f->events = &events;
	assert_int_equal(
		ack_endpoint_init(&f->endpoint, url, "cn-beijing", -1, &e), 0);
	f->sts = f->endpoint;
	assert_int_equal(keys_find(&mount.keys, f, http, NULL, &e), 0);
	mount.keys.claim = claim;
	assert_int_equal(keys_judge(&mount.keys, &config, beside, &e), 0);
	/* another account than that of the directory is refused by claim.c */
	strcpy(f->account, *mount.account ? mount.account : mount.keys.account);
	strcpy(mount.account, f->account);
	f->client = ack_client_new(&config, &e);
	assert_non_null(f->client);
	keys_use(&mount.keys);
}

static void mount_stop(void)
{
	keys_release(&mount.keys);
	ack_client_free(mount.fleet.client);
	free(mount.fleet.error);
}

static void ended(
	void *arg, const struct ack_answer *a, const struct ack_error *e)
{
	(void)arg;
	(void)a;
	mount.err = e->err;
	mount.ended++;
}

/* A call: its errno. */
static int call(void)
{
	const struct ack_request r = {
		.action = ACK_CALL_DescribeClusterDetail, .ids = {CLUSTER}};
	unsigned before = mount.ended;
	struct ack_error e;

	if (!ack_ask(mount.fleet.client, &r, ended, NULL, &e))
		return e.err;
	while (mount.ended == before)
		assert_int_equal(ack_events_turn(&events), 0);
	return mount.err;
}

/* What a call with the key of the file must come to. */
static void call_with(size_t row, int beside)
{
	char account[ACK_ACCOUNT_MAX];
	bool told = !cloud.silent ||
		    keybook_find(beside, NULL, known[row].key_id, account);
	unsigned before = cloud.calls;
	int err = call();

	assert_false(cloud.mixed);
	if (!told || !*known[row].account) {
		assert_int_not_equal(err, 0);
		assert_int_equal(cloud.calls, before);
	} else if (strcmp(mount.account, known[row].account) != 0) {
		assert_int_equal(err, EKEYREJECTED);
		assert_int_equal(cloud.calls, before);
		assert_non_null(strstr(mount.fleet.rejected, "mount again"));
	} else {
		assert_int_equal(err, 0);
		assert_int_equal(cloud.calls, before + 1);
		assert_string_equal(cloud.by, known[row].key_id);
		assert_string_equal(mount.fleet.rejected, "");
	}
}

static void walk(unsigned seed, int beside, unsigned *served)
{
	size_t row;

	srand(seed);
	cloud_start();
	cloud.silent = rand() % 2;
	*mount.account = '\0';
	unlinkat(beside, "accounts", 0);
	row = (size_t)rand() % LENGTH(known);
	write_key(known[row].key_id);
	mount_start(beside);
	for (int i = 0; i < STEPS; i++) {
		switch (rand() % 6) {
		case 0:
			mount_stop();
			mount_start(beside);
			break;
		case 1:
			cloud.silent = !cloud.silent;
			break;
		case 2:
			break;
		default:
			row = (size_t)rand() % LENGTH(known);
			write_key(known[row].key_id);
		}
		call_with(row, beside);
	}
	mount_stop();
	*served += cloud.calls;
	cloud_stop();
}

static void test_walks(void **state)
{
	int beside = open(home, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	unsigned served = 0;

	(void)state;
	assert_true(beside >= 0);
	for (unsigned seed = 1; seed <= WALKS; seed++)
		walk(seed, beside, &served);
	/* it is not that nothing is ever sent */
	assert_true(served > WALKS * STEPS / 8);
	close(beside);
}

/* What is no line of it does no harm. */
static void test_book(void **state)
{
	char path[160], account[ACK_ACCOUNT_MAX];
	int dir = open(home, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	(void)state;
	assert_true(dir >= 0);
	assert_false(keybook_find(dir, NULL, "key", account));
	write_file("accounts",
		"key word sts\nkey 12\n\nlong 1 sts.one sts\nkey 1 sts.one",
		0600, path);
	assert_false(keybook_find(dir, NULL, "key", account));
	keybook_add(dir, "sts.two", "key", "2");
	keybook_add(dir, "sts.two", "key", "3");
	assert_true(keybook_find(dir, "sts.two", "key", account));
	assert_string_equal(account, "2");
	/* the end of a line was all that it lacked */
	assert_true(keybook_find(dir, "sts.one", "key", account));
	assert_string_equal(account, "1");
	assert_false(keybook_find(dir, "sts.three", "key", account));
	assert_false(keybook_find(dir, NULL, "ke", account));
	close(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		HOME_CASE(test_walks),
		HOME_CASE(test_book),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
