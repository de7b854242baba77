/* SPDX-License-Identifier: MIT */
/*
 * A request whose answer comes later. It is made before it is known whether it
 * has to wait, and ends with its answer.
 */
#ifndef OPS_PARKED_H
#define OPS_PARKED_H

#include <sys/types.h>

#include "fuse/ops.h"
#include "model/guest.h"
#include "model/waiter.h"

struct parked {
	struct waiter waiter;
	fuse_req_t req;
	/* the rest of its answer; err: 0 or negative. Frees p. */
	void (*reply)(struct parked *p, int err);
	/* of an open that may let go before its end, with NODE_LATER: the first
	 * read waits in its place */
	bool defers;
	struct guest *guest; /* whose wait it is, or NULL */
	bool urgent; /* a write, which guests are to hold up less than others */
	bool is_urgent; /* it is counted */
	struct handle *handle;
	struct fuse_file_info fi; /* of an open */
	size_t size;              /* of a read or a write */
	off_t off;
	fuse_ino_t dir; /* of a look into a directory */
	char *name;     /* what is looked for; NULL: all */
	/* private */
	TAILQ_ENTRY(parked) looked; /* among those whose signals are watched */
	bool is_looked;             /* it is one of them */
	bool interrupted;           /* there was one, though no reason to end */
	bool inside;                /* what may wait has not returned yet */
	bool over;                  /* and the answer is there already */
	int err;
};

/* NULL: it has been answered with ENOMEM. */
struct parked *parked_new(
	fuse_req_t req, void (*reply)(struct parked *p, int err));

/* From reply() and in place of an answer: what may wait begins again. */
void parked_enter(struct parked *p);

/*
 * What may wait has returned. `ret` is what came of it: an answer, 0 or
 * negative, or NODE_LATER: then waiter.done() answers, or a signal of the
 * caller with EINTR, at once or within a twentieth of a second. A
 * guest who has enough that waits gets EAGAIN.
 */
void parked_settle(struct parked *p, int ret);

/*
 * The signals that a process has not been given yet, since it is in a system
 * call.
 */

enum signals {
	SIGNALS_NONE,
	/* Those alone that a program never hears of unless it asks (SIGCHLD,
	 * SIGCONT, SIGURG, SIGWINCH; signal(7)): no system call of a local file
	 * ends when a job of the shell does, or when its window is resized. */
	SIGNALS_IDLE,
	/* Those that stop it, SIGSTOP and the terminal's; perhaps with such. */
	SIGNALS_STOP,
	/* Others; or the thread is not to be seen from here. */
	SIGNALS_END,
};

enum signals signals_of(pid_t thread);

/* The same of the text of its /proc/PID/status (proc_pid_status(5)). */
enum signals signals_in(const char *status);

#endif
