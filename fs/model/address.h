/* SPDX-License-Identifier: MIT */
/*
 * The number of an inode is an address: the serial of a directory in the high
 * bits, the row of a file table in the low ones. So there is no table of inodes
 * and nothing to count or forget.
 */
#ifndef ADDRESS_H
#define ADDRESS_H

#include <stdint.h>

#define NODE_ROW_BITS 10
#define NODE_PARAMS   64  /* row of the first parameter */
#define NODE_NODEPOOL 256 /* in schema/: that of the first of node pools */
#define NODE_SCRATCH  512 /* row of the first scratch file */

/* The bits above are an alias: alias.h. */
#define NODE_INO_BITS 56

static inline uint64_t node_ino(uint64_t serial, unsigned row)
{
	return serial << NODE_ROW_BITS | row;
}

static inline unsigned alias_of(uint64_t number)
{
	return (unsigned)(number >> NODE_INO_BITS);
}

static inline uint64_t alias_ino(uint64_t number)
{
	return number & ((1ull << NODE_INO_BITS) - 1);
}

static inline uint64_t alias_number(uint64_t ino, unsigned alias)
{
	return ino | (uint64_t)alias << NODE_INO_BITS;
}

/* Rows of directories and links, which the code has to find. */
enum {
	ROW_NONE,
	ROW_ROOT,
	ROW_SCHEMA,
	ROW_NODEPOOL_SCHEMA,
	ROW_CLUSTERS,
	ROW_LIVE,
	ROW_IDS,
	ROW_OBJECT,    /* clusters/NAME, live/NAME/nodepools/NAME */
	ROW_NODEPOOLS, /* live/NAME/nodepools */
	ROW_LIVE_OBJECT,
	ROW_ID, /* by-id/ID */
	ROW_STATE,
	ROW_EVENTS,
	ROW_WATCH,
	ROW_PAGE, /* index.html */
	ROW_ERROR,
};

#endif
