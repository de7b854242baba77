/* SPDX-License-Identifier: MIT */
#include "params/shape.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/json.h"
#include "base/span.h"
#include "base/text.h"
#include "params/nearest.h"
#include "params/params.h"

#define NAME_SIZE 128

struct fitting {
	const struct ack_param *param;
	bool lenient;
	struct ack_error *e;
};

static struct ack_json *fit(const struct fitting *f, const char *shape,
	const struct ack_json *n, const char *name);

/* Behind a shape. */
static const char *skip(const char *shape)
{
	int depth = 0;

	do {
		depth += *shape == '{' || *shape == '[';
		depth -= *shape == '}' || *shape == ']';
		shape++;
	} while (depth > 0 || !strchr(",}]", *shape));
	return shape;
}

/* The next member behind `at`, which is the { or a comma; its key. */
static const char *next_member(const char *at, struct ack_span *key)
{
	*key = (struct ack_span){at + 1, strcspn(at + 1, ":")};
	return key->text + key->len + 1;
}

static const char *find_member(const char *shape, const char *key)
{
	struct ack_span known;

	do {
		const char *inner = next_member(shape, &known);

		if (ack_span_is(known, key))
			return inner;
		shape = skip(inner);
	} while (*shape == ',');
	return NULL;
}

static struct ack_json *refuse(
	const struct fitting *f, const char *name, const char *what)
{
	ack_error_set(f->e, EINVAL, f->param->name, "%s has to be a JSON %s",
		*name ? name : ack_text("the value"), ack_text(what));
	return NULL;
}

static struct ack_json *refuse_memory(const struct fitting *f)
{
	ack_error_memory(f->e, f->param->name);
	return NULL;
}

static void refuse_key(const struct fitting *f, const char *shape,
	const char *name, const char *key)
{
	struct ack_nearest n = ACK_NEAREST_INIT(key);
	struct ack_span known;

	do {
		char text[64];

		shape = skip(next_member(shape, &known));
		snprintf(
			text, sizeof(text), "%.*s", (int)known.len, known.text);
		ack_nearest_offer(&n, text);
	} while (*shape == ',');
	ack_error_set(f->e, EINVAL, f->param->name,
		"%s is not known%s%s%s; schema/%s lists what is",
		ack_span_quote(ack_span_of(name)).text,
		*n.best ? ack_text("; did you mean ") : "", n.best,
		*n.best ? "?" : "", f->param->name);
}

/* 0, or -EINVAL with the sentence; a member that does not count is
 * left out. */
static int fit_member(const struct fitting *f, const char *shape,
	const struct ack_json *n, const char *parent, struct ack_json *out)
{
	const char *key = ack_json_key(n);
	const char *inner = find_member(shape, key);
	struct ack_json *child;
	char name[NAME_SIZE];

	snprintf(name, sizeof(name), "%s%s%s", parent, *parent ? "." : "", key);
	if (ack_json_is_null(n) || (!inner && f->lenient))
		return 0;
	if (!inner) {
		refuse_key(f, shape, name, key);
		return -EINVAL;
	}
	if (ack_json_get(out, key))
		return ack_error_set(f->e, EINVAL, f->param->name,
			"%s is there twice", name);
	child = fit(f, inner, n, name);
	if (!child)
		return f->lenient && f->e->err == EINVAL ? 0 : -f->e->err;
	if (ack_json_add(out, key, child))
		refuse_memory(f);
	return -f->e->err;
}

static struct ack_json *fit_object(const struct fitting *f, const char *shape,
	const struct ack_json *n, const char *name)
{
	struct ack_json *out = ack_json_object();
	int ret = 0;

	if (!out)
		return refuse_memory(f);
	for (n = ack_json_first(n); n && !ret; n = ack_json_next(n)) {
		ack_error_clear(f->e);
		ret = fit_member(f, shape, n, name, out);
	}
	if (!ret)
		return out;
	ack_json_free(out);
	return NULL;
}

static struct ack_json *fit_array(const struct fitting *f, const char *shape,
	const struct ack_json *n, const char *name)
{
	struct ack_json *out = ack_json_array();
	char inside[NAME_SIZE];
	unsigned i = 0;

	if (!out)
		return refuse_memory(f);
	for (n = ack_json_first(n); n; n = ack_json_next(n), i++) {
		snprintf(inside, sizeof(inside), "%s[%u]", name, i);
		struct ack_json *child = fit(f, shape + 1, n, inside);

		if (!child || ack_json_add(out, NULL, child)) {
			ack_json_free(out);
			return child ? refuse_memory(f) : NULL;
		}
	}
	return out;
}

static struct ack_json *fit(const struct fitting *f, const char *shape,
	const struct ack_json *n, const char *name)
{
	struct ack_json *out;
	bool value;

	if (*shape == '{')
		return ack_json_is_object(n) ? fit_object(f, shape, n, name)
					     : refuse(f, name, "object");
	if (*shape == '[')
		return ack_json_is_array(n) ? fit_array(f, shape, n, name)
					    : refuse(f, name, "list");
	if (*shape == 's' && !ack_json_string(n))
		return refuse(f, name, "string");
	if (*shape == 'n' && !ack_json_is_number(n))
		return refuse(f, name, "number");
	if (*shape == 'b' && !ack_json_boolean(n, &value))
		return refuse(f, name, "boolean: true or false");
	if (*shape == 'o' && !ack_json_is_object(n))
		return refuse(f, name, "object");
	out = ack_json_copy(n);
	return out ? out : refuse_memory(f);
}

struct ack_json *ack_shape_fit(const struct ack_param *p, const char *shape,
	const struct ack_json *n, struct ack_error *e)
{
	struct fitting f = {
		.param = p, .lenient = p->flags & ACK_LENIENT, .e = e};

	ack_error_clear(e);
	return fit(&f, shape, n, "");
}
