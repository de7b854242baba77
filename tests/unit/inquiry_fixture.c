/* SPDX-License-Identifier: MIT */
#include "inquiry_fixture.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/event.h"
#include "base/json.h"
#include "http/http.h"

char home[64];
struct ack_events events;
struct ack_http *http;
struct ack_inquiry inquiry;
static unsigned ends;

extern char **environ;

/* The names that belong to some account or its tools. */
static int is_foreign(const char *entry)
{
	static const char *const starts[] = {"ALIBABA", "ALICLOUD", "ACKFS_",
		"ACCESS_KEY",
		"SECURITY_TOKEN=", "CREDENTIALS_DIRECTORY=", "REGION",
		"ENDPOINT_TYPE=", "CS_ENDPOINT="};

	for (size_t i = 0; i < LENGTH(starts); i++) {
		if (strncmp(entry, starts[i], strlen(starts[i])) == 0)
			return 1;
	}
	return 0;
}

static void clear_environment(void)
{
	for (char **e = environ; *e;) {
		if (is_foreign(*e)) {
			char *name = strndup(*e, strcspn(*e, "="));

			unsetenv(name);
			free(name);
			e = environ;
		} else {
			e++;
		}
	}
}

static void done(void *arg)
{
	(void)arg;
	ends++;
}

int home_setup(void **state)
{
	const struct ack_http_config config = {.user_agent = "unit/1"};
	struct ack_error e;

	(void)state;
	ack_json_setup();
	clear_environment();
	strcpy(home, "/tmp/ackfs-unit-XXXXXX");
	if (!mkdtemp(home) || ack_events_init(&events, &e) < 0)
		return -1;
	set("HOME", home);
	set("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true");
	http = ack_http_new(&events, &config, &e);
	inquiry = (struct ack_inquiry){
		.events = &events, .http = http, .done = done};
	return http ? 0 : -1;
}

static int remove_one(
	const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)st, (void)flag, (void)ftw;
	return remove(path);
}

int home_teardown(void **state)
{
	(void)state;
	ack_inquiry_stop(&inquiry);
	ack_http_free(http);
	ack_events_release(&events);
	return nftw(home, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

void write_file(const char *at, const char *text, mode_t mode, char path[160])
{
	snprintf(path, 160, "%s/%s", home, at);
	for (char *p = path + strlen(home) + 1; (p = strchr(p, '/')); p++) {
		*p = '\0';
		mkdir(path, 0700);
		*p = '/';
	}
	unlink(path);
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chmod(path, mode), 0);
}

void set(const char *name, const char *value)
{
	assert_int_equal(setenv(name, value, 1), 0);
}

void set_port(const char *name, const char *format, unsigned port)
{
	char text[128];

	/* The format is the test's own, with one %u. */
	const char *at = strstr(format, "%u");
	assert_non_null(at);
	snprintf(text, sizeof(text), "%.*s%u%s", (int)(at - format), format,
		port, at + 2);
	set(name, text);
}

int ask(const char *profile)
{
	unsigned before = ends;

	inquiry.profile = profile;
	ack_inquiry_start(&inquiry, ACK_INQUIRY_ALL);
	while (ends == before)
		assert_int_equal(ack_events_turn(&events), 0);
	assert_int_equal(ends, before + 1);
	assert_false(inquiry.asking);
	assert_null(inquiry.transfer);
	assert_int_equal(inquiry.nroles, 0);
	if (inquiry.error.err)
		assert_null(inquiry.keys.key_id);
	else
		assert_non_null(inquiry.keys.key_id);
	return -inquiry.error.err;
}

void error_says(const char *text)
{
	struct ack_buf all = ACK_BUF_INIT(20000);

	ack_error_text(&inquiry.error, &all);
	if (!strstr(ack_buf_text(&all), text))
		fail_msg("no %s in: %s", text, ack_buf_text(&all));
	assert_null(strstr(ack_buf_text(&all), "hidden"));
	ack_buf_release(&all);
}

void keys_are(const char *id, const char *secret, const char *token)
{
	const struct ack_credentials *c = &inquiry.keys;

	if (inquiry.error.err)
		fail_msg("%s", inquiry.error.more);
	assert_string_equal(c->key_id, id);
	assert_string_equal(c->key_secret, secret);
	if (token)
		assert_string_equal(c->token, token);
	else
		assert_null(c->token);
}
