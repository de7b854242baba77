/* SPDX-License-Identifier: MIT */
/* One connection: its handshake, and requests one after the other. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/queue.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include <openssl/err.h>
#include "endpoint.h"
#include "sandbox/verify.h"

#define REQUEST_MAX 65536
#define ANSWER_MAX  (1u << 20)

struct connection {
	SSL *tls;
	TAILQ_ENTRY(connection) others;
	struct waiting *queue; /* where its answer waits for its time */
	int64_t due;
	char in[REQUEST_MAX];
	size_t got, sent;
	struct ack_buf out; /* empty: it is the peer's turn */
};

/* Each is in the order of time, as all in it wait equally long. */
TAILQ_HEAD(waiting, connection);
static struct waiting gets = TAILQ_HEAD_INITIALIZER(gets),
		      posts = TAILQ_HEAD_INITIALIZER(posts);

static struct verifier verifier = {.key_id = "LTAI5tMadeUpKeyId0000001",
	.key_secret = "MadeUpSecret00000000000000001"};

static int64_t now_ns(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void connection_close(struct connection *c)
{
	if (c->queue)
		TAILQ_REMOVE(c->queue, c, others);
	close(SSL_get_fd(c->tls));
	SSL_free(c->tls);
	ack_buf_release(&c->out);
	free(c);
}

static void set_timer(struct endpoint *e)
{
	const struct connection *a = TAILQ_FIRST(&gets),
				*b = TAILQ_FIRST(&posts);
	int64_t due = a && (!b || a->due < b->due) ? a->due : b ? b->due : 0;
	struct itimerspec t = {.it_value = {.tv_sec = due / 1000000000,
				       .tv_nsec = due % 1000000000}};

	timerfd_settime(e->timer, TFD_TIMER_ABSTIME, &t, NULL);
}

static void wait_for(struct endpoint *e, struct connection *c, bool post)
{
	int64_t ns = post ? e->service.post_ns : e->service.get_ns;

	if (!ns)
		return;
	c->due = now_ns(CLOCK_MONOTONIC) + ns;
	c->queue = post ? &posts : &gets;
	TAILQ_INSERT_TAIL(c->queue, c, others);
	set_timer(e);
}

static bool answer(struct endpoint *e, struct connection *c, size_t len)
{
	struct exchange x = {.status = 0};
	int64_t now = now_ns(CLOCK_REALTIME);
	time_t seconds = now / 1000000000;
	char date[64];
	struct tm tm;
	bool whole = !request_take(&x, c->in, len);

	if (whole) {
		e->service.counts->requests++;
		if (verify_request(&verifier, &x, now / 1000000))
			service_answer(&e->service, &x);
		else
			e->service.counts->refused++;
		strftime(date, sizeof(date), "%a, %d %b %Y %H:%M:%S GMT",
			gmtime_r(&seconds, &tm));
		ack_buf_printf(&c->out,
			"HTTP/1.1 %d OK\r\nDate: %s\r\nContent-Type: "
			"application/json; charset=utf-8\r\n"
			"Content-Length: %zu\r\n\r\n",
			x.status, date, x.answer.len);
		ack_buf_put(&c->out, x.answer.data, x.answer.len);
		wait_for(e, c, !strcmp(x.method, "POST"));
	}
	exchange_release(&x);
	c->got -= len;
	memmove(c->in, c->in + len, c->got);
	return whole;
}

/* What SSL_get_error() says of `ret` is no end. */
static bool later(const struct connection *c, int ret)
{
	int why = SSL_get_error(c->tls, ret);

	return why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE;
}

static bool send_rest(struct connection *c)
{
	size_t n;
	int ret = SSL_write_ex(
		c->tls, c->out.data + c->sent, c->out.len - c->sent, &n);

	if (ret <= 0)
		return later(c, ret);
	c->sent = 0;
	ack_buf_clear(&c->out);
	return true;
}

/* False: it has ended. */
static bool go_on(struct endpoint *e, struct connection *c)
{
	size_t len, n;
	int ret;

	ERR_clear_error();
	if (!SSL_is_init_finished(c->tls)) {
		ret = SSL_accept(c->tls);
		if (ret <= 0)
			return later(c, ret);
	}
	for (;;) {
		if (c->queue)
			return true;
		if (c->out.len && (!send_rest(c) || c->out.len))
			return c->out.len;
		len = request_length(c->in, c->got);
		if (len) {
			if (!answer(e, c, len))
				return false;
			continue;
		}
		if (c->got == sizeof(c->in) - 1)
			return false;
		ret = SSL_read_ex(
			c->tls, c->in + c->got, sizeof(c->in) - 1 - c->got, &n);
		if (ret <= 0)
			return later(c, ret);
		c->got += n;
		c->in[c->got] = '\0';
	}
}

void connection_ready(struct endpoint *e, struct connection *c)
{
	if (!go_on(e, c))
		connection_close(c);
}

void connection_open(struct endpoint *e, int fd)
{
	struct connection *c = calloc(1, sizeof(*c));
	struct epoll_event event = {
		.events = EPOLLIN | EPOLLOUT | EPOLLET, .data.ptr = c};

	if (!c)
		return;
	ack_buf_init(&c->out, ANSWER_MAX);
	c->tls = SSL_new(e->tls);
	if (!c->tls || !SSL_set_fd(c->tls, fd) ||
		epoll_ctl(e->epoll, EPOLL_CTL_ADD, fd, &event))
		abort();
	e->service.counts->connections++;
}

void connections_due(struct endpoint *e)
{
	struct waiting *queues[] = {&gets, &posts};
	int64_t now = now_ns(CLOCK_MONOTONIC);
	struct connection *c;

	for (size_t i = 0; i < 2; i++) {
		while ((c = TAILQ_FIRST(queues[i])) && c->due <= now) {
			TAILQ_REMOVE(queues[i], c, others);
			c->queue = NULL;
			connection_ready(e, c);
		}
	}
	set_timer(e);
}
