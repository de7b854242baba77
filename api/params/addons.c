/* SPDX-License-Identifier: MIT */
/* Software by name and version: the addons, and the container runtime. */
#include "params/addons.h"

#include <errno.h>

#include "base/error.h"
#include "params/objects.h"
#include "params/params.h"
#include "params/scalars.h"
#include "params/types.h"

enum { NAME, VERSION, CONFIG, DISABLED };

static int check_name(const struct ack_param *p, struct ack_span name,
	const char *what, struct ack_error *e)
{
	if (name.len > 0 && name.len <= 63 && name.text[0] != '-' &&
		ack_span_only(name, "._-"))
		return 0;
	return ack_error_set(e, EINVAL, p->name,
		"%s is not the name of %s: at most 63 letters, digits, . _ -",
		ack_span_quote(name).text, what);
}

static int check_version(
	const struct ack_param *p, struct ack_span version, struct ack_error *e)
{
	if (version.len <= 63 && ack_span_only(version, "._+~-"))
		return 0;
	return ack_error_set(e, EINVAL, p->name,
		"%s is not a version: at most 63 letters, digits, . _ + ~ -",
		ack_span_quote(version).text);
}

static void put(struct ack_buf *line, const char *before, struct ack_span s)
{
	if (s.len == 0)
		return;
	ack_buf_puts(line, before);
	ack_buf_put(line, s.text, s.len);
}

/* [-]name[@version][ {json config}] */
static bool addon_split(struct ack_span line, struct ack_object *o)
{
	struct ack_span rest = line, word = ack_span_cut(&rest, " \t");

	o->field[DISABLED] = ack_span_of(NULL);
	if (ack_span_starts(word, "-")) {
		o->field[DISABLED] = ack_span_of("true");
		word.text++;
		word.len--;
	}
	o->field[NAME] = ack_span_cut(&word, "@");
	o->field[VERSION] = word.text ? word : ack_span_of(NULL);
	if (word.text && word.len == 0)
		return false;
	o->field[CONFIG] = ack_span_of(NULL);
	if (rest.text)
		o->field[CONFIG] = ack_span_trim(rest);
	return o->field[NAME].len > 0;
}

bool ack_addon_split(struct ack_span line, struct ack_addon *a)
{
	struct ack_object o;

	if (!addon_split(line, &o))
		return false;
	*a = (struct ack_addon){.line = line,
		.name = o.field[NAME],
		.version = o.field[VERSION],
		.config = o.field[CONFIG],
		.off = o.field[DISABLED].len};
	return true;
}

static int addon_check(
	const struct ack_param *p, struct ack_object *o, struct ack_error *e)
{
	int ret = check_name(p, o->field[NAME], "an addon", e);

	if (!ret)
		ret = check_version(p, o->field[VERSION], e);
	if (ret || o->field[CONFIG].len == 0)
		return ret;
	ret = ack_object_compact(o, CONFIG);
	if (ret == -EINVAL)
		ack_error_set(e, EINVAL, p->name,
			"the configuration of %s is not a JSON object such as "
			"{\"IngressSlbNetworkType\":\"internet\"}",
			ack_span_quote(o->field[NAME]).text);
	else if (ret)
		ack_error_memory(e, p->name);
	return ret;
}

static void addon_join(const struct ack_object *o, struct ack_buf *line)
{
	put(line, o->field[DISABLED].len ? "-" : "", o->field[NAME]);
	put(line, "@", o->field[VERSION]);
	put(line, " ", o->field[CONFIG]);
}

static void addon_identify(const struct ack_object *o, struct ack_buf *out)
{
	put(out, "", o->field[NAME]);
}

#define ADDON                                                         \
	.list = {.item = ack_object_item, .object = ack_object_json}, \
	.form = "[-]name[@version][ {json config}]",                  \
	.field = {{"name", ACK_FIELD_STRING, true},                   \
		{"version", ACK_FIELD_STRING, false},                 \
		{"config", ACK_FIELD_OBJECT, false},                  \
		{"disabled", ACK_FIELD_FLAG, false}},                 \
	.split = addon_split, .check = addon_check, .join = addon_join

static const struct ack_object_type addon = {
	ADDON,
	.identify = addon_identify,
};

const struct ack_type ack_type_addons = {
	.name = "addons",
	.example = "nginx-ingress-controller "
		   "{\"IngressSlbNetworkType\":\"internet\"}",
	.list = true,
	.bounds = "items",
	.shape = "[{name:string,version:string,config:string,"
		 "disabled:boolean}]",
	.items = &addon.list,
	.parse = ack_list_parse,
	.wire = ack_object_wire,
	.unwire = ack_list_unwire,
	.read = ack_list_read,
};

/* Of what is installed: of two lines with one name the last one counts. */
static const struct ack_object_type live_addon = {ADDON};

const struct ack_type ack_type_live_addons = {
	.name = "addons",
	.example = "metrics-server@v0.3.9.10",
	.list = true,
	.bounds = "items",
	.shape = "[{name:string,version:string,config:string,"
		 "disabled:boolean}]",
	.items = &live_addon.list,
	.parse = ack_list_parse,
	.wire = ack_object_wire,
	.unwire = ack_list_unwire,
	.read = ack_list_read,
};

/* name[ version] */
static bool runtime_split(struct ack_span line, struct ack_object *o)
{
	struct ack_span rest = line;

	o->field[NAME] = ack_span_cut(&rest, " \t");
	o->field[VERSION] = rest.text ? ack_span_trim(rest) : ack_span_of(NULL);
	return o->field[NAME].len > 0;
}

static int runtime_check(
	const struct ack_param *p, struct ack_object *o, struct ack_error *e)
{
	int ret = ack_check_choice(p, o->field[NAME], e);

	return ret ? ret : check_version(p, o->field[VERSION], e);
}

static void runtime_join(const struct ack_object *o, struct ack_buf *line)
{
	put(line, "", o->field[NAME]);
	put(line, " ", o->field[VERSION]);
}

static const struct ack_object_type runtime = {
	.list = {.single = true,
		.item = ack_object_item,
		.object = ack_object_json},
	.form = "name[ version]",
	.field = {{"name", ACK_FIELD_STRING, true},
		{"version", ACK_FIELD_STRING, false}},
	.split = runtime_split,
	.check = runtime_check,
	.join = runtime_join,
};

const struct ack_type ack_type_runtime = {
	.name = "runtime",
	.example = "containerd 1.6.38",
	.shape = "{name:string,version:string}",
	.items = &runtime.list,
	.parse = ack_list_parse,
	.wire = ack_object_wire,
	.unwire = ack_list_unwire,
	.read = ack_list_read,
};
