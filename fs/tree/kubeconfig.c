/* SPDX-License-Identifier: MIT */
#include "tree/kubeconfig.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/error.h"
#include "base/json.h"
#include "base/length.h"
#include "base/span.h"
#include "base/text.h"
#include "model/fleet.h"
#include "model/intent.h"
#include "model/kind.h"
#include "model/object.h"
#include "model/regions.h"
#include "model/word.h"
#include "params/params.h"
#include "state/dirname.h"
#include "tree/fetch.h"
#include "tree/node.h"

/* kubectl 1.20 of Debian 12 knows no later one, and today's still takes it. */
#define EXEC_VERSION "client.authentication.k8s.io/v1beta1"

/* Of a credential, where nobody says another lifetime: it is renewed. */
#define MINUTES 60

/* Before its end a client has to ask for another one. */
#define SPARE_S 60

#define CONFIG_MAX (1u << 20)

struct login {
	struct ack_buf server, authority; /* the second in base64 */
	struct ack_buf credential;        /* of credential.json */
	char key_id[sizeof(((struct fleet *)0)->key_id)];
	int minutes;   /* that were asked for */
	int64_t asked; /* for them; ack_now_ms() */
	int64_t until; /* time(2): another one is asked for then */
	int64_t tried; /* for live/kubeconfig; ack_now_ms() */
};

static struct login *login_of(struct object *o)
{
	if (o->login)
		return o->login;
	o->login = calloc(1, sizeof(*o->login));
	if (!o->login)
		return NULL;
	ack_buf_init(&o->login->server, 512);
	ack_buf_init(&o->login->authority, CONFIG_MAX);
	ack_buf_init(&o->login->credential, CONFIG_MAX);
	o->login->credential.secret = true;
	return o->login;
}

void kubeconfig_drop(struct object *o)
{
	if (!o->login)
		return;
	ack_buf_release(&o->login->server);
	ack_buf_release(&o->login->authority);
	ack_buf_release(&o->login->credential);
	free(o->login);
	o->login = NULL;
}

/* A change, and a revocation, may have made another of it. */
static bool server_known(const struct object *o)
{
	return o->login && o->login->server.len && o->login->asked > o->since &&
	       o->login->asked >= o->fleet->reloaded;
}

static int minutes(const struct object *o, int otherwise)
{
	const char *own = object_value(o, ACK_P_kubeconfig_minutes, NULL);

	if (own)
		return (int)strtol(own, NULL, 10);
	return o->fleet->kubeconfig_minutes ? o->fleet->kubeconfig_minutes
					    : otherwise;
}

static bool credential_known(const struct object *o)
{
	return server_known(o) && time(NULL) < o->login->until &&
	       o->login->minutes == minutes(o, MINUTES) &&
	       !strcmp(o->login->key_id, o->fleet->key_id);
}

/*
 * Two calls: without a public address of the API server only the private one
 * makes sense (SERVICE.md, Kubeconfig), so that is asked for first. `lifetime`
 * in minutes; 0: as long as the service likes.
 */
static void ask(struct fetch *f, struct ack_request *r, const struct object *o,
	int lifetime)
{
	r->ids[0] = o->id;
	r->endpoint = regions_of(o);
	r->action = ACK_CALL_DescribeClusterDetail;
	if (!f->is_second)
		return;
	r->action = ACK_CALL_DescribeClusterUserKubeconfig;
	r->query[0] = (struct ack_query){
		"PrivateIpAddress", f->is_private ? "true" : "false"};
	if (!lifetime)
		return;
	snprintf(f->minutes, sizeof(f->minutes), "%d", lifetime);
	r->query[1] = (struct ack_query){
		"TemporaryDurationMinutes", f->minutes};
}

/* master_url is a string that holds JSON (SERVICE.md, Clusters). */
static bool has_public_address(const struct ack_json *detail)
{
	const char *text = ack_json_get_string(detail, "master_url");
	struct ack_json *urls;
	const char *url;
	size_t where;
	bool has;

	urls = text ? ack_json_parse_answer(text, strlen(text), &where) : NULL;
	url = ack_json_get_string(urls, "api_server_endpoint");
	has = url && *url;
	ack_json_free(urls);
	return has;
}

/* Neither YAML nor PEM has a use for what a terminal obeys. */
static bool is_plain(const char *text)
{
	struct ack_span rest = ack_span_of(text);

	while (rest.text)
		if (!ack_span_printable(ack_span_cut(&rest, "\t\r\n")))
			return false;
	return true;
}

/* *config is NULL after the first of the two answers. */
static int take(struct fetch *f, const struct ack_json *answer,
	const char **config, struct ack_error *e)
{
	*config = NULL;
	if (!f->is_second) {
		f->is_private = !has_public_address(answer);
		f->is_second = true;
		return 0;
	}
	*config = ack_json_get_string(answer, "config");
	if (!*config || !**config)
		return ack_error_set(e, EPROTO, NULL,
			"the answer of the service has no kubeconfig");
	if (!is_plain(*config))
		return ack_error_set(e, EPROTO, NULL,
			"the kubeconfig of the service holds control "
			"characters");
	return 0;
}

static bool ask_kubeconfig(struct fetch *f, struct ack_request *r)
{
	ask(f, r, f->object, minutes(f->object, 0));
	return f->step < 2;
}

static int take_kubeconfig(
	struct fetch *f, const struct ack_json *answer, struct ack_error *e)
{
	const char *config;
	int ret = take(f, answer, &config, e);

	if (ret || !config)
		return ret;
	ack_buf_puts(&f->text, config);
	if (f->text.len && f->text.data[f->text.len - 1] != '\n')
		ack_buf_putc(&f->text, '\n');
	return 0;
}

const struct fetch_source fetch_kubeconfig = {
	.ask = ask_kubeconfig, .take = take_kubeconfig};

/* What stands behind `key` in a line of it; the service writes one a line. */
static struct ack_span find(const char *config, const char *key)
{
	struct ack_span rest = ack_span_of(config);

	while (rest.text) {
		struct ack_span line = ack_span_cut(&rest, "\n");
		struct ack_span name = ack_span_cut(&line, ":");

		while (name.len && strchr(" \t-", *name.text)) {
			name.text++;
			name.len--;
		}
		if (!ack_span_is(name, key))
			continue;
		line = ack_span_trim(line);
		if (line.len > 1 && strchr("\"'", *line.text) &&
			line.text[line.len - 1] == *line.text)
			return (struct ack_span){line.text + 1, line.len - 2};
		return line;
	}
	return (struct ack_span){NULL, 0};
}

static int has_no(struct ack_error *e, const char *what)
{
	return ack_error_set(e, EPROTO, NULL,
		"the kubeconfig of the service has no %s that can be read",
		ack_text(what));
}

/* A member of the credential, of what is base64 in the kubeconfig. */
static int add_decoded(
	struct ack_json *status, const char *name, struct ack_span base64)
{
	struct ack_buf pem = ACK_BUF_INIT(CONFIG_MAX);
	int ret;

	pem.secret = true;
	ret = ack_base64_decode(base64.text, base64.len, &pem);
	if (!ret && (!pem.len || strlen(pem.data) != pem.len ||
			    !is_plain(pem.data)))
		ret = -EINVAL;
	if (!ret)
		ret = ack_json_add_string(status, name, pem.data);
	ack_buf_release(&pem);
	return ret;
}

static int add_text(
	struct ack_json *status, const char *name, struct ack_span text)
{
	struct ack_buf copy = ACK_BUF_INIT(CONFIG_MAX);
	int ret;

	copy.secret = true;
	ack_buf_put(&copy, text.text, text.len);
	ret = ack_buf_status(&copy);
	if (!ret)
		ret = ack_json_add_string(status, name, ack_buf_text(&copy));
	ack_buf_release(&copy);
	return ret;
}

static int add_secret(struct ack_json *status, const char *config)
{
	struct ack_span certificate = find(config, "client-certificate-data");
	struct ack_span key = find(config, "client-key-data");
	struct ack_span token = find(config, "token");
	int ret;

	if (!certificate.len || !key.len)
		return token.len ? add_text(status, "token", token) : -EINVAL;
	ret = add_decoded(status, "clientCertificateData", certificate);
	return ret ? ret : add_decoded(status, "clientKeyData", key);
}

/* A client asks again before it ends. */
static int add_expiry(struct ack_json *status, int64_t ends, int64_t left)
{
	char when[ACK_DATE_LEN];

	ack_date((time_t)(ends - (left / 10 < SPARE_S ? left / 10 : SPARE_S)),
		when);
	return ack_json_add_string(status, "expirationTimestamp", when);
}

static int put_credential(struct ack_buf *out, const char *config, int64_t ends)
{
	struct ack_json *root = ack_json_object(), *status = ack_json_object();
	int64_t left = ends - time(NULL);
	int ret = ack_json_add_string(root, "apiVersion", EXEC_VERSION);

	if (!ret)
		ret = ack_json_add_string(root, "kind", "ExecCredential");
	if (!ret && left > 0)
		ret = add_expiry(status, ends, left);
	if (!ret)
		ret = add_secret(status, config);
	if (ret)
		ack_json_free(status);
	else
		ret = ack_json_add(root, "status", status);
	if (!ret) {
		ack_json_print(root, false, out);
		ack_buf_putc(out, '\n');
	}
	ack_json_free(root);
	return ret ? ret : ack_buf_status(out);
}

/* By this machine's clock; -1: it does not say. */
static int64_t expiry(const struct fleet *f, const struct ack_json *answer)
{
	int64_t when = intent_time(ack_json_get_string(answer, "expiration"));

	return when < 0 ? -1 : when - (fleet_service_time(f) - time(NULL));
}

/* Takes over what that kubeconfig says; where it makes no sense, nothing. */
static int fill(
	struct login *l, const char *config, int64_t ends, struct ack_error *e)
{
	struct ack_span server = find(config, "server");
	struct ack_span authority = find(config, "certificate-authority-data");
	int ret;

	ack_buf_clear(&l->server);
	ack_buf_clear(&l->authority);
	ack_buf_clear(&l->credential);
	if (!ack_span_starts(server, "https://"))
		return has_no(e, "address of the API server");
	if (!ack_span_only(authority, "+/="))
		return has_no(e, "certificate authority");
	ret = put_credential(&l->credential, config, ends);
	if (ret == -ENOMEM)
		return ack_error_memory(e, NULL);
	if (ret)
		return has_no(e, "certificate and key");
	ack_buf_put(&l->authority, authority.text, authority.len);
	ack_buf_put(&l->server, server.text, server.len);
	if (ack_buf_status(&l->authority) || ack_buf_status(&l->server))
		return ack_error_memory(e, NULL);
	l->until = time(NULL) + (ends - time(NULL)) / 2;
	return 0;
}

static int take_login(struct fetch *f, struct object *o,
	const struct ack_json *answer, struct ack_error *e)
{
	struct login *l = login_of(o);
	const char *config;
	int ret = take(f, answer, &config, e);

	if (ret || !config)
		return ret;
	if (!l)
		return ack_error_memory(e, NULL);
	l->asked = f->asked;
	l->minutes = minutes(o, MINUTES);
	snprintf(l->key_id, sizeof(l->key_id), "%s", f->fleet->key_id);
	return fill(l, config, expiry(f->fleet, answer), e);
}

static int take_own(
	struct fetch *f, const struct ack_json *answer, struct ack_error *e)
{
	return take_login(f, f->object, answer, e);
}

static bool ask_credential(struct fetch *f, struct ack_request *r)
{
	const struct object *o = f->object;

	ask(f, r, o, minutes(o, MINUTES));
	if (f->step < 2 && (f->step || !credential_known(o)))
		return true;
	ack_buf_put(&f->text, ack_buf_text(&o->login->credential),
		o->login->credential.len);
	return false;
}

const struct fetch_source fetch_credential = {
	.ask = ask_credential, .take = take_own};

/* The name of the cluster in live/, in quotes. */
static void put_name(struct ack_buf *out, const struct object *o)
{
	char name[DIRNAME_MAX + 1];

	node_live_name(o, name);
	ack_json_quote(name, out);
}

static void put_cluster(struct ack_buf *out, const struct object *o)
{
	ack_buf_puts(out, "- name: ");
	put_name(out, o);
	ack_buf_puts(out, "\n  cluster:\n    server: ");
	ack_json_quote(ack_buf_text(&o->login->server), out);
	if (o->login->authority.len)
		ack_buf_printf(out, "\n    certificate-authority-data: %s",
			ack_buf_text(&o->login->authority));
	ack_buf_putc(out, '\n');
}

static void put_context(struct ack_buf *out, const struct object *o)
{
	ack_buf_puts(out, "- name: ");
	put_name(out, o);
	ack_buf_puts(out, "\n  context:\n    cluster: ");
	put_name(out, o);
	ack_buf_puts(out, "\n    user: ");
	put_name(out, o);
	ack_buf_putc(out, '\n');
}

static void put_user(struct ack_buf *out, const struct object *o)
{
	struct ack_buf path = ACK_BUF_INIT(8192);
	char name[DIRNAME_MAX + 1];

	node_live_name(o, name);
	ack_buf_printf(&path, "%s/live/%s/credential.json",
		o->fleet->mountpoint, name);
	ack_buf_puts(out, "- name: ");
	put_name(out, o);
	ack_buf_puts(out,
		"\n  user:\n    exec:\n      apiVersion: " EXEC_VERSION
		"\n      command: cat\n      args:\n      - ");
	ack_json_quote(ack_buf_text(&path), out);
	ack_buf_putc(out, '\n');
	out->failed |= path.failed;
	ack_buf_release(&path);
}

/* The three lists of a kubeconfig, with one line of each for each cluster. */
static const struct {
	const char *name;
	void (*put)(struct ack_buf *out, const struct object *o);
} lists[] = {
	{"clusters", put_cluster},
	{"contexts", put_context},
	{"users", put_user},
};

#define HEAD "apiVersion: v1\nkind: Config\n"

static bool ask_exec(struct fetch *f, struct ack_request *r)
{
	const struct object *o = f->object;

	ask(f, r, o, minutes(o, MINUTES));
	if (f->step < 2 && (f->step || !server_known(o)))
		return true;
	ack_buf_puts(&f->text, HEAD "current-context: ");
	put_name(&f->text, o);
	ack_buf_putc(&f->text, '\n');
	for (size_t i = 0; i < LENGTH(lists); i++) {
		ack_buf_printf(&f->text, "%s:\n", lists[i].name);
		lists[i].put(&f->text, o);
	}
	return false;
}

const struct fetch_source fetch_kubeconfig_exec = {
	.ask = ask_exec, .take = take_own};

/* Whether its state lets it have an API server. */
static bool serves(const struct object *o)
{
	enum meaning how = word_of_state(o->word);

	return object_exists(o) && how != MEANS_MAKING && how != MEANS_BADLY &&
	       !word_is(o->word, "deleting") && !word_is(o->word, "deleted");
}

struct search {
	int64_t began;
	struct object *found; /* the first that has to be asked for */
};

static void search(struct object *o, void *arg)
{
	struct search *s = arg;

	if (!s->found && serves(o) && !server_known(o) &&
		(!o->login || o->login->tried < s->began))
		s->found = o;
}

struct compose {
	struct ack_buf *out;
	void (*put)(struct ack_buf *out, const struct object *o);
};

static void compose(struct object *o, void *arg)
{
	const struct compose *c = arg;

	if (serves(o) && server_known(o))
		c->put(c->out, o);
}

static void put_all(struct fetch *f)
{
	struct compose c = {.out = &f->text};
	size_t before;

	ack_buf_puts(&f->text, HEAD);
	for (size_t i = 0; i < LENGTH(lists); i++) {
		ack_buf_printf(&f->text, "%s:\n", lists[i].name);
		before = f->text.len;
		c.put = lists[i].put;
		objects_walk(&f->fleet->clusters, compose, &c);
		if (f->text.len == before)
			ack_buf_puts(&f->text, "  []\n");
	}
}

/* As many clusters as the time limit lets; what is known then is kept, so the
 * next one to open it gets further. */
static bool ask_all(struct fetch *f, struct ack_request *r)
{
	struct search s = {.began = f->began};
	struct object *o = f->is_second ? fleet_by_serial(f->fleet, f->serial)
					: NULL;

	if (!o && ack_now_ms() - f->began < f->fleet->tries_ms) {
		f->is_second = false;
		objects_walk(&f->fleet->clusters, search, &s);
		o = s.found;
	}
	if (!o || !login_of(o)) {
		put_all(f);
		return false;
	}
	o->login->tried = ack_now_ms();
	f->serial = o->serial;
	ask(f, r, o, minutes(o, MINUTES));
	return true;
}

/* One that cannot be reached is a comment, and the others are there. */
static bool missed_all(struct fetch *f, const struct ack_error *e)
{
	const struct object *o = fleet_by_serial(f->fleet, f->serial);

	f->is_second = false;
	ack_buf_puts(&f->text, "# ");
	if (o)
		put_name(&f->text, o);
	ack_buf_puts(&f->text, ": ");
	fetch_put(f, e->message);
	ack_buf_putc(&f->text, '\n');
	return true;
}

static int take_all(
	struct fetch *f, const struct ack_json *answer, struct ack_error *e)
{
	struct object *o = fleet_by_serial(f->fleet, f->serial);
	bool was_second = f->is_second;
	ACK_UNSET struct ack_error own;

	if (o && take_login(f, o, answer, &own))
		missed_all(f, &own);
	else if (was_second)
		f->is_second = false;
	ack_error_clear(e);
	return 0;
}

const struct fetch_source fetch_kubeconfigs = {
	.ask = ask_all, .take = take_all, .missed = missed_all};
