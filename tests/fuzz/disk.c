/* SPDX-License-Identifier: MIT */
#include "disk.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/error.h"
#include "fuzz.h"
#include "kept.h"
#include "actions/resolve.h"
#include "model/object.h"
#include "mount/parts.h"

#define TEXT_MAX (8u << 20)

static struct disk disk;

static void remove_all(void)
{
	static const char *const names[] = {
		"ackfs.db", "ackfs.db-wal", "ackfs.db-journal"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		unlinkat(disk.state.lock, names[i], 0);
}

static void remove_directory(void)
{
	remove_all();
	rmdir(disk.dir);
}

struct disk *disk_empty(void)
{
	struct ack_error e;

	if (!*disk.dir) {
		snprintf(disk.dir, sizeof(disk.dir), "%s/ackfs-fuzz-XXXXXX",
			access("/dev/shm", W_OK) ? "/tmp" : "/dev/shm");
		MUST(mkdtemp(disk.dir));
		MUST(!state_open(&disk.state, disk.dir, "", &e));
		atexit(remove_directory);
	}
	remove_all();
	return &disk;
}

void disk_put(const struct disk *d, const void *data, size_t len)
{
	int fd = openat(d->state.lock, "ackfs.db",
		O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	MUST(fd >= 0 && write(fd, data, len) == (ssize_t)len);
	close(fd);
}

int disk_open(struct disk *d, struct fleet *f, struct ack_error *e)
{
	int ret = saved_open(&d->saved, f, &d->state, e);

	if (!ret)
		resolve_resume(f);
	return ret;
}

void disk_close(struct disk *d, struct fleet *f)
{
	if (f->saved)
		saved_stop(f->saved);
	f->saved = NULL;
	saved_close(&d->saved);
}

static void put(struct object *o, void *arg)
{
	struct ack_error e;

	MUST(!saved_put(o, &e));
	objects_walk(&o->pools, put, arg);
}

static void no_forget(void *arg, uint64_t ino)
{
	(void)arg, (void)ino;
}

void disk_keep(struct fleet *f)
{
	struct ack_buf before = ACK_BUF_INIT(TEXT_MAX);
	struct ack_buf after = ACK_BUF_INIT(TEXT_MAX);
	struct fleet next = {.audit = -1,
		.events = f->events,
		.client = f->client,
		.forget = no_forget};
	struct fleet none;
	struct disk *d = disk_empty();
	struct ack_error e;

	parts_give(&next);
	none = next;
	MUST(!disk_open(d, &none, &e));
	f->saved = &d->saved;
	objects_walk(&f->clusters, put, NULL);
	kept_text(f, &before);
	f->saved = NULL;
	disk_close(d, &none);
	MUST(!disk_open(d, &next, &e));
	if (next.error)
		fuzz_broken(__FILE__, __LINE__, next.error);
	kept_text(&next, &after);
	MUST(!strcmp(ack_buf_text(&before), ack_buf_text(&after)));
	fleet_release(&next);
	disk_close(d, &next);
	ack_buf_release(&before);
	ack_buf_release(&after);
}
