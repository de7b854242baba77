/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "actions/audit.h"
#include "base/error.h"
#include "client/client.h"
#include "client/sign.h"
#include "model/fleet.h"
#include "model/log.h"
#include "model/object.h"
#include "state/dirname.h"
#include "state/trust.h"

#define NAME "audit.log"

static int open_file(int dir)
{
	/* O_NONBLOCK: a planted FIFO must not hold up the mount */
	int fd = openat(dir, NAME,
		O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK |
			O_CLOEXEC,
		0600);

	if (fd < 0 || (trust_file(fd) && trust_sole(fd)))
		return fd;
	close(fd);
	errno = EPERM;
	return -1;
}

int audit_open(struct fleet *f, int dir, struct ack_error *e)
{
	char aside[NAME_MAX + 1];
	int err;

	f->audit = open_file(dir);
	err = errno;
	if (f->audit >= 0)
		return 0;
	if (!trust_aside(dir, NAME, aside)) {
		ack_error_set(e, EINVAL, NULL,
			NAME " was set aside as %s: it is no file of this "
			     "user's alone",
			aside);
		log_line(LOG_WARNING, "%s", e->message);
		fleet_fail(f, e);
		f->audit = open_file(dir);
		err = errno;
	}
	if (f->audit >= 0)
		return 0;
	return ack_error_set(e, err, NULL,
		NAME " in the state directory cannot be written: %s",
		strerror(err));
}

/* It must not end the line or look like a field; and what is beyond ASCII is
 * sound only in the name of a directory. */
static void put_word(char *out, size_t size, const char *word, bool is_name)
{
	snprintf(out, size, "%s", *word ? word : "-");
	for (; *out; out++)
		if (*out & 0x80 ? !is_name
				: !isalnum((unsigned char)*out) &&
					  !strchr(".:_-@%", *out))
			*out = '_';
}

/* CLUSTER, or CLUSTER/POOL: pools of two clusters may have one name. */
static void put_directory(char *out, const struct object *o)
{
	size_t len = 0;

	if (o->parent) {
		put_word(out, DIRNAME_MAX, o->parent->name, true);
		len = strlen(out);
		out[len++] = '/';
	}
	put_word(out + len, DIRNAME_MAX, o->name, true);
}

void audit_line(const struct object *o, const struct audit_caller *who,
	const char *action, const char *outcome, const char *request_id,
	const struct ack_error *e)
{
	char line[1024], when[ACK_DATE_LEN], code[sizeof(e->code)];
	char id[sizeof(e->request_id)], name[2 * DIRNAME_MAX];
	time_t now = time(NULL);
	int n;

	if (o->fleet->audit < 0)
		return;
	put_word(code, sizeof(code), e ? e->code : "", false);
	put_word(id, sizeof(id), request_id ? request_id : "", false);
	put_directory(name, o);
	ack_date(now, when);
	n = snprintf(line, sizeof(line),
		"%s uid=%ld pid=%ld action=%s directory=%s outcome=%s "
		"cluster_id=%s request_id=%s code=%s\n",
		when, (long)who->uid, (long)who->pid, action, name, outcome,
		*o->id ? o->id : "-", id, code);
	if (n < 0 || (size_t)n >= sizeof(line))
		return;
	/* one write(2) of one line with O_APPEND: never half of each */
	if (write(o->fleet->audit, line, (size_t)n) != n)
		log_line(LOG_WARNING, "audit.log cannot be written: %s",
			strerror(errno));
}

void audit_answer(const struct object *o, const struct audit_caller *who,
	const char *action, const struct ack_answer *answer,
	const struct ack_error *e)
{
	static const char *const words[] = {
		[ACK_DONE] = "accepted",
		[ACK_REFUSED] = "refused",
		[ACK_UNSENT] = "unsent",
		[ACK_UNKNOWN] = "unknown",
	};

	audit_line(
		o, who, action, words[answer->outcome], answer->request_id, e);
}
