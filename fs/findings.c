/* SPDX-License-Identifier: MIT */
#include <errno.h>

#include "buf.h"
#include "error.h"
#include "findings.h"
#include "params.h"
#include "rules.h"

static void put_line(void *arg, const struct ack_finding *f)
{
	ack_buf_printf(arg, "%s%s: %s\n", f->warning ? "warning: " : "",
		f->param, f->text);
}

void findings_text(const struct ack_table *t, const struct ack_values *v,
	enum ack_form form, struct ack_buf *out)
{
	if (ack_rules_check(t, v, form, put_line, out))
		out->failed = true;
}

static void put_error(void *arg, const struct ack_finding *f)
{
	struct ack_error *e = arg;

	if (f->warning)
		return;
	if (!e->err)
		ack_error_set(e, EINVAL, f->param, "%s: %s", f->param, f->text);
	else
		ack_error_more(e, "%s: %s", f->param, f->text);
}

int findings_error(const struct ack_table *t, const struct ack_values *v,
	enum ack_form form, struct ack_error *e)
{
	ack_error_clear(e);
	if (ack_rules_check(t, v, form, put_error, e))
		return ack_error_set(e, ENOMEM, NULL, "out of memory");
	if (e->err)
		ack_error_hint(e, "cat ../../%s%s",
			t == &ack_pool_table ? "../../schema/nodepool/"
					     : "schema/",
			e->param);
	return -e->err;
}
