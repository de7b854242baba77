/* SPDX-License-Identifier: MIT */
#include "sandbox/objections.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/json.h"
#include "sandbox/exchange.h"

void objection_add(struct objections *f, const char *code, const char *fmt, ...)
{
	struct ack_json *o = ack_json_object();
	char message[sizeof(f->message)];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(message, sizeof(message), fmt, ap);
	va_end(ap);
	if (!f->data)
		f->data = ack_json_array();
	if (!f->data || !o) {
		ack_json_free(o);
		f->rc = -ENOMEM;
		return;
	}
	if (!f->code[0]) {
		snprintf(f->code, sizeof(f->code), "%s", code);
		snprintf(f->message, sizeof(f->message), "%s", message);
	}
	f->rc |= ack_json_add_string(o, "code", code);
	f->rc |= ack_json_add_string(o, "message", message);
	f->rc |= ack_json_add(f->data, NULL, o);
}

bool objections_none(struct objections *f, struct exchange *x)
{
	bool none = !f->data && f->rc == 0;

	if (f->rc < 0) {
		ack_json_free(f->data);
		answer_broken(x);
	} else if (f->data) {
		answer_service(x, 400, f->code, f->message, f->data);
	}
	*f = (struct objections){NULL};
	return none;
}
