/* SPDX-License-Identifier: MIT */
#include "page.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "answer.h"
#include "exchange.h"
#include "json.h"

#define SIZE_MOST    100
#define SIZE_DEFAULT 10
#define NUMBER_MOST  1000000

static bool read_number(struct exchange *x, const char *name, int64_t most,
	int64_t otherwise, int64_t *value)
{
	const char *text = target_query(&x->target, name);
	char *end;

	*value = otherwise;
	if (!text || !*text)
		return true;
	errno = 0;
	*value = strtoll(text, &end, 10);
	if (errno == 0 && *end == '\0' && *value >= 1 && *value <= most)
		return true;
	answer_service(x, 400, "InvalidParameter.Format",
		most == SIZE_MOST ? "page_size must be a number from 1 to 100."
				  : "page_number must be a number from 1 on.",
		NULL);
	return false;
}

bool page_begin(struct page *p, struct exchange *x)
{
	p->total = 0;
	return read_number(x, "page_number", NUMBER_MOST, 1, &p->number) &&
	       read_number(x, "page_size", SIZE_MOST, SIZE_DEFAULT, &p->size);
}

bool page_takes(struct page *p)
{
	int64_t i = p->total++;

	return i / p->size == p->number - 1;
}

static void add(struct ack_json *o, const char *key, int64_t value, int *rc)
{
	char digits[24];

	snprintf(digits, sizeof(digits), "%" PRId64, value);
	*rc |= ack_json_add(o, key, ack_json_new_number(digits));
}

void page_end(const struct page *p, struct ack_json *root, int *rc)
{
	struct ack_json *o = ack_json_object();

	if (o) {
		add(o, "page_number", p->number, rc);
		add(o, "page_size", p->size, rc);
		add(o, "total_count", p->total, rc);
	}
	*rc |= ack_json_add(root, "page_info", o);
}
