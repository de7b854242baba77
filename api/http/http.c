/* SPDX-License-Identifier: MIT */
#include "http/http.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/queue.h>

#include "base/error.h"
#include "base/event.h"
#include "base/length.h"
#include "http/ca.h"
#include "http/flight.h"
#include "http/reserve.h"
#include "http/sockets.h"

struct ack_http {
	CURLM *multi;
	CURLSH *share;
	struct ack_events *ev;
	struct ack_timer timer;
	struct ack_sockets sockets;
	LIST_HEAD(, ack_transfer) all;
	struct ack_ca ca;
	const char *user_agent;
	bool plain_http;
};

struct ack_transfer {
	struct ack_http *http;
	LIST_ENTRY(ack_transfer) others;
	CURL *easy;
	struct curl_slist *headers;
	struct ack_flight x;
	bool connected;
	ack_http_done done;
	void *arg;
};

const char *ack_http_version(void)
{
	return curl_version();
}

static int on_departure(
	void *arg, char *ip, char *local_ip, int port, int local_port)
{
	struct ack_transfer *t = arg;

	(void)ip, (void)local_ip, (void)port, (void)local_port;
	return t->x.departures++ ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK;
}

static bool is_resolved(CURL *easy)
{
	curl_off_t lookup = 0;

	curl_easy_getinfo(easy, CURLINFO_NAMELOOKUP_TIME_T, &lookup);
	return lookup > 0;
}

/*
 * What is not connected yet waits to write only. libcurl 8 says the port and
 * the times of a connection only when TLS is set up, too. A handle that is
 * libcurl's own belongs to no transfer.
 */
static int on_socket(
	CURL *easy, curl_socket_t fd, int what, void *arg, void *known)
{
	struct ack_http *h = arg;
	struct ack_transfer *t = NULL;
	uint32_t wants = (what & CURL_POLL_IN ? EPOLLIN : 0u) |
			 (what & CURL_POLL_OUT ? EPOLLOUT : 0u);

	(void)known;
	curl_easy_getinfo(easy, CURLINFO_PRIVATE, &t);
	if (t && wants & EPOLLIN && is_resolved(easy))
		t->connected = true;
	return ack_sockets_watch(&h->sockets, fd, wants) < 0 ? -1 : 0;
}

static int on_timer(CURLM *multi, long ms, void *arg)
{
	struct ack_http *h = arg;

	(void)multi;
	if (ms >= 0)
		ack_timer_set(h->ev, &h->timer, ms);
	else
		ack_timer_cancel(h->ev, &h->timer);
	return 0;
}

static void transfer_free(struct ack_transfer *t)
{
	if (t->others.le_prev) {
		curl_multi_remove_handle(t->http->multi, t->easy);
		LIST_REMOVE(t, others);
	}
	curl_easy_cleanup(t->easy);
	curl_slist_free_all(t->headers);
	ack_flight_release(&t->x);
	free(t);
}

static void explain(struct ack_transfer *t, CURLcode rc, struct ack_error *e)
{
	static const struct {
		CURLcode code;
		enum ack_failure why;
	} rows[] = {
#define CODE(code, why) {CURLE_##code, ACK_FAIL_##why},
#include "http/http_codes.def"
#undef CODE
	};
	enum ack_failure why = ACK_FAIL_OTHER;
	enum ack_stage stage = ACK_STAGE_NAME;
	long os = 0;

	for (size_t i = 0; i < LENGTH(rows); i++)
		if (rows[i].code == rc)
			why = rows[i].why;
	curl_easy_getinfo(t->easy, CURLINFO_OS_ERRNO, &os);
	if (is_resolved(t->easy))
		stage = t->connected ? ACK_STAGE_TLS : ACK_STAGE_CONNECT;
	if (!*t->x.detail)
		strcpy(t->x.detail, curl_easy_strerror(rc));
	ack_flight_explain(&t->x, why, stage, (int)os, e);
}

static const char *header(struct ack_transfer *t, const char *name)
{
	struct curl_header *found;

	if (curl_easy_header(t->easy, name, 0, CURLH_HEADER, -1, &found))
		return "";
	return found->value;
}

static void finish(struct ack_transfer *t, CURLcode rc)
{
	time_t date = curl_getdate(header(t, "Date"), NULL);
	ACK_UNSET struct ack_error e;
	long status = 0;

	ack_error_clear(&e);
	if (rc != CURLE_OK)
		explain(t, rc, &e);
	curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
	const struct ack_http_reply r = {
		.err = -e.err,
		.left = t->x.departures > 0,
		.hopeless = t->x.hopeless,
		.status = (int)status,
		.body = ack_buf_text(&t->x.answer),
		.len = t->x.answer.len,
		.date = date > 0 ? date : 0,
		.retry_after_ms = ack_flight_millis(
			header(t, "x-acs-retry-after")),
		.content_type = header(t, "Content-Type"),
		.request_id = header(t, "x-acs-request-id"),
	};
	t->done(t->arg, &r, &e);
	transfer_free(t);
}

static void drive(struct ack_http *h, curl_socket_t fd, int what)
{
	struct ack_transfer *t;
	const CURLMsg *msg;
	int n;

	curl_multi_socket_action(h->multi, fd, what, &n);
	while ((msg = curl_multi_info_read(h->multi, &n))) {
		CURLcode rc = msg->data.result;

		curl_easy_getinfo(msg->easy_handle, CURLINFO_PRIVATE, &t);
		finish(t, rc);
	}
}

static void socket_ready(void *arg, int fd, uint32_t what)
{
	drive(arg, fd,
		(what & EPOLLIN ? CURL_CSELECT_IN : 0) |
			(what & EPOLLOUT ? CURL_CSELECT_OUT : 0) |
			(what & (EPOLLERR | EPOLLHUP) ? CURL_CSELECT_ERR : 0));
}

static void timer_fired(void *arg)
{
	drive(arg, CURL_SOCKET_TIMEOUT, 0);
}

/* An option that did not take would be a guard that is not there. */
static CURLcode set_up(struct ack_transfer *t, const struct ack_http_request *r)
{
	const struct ack_http *h = t->http;
	CURLcode rc = CURLE_OK;

#define OPTION_IF(condition, option, value) \
	if (rc == CURLE_OK && (condition))  \
		rc = curl_easy_setopt(t->easy, CURLOPT_##option, value);
#define OPTION(option, value) OPTION_IF(true, option, value)
#include "http/http_options.def"
#undef OPTION
#undef OPTION_IF
	return rc;
}

struct ack_transfer *ack_http_start(struct ack_http *h,
	const struct ack_http_request *r, ack_http_done done, void *arg,
	struct ack_error *e)
{
	struct ack_transfer *t = calloc(1, sizeof(*t));
	CURLcode rc = CURLE_OUT_OF_MEMORY;

	if (!t || ack_reserve_low())
		goto fail;
	*t = (struct ack_transfer){.http = h, .done = done, .arg = arg};
	if (ack_flight_init(&t->x, r, h->plain_http, e) < 0) {
		transfer_free(t);
		return NULL;
	}
	for (size_t at = 0; at < t->x.headers.len;) {
		const char *line = t->x.headers.data + at;
		struct curl_slist *list = curl_slist_append(t->headers, line);

		if (!list)
			goto fail;
		t->headers = list;
		at += strlen(line) + 1;
	}
	t->easy = curl_easy_init();
	if (!t->easy)
		goto fail;
	rc = set_up(t, r);
	if (rc == CURLE_OK && curl_multi_add_handle(h->multi, t->easy))
		rc = CURLE_FAILED_INIT;
	if (rc != CURLE_OK)
		goto fail;
	LIST_INSERT_HEAD(&h->all, t, others);
	return t;
fail:
	ack_error_set(e, rc == CURLE_OUT_OF_MEMORY ? ENOMEM : EINVAL, NULL,
		"cannot start a request: %s", curl_easy_strerror(rc));
	if (t)
		transfer_free(t);
	return NULL;
}

void ack_http_cancel(struct ack_transfer *t)
{
	if (t)
		transfer_free(t);
}

struct ack_http *ack_http_new(struct ack_events *ev,
	const struct ack_http_config *config, struct ack_error *e)
{
	struct ack_http *h = calloc(1, sizeof(*h));

	/* OpenSSL's session secrets would be written to the file it names. */
	unsetenv("SSLKEYLOGFILE");
	ack_error_set(e, ENOMEM, NULL, "cannot set up libcurl");
	if (!h || curl_global_init_mem(CURL_GLOBAL_DEFAULT, ack_reserve_malloc,
			  ack_reserve_free, ack_reserve_realloc,
			  ack_reserve_strdup, ack_reserve_calloc)) {
		free(h);
		return NULL;
	}
	*h = (struct ack_http){.ev = ev,
		.timer = {.fire = timer_fired, .arg = h},
		.sockets = {.ev = ev, .ready = socket_ready, .arg = h},
		.plain_http = config->plain_http,
		.user_agent = config->user_agent,
		.multi = curl_multi_init(),
		.share = curl_share_init()};
	if (!h->multi || !h->share ||
		/* or each connection would agree on separate keys */
		curl_share_setopt(h->share, CURLSHOPT_SHARE,
			CURL_LOCK_DATA_SSL_SESSION) ||
		ack_ca_find(&h->ca, config->ca, e) < 0)
		goto fail;
#define OPTION(option, value)                                      \
	if (curl_multi_setopt(h->multi, CURLMOPT_##option, value)) \
		goto fail;
#include "http/http_multi.def"
#undef OPTION
	ack_error_clear(e);
	return h;
fail:
	ack_http_free(h);
	return NULL;
}

void ack_http_free(struct ack_http *h)
{
	if (!h)
		return;
	while (!LIST_EMPTY(&h->all))
		transfer_free(LIST_FIRST(&h->all));
	curl_multi_cleanup(h->multi);
	curl_share_cleanup(h->share);
	ack_sockets_release(&h->sockets);
	ack_timer_cancel(h->ev, &h->timer);
	ack_ca_release(&h->ca);
	free(h);
	curl_global_cleanup();
}
