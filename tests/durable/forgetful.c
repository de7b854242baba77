/* SPDX-License-Identifier: MIT */
/*
 * LD_PRELOADed: fsync(2) of a directory says yes and does nothing. It is the
 * bug that the test of power cuts must find.
 */
#include <dlfcn.h>
#include <sys/stat.h>
#include <unistd.h>

int fsync(int fd)
{
	__typeof__(&fsync) real = __extension__(__typeof__(&fsync))
		dlsym(RTLD_NEXT, "fsync");
	struct stat st;

	if (!fstat(fd, &st) && S_ISDIR(st.st_mode))
		return 0;
	return real(fd);
}
