/* SPDX-License-Identifier: MIT */
/*
 * libmicrohttpd without its own thread: its epoll descriptor is one
 * more in ours, and its time-out one more timer. A request that has to wait
 * is suspended; when it goes on, libmicrohttpd calls the handler again.
 */
#include "sandbox/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/error.h"
#include "base/event.h"
#include "sandbox/control.h"
#include "sandbox/router.h"
#include "sandbox/wait.h"

#define IDLE_SECONDS 75u /* until an unused connection is closed */
#define SPARE_FILES  64u
#define BACKLOG      4096
#define FILES_MOST   65536u
#define ESTABLISHED  "01" /* in /proc/net/tcp */

struct server {
	struct ack_events *events;
	struct MHD_Daemon *daemon;
	struct ack_watch ready;
	struct ack_timer pump;
	struct wait *held;
	server_fn conduct;
	void *arg;
	int port;
};

/* An exchange on its connection. */
struct talk {
	struct exchange x;
	struct server *server;
	struct MHD_Connection *con; /* NULL until the headers are there */
	struct wait wait;
	size_t taken; /* bytes of the body */
	bool over;    /* the client has left, or the sandbox ends */
};

/*
 * A listening, non-blocking socket on 127.0.0.1, or a negative errno; *port
 * becomes the one it got.
 */
static int listen_loopback(int *port, struct ack_error *e)
{
	struct sockaddr_in addr = {
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t)*port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t len = sizeof(addr);
	int on = 1;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd >= 0 &&
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) ==
			0 &&
		bind(fd, (struct sockaddr *)&addr, sizeof(addr)) == 0 &&
		listen(fd, BACKLOG) == 0 &&
		getsockname(fd, (struct sockaddr *)&addr, &len) == 0) {
		*port = ntohs(addr.sin_port);
		return fd;
	}
	int err = errno;
	if (fd >= 0)
		close(fd);
	return ack_error_set(e, err, NULL,
		"Port %d of 127.0.0.1 cannot be used: %s.", *port,
		strerror(err));
}

/* Raises the limit of open files to what is allowed; returns it. */
static unsigned listen_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return 1024;
	rlim_t had = limit.rlim_cur;
	limit.rlim_cur = limit.rlim_max;
	if (limit.rlim_cur > FILES_MOST)
		limit.rlim_cur = FILES_MOST;
	if (limit.rlim_cur < had || setrlimit(RLIMIT_NOFILE, &limit) < 0)
		limit.rlim_cur = had;
	return limit.rlim_cur > FILES_MOST ? FILES_MOST
					   : (unsigned)limit.rlim_cur;
}

/*
 * Whether the client of a connection to 127.0.0.1:`port` is a process of this
 * program's user. False also where that cannot be known. A socket that its
 * process has closed belongs to user 0 in this table, but is no longer
 * established.
 */
static bool peer_is_own(const struct sockaddr *client, int port)
{
	const struct sockaddr_in *from = (const void *)client;
	char ends[64], line[512];
	FILE *table = NULL;
	bool own = false;
	unsigned uid, inode;

	if (client && client->sa_family == AF_INET)
		table = fopen("/proc/net/tcp", "re");
	if (!table)
		return false;
	snprintf(ends, sizeof(ends), " %08X:%04X %08X:%04X " ESTABLISHED " ",
		from->sin_addr.s_addr, ntohs(from->sin_port),
		htonl(INADDR_LOOPBACK), (unsigned)port);
	while (!own && fgets(line, sizeof(line), table)) {
		const char *at = strstr(line, ends);

		own = at &&
		      sscanf(at + strlen(ends), "%*s %*s %*s %u %*u %u", &uid,
			      &inode) == 2 &&
		      inode && uid == geteuid();
	}
	fclose(table);
	return own;
}

static void pump(void *arg)
{
	struct server *s = arg;
	MHD_UNSIGNED_LONG_LONG ms;

	MHD_run(s->daemon);
	if (MHD_get_timeout(s->daemon, &ms) == MHD_YES)
		ack_timer_set(s->events, &s->pump, (int64_t)ms);
	else
		ack_timer_cancel(s->events, &s->pump);
}

static void ready(void *arg, uint32_t what)
{
	(void)what;
	pump(arg);
}

static void go_on(void *arg, bool left)
{
	struct talk *t = arg;

	t->over = left;
	MHD_resume_connection(t->con);
	ack_timer_set(t->server->events, &t->server->pump, 0);
}

/* libmicrohttpd no longer looks at the connection, not even for its end. */
static void hold(struct talk *t)
{
	int fd = MHD_get_connection_info(
		t->con, MHD_CONNECTION_INFO_CONNECTION_FD)
			 ->connect_fd;

	MHD_suspend_connection(t->con);
	t->wait.over = go_on;
	t->wait.arg = t;
	wait_begin(&t->wait, &t->server->held, t->server->events, t->x.wait_ms,
		fd);
}

static ssize_t feed(void *arg, uint64_t pos, char *out, size_t size)
{
	ssize_t n = exchange_read(arg, pos, out, size);

	if (n == 0)
		return MHD_CONTENT_READER_END_OF_STREAM;
	return n < 0 ? MHD_CONTENT_READER_END_WITH_ERROR : n;
}

static struct MHD_Response *make_response(struct exchange *x)
{
	if (!x->pad && !x->cut && !x->chunked)
		return MHD_create_response_from_buffer(
			x->answer.len, x->answer.data, MHD_RESPMEM_PERSISTENT);
	return MHD_create_response_from_callback(
		x->chunked ? MHD_SIZE_UNKNOWN : exchange_size(x), 65536, feed,
		x, NULL);
}

static enum MHD_Result send_answer(struct talk *t)
{
	struct exchange *x = &t->x;
	struct MHD_Response *r = make_response(x);
	enum MHD_Result ok = r ? MHD_YES : MHD_NO;
	char ms[24];

	if (ok == MHD_YES)
		ok = MHD_add_response_header(r, "Content-Type", x->type);
	if (ok == MHD_YES)
		ok = MHD_add_response_header(
			r, "x-acs-request-id", x->request_id);
	if (ok == MHD_YES && x->retry_after_ms > 0) {
		snprintf(ms, sizeof(ms), "%lld", (long long)x->retry_after_ms);
		ok = MHD_add_response_header(r, "x-acs-retry-after", ms);
	}
	if (ok == MHD_YES)
		ok = MHD_queue_response(t->con, (unsigned)x->status, r);
	if (r)
		MHD_destroy_response(r);
	return ok;
}

/* MHD_NO makes libmicrohttpd close the connection at once. */
static enum MHD_Result conduct(struct talk *t)
{
	if (t->over)
		return MHD_NO;
	switch (t->server->conduct(t->server->arg, &t->x)) {
	case EXCHANGE_SEND:
		return send_answer(t);
	case EXCHANGE_WAIT:
		hold(t);
		return MHD_YES;
	case EXCHANGE_DROP:
		break;
	}
	return MHD_NO;
}

static enum MHD_Result take_header(
	void *arg, enum MHD_ValueKind kind, const char *name, const char *value)
{
	struct exchange *x = arg;

	(void)kind;
	if (x->nheaders == EXCHANGE_HEADERS_MAX) {
		x->too_large = true;
		return MHD_NO;
	}
	x->headers[x->nheaders++] = (struct ack_header){
		name, value ? value : ""};
	return MHD_YES;
}

static void take_head(
	struct talk *t, struct MHD_Connection *con, const char *method)
{
	struct exchange *x = &t->x;
	const char *length;

	t->con = con;
	snprintf(x->method, sizeof(x->method), "%s", method);
	x->own = !strncmp(x->uri, CONTROLS, strlen(CONTROLS)) &&
		 peer_is_own(MHD_get_connection_info(
				     con, MHD_CONNECTION_INFO_CLIENT_ADDRESS)
				     ->client_addr,
			 t->server->port);
	MHD_get_connection_values(con, MHD_HEADER_KIND, take_header, x);
	length = exchange_header(x, "content-length");
	if (length && strtoull(length, NULL, 10) > EXCHANGE_SWALLOW_MAX)
		x->too_large = true;
}

static enum MHD_Result handle(void *arg, struct MHD_Connection *con,
	const char *url, const char *method, const char *version,
	const char *data, size_t *size, void **con_cls)
{
	struct talk *t = *con_cls;

	(void)arg, (void)url, (void)version;
	if (!t)
		return MHD_NO;
	if (!t->con) {
		take_head(t, con, method);
		/* Answered before it is sent, a large body never is. */
		return t->x.too_large ? conduct(t) : MHD_YES;
	}
	if (*size == 0)
		return conduct(t);
	/* A close with bytes unread resets the connection, and the client would
	 * not learn why: what is too large is read to its end first. */
	if ((t->taken += *size) > EXCHANGE_SWALLOW_MAX)
		return MHD_NO;
	ack_buf_put(&t->x.body, data, *size);
	if (ack_buf_status(&t->x.body) < 0)
		t->x.too_large = true;
	*size = 0;
	return MHD_YES;
}

/* Called with the request line as it came, before libmicrohttpd decodes it. */
static void *begin(void *arg, const char *uri, struct MHD_Connection *con)
{
	struct talk *t = calloc(1, sizeof(*t));

	(void)con;
	if (!t)
		return NULL;
	t->server = arg;
	if (exchange_init(&t->x, uri) == 0)
		return t;
	free(t);
	return NULL;
}

static void end(void *arg, struct MHD_Connection *con, void **con_cls,
	enum MHD_RequestTerminationCode why)
{
	struct talk *t = *con_cls;

	(void)arg, (void)con, (void)why;
	if (!t)
		return;
	wait_cancel(&t->wait);
	exchange_release(&t->x);
	free(t);
	*con_cls = NULL;
}

static int start_daemon(struct server *s, struct ack_error *e)
{
	const union MHD_DaemonInfo *info;
	unsigned files = listen_limit();
	int fd = listen_loopback(&s->port, e);

	if (fd < 0)
		return fd;
	/* Takes fd over. */
	s->daemon = MHD_start_daemon(MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME,
		0, NULL, NULL, handle, s, MHD_OPTION_LISTEN_SOCKET, fd,
		MHD_OPTION_CONNECTION_LIMIT,
		files > 2 * SPARE_FILES ? files - SPARE_FILES : SPARE_FILES,
		MHD_OPTION_CONNECTION_TIMEOUT, IDLE_SECONDS,
		MHD_OPTION_URI_LOG_CALLBACK, begin, s,
		MHD_OPTION_NOTIFY_COMPLETED, end, NULL, MHD_OPTION_END);
	if (!s->daemon)
		return ack_error_set(e, EIO, NULL, "No server can start.");
	info = MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_EPOLL_FD);
	if (!info)
		return ack_error_set(e, EIO, NULL,
			"The HTTP server has no epoll descriptor.");
	s->ready = (struct ack_watch){info->epoll_fd, ready, s, 0};
	int rc = ack_watch_set(s->events, &s->ready, EPOLLIN);
	if (rc < 0)
		return ack_error_set(e, -rc, NULL,
			"The HTTP server cannot be watched: %s.",
			strerror(-rc));
	return 0;
}

struct server *server_start(struct ack_events *ev, int port,
	server_fn conduct_fn, void *arg, struct ack_error *e)
{
	struct server *s = calloc(1, sizeof(*s));

	if (!s) {
		ack_error_set(e, ENOMEM, NULL, "There is not enough memory.");
		return NULL;
	}
	*s = (struct server){.events = ev,
		.pump = {.fire = pump, .arg = s},
		.ready.fd = -1,
		.conduct = conduct_fn,
		.arg = arg,
		.port = port};
	if (start_daemon(s, e) == 0)
		return s;
	server_stop(s);
	return NULL;
}

void server_stop(struct server *s)
{
	if (!s)
		return;
	/* libmicrohttpd must not be stopped with a suspended connection. */
	wait_end_all(&s->held);
	if (s->daemon) {
		MHD_run(s->daemon);
		ack_watch_set(s->events, &s->ready, 0);
		MHD_stop_daemon(s->daemon);
	}
	ack_timer_cancel(s->events, &s->pump);
	free(s);
}

int server_port(const struct server *s)
{
	return s->port;
}
