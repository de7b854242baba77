/* SPDX-License-Identifier: MIT */
#include "state/keybook.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <syslog.h>
#include <unistd.h>

#include "model/log.h"
#include "state/trust.h"

#define NAME      "accounts"
#define LINE_LONG 512

static FILE *open_book(int dir)
{
	int fd = openat(
		dir, NAME, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	FILE *file = fd >= 0 && trust_file(fd) ? fdopen(fd, "r") : NULL;

	if (!file && fd >= 0)
		close(fd);
	return file;
}

bool keybook_find(int dir, const char *sts, const char *key_id,
	char account[ACK_ACCOUNT_MAX])
{
	FILE *file = open_book(dir);
	char line[LINE_LONG], id[160], whose[ACK_ACCOUNT_MAX], host[256];
	bool found = false;

	while (file && !found && fgets(line, sizeof(line), file)) {
		/* a line that a power loss cut has no end */
		if (!strchr(line, '\n') ||
			sscanf(line, "%159s %31s %255s", id, whose, host) != 3)
			continue;
		found = !strcmp(id, key_id) && ack_account_valid(whose) &&
			(!sts || !strcmp(sts, host));
	}
	if (file)
		fclose(file);
	if (found)
		memcpy(account, whose, sizeof(whose));
	return found;
}

void keybook_add(
	int dir, const char *sts, const char *key_id, const char *account)
{
	char line[LINE_LONG], known[ACK_ACCOUNT_MAX];
	/* the first end is that of what was cut off */
	int len = snprintf(
		line, sizeof(line), "\n%s %s %s\n", key_id, account, sts);
	int fd;

	if (len >= (int)sizeof(line) || keybook_find(dir, sts, key_id, known))
		return;
	fd = openat(dir, NAME,
		O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK |
			O_CLOEXEC,
		0600);
	if (fd < 0 || !trust_file(fd) || !trust_sole(fd) ||
		write(fd, line, (size_t)len) != len)
		log_line(LOG_NOTICE,
			"whose key this is cannot be written into " NAME
			" beside the state directory: %s",
			strerror(errno ? errno : EPERM));
	if (fd >= 0)
		close(fd);
}
