/* SPDX-License-Identifier: MIT */
#include "base/wipe.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

void ack_wipe_free(void *p)
{
	if (!p)
		return;
	explicit_bzero(p, malloc_usable_size(p));
	free(p);
}
