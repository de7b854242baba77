/* SPDX-License-Identifier: MIT */
/*
 * THE TABLE: one row per parameter gives its file, the check when it is
 * written, its place in both forms of the request, `schema/`, the manual
 * page, and the generated tests of its bounds. The rows are in the .def
 * files; adding a parameter is adding a row there.
 * Facts: SERVICE.md, Parameters; Values; Rules; Node pools.
 */
#ifndef ACK_PARAMS_H
#define ACK_PARAMS_H

#include <stdbool.h>
#include <stdint.h>

struct ack_type;
struct ack_buf;
struct ack_rules;

/* Where a parameter has a place. */
enum ack_form {
	/* the forms of the request that creates */
	ACK_CLASSIC,
	ACK_NODEPOOLS,
	/* what the service says of something that exists */
	ACK_LIVE,
	/* the call that modifies it */
	ACK_EDIT,
	ACK_FORMS
};

/* How it may change on something that exists. */
enum ack_change {
	ACK_FIXED,   /* never */
	ACK_MODIFY,  /* ModifyCluster, ModifyClusterNodePool */
	ACK_TAGS,    /* TagResources, UntagResources */
	ACK_UPGRADE, /* UpgradeCluster as next_version, UpgradeClusterNodepool
		      */
	ACK_SCALE,   /* desired_size of the default or only pool */
	ACK_ADDONS,  /* calls about single addons */
	/* no value of what is there, but said with an order: */
	ACK_REMOVE, /* RemoveNodePoolNodes */
	ACK_DELETE, /* when it is deleted */
	ACK_HERE,   /* of use to ackfs alone */
	ACK_CHANGES
};

enum ack_need {
	ACK_OPTIONAL,
	ACK_REQUIRED,
	ACK_REQUIRED_WITH_NODES, /* when num_of_nodes is not 0 */
};

enum {
	ACK_SECRET = 1 << 0,      /* written, never read back or stored */
	ACK_DEPRECATED = 1 << 1,  /* setting it earns a warning */
	ACK_OPEN = 1 << 2,        /* other words than the choices only warn */
	ACK_WIRE_STRING = 1 << 3, /* a number that travels as a string */
	ACK_POOL = 1 << 4, /* a node pool has to say it: its fallback, too */
	/* Of a body it is read by its own name alone: its place is another's */
	ACK_ALIAS = 1 << 6,
	/* Of a copy of a row: the value is the service's, not a person's. */
	ACK_LENIENT = 1 << 5,
	/* What was made with another value was made by another request. */
	ACK_EVIDENCE = 1 << 7,
	ACK_MADE = 1 << 9, /* unset, the service makes one along with it */
	ACK_ZERO = 1 << 8, /* 0 is right, too: it says that it is not set */
};

struct ack_param {
	const char *name;
	const struct ack_type *type; /* values.h */
	enum ack_need need;
	unsigned flags;
	/* What they count is type->bounds; max 0: no bounds. */
	int64_t min, max;
	int64_t usual; /* of a list: more earn a warning; 0: any */
	/* The words that are right, NULL-terminated; of a list of objects:
	 * its disk categories, effects, runtimes. NULL: any. */
	const char *const *choices;
	const char *prefix;   /* how an ID begins, "vpc-", or NULL */
	const char *shape;    /* of JSON (shape.h), or NULL */
	const char *example;  /* NULL: the type's */
	const char *unit;     /* "GiB", or NULL */
	const char *fallback; /* what is in force when unset; NULL: nothing */
	enum ack_change change;
	/*
	 * Where it stands in each form: paths, with a blank between them;
	 * NULL: it is not sent, or the service does not report it.
	 *   nodepools[0].scaling_group.desired_size  in the only element
	 *   worker_data_disks[+].category  in one element more, which all
	 *           rows with [+] share; as soon as one of them is set, it
	 *           is complete: the others give their fallback
	 *   nodepools[*]  one element for each item, behind all others; the
	 *           first is left to what stands in [0] if that can hold it
	 *   kubernetes_config.runtime=name  only this member of the object
	 * What a row before has put at a place stays. Of several paths in an
	 * answer, the first that has a value counts.
	 */
	const char *place[ACK_FORMS];
	/* Where bodies of other years and tools have it, paths as above:
	 * read, never sent. */
	const char *alias;
	/* Of an edit: names of rows that are sent along as they are, since the
	 * service takes only the whole, or loses them. */
	const char *along;
	/* What is in force when it is unset, in a form whose service knows a
	 * default: a warning says so. In the others it is required. */
	const char *known[ACK_NODEPOOLS + 1];
	/* Where its file is, seen from the directory of a cluster, if it is no
	 * file of that: one of live/, whose text the service is asked for. */
	const char *live;
	const char *en, *zh; /* the meaning, a sentence or two */
};

/*
 * A key of bodies that has no place here, or no effect: it is dropped from a
 * body that is imported, and `check` warns of it. A path without indexes; it
 * may begin with "*." (in any object) and end with "*". One that is an alias
 * as well is dropped only where it contradicts the row.
 */
struct ack_dropped {
	const char *path;
	const char *why; /* what is true of it, and what says it today */
};

/* What a request has to say although no parameter does. */
struct ack_constant {
	enum ack_form form;
	const char *path; /* put where its first step is there */
	const char *text;
	const char *with; /* instead: put where one of these paths is there */
	bool boolean;     /* the text is one */
};

struct ack_table {
	const char *name; /* of what it describes, "cluster" */
	const struct ack_param *rows;
	unsigned count;
	/* The row that counts nodes: with "0" no pool is made of it. */
	unsigned nodes;
	/* A parameter's own name is right at the top of any request. */
	bool flat;
	/* Of the key `nodepools` of a request, the rows of its elements. */
	const struct ack_table *pools;
	const struct ack_constant *constants; /* ended by one without path */
	const struct ack_dropped *dropped;    /* likewise */
	const struct ack_rules *rules;        /* rule.h */
};

/* A cluster, as CreateCluster takes it, and a node pool of one, as
 * CreateClusterNodePool does. */
extern const struct ack_table ack_cluster_table, ack_pool_table;

/* ACK_P_name for every row: an index into ack_cluster_table.rows. */
enum ack_cluster_param {
#define ACK_PARAM(name, ...) ACK_P_##name,
#include "params/params_cluster.def"
#include "params/params_network.def"
#include "params/params_workers.def"
#include "params/params_later.def"
#undef ACK_PARAM
	ACK_P_COUNT
};

/* ACK_POOL_P_name: the same for ack_pool_table.rows. */
enum ack_pool_param {
#define ACK_PARAM(name, ...) ACK_POOL_P_##name,
#include "params/params_pool.def"
#undef ACK_PARAM
	ACK_POOL_P_COUNT
};

/* The row of that name, or -1. */
int ack_table_find(const struct ack_table *t, const char *name);

/* The row of dropped keys that a path fits, as it was found; or NULL. */
const struct ack_dropped *ack_table_dropped(
	const struct ack_table *t, const char *path);

/*
 * The row that is listed behind `row`, -1 when it is the last; the first,
 * behind -1. What has expired comes last; else in the order of the rows.
 */
int ack_table_next(const struct ack_table *t, int row);

/* Whether no request that creates has a place for it: what exists alone has
 * it. */
bool ack_param_later(const struct ack_param *p);
/* What its file is called, seen from the directory of what it is of. */
const char *ack_param_file(const struct ack_param *p);

/* The shape of its JSON (shape.h). */
const char *ack_param_shape(const struct ack_param *p);

/*
 * The text of schema/NAME: type, unit, required or not, range or choices,
 * default, deprecated or not, how it may change, places in the request,
 * meaning in English and in Chinese; one `key: value` a line.
 */
void ack_param_schema(const struct ack_param *p, struct ack_buf *out);

/* The whole table as a JSON list, for generators. */
void ack_table_json(const struct ack_table *t, struct ack_buf *out);

/* All tables, for `ackfs --schema`: a JSON object, {"cluster":[...],...}. */
void ack_tables_json(struct ack_buf *out);

#endif
