/* SPDX-License-Identifier: MIT */
/*
 * LD_PRELOADed into the daemon: counts the calls that change the disk or
 * speak to the network, and at the n-th kills the process or fails the call.
 *
 *	STEP_ARM=FILE	counting begins when FILE is there
 *	STEP_LOG=FILE	each counted call is noted there, a line each
 *	STEP_AT=N	the call at which it happens, or with
 *	STEP_CALL=WORD	the first such call from there on, since a thread that
 *			waits for the disk has no fixed place; 0: never
 *	STEP_DO=WORD	kill (before the call), after (it), or an errno's name
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static long count;
static __thread long mine; /* of this call */
static __thread bool hit;  /* it is the one */
static bool over;

static const struct {
	const char *name;
	int number;
} errnos[] = {{"ENOSPC", ENOSPC}, {"EIO", EIO}};

static void note(const char *call)
{
	const char *log = getenv("STEP_LOG");
	char line[64];
	int n, fd;

	if (!log)
		return;
	n = snprintf(line, sizeof(line), "%ld %s\n", mine, call);
	fd = (int)syscall(SYS_openat, AT_FDCWD, log,
		O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		return;
	syscall(SYS_write, fd, line, (size_t)n);
	close(fd);
}

/* Once. */
static int is_time(const char *call, long at)
{
	const char *wanted = getenv("STEP_CALL");

	if (!wanted)
		return mine == at;
	return at && mine >= at && !strcmp(call, wanted) &&
	       !__atomic_test_and_set(&over, __ATOMIC_SEQ_CST);
}

/* The errno to fail with, 0 to go on; dies when it is time to. */
static int step(const char *call)
{
	const char *arm = getenv("STEP_ARM"), *at = getenv("STEP_AT");
	const char *what = getenv("STEP_DO");
	int saved = errno;

	hit = false;
	if (!arm || faccessat(AT_FDCWD, arm, F_OK, 0)) {
		errno = saved;
		return 0;
	}
	/* a thread waits for the disk meanwhile */
	mine = __atomic_add_fetch(&count, 1, __ATOMIC_SEQ_CST);
	note(call);
	errno = saved;
	if (!at || !what || !is_time(call, atol(at)))
		return 0;
	hit = true;
	if (!strcmp(what, "kill"))
		raise(SIGKILL);
	for (size_t i = 0; i < sizeof(errnos) / sizeof(errnos[0]); i++)
		if (!strcmp(what, errnos[i].name))
			return errnos[i].number;
	return 0;
}

static void after(void)
{
	const char *what = getenv("STEP_DO");

	if (hit && what && !strcmp(what, "after"))
		raise(SIGKILL);
}

static int of_mode(int fd, mode_t kind)
{
	struct stat st;

	return !fstat(fd, &st) && (st.st_mode & S_IFMT) == kind;
}

/* ISO C knows no way from void * to a function; POSIX promises this one. */
#define REAL(name) (__extension__(__typeof__(&name)) dlsym(RTLD_NEXT, #name))

#define COUNTED(when, call, ret, run)                \
	do {                                         \
		ret result;                          \
		int fault = (when) ? step(call) : 0; \
                                                     \
		if (fault) {                         \
			errno = fault;               \
			return -1;                   \
		}                                    \
		result = run;                        \
		if (when)                            \
			after();                     \
		return result;                       \
	} while (0)

ssize_t write(int fd, const void *buf, size_t len)
{
	COUNTED(of_mode(fd, S_IFREG), "write", ssize_t,
		REAL(write)(fd, buf, len));
}

int fsync(int fd)
{
	COUNTED(1, of_mode(fd, S_IFDIR) ? "fsync-dir" : "fsync", int,
		REAL(fsync)(fd));
}

int fdatasync(int fd)
{
	COUNTED(1, "fsync", int, REAL(fdatasync)(fd));
}

int renameat(int from, const char *old, int to, const char *new)
{
	COUNTED(1, "rename", int, REAL(renameat)(from, old, to, new));
}

int unlinkat(int dir, const char *name, int flags)
{
	COUNTED(1, "unlink", int, REAL(unlinkat)(dir, name, flags));
}

/* What openat(2) is called in a build with large file offsets. */
int openat64(int dir, const char *name, int flags, ...)
{
	va_list ap;
	mode_t mode;

	va_start(ap, flags);
	mode = flags & O_CREAT ? va_arg(ap, mode_t) : 0;
	va_end(ap);
	COUNTED(flags & O_CREAT, "create", int,
		REAL(openat64)(dir, name, flags, mode));
}

/* SQLite's, and how it empties its log. */
ssize_t pwrite64(int fd, const void *buf, size_t len, off64_t at)
{
	COUNTED(1, "write", ssize_t, REAL(pwrite64)(fd, buf, len, at));
}

int ftruncate64(int fd, off64_t len)
{
	COUNTED(1, "truncate", int, REAL(ftruncate64)(fd, len));
}

int connect(int fd, const struct sockaddr *to, socklen_t len)
{
	COUNTED(to->sa_family == AF_INET, "connect", int,
		REAL(connect)(fd, to, len));
}

ssize_t send(int fd, const void *buf, size_t len, int flags)
{
	COUNTED(len > 1, "send", ssize_t, REAL(send)(fd, buf, len, flags));
}

ssize_t recv(int fd, void *buf, size_t len, int flags)
{
	COUNTED(len > 1, "recv", ssize_t, REAL(recv)(fd, buf, len, flags));
}

/* libfuse answers the kernel with it; files are written so, too. */
ssize_t writev(int fd, const struct iovec *iov, int n)
{
	COUNTED(of_mode(fd, S_IFCHR) || of_mode(fd, S_IFREG),
		of_mode(fd, S_IFREG) ? "write" : "answer", ssize_t,
		REAL(writev)(fd, iov, n));
}
