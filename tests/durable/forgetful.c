/* SPDX-License-Identifier: MIT */
/*
 * LD_PRELOADed: fdatasync(2) says yes and does nothing. It is the bug that the
 * test of power cuts must find.
 */
#include <unistd.h>

int fdatasync(int fd)
{
	(void)fd;
	return 0;
}
