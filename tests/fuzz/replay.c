/* SPDX-License-Identifier: MIT */
/*
 * Runs every file of the given directories through a target once. Where there
 * is no libFuzzer, and in the tests: whatever was found stays found.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void fail(const char *path)
{
	perror(path);
	exit(1);
}

/* In a block of just its size: a sanitizer sees what reads beyond it. */
static void run(const char *path)
{
	FILE *f = fopen(path, "r");
	long size = 0;
	uint8_t *data;

	if (!f || fseek(f, 0, SEEK_END) || (size = ftell(f)) < 0)
		fail(path);
	rewind(f);
	data = malloc((size_t)size);
	if ((!data && size) || fread(data, 1, (size_t)size, f) != (size_t)size)
		fail(path);
	fclose(f);
	/* the last line that is seen when it crashes */
	fprintf(stderr, "%s\n", path);
	LLVMFuzzerTestOneInput(data, (size_t)size);
	free(data);
}

static unsigned run_all(const char *dir)
{
	struct dirent **names;
	int n = scandir(dir, &names, NULL, alphasort);
	unsigned count = 0;
	char path[4096];

	if (n < 0)
		fail(dir);
	for (int i = 0; i < n; i++) {
		if (names[i]->d_name[0] != '.') {
			snprintf(path, sizeof(path), "%s/%s", dir,
				names[i]->d_name);
			run(path);
			count++;
		}
		free(names[i]);
	}
	free(names);
	return count;
}

int main(int argc, char **argv)
{
	unsigned count = 0;

	fuzz_every = 1;
	LLVMFuzzerInitialize(&argc, &argv);
	for (int i = 1; i < argc; i++)
		count += run_all(argv[i]);
	printf("%u inputs\n", count);
	return count ? 0 : 1;
}
