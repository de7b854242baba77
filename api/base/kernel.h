/* SPDX-License-Identifier: MIT */
/* System calls that not every C library has a function for. */
#ifndef ACK_KERNEL_H
#define ACK_KERNEL_H

#include <sys/types.h>

/* The descriptor of a process, which is readable when it has ended. */
int ack_kernel_pidfd(pid_t pid);

/* Closes all descriptors from `first` to `last`, those included. */
int ack_kernel_close(unsigned first, unsigned last);

/* Makes execve(2) close them instead. */
int ack_kernel_close_later(unsigned first, unsigned last);

/* rename(2) in and to the directory `dir`, or where AT_FDCWD is; EEXIST if `to`
 * is there. */
int ack_kernel_rename_new(int dir, const char *from, const char *to);

#endif
