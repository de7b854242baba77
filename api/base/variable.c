/* SPDX-License-Identifier: MIT */
#include "base/variable.h"

#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

const char *ack_variable_first(const char *const *names)
{
	for (; *names; names++) {
		const char *value = getenv(*names);

		if (value && *value)
			return value;
	}
	return NULL;
}

bool ack_variable_true(const char *name)
{
	const char *value = getenv(name);

	return value &&
	       (strcasecmp(value, "true") == 0 || strcmp(value, "1") == 0);
}

const char *ack_home(void)
{
	const char *home = ACK_VARIABLE("HOME");

	if (!home) {
		const struct passwd *user = getpwuid(getuid());

		home = user ? user->pw_dir : "";
	}
	return home;
}

/* SERVICE.md, Endpoints: the official name, the CLI's others, Terraform's. */
const char *ack_variable_region(void)
{
	return ACK_VARIABLE("ALIBABA_CLOUD_REGION_ID", "ALIBABACLOUD_REGION_ID",
		"ALICLOUD_REGION_ID", "ALICLOUD_REGION", "ALIBABA_CLOUD_REGION",
		"REGION_ID", "REGION");
}
