/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "client.h"
#include "object.h"
#include "credentials.h"
#include "error.h"
#include "handle.h"
#include "http.h"
#include "log.h"
#include "loop.h"
#include "mount.h"
#include "options.h"
#include "saved.h"
#include "url.h"

#define SANDBOX_REGION "cn-beijing"
#define LIST_WAIT_MS   1000

/* Which region: SOURCE, then region=, the environment, the profile. */
static const char *region_choose(
	const struct options *o, const struct ack_credentials *keys)
{
	const char *env = getenv("ALIBABA_CLOUD_REGION_ID");

	if (o->region)
		return o->region;
	if (!strcmp(o->source, "sandbox"))
		return SANDBOX_REGION;
	if (!strstr(o->source, "://"))
		return o->source;
	if (env && *env)
		return env;
	return keys->region;
}

static int endpoint_choose(struct mount *m, const struct ack_credentials *keys,
	struct ack_error *e)
{
	const struct options *o = m->options;
	const char *url = strstr(o->source, "://") ? o->source : o->endpoint;
	struct ack_url u;
	int ret;

	if (m->sandbox.pid)
		url = m->sandbox.url;
	ret = ack_endpoint_init(
		&m->fleet.endpoint, url, region_choose(o, keys), o->body, e);
	if (!ret)
		ret = ack_url_parse(m->fleet.endpoint.url, &u, e);
	if (!ret && !u.https && !u.loopback && !o->plain_http)
		ret = ack_error_set(e, EINVAL, NULL,
			"over plain http everybody on the way to %s could read "
			"passwords; use https, or -o plain_http",
			u.host);
	return ret;
}

static void keys_take(struct mount *m, struct ack_credentials *keys)
{
	struct fleet *f = &m->fleet;

	snprintf(f->account, sizeof(f->account), "%s", keys->source);
	snprintf(f->warning, sizeof(f->warning), "%s", keys->warning);
	ack_key_id_mask(keys->key_id, f->key_id);
	if (*f->warning)
		log_line(LOG_WARNING, "%s", f->warning);
	ack_client_set_credentials(f->client, keys);
}

static int keys_load(
	struct mount *m, struct ack_credentials *keys, struct ack_error *e)
{
	struct ack_credential_options o = {.profile = m->options->profile};

	return ack_credentials_load(keys, &o, e);
}

static void reload(void *arg)
{
	struct mount *m = arg;
	struct ack_credentials keys;
	struct ack_error e;

	refresh_now(&m->fleet);
	follow_now(&m->fleet);
	if (m->sandbox.pid)
		return;
	if (keys_load(m, &keys, &e)) {
		log_line(LOG_ERR, "%s; the old keys stay", e.message);
		fleet_fail(&m->fleet, &e);
		return;
	}
	keys_take(m, &keys);
	ack_credentials_release(&keys);
}

static int state_start(
	struct mount *m, struct ack_credentials *keys, struct ack_error *e)
{
	const struct options *o = m->options;
	bool sandbox = !strcmp(o->source, "sandbox");
	char name[512];
	int ret;

	if (!sandbox) {
		ret = keys_load(m, keys, e);
		if (!ret)
			ret = endpoint_choose(m, keys, e);
		if (ret)
			return ret;
	}
	snprintf(name, sizeof(name), "%s_%s_%s", m->fleet.endpoint.host,
		m->fleet.endpoint.region, sandbox ? "" : keys->key_id);
	ret = state_open(&m->state, o->state, sandbox ? "sandbox" : name, e);
	if (ret || !sandbox)
		return ret;
	ret = sandbox_start(&m->sandbox, m->state.path, o->foreground, keys, e);
	return ret ? ret : endpoint_choose(m, keys, e);
}

static int client_start(
	struct mount *m, struct ack_credentials *keys, struct ack_error *e)
{
	const struct options *o = m->options;
	struct ack_http_config http = {.ca = o->ca,
		.user_agent = "ackfs/" ACK_VERSION,
		.plain_http = o->plain_http};
	struct ack_client_config client = {.events = &m->events,
		.endpoint = &m->fleet.endpoint,
		.connect_timeout_ms = o->connect_timeout_ms,
		.timeout_ms = o->timeout_ms,
		.qps = o->qps};
	struct fleet *f = &m->fleet;

	m->http = ack_http_new(&m->events, &http, e);
	if (!m->http)
		return -e->err;
	client.http = m->http;
	f->client = ack_client_new(&client, e);
	if (!f->client)
		return -e->err;
	keys_take(m, keys);
	f->events = &m->events;
	f->preflight = o->preflight;
	f->tag = o->tag;
	f->settle_ms = o->settle_ms;
	f->tries_ms = o->timeout_ms;
	f->refresh.max_age_ms = o->refresh_ms;
	f->kubeconfig_minutes = (int)o->kubeconfig_minutes;
	f->no_delete = o->no_delete;
	f->started = time_now_ns();
	return 0;
}

static int records_load(struct mount *m, struct ack_error *e)
{
	struct fleet *f = &m->fleet;
	int ret = store_open(&m->store, &m->state, e);

	if (ret)
		return ret;
	f->store = &m->store;
	f->audit = openat(m->state.lock, "audit.log",
		O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (f->audit < 0)
		return ack_error_set(e, errno, NULL,
			"audit.log in the state directory cannot be written: "
			"%s",
			strerror(errno));
	return saved_load(f, e);
}

static int session_start(struct mount *m, struct ack_error *e)
{
	const struct options *o = m->options;
	struct loop_config config = {.events = &m->events,
		.fleet = &m->fleet,
		.mountpoint = o->mountpoint,
		.fsname = m->sandbox.pid ? "sandbox" : m->fleet.endpoint.region,
		.mount_options = o->mount_options,
		.read_only = o->read_only,
		.debug = o->debug,
		.reload = reload,
		.reload_arg = m};

	m->loop = loop_open(&config, e);
	return m->loop ? loop_until_ready(m->loop, e) : -e->err;
}

static void set_flag(void *arg)
{
	*(bool *)arg = true;
}

/*
 * `ls clusters` right after the start should show them, but a service that
 * does not answer must hold up no boot.
 */
static void list_first(struct mount *m)
{
	bool late = false;
	struct ack_timer timer = {.fire = set_flag, .arg = &late};

	refresh_now(&m->fleet);
	ack_timer_set(&m->events, &timer, LIST_WAIT_MS);
	while (m->fleet.refresh.call && !late && !loop_over(m->loop) &&
		!ack_events_turn(&m->events))
		;
	ack_timer_cancel(&m->events, &timer);
}

int mount_start(struct mount *m, struct ack_error *e)
{
	struct ack_credentials keys = {.key_id = NULL};
	int ret = ack_events_init(&m->events, e);

	if (!ret)
		ret = state_start(m, &keys, e);
	if (!ret)
		ret = client_start(m, &keys, e);
	if (!ret)
		ret = records_load(m, e);
	ack_credentials_release(&keys);
	/* nothing of the caller's stays in use by a daemon */
	if (!ret && chdir("/"))
		ret = ack_error_set(e, errno, NULL, "cannot change to /");
	if (!ret)
		ret = session_start(m, e);
	if (!ret)
		list_first(m);
	return ret;
}

void mount_stop(struct mount *m)
{
	/* waiting writers get their EINTR while the session is there */
	if (m->fleet.events)
		fleet_release(&m->fleet);
	loop_close(m->loop);
	while (m->fleet.handles)
		handle_release(m->fleet.handles);
	if (m->fleet.client)
		ack_client_free(m->fleet.client);
	if (m->http)
		ack_http_free(m->http);
	sandbox_stop(&m->sandbox);
	ack_events_release(&m->events);
	if (m->fleet.audit >= 0)
		close(m->fleet.audit);
	store_close(&m->store);
	state_release(&m->state);
}
