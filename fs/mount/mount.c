/* SPDX-License-Identifier: MIT */
#include "mount/mount.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "actions/audit.h"
#include "actions/resolve.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/variable.h"
#include "client/client.h"
#include "cloud/follow.h"
#include "cloud/refresh.h"
#include "fuse/handle.h"
#include "fuse/listing.h"
#include "http/http.h"
#include "http/url.h"
#include "keys/role.h"
#include "model/log.h"
#include "model/object.h"
#include "mount/claim.h"
#include "mount/device.h"
#include "mount/loop.h"
#include "mount/mountpoint.h"
#include "mount/notify.h"
#include "mount/options.h"
#include "mount/parts.h"

#define SANDBOX_REGION "cn-beijing"
#define LIST_WAIT_MS   1000

/* Which region: SOURCE, then region=, the environment, the profile. */
static const char *region_choose(const struct mount *m)
{
	const struct options *o = m->options;
	const char *env = ack_variable_region();

	if (o->region)
		return o->region;
	if (!strcmp(o->source, "sandbox"))
		return SANDBOX_REGION;
	if (!strstr(o->source, "://"))
		return o->source;
	return env ? env : m->keys.region;
}

static int endpoint_choose(struct mount *m, struct ack_error *e)
{
	const struct options *o = m->options;
	const char *meant;
	struct ack_url u;
	int ret;

	m->fleet.rules = (struct ack_endpoint_rules){
		.url = m->sandbox.pid             ? m->sandbox.url
		       : strstr(o->source, "://") ? o->source
						  : o->endpoint,
		.type = o->endpoint_type,
		.profile_url = m->keys.endpoint,
		.profile_type = m->keys.endpoint_type,
		.form = o->body,
	};
	ret = ack_endpoint_choose(
		&m->fleet.endpoint, &m->fleet.rules, region_choose(m), e);
	if (!ret)
		ret = ack_url_parse(m->fleet.endpoint.url, &u, e);
	meant = ret ? NULL : ack_region_meant(m->fleet.endpoint.region);
	if (meant)
		log_line(LOG_WARNING,
			"%s is not a region that ackfs knows; did you mean %s?",
			m->fleet.endpoint.region, meant);
	if (!ret && !u.https && !u.loopback && !o->plain_http)
		ret = ack_error_set(e, EINVAL, NULL,
			"over plain http everybody on the way to %s could read "
			"passwords; use https, or -o plain_http",
			u.host);
	return ret;
}

/* A private endpoint has no STS that would know its keys. */
static void sts_choose(struct mount *m)
{
	struct fleet *f = &m->fleet;
	struct ack_buf url = ACK_BUF_INIT(sizeof(f->sts.url));
	const struct ack_role role = {.arn = NULL};
	struct ack_error e;

	if (!ack_endpoint_is_alibaba(&f->endpoint) &&
		!getenv("ALIBABA_CLOUD_STS_ENDPOINT"))
		return;
	ack_role_sts(&role, &url);
	if (ack_endpoint_init(&f->sts, ack_buf_text(&url), f->endpoint.region,
		    ACK_CLASSIC, &e))
		log_line(LOG_NOTICE, "the address of the STS: %s", e.message);
	ack_buf_release(&url);
}

static void reload(void *arg)
{
	struct mount *m = arg;

	m->fleet.reloaded = ack_now_ms();
	refresh_now(&m->fleet);
	follow_now(&m->fleet);
	keys_reload(&m->keys);
}

static int http_start(struct mount *m, struct ack_error *e)
{
	const struct options *o = m->options;
	struct ack_http_config http = {.ca = o->ca,
		.user_agent = "ackfs/" ACK_VERSION,
		.plain_http = o->plain_http};

	m->http = ack_http_new(&m->events, &http, e);
	return m->http ? 0 : -e->err;
}

/* A state directory belongs to an account, and so do the keys. */
static int state_start(struct mount *m, struct ack_error *e)
{
	const struct options *o = m->options;
	int ret;

	if (!strcmp(o->source, "sandbox")) {
		ret = claim_sandbox(m, e);
		if (!ret)
			ret = sandbox_start(&m->sandbox, m->state.path,
				o->foreground, &m->keys.first, e);
		m->keys.fleet = &m->fleet;
		return ret ? ret : endpoint_choose(m, e);
	}
	ret = keys_find(&m->keys, &m->fleet, m->http, o->profile, e);
	if (!ret)
		ret = endpoint_choose(m, e);
	if (ret)
		return ret;
	sts_choose(m);
	return claim_begin(m, e);
}

struct ack_client_config mount_client(struct mount *m)
{
	const struct options *o = m->options;

	return (struct ack_client_config){.events = &m->events,
		.http = m->http,
		.endpoint = &m->fleet.endpoint,
		.connect_timeout_ms = o->connect_timeout_ms,
		.timeout_ms = o->timeout_ms,
		.patience_ms = o->patience_ms,
		.qps = o->qps,
		.keys_check = keys_check,
		.keys_renew = keys_renew,
		.keys_arg = &m->keys};
}

/* One that was handed over stands where the units of systemd(1) say. */
static const char *mount_place(const struct options *o)
{
	const char *given = getenv("MOUNTPOINT");

	return mountpoint_given(o->mountpoint) < 0 || !given ? o->mountpoint
							     : given;
}

static int client_start(struct mount *m, struct ack_error *e)
{
	const struct options *o = m->options;
	struct ack_client_config client = mount_client(m);
	struct fleet *f = &m->fleet;

	f->client = ack_client_new(&client, e);
	if (!f->client)
		return -e->err;
	keys_use(&m->keys);
	f->preflight = o->preflight;
	f->tag = o->tag;
	f->settle_ms = o->settle_ms;
	f->tries_ms = o->timeout_ms;
	f->refresh.max_age_ms = o->refresh_ms;
	f->kubeconfig_minutes = (int)o->kubeconfig_minutes;
	f->no_delete = o->no_delete;
	f->started = time_now_ns();
	f->mountpoint = mount_place(o);
	return 0;
}

int mount_load(struct mount *m, struct ack_error *e)
{
	struct fleet *f = &m->fleet;

	/* first: where it is refused, nothing in the directory changes */
	if (saved_open(&m->saved, f, &m->state, e))
		return -e->err;
	resolve_resume(f);
	return audit_open(f, m->state.lock, e);
}

void mount_unload(struct mount *m)
{
	m->fleet.saved = NULL;
	saved_stop(&m->saved);
	saved_close(&m->saved);
	if (m->fleet.audit >= 0)
		close(m->fleet.audit);
	m->fleet.audit = -1;
}

static struct loop_config session_config(struct mount *m, const char *fsname)
{
	const struct options *o = m->options;

	return (struct loop_config){.events = &m->events,
		.fleet = &m->fleet,
		.mountpoint = o->mountpoint,
		.fsname = fsname,
		.mount_options = o->mount_options,
		.read_only = o->read_only,
		/* others are let in, or the files are given away: then modes
		 * must count */
		.checked = o->allow_other || o->uid >= 0 || o->gid >= 0 ||
			   o->umask >= 0,
		.allow_other = o->allow_other,
		.debug = o->debug};
}

static int mount_session_open(struct mount *m, struct ack_error *e)
{
	struct loop_config config = session_config(
		m, m->sandbox.pid ? "sandbox" : m->fleet.endpoint.region);

	config.reload = reload;
	config.reload_arg = m;
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
static int list_first(struct mount *m, struct ack_error *e)
{
	const struct refresh *r = &m->fleet.refresh;
	bool late = false, ready = m->options->wait_ready;
	struct ack_timer timer = {.fire = set_flag, .arg = &late};

	refresh_now(&m->fleet);
	if (!ready)
		ack_timer_set(&m->events, &timer, LIST_WAIT_MS);
	while (m->fleet.refresh.call && !late && !loop_over(m->loop) &&
		!ack_events_turn(&m->events))
		;
	ack_timer_cancel(&m->events, &timer);
	if (!ready || !r->why.err)
		return 0;
	ack_error_copy(e, &r->why);
	return -e->err;
}

static struct owner owner_of(const struct options *o)
{
	return (struct owner){.uid = o->uid >= 0 ? (uid_t)o->uid : getuid(),
		.gid = o->gid >= 0 ? (gid_t)o->gid : getgid(),
		.umask = o->umask >= 0 ? (mode_t)o->umask : 0};
}

int mount_start(struct mount *m, struct ack_error *e)
{
	int ret = ack_events_init(&m->events, e);

	m->fleet.events = &m->events;
	parts_give(&m->fleet);
	m->fleet.owner = owner_of(m->options);
	if (!ret)
		ret = http_start(m, e);
	if (!ret)
		ret = state_start(m, e);
	if (!ret)
		ret = client_start(m, e);
	if (!ret)
		ret = mount_load(m, e);
	/* nothing of the caller's stays in use by a daemon */
	if (!ret && chdir("/"))
		ret = ack_error_set(e, errno, NULL, "cannot change to /");
	if (!ret)
		ret = mount_session_open(m, e);
	if (!ret)
		ret = list_first(m, e);
	return ret;
}

void mount_stop(struct mount *m)
{
	/* waiting writers get their EINTR while the session is there */
	if (m->fleet.events)
		fleet_release(&m->fleet);
	loop_close(m->loop);
	while (!LIST_EMPTY(&m->fleet.handles))
		handle_release(LIST_FIRST(&m->fleet.handles));
	while (!LIST_EMPTY(&m->fleet.listings))
		listing_free(LIST_FIRST(&m->fleet.listings));
	keys_release(&m->keys);
	if (m->fleet.client)
		ack_client_free(m->fleet.client);
	if (m->http)
		ack_http_free(m->http);
	sandbox_stop(&m->sandbox);
	saved_close(&m->saved);
	ack_events_release(&m->events);
	if (m->fleet.audit >= 0)
		close(m->fleet.audit);
	state_release(&m->state);
	if (m->beside >= 0)
		close(m->beside);
}

/* All of it that no account has a say in. */

/* The first column of /proc/mounts, before it is known who is asked. */
static const char *source_name(const struct options *o)
{
	if (!strstr(o->source, "://"))
		return o->source;
	return o->region ? o->region : "ackfs";
}

int mount_only(struct mount *m, const char *mountpoint, struct ack_error *e)
{
	struct loop_config config = session_config(m, source_name(m->options));

	config.mountpoint = mountpoint;
	return device_mount_only(&config, e);
}

int mount_hand_over(struct mount *m, struct ack_error *e)
{
	const struct options *o = m->options;
	int fd = mount_only(m, o->mountpoint, e);
	int ret = fd < 0 ? fd : notify_store(fd);

	if (fd < 0)
		return ret;
	close(fd);
	if (!ret)
		return 0;
	mountpoint_detach(o->mountpoint);
	return ack_error_set(e, -ret, NULL,
		"no service manager takes the mount: %s", strerror(-ret));
}
