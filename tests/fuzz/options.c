/* SPDX-License-Identifier: MIT */
/*
 * The words of a command line, one a line, of which the first is the
 * program's name; then the endpoint that they choose.
 */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "client/endpoint.h"
#include "fuzz.h"
#include "mount/options.h"
#include "params/params.h"

#define WORDS 64

void fuzz_begin(void)
{
	clearenv();
}

static void choose(const struct options *o)
{
	bool is_url = strstr(o->source, "://");
	const struct ack_endpoint_rules rules = {
		.url = is_url ? o->source : o->endpoint,
		.type = o->endpoint_type,
		/* no option names these: they stand for a profile's words */
		.profile_url = o->state,
		.profile_type = o->profile,
		.form = o->body};
	struct ack_endpoint ep;
	struct ack_error e;
	int ret = ack_endpoint_choose(
		&ep, &rules, o->region || is_url ? o->region : o->source, &e);

	if (ret) {
		fuzz_failure(ret, &e);
		return;
	}
	MUST(*ep.url && *ep.host && ack_region_valid(ep.region));
	MUST(fuzz_plain(ep.url) && fuzz_plain(ep.why) && fuzz_plain(ep.from));
	MUST(ep.form == ACK_CLASSIC || ep.form == ACK_NODEPOOLS);
}

static void check(const struct options *o)
{
	MUST(o->timeout_ms > 0 && o->connect_timeout_ms > 0);
	MUST(o->settle_ms > 0 && o->refresh_ms > 0 && o->qps > 0);
	MUST(o->umask >= -1 && o->umask <= 0777);
	MUST(o->uid >= -1 && o->gid >= -1);
	if (o->command > COMMAND_FAKE)
		return;
	MUST(o->source && o->mountpoint && *o->mountpoint == '/');
	choose(o);
}

void fuzz_one(struct ack_span input)
{
	char *argv[WORDS + 1] = {NULL};
	struct options o;
	struct ack_error e;
	int argc = 0, ret;

	while (input.text && argc < WORDS)
		argv[argc++] = fuzz_copy(ack_span_cut(&input, "\n"));
	ret = options_parse(&o, argc, argv, &e);
	if (ret)
		fuzz_failure(ret, &e);
	else
		check(&o);
	options_release(&o);
	for (int i = 0; i < argc; i++)
		free(argv[i]);
}
