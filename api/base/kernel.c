/* SPDX-License-Identifier: MIT */
#include "base/kernel.h"

#include <linux/close_range.h>
#include <linux/fs.h>
#include <sys/syscall.h>
#include <unistd.h>

int ack_kernel_pidfd(pid_t pid)
{
	return (int)syscall(SYS_pidfd_open, pid, 0);
}

int ack_kernel_close(unsigned first, unsigned last)
{
	return (int)syscall(SYS_close_range, first, last, 0);
}

int ack_kernel_close_later(unsigned first, unsigned last)
{
	return (int)syscall(SYS_close_range, first, last, CLOSE_RANGE_CLOEXEC);
}

int ack_kernel_rename_new(int dir, const char *from, const char *to)
{
	return (int)syscall(
		SYS_renameat2, dir, from, dir, to, RENAME_NOREPLACE);
}
