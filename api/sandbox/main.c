/* SPDX-License-Identifier: MIT */
/* ack-sandbox: a local ACK endpoint. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/event.h"
#include "base/json.h"
#include "sandbox/arguments.h"
#include "sandbox/sandbox.h"
#include "sandbox/server.h"

static int make_key(struct verifier *v, const char *given)
{
	char id[ACK_NONCE_HEX], secret[ACK_NONCE_HEX];

	if (given) {
		const char *colon = strchr(given, ':');

		snprintf(v->key_id, sizeof(v->key_id), "%.*s",
			(int)(colon - given), given);
		snprintf(v->key_secret, sizeof(v->key_secret), "%s", colon + 1);
		return 0;
	}
	if (ack_nonce(id) < 0 || ack_nonce(secret) < 0)
		return -EIO;
	snprintf(v->key_id, sizeof(v->key_id), "LTAI5tSandbox%.11s", id);
	snprintf(v->key_secret, sizeof(v->key_secret), "%.30s", secret);
	return 0;
}

/* The one line that the starting program waits for. */
static int announce(const struct verifier *v, const struct server *server)
{
	struct ack_json *root = ack_json_object();
	struct ack_buf line = ACK_BUF_INIT(4096);
	char url[64];
	int rc = root ? 0 : -ENOMEM;

	snprintf(url, sizeof(url), "http://127.0.0.1:%d", server_port(server));
	if (root) {
		rc |= ack_json_add_string(root, "url", url);
		rc |= ack_json_add_string(root, "access_key_id", v->key_id);
		rc |= ack_json_add_string(
			root, "access_key_secret", v->key_secret);
		ack_json_print(root, false, &line);
	}
	if (rc == 0)
		rc = ack_buf_status(&line);
	if (rc == 0 && (puts(ack_buf_text(&line)) < 0 || fflush(stdout) < 0))
		rc = -errno;
	ack_buf_release(&line);
	ack_json_free(root);
	return rc;
}

static void stop(void *arg, uint32_t what)
{
	(void)what;
	*(bool *)arg = true;
}

static enum verdict conduct(void *arg, struct exchange *x)
{
	return sandbox_conduct(arg, x);
}

static int fail(const struct ack_error *e)
{
	fprintf(stderr, "ack-sandbox: %s\n", e->message);
	return 1;
}

static int run(struct sandbox *s, const struct arguments *o)
{
	struct ack_events ev;
	struct ack_error e;
	struct server *server = NULL;
	bool stopped = false;
	struct ack_watch signals = {-1, stop, &stopped, 0};
	sigset_t set;
	int rc = 1;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigprocmask(SIG_BLOCK, &set, NULL);
	if (ack_events_init(&ev, &e) < 0)
		return fail(&e);
	signals.fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	if (signals.fd < 0 || ack_watch_set(&ev, &signals, EPOLLIN) < 0) {
		perror("ack-sandbox: signals");
		goto out;
	}
	if (clusters_open(&s->clusters, o->state, &e) < 0) {
		fail(&e);
		goto out;
	}
	server = server_start(&ev, o->port, conduct, s, &e);
	if (!server) {
		fail(&e);
		goto out;
	}
	if (announce(&s->verifier, server) < 0) {
		fputs("ack-sandbox: its first line cannot be written.\n",
			stderr);
		goto out;
	}
	rc = 0;
	while (!stopped && rc == 0)
		rc = ack_events_turn(&ev) < 0;
out:
	server_stop(server);
	if (signals.fd >= 0) {
		ack_watch_set(&ev, &signals, 0);
		close(signals.fd);
	}
	ack_events_release(&ev);
	return rc;
}

int main(int argc, char **argv)
{
	struct arguments o;
	struct sandbox s = {.clusters.file = STATE_FILE_INIT};
	int rc = arguments_parse(&o, argc, argv);

	if (rc != 0)
		return rc < 0 ? 2 : 0;
	ack_json_setup();
	s.speed = o.speed;
	s.locked = o.locked;
	s.kubeconfig = o.kubeconfig;
	if (make_key(&s.verifier, o.key) < 0) {
		fputs("ack-sandbox: the system gives no random numbers.\n",
			stderr);
		return 1;
	}
	rc = run(&s, &o);
	clusters_close(&s.clusters);
	faults_release(&s.faults);
	requests_release(&s.requests);
	nonces_release(&s.verifier.nonces);
	return rc;
}
