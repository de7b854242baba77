/* SPDX-License-Identifier: MIT */
/*
 * What has happened to something in the cloud, and what is going on: the
 * task that is followed, its progress, the events so far, and who waits for
 * news or for the end.
 */
#ifndef STORY_H
#define STORY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "model/waiter.h"

struct ack_call;
struct ack_error;
struct ack_json;
struct fleet;
struct object;

/* All that one object's `events` may hold; more is not kept. */
#define STORY_EVENTS_MAX (1u << 20)

#define STORY_HEARD 64 /* more than a page of events */

#define STORY_LATER 8

struct story {
	char task[64];               /* followed now, or "" */
	char later[STORY_LATER][64]; /* to be followed once it has ended well */
	unsigned nlater;
	char doing[48]; /* its type in words, "cluster create"; or "" */
	bool over, bad; /* the last one that was followed has ended; badly */
	bool paused;    /* until somebody resumes it */
	bool canceled;  /* from here, so that its end is no failure */
	/* It cannot be asked for, or says a word that is not known: since when
	 * (ack_now_ms(); 0: it can). Its state, read after that, counts then.
	 */
	int64_t deaf;
	bool stated;     /* it was read */
	unsigned misses; /* the task's answers that did not come, in a row */
	bool making;     /* it has not been what it was made for yet */
	bool moving;     /* when it was looked at last */
	char *lost;      /* a node pool that went while it was being made */
	unsigned done, stages; /* of it */
	char stage[96];        /* the one that is under way */
	int64_t began, ended;  /* ns since 1970; 0: not known */
	struct ack_buf events;
	size_t recalled; /* so many bytes of it are of an earlier mount */
	unsigned noted;  /* of the task's events, in `events` */
	uint64_t heard[STORY_HEARD]; /* hashes of the cluster's own */
	unsigned nheard;
	struct waiters resters;     /* live/NAME/wait */
	int64_t pools_wanted;       /* a list of them, asked for since then */
	struct ack_call *look;      /* what is asked about it just now */
	struct ack_call *pools;     /* its node pools */
	int64_t asked, pools_asked; /* when; ack_now_ms() */
	struct ack_call *why;       /* and why it failed, */
	struct ack_error *reason;   /* which this is going to say */
};

/* The one of o, made if it does not exist; NULL: no memory. */
struct story *story_of(struct object *o);
void story_free(struct object *o); /* wakes all who wait, with EINTR */

/* A line of `events`: the level is info, warning or error; `time_ns` 0: now.
 * Control characters are replaced. */
void story_tell(struct object *o, int64_t time_ns, const char *level,
	const char *what, const char *text);

/* Whether just that line is among them; story_recalls(): among those of an
 * earlier mount. */
bool story_has(const struct object *o, int64_t time_ns, const char *level,
	const char *what, const char *text);
bool story_recalls(const struct object *o, int64_t time_ns, const char *level,
	const char *what, const char *text);

/* A line that an earlier mount kept. 0 or -ENOMEM. */
int story_recall(struct object *o, const char *line);

/* From here on that task is what goes on ("": it is not known which). */
void story_begin(struct object *o, const char *task);

/* The same change has begun another one: it is followed after those before. */
void story_also(struct object *o, const char *task);

/* What went on has ended: the next mount is not to follow it again. */
void story_keep(struct object *o);

/* The task is not to be heard from now on. */
void story_deafen(struct story *s);

/* What DescribeTaskInfo says of the task that is followed. */
void story_task(struct object *o, const struct ack_json *task);

/* The service has reported its state, `asked` for then (ack_now_ms()). Where no
 * task reports the end, this does. */
void story_rest(struct object *o, int64_t asked);

/* What its state says of the creation: that it has failed lasts longer than the
 * story, until it is as it was to be. */
void story_failure(struct object *o);

/* It is gone, which is a good end of all that went on, but for what was being
 * made. */
void story_deleted(struct object *o);

/* The task was canceled from here; was paused, or resumed. */
void story_cancel(struct object *o);
void story_pause(struct object *o, bool paused);

/* A delete removes it also while it is being made. */
void story_unwanted(struct object *o);

/* Of what is going on, or was last; only while story_progressing(). */
unsigned story_percent(const struct object *o);
/* " stage 3 of 5: nodes, 2m10s": what follows it. */
void story_stage(const struct object *o, struct ack_buf *out);

/* Files of files.h. */
bool story_told(const struct object *o);
bool story_progressing(const struct object *o);
void story_events(struct fleet *f, struct object *o, struct ack_buf *out);
void story_progress(struct fleet *f, struct object *o, struct ack_buf *out);
/* "running 60% …": the line that watch gives, without a line end. */
void story_line(const struct object *o, struct ack_buf *out);

/* Whether its state changes only when somebody wants it to; story_resting()
 * even while a commit asks and sends. */
bool story_at_rest(const struct object *o);
bool story_resting(const struct object *o);
bool story_ended_badly(const struct object *o);

/* The one that is followed, or NULL. */
const char *story_followed(const struct object *o);

#endif
