/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "manual.h"
#include "base/length.h"
#include "tree/files.h"

/* Where the files of a place stand in the mount; the first one counts. */
static const struct {
	unsigned place;
	const char *path;
} places[] = {
	{AT_ROOT, ""},
	{AT_SCHEMA, "schema/"},
	{AT_CLUSTER, "clusters/NAME/"},
	{AT_LIVE, "live/"},
	{AT_LIVE_CLUSTER, "live/NAME/"},
	{AT_NODEPOOL, "live/NAME/nodepools/POOL/"},
};

static bool named[64];

static bool path_of(unsigned row, char *path, size_t size)
{
	const struct node_file *f = &node_files[row];

	for (size_t i = 0; f->name && i < LENGTH(places); i++) {
		if (!(f->place & places[i].place))
			continue;
		snprintf(path, size, "%s%s%s", places[i].path, f->name,
			f->flags & NODE_DIR ? "/" : "");
		return true;
	}
	return false;
}

static void put(unsigned row, const char *path)
{
	const struct node_file *f = &node_files[row];

	named[row] = true;
	fputs(".It Pa", stdout);
	manual_argument(path);
	if (f->flags & NODE_LINK)
		puts(" Pq link");
	else
		printf(" Pq %04o\n", (unsigned)f->mode & 07777u);
}

bool manual_file(const char *wanted)
{
	char path[256];

	for (unsigned row = 1; wanted && row < node_nfiles; row++) {
		if (path_of(row, path, sizeof(path)) && !strcmp(path, wanted)) {
			put(row, path);
			return true;
		}
	}
	return manual_fail("there is no such file", wanted ? wanted : "");
}

bool manual_files(const char *none)
{
	char path[256];

	if (none)
		return manual_fail("nothing may stand behind @files", none);
	for (unsigned row = 1; row < node_nfiles; row++)
		if (!named[row] && path_of(row, path, sizeof(path)))
			put(row, path);
	return true;
}
