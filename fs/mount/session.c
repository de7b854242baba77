/* SPDX-License-Identifier: MIT */
#include "mount/session.h"

#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "mount/device.h"
#include "mount/loop.h"
#include "mount/mount.h"
#include "mount/mountpoint.h"
#include "mount/notify.h"
#include "mount/options.h"

/* All of it that no account has a say in. */
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

int session_start(
	struct mount *m, void (*reload)(void *mount), struct ack_error *e)
{
	struct loop_config config = session_config(
		m, m->sandbox.pid ? "sandbox" : m->fleet.endpoint.region);

	config.reload = reload;
	config.reload_arg = m;
	m->loop = loop_open(&config, e);
	return m->loop ? loop_until_ready(m->loop, e) : -e->err;
}

/* The first column of /proc/mounts, before it is known who is asked. */
static const char *source_name(const struct options *o)
{
	if (!strstr(o->source, "://"))
		return o->source;
	return o->region ? o->region : "ackfs";
}

int session_hand_over(struct mount *m, struct ack_error *e)
{
	const struct options *o = m->options;
	struct loop_config config = session_config(m, source_name(o));
	int fd = device_mount_only(&config, e);
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
