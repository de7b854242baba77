/* SPDX-License-Identifier: MIT */
#include "sandbox/paging.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/json.h"
#include "sandbox/documents.h"
#include "sandbox/exchange.h"

#define SIZE_MOST   100
#define NUMBER_MOST 1000000

const struct paging_words paging_snake = {
	"page_number", "page_size", "page_info", 10};
const struct paging_words paging_camel = {"pageNumber", "pageSize", "page", 10};
const struct paging_words page_events = {
	"page_number", "page_size", "page_info", 50};

static bool read_number(struct exchange *x, const char *name, int64_t most,
	int64_t otherwise, int64_t *value)
{
	const char *text = target_query(&x->target, name);
	char message[96], *end;

	*value = otherwise;
	if (!text || !*text)
		return true;
	errno = 0;
	*value = strtoll(text, &end, 10);
	if (errno == 0 && *end == '\0' && *value >= 1 && *value <= most)
		return true;
	snprintf(message, sizeof(message),
		"%s must be a number from 1 to %" PRId64 ".", name, most);
	answer_service(x, 400, "InvalidParameter.Format", message, NULL);
	return false;
}

bool paging_begin(
	struct paging *p, struct exchange *x, const struct paging_words *words)
{
	p->words = words;
	p->total = 0;
	return read_number(x, words->number, NUMBER_MOST, 1, &p->number) &&
	       read_number(x, words->size, SIZE_MOST, words->usual, &p->size);
}

bool paging_takes(struct paging *p)
{
	int64_t i = p->total++;

	return i / p->size == p->number - 1;
}

void paging_finish(const struct paging *p, struct ack_json *root,
	const char *key, struct ack_json *list, int *rc)
{
	struct ack_json *o = ack_json_object();

	if (!root) {
		ack_json_free(list);
		ack_json_free(o);
		return;
	}
	if (o) {
		*rc |= document_add_number(o, "page_number", p->number);
		*rc |= document_add_number(o, "page_size", p->size);
		*rc |= document_add_number(o, "total_count", p->total);
	}
	*rc |= ack_json_add(root, key, list);
	*rc |= ack_json_add(root, p->words->info, o);
}
