/* SPDX-License-Identifier: MIT */
/*
 * THE TABLE: one row per parameter gives its file, the check when it is
 * written, its place in both forms of the request, `schema/`, the manual
 * page, and the generated tests of its bounds. The rows are in the .def
 * files; adding a parameter is adding a row there.
 * Facts: ack-api.md 1.2 to 1.7.
 */
#ifndef ACK_PARAMS_H
#define ACK_PARAMS_H

#include <stdbool.h>
#include <stdint.h>

struct ack_type;
struct ack_buf;

/* The forms of the request (ack-api.md 1.3, 1.7). */
enum ack_form { ACK_CLASSIC, ACK_NODEPOOLS, ACK_FORMS };

enum ack_need {
	ACK_OPTIONAL,
	ACK_REQUIRED,
	ACK_REQUIRED_WITH_NODES, /* when num_of_nodes is not 0 */
};

enum {
	ACK_SECRET = 1 << 0,	 /* written, never read back or stored */
	/* Setting it earns a warning; of a body it is read by its own name
	 * alone, because its place is another's. */
	ACK_DEPRECATED = 1 << 1,
	ACK_OPEN = 1 << 2,	 /* other words than the choices only warn */
	ACK_WIRE_STRING = 1 << 3, /* a number that travels as a string */
	ACK_POOL = 1 << 4, /* a node pool has to say it: its fallback, too */
};

struct ack_param {
	const char *name;
	const struct ack_type *type; /* values.h */
	enum ack_need need;
	unsigned flags;
	/* What they count is type->bounds; max 0: no bounds. */
	int64_t min, max;
	/* The words that are right, NULL-terminated; of a list of objects:
	 * its disk categories, effects, runtimes. NULL: any. */
	const char *const *choices;
	const char *prefix;	    /* how an ID begins, "vpc-", or NULL */
	const char *example;	    /* NULL: the type's */
	const char *unit;	    /* "GiB", or NULL */
	const char *fallback; /* what is in force when unset; NULL: nothing */
	/*
	 * Where it stands in each form: paths, with a blank between them;
	 * NULL: it is not sent.
	 *   nodepools[0].scaling_group.desired_size  in the only element
	 *   worker_data_disks[+].category  in one element more, which all
	 *           rows with [+] share; as soon as one of them is set, it
	 *           is complete: the others give their fallback
	 *   kubernetes_config.runtime=name  only this member of the object
	 * What a row before has put at a place stays.
	 */
	const char *place[ACK_FORMS];
	const char *en, *zh; /* the meaning, a sentence or two */
};

struct ack_table {
	const struct ack_param *rows;
	unsigned count;
};

extern const struct ack_table ack_cluster_table;

/* ACK_P_name for every row: an index into ack_cluster_table.rows. */
enum ack_cluster_param {
#define ACK_PARAM(name, ...) ACK_P_##name,
#include "params_cluster.def"
#include "params_network.def"
#include "params_workers.def"
#undef ACK_PARAM
	ACK_P_COUNT
};

/* The row of that name, or -1. */
int ack_table_find(const struct ack_table *t, const char *name);

/*
 * The text of schema/NAME: type, unit, required or not, range or choices,
 * default, deprecated or not, places in the request, meaning in English and
 * in Chinese; one `key: value` a line.
 */
void ack_param_schema(const struct ack_param *p, struct ack_buf *out);

/* The whole table as JSON, for `ackfs --schema` and for generators. */
void ack_table_json(const struct ack_table *t, struct ack_buf *out);

#endif
