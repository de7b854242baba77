/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "base/buf.h"
#include "base/error.h"
#include "model/findings.h"
#include "params/params.h"
#include "params/rules.h"
#include "params/values.h"

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

	if (!f->warning)
		ack_error_about(e, EINVAL, f->param, "%s", f->text);
}

int findings_error(const struct ack_table *t, const struct ack_values *v,
	enum ack_form form, struct ack_error *e)
{
	ack_error_clear(e);
	if (ack_rules_check(t, v, form, put_error, e))
		return ack_error_memory(e, NULL);
	if (e->err)
		ack_error_hint(e, "cat ../../%s%s",
			t == &ack_pool_table ? "../../schema/nodepool/"
					     : "schema/",
			e->param);
	return -e->err;
}

struct comparison {
	const struct ack_table *table;
	struct ack_buf before; /* what was wrong already */
	struct ack_error *e;
	struct ack_buf *warnings; /* or NULL */
	const struct ack_values *old, *new;
};

static bool is_edited(const struct comparison *c, unsigned row)
{
	const char *a = ack_values_get(c->old, row, NULL);
	const char *b = ack_values_get(c->new, row, NULL);

	return strcmp(a ? a : "", b ? b : "") != 0;
}

static void put_before(void *arg, const struct ack_finding *f)
{
	struct comparison *c = arg;

	ack_buf_printf(&c->before, "%s: %s\n", f->param, f->text);
}

static void put_new(void *arg, const struct ack_finding *f)
{
	struct comparison *c = arg;
	struct ack_buf line = ACK_BUF_INIT(4096);
	int row = ack_table_find(c->table, f->param);

	ack_buf_printf(&line, "%s: %s\n", f->param, f->text);
	bool is_new = row >= 0 && c->table->rows[row].change != ACK_FIXED &&
		      !strstr(ack_buf_text(&c->before), ack_buf_text(&line));
	if (is_new && !f->warning)
		put_error(c->e, f);
	else if (is_new && c->warnings && is_edited(c, (unsigned)row))
		put_line(c->warnings, f);
	ack_buf_release(&line);
}

int findings_new(const struct ack_table *t, const struct ack_values *before,
	const struct ack_values *v, enum ack_form form, struct ack_error *e,
	struct ack_buf *warnings)
{
	struct comparison c = {
		t, ACK_BUF_INIT(1u << 20), e, warnings, before, v};
	int ret = ack_rules_check(t, before, form, put_before, &c);

	if (!ret)
		ret = ack_buf_status(&c.before);
	if (!ret)
		ret = ack_rules_check(t, v, form, put_new, &c);
	ack_buf_release(&c.before);
	return ret;
}
