/* SPDX-License-Identifier: MIT */
#include "state/worker.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/error.h"
#include "base/event.h"

#define STACK (256u << 10) /* bytes; it makes some system calls, no more */

struct queue {
	struct work *first, **last;
};

struct worker {
	struct ack_events *events;
	struct ack_watch finished;
	pthread_t thread;
	bool started;
	/* the lock is for what follows */
	pthread_mutex_t lock;
	pthread_cond_t more;
	struct queue todo, ran;
	bool ending;
};

static void queue_init(struct queue *q)
{
	q->first = NULL;
	q->last = &q->first;
}

static void queue_put(struct queue *q, struct work *w)
{
	w->next = NULL;
	*q->last = w;
	q->last = &w->next;
}

static struct work *queue_take(struct queue *q)
{
	struct work *w = q->first;

	if (w) {
		q->first = w->next;
		if (!q->first)
			q->last = &q->first;
	}
	return w;
}

static void *run_all(void *arg)
{
	struct worker *k = arg;
	const uint64_t one = 1;
	struct work *w;

	pthread_mutex_lock(&k->lock);
	for (;;) {
		while (!(w = queue_take(&k->todo)) && !k->ending)
			pthread_cond_wait(&k->more, &k->lock);
		if (!w)
			break;
		pthread_mutex_unlock(&k->lock);
		w->run(w);
		pthread_mutex_lock(&k->lock);
		queue_put(&k->ran, w);
		/* cannot fail: the counter is far from full */
		if (write(k->finished.fd, &one, sizeof(one)) < 0)
			abort();
	}
	pthread_mutex_unlock(&k->lock);
	return NULL;
}

static void tell_done(struct worker *k)
{
	struct work *w;

	do {
		pthread_mutex_lock(&k->lock);
		w = queue_take(&k->ran);
		pthread_mutex_unlock(&k->lock);
		if (w)
			w->done(w);
	} while (w);
}

static void finished(void *arg, uint32_t what)
{
	struct worker *k = arg;
	uint64_t count;

	(void)what;
	if (read(k->finished.fd, &count, sizeof(count)) < 0)
		return;
	tell_done(k);
}

static void start(struct worker *k)
{
	pthread_attr_t attr;
	sigset_t all, before;

	if (k->started || k->ending || pthread_attr_init(&attr))
		return;
	pthread_attr_setstacksize(&attr, STACK);
	/* signals are the loop's */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	k->started = !pthread_create(&k->thread, &attr, run_all, k);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&attr);
}

struct worker *worker_new(struct ack_events *ev, struct ack_error *e)
{
	struct worker *k = calloc(1, sizeof(*k));

	if (!k) {
		ack_error_memory(e, NULL);
		return NULL;
	}
	k->events = ev;
	pthread_mutex_init(&k->lock, NULL);
	pthread_cond_init(&k->more, NULL);
	queue_init(&k->todo);
	queue_init(&k->ran);
	k->finished = (struct ack_watch){
		.fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK),
		.ready = finished,
		.arg = k};
	if (k->finished.fd < 0 || ack_watch_set(ev, &k->finished, EPOLLIN)) {
		ack_error_set(e, errno, NULL, "no eventfd can be watched: %s",
			strerror(errno));
		worker_free(k);
		return NULL;
	}
	return k;
}

void worker_do(struct worker *k, struct work *w)
{
	const uint64_t one = 1;

	start(k);
	if (!k->started) {
		w->run(w);
		queue_put(&k->ran, w);
		if (write(k->finished.fd, &one, sizeof(one)) < 0)
			abort();
		return;
	}
	pthread_mutex_lock(&k->lock);
	queue_put(&k->todo, w);
	pthread_cond_signal(&k->more);
	pthread_mutex_unlock(&k->lock);
}

void worker_free(struct worker *k)
{
	if (!k)
		return;
	pthread_mutex_lock(&k->lock);
	k->ending = true;
	pthread_cond_signal(&k->more);
	pthread_mutex_unlock(&k->lock);
	if (k->started)
		pthread_join(k->thread, NULL);
	k->started = false;
	tell_done(k);
	if (k->finished.fd >= 0) {
		ack_watch_set(k->events, &k->finished, 0);
		close(k->finished.fd);
	}
	pthread_cond_destroy(&k->more);
	pthread_mutex_destroy(&k->lock);
	free(k);
}
