/* SPDX-License-Identifier: MIT */
#include "model/course.h"

#define TO(s, a)                             \
	{                                    \
		COURSE_##s, ACTION_##a, true \
	}

/* clang-format off */
static const struct course_step table[COURSE_STATES][COURSE_EVENTS] = {
	[COURSE_DRAFT] = {
		[EVENT_COMMIT]       = TO(ASKING, ASK),
		[EVENT_MOUNT]        = TO(DRAFT, NONE),
	},
	[COURSE_ASKING] = {
		[EVENT_COMMIT]       = TO(ASKING, REFUSE),
		[EVENT_NAME_FREE]    = TO(RECORDING, RECORD),
		[EVENT_NAME_TAKEN]   = TO(DRAFT, TELL),
		[EVENT_ASK_FAILED]   = TO(DRAFT, TELL),
	},
	[COURSE_RECORDING] = {
		[EVENT_COMMIT]       = TO(RECORDING, REFUSE),
		[EVENT_RECORDED]     = TO(SENDING, POST),
		[EVENT_NOT_RECORDED] = TO(DRAFT, TELL),
	},
	[COURSE_SENDING] = {
		[EVENT_COMMIT]       = TO(SENDING, REFUSE),
		[EVENT_ACCEPTED]     = TO(KEEPING, KEEP),
		[EVENT_REFUSED]      = TO(DRAFT, CLEAR),
		[EVENT_UNSENT]       = TO(DRAFT, CLEAR),
		[EVENT_LOST]         = TO(UNKNOWN, LOOK),
	},
	[COURSE_KEEPING] = {
		[EVENT_COMMIT]       = TO(KEEPING, REFUSE),
		[EVENT_KEPT]         = TO(EXISTS, SHOW),
	},
	[COURSE_UNKNOWN] = {
		[EVENT_COMMIT]       = TO(UNKNOWN, REFUSE),
		[EVENT_FOUND]        = TO(KEEPING, KEEP),
		[EVENT_UNDECIDED]    = TO(UNKNOWN, LOOK),
		[EVENT_ABSENT]       = TO(DRAFT, CLEAR),
		[EVENT_ADOPT]        = TO(KEEPING, KEEP),
		[EVENT_GIVE_UP]      = TO(DRAFT, CLEAR),
		[EVENT_MOUNT]        = TO(UNKNOWN, LOOK),
	},
	[COURSE_EXISTS] = {
		[EVENT_COMMIT]       = TO(EXISTS, REFUSE),
		[EVENT_MOUNT]        = TO(EXISTS, NONE),
	},
};
/* clang-format on */

struct course_step course_next(enum course_state state, enum course_event event)
{
	struct course_step stay = {state, ACTION_NONE, false};

	if (state >= COURSE_STATES || event >= COURSE_EVENTS ||
		!table[state][event].valid)
		return stay;
	return table[state][event];
}

enum course_state course_recover(enum course_record record)
{
	switch (record) {
	case RECORD_DRAFT:
		return COURSE_DRAFT;
	case RECORD_EXISTS:
		return COURSE_EXISTS;
	case RECORD_INTENT:
		break;
	}
	return COURSE_UNKNOWN;
}

const char *course_state_name(enum course_state state)
{
	static const char *const names[] = {"draft", "committing", "committing",
		"committing", "committing", "unknown", "exists"};

	return names[state];
}

const char *course_event_name(enum course_event event)
{
	static const char *const names[COURSE_EVENTS] = {
		[EVENT_COMMIT] = "ordered",
		[EVENT_NAME_FREE] = "name-free",
		[EVENT_NAME_TAKEN] = "name-taken",
		[EVENT_ASK_FAILED] = "not-asked",
		[EVENT_RECORDED] = "sending",
		[EVENT_NOT_RECORDED] = "not-recorded",
		[EVENT_ACCEPTED] = "accepted",
		[EVENT_REFUSED] = "refused",
		[EVENT_UNSENT] = "unsent",
		[EVENT_LOST] = "unknown",
		[EVENT_FOUND] = "found",
		[EVENT_UNDECIDED] = "undecided",
		[EVENT_ABSENT] = "absent",
		[EVENT_ADOPT] = "adopted",
		[EVENT_GIVE_UP] = "given-up",
		[EVENT_KEPT] = "kept",
		[EVENT_MOUNT] = "mounted",
	};

	return names[event];
}
