/* SPDX-License-Identifier: MIT */
#include "http/ca.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"

#define SYSTEM_DIR "/etc/ssl/certs"

/* A directory as OpenSSL wants it: links named by hash, such as 02265526.0 */
static bool is_hashed(const char *path)
{
	const struct dirent *entry;
	bool found = false;

	DIR *dir = opendir(path);
	if (!dir)
		return false;
	while (!found && (entry = readdir(dir)))
		found = strspn(entry->d_name, "0123456789abcdef") == 8 &&
			entry->d_name[8] == '.' &&
			strspn(entry->d_name + 9, "0123456789") > 0;
	closedir(dir);
	return found;
}

int ack_ca_find(struct ack_ca *ca, const char *option, struct ack_error *e)
{
	const char *path = option;
	struct stat st;

	*ca = (struct ack_ca){0};
	if (!option) {
		if (!is_hashed(SYSTEM_DIR))
			return 0;
		path = SYSTEM_DIR;
	}
	if (stat(path, &st) < 0 || access(path, R_OK) < 0)
		return ack_error_set(e, errno, "ca", "cannot read %s: %s", path,
			strerror(errno));
	if (S_ISDIR(st.st_mode) && !is_hashed(path))
		return ack_error_set(e, EINVAL, "ca",
			"%s has no hashed certificates; run `openssl rehash` "
			"on it",
			path);
	char **kind = S_ISDIR(st.st_mode) ? &ca->dir : &ca->file;
	*kind = strdup(path);
	return *kind ? 0 : ack_error_memory(e, "ca");
}

void ack_ca_release(struct ack_ca *ca)
{
	free(ca->file);
	free(ca->dir);
	*ca = (struct ack_ca){0};
}
