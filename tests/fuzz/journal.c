/* SPDX-License-Identifier: MIT */
/* A journal, a line a change, over a mount that has a cluster and a draft. */
#include "fuzz.h"

#include "error.h"
#include "ground.h"
#include "saved.h"
#include "wire.h"

static struct ground ground;

void fuzz_begin(void)
{
	ground_make(&ground);
}

void fuzz_one(struct ack_span input)
{
	const bool whole = fuzz_due(input);
	struct saved saved = SAVED_INIT;
	struct ack_error e;

	ground_begin(&ground, false);
	ground.fleet.saved = &saved;
	while (input.len) {
		struct ack_span line = ack_span_cut(&input, "\n");
		int ret;

		ack_error_clear(&e);
		ret = saved_take_line(&ground.fleet, line.text, line.len, &e);
		if (!ret)
			continue;
		fuzz_failure(ret, &e);
		break;
	}
	ground.fleet.saved = NULL;
	saved_resume(&ground.fleet);
	wire_load((struct ack_span){NULL, 0});
	ground_run(&ground);
	ground_look(&ground, whole);
	ground_end(&ground);
}
