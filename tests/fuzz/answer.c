/* SPDX-License-Identifier: MIT */
/*
 * What the service answers, and what becomes of it. The first line says what
 * was done at the mount; the pieces behind it are the answers to the requests
 * that follow from that.
 */
#include "fuzz.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "actions/change.h"
#include "actions/errand.h"
#include "actions/commit.h"
#include "actions/draft.h"
#include "actions/order.h"
#include "actions/resolve.h"
#include "base/error.h"
#include "base/length.h"
#include "client/client.h"
#include "cloud/follow.h"
#include "cloud/hear.h"
#include "cloud/live.h"
#include "cloud/refresh.h"
#include "cloud/story.h"
#include "ground.h"
#include "model/intent.h"
#include "page/page.h"
#include "tree/fetch.h"
#include "tree/files.h"
#include "tree/node.h"
#include "wire.h"
static struct ground ground;

void fuzz_begin(void)
{
	ground_make(&ground);
}

static void put(struct ack_values *v, unsigned row, const char *text)
{
	MUST(!ack_values_set(v, row, text, strlen(text), 2));
}

/* Whoever waits for a file, or for the end of an order. */
static struct waiter waiter;
static bool told, paged;

static void done(struct waiter *w, int err)
{
	MUST(w == &waiter && err <= 0 && !told);
	told = true;
	if (!err && w->answer)
		MUST(strlen(ack_buf_text(w->answer)) == w->answer->len);
}

static void list(const struct fetch_source *nothing)
{
	(void)nothing;
	refresh_now(&ground.fleet);
}

/* index.html shows it all. */
static void page(const struct fetch_source *nothing)
{
	list(nothing);
	paged = true;
}

#define OWN_SCRIPT "<script>\n// SPDX-License-Identifier"

static void look_at_page(void)
{
	struct ack_buf text = ACK_BUF_INIT(4u << 20);
	const char *own;

	page_show(&ground.fleet, NULL, &text);
	MUST(!ack_buf_status(&text) && fuzz_plain(ack_buf_text(&text)));
	/* its own, and none that somebody's text has put before it */
	own = strcasestr(ack_buf_text(&text), "<script");
	MUST(own && !strncmp(own, OWN_SCRIPT, strlen(OWN_SCRIPT)) &&
		!strcasestr(own + 1, "<script"));
	ack_buf_release(&text);
}

static void read_file(const struct fetch_source *source)
{
	const struct node_file file = {.name = "file", .fetch = source};
	struct node n = {.fleet = &ground.fleet, .file = &file};
	struct ack_error e;

	if (source != &fetch_account && source != &fetch_versions &&
		source != &fetch_kubeconfigs && source != &fetch_addons_offered)
		n.object = ground.cluster;
	MUST(fetch_begin(&n, &waiter, &e) == NODE_LATER);
}

/* What is kept of it on disk changes, too. */
static void describe(const struct fetch_source *nothing)
{
	(void)nothing;
	ground.cluster->kept = ground.pool->kept = true;
	live_ask(ground.cluster);
	live_ask(ground.pool);
}

static void pools(const struct fetch_source *nothing)
{
	(void)nothing;
	live_ask_nodepools(ground.cluster);
}

/* What is being made has a task, which is known or has to be found. */
static void follow(const char *task)
{
	strcpy(ground.cluster->word, "initial");
	story_begin(ground.cluster, task);
	follow_now(&ground.fleet);
}

static void task(const struct fetch_source *nothing)
{
	(void)nothing;
	follow("T-1");
}

static void tasks(const struct fetch_source *nothing)
{
	(void)nothing;
	follow("");
}

static void events(const struct fetch_source *nothing)
{
	(void)nothing;
	hear_events(ground.cluster);
}

static void create(const struct fetch_source *nothing)
{
	struct ack_values *v = &ground.draft->values;
	struct ack_error e;

	(void)nothing;
	put(v, ACK_P_vpcid, "vpc-2zegvl5etah5requ09nec");
	put(v, ACK_P_vswitch_ids, "vsw-2ze48rkq464rsdts1abcd");
	put(v, ACK_P_container_cidr, "172.20.0.0/16");
	put(v, ACK_P_service_cidr, "172.21.0.0/20");
	put(v, ACK_P_num_of_nodes, "0");
	put(v, ACK_P_snat_entry, "true");
	put(v, ACK_P_addons, "flannel");
	if (commit_begin(ground.draft, &waiter, &e))
		fuzz_broken(__FILE__, __LINE__, e.message);
}

/* What fills in a draft with nodes. */
static void runtimes(const struct fetch_source *nothing)
{
	struct ack_values v = ACK_VALUES_INIT;

	(void)nothing;
	put(&ground.draft->values, ACK_P_num_of_nodes, "3");
	for (int i = 0; i < 2; i++) {
		MUST(!object_effective(ground.draft, &v));
		ack_values_release(&v);
		ground_run(&ground);
	}
}

static void create_pool(const struct fetch_source *nothing)
{
	struct object *o = fleet_restore(&ground.fleet, ground.cluster, "gpu");
	struct ack_error e;

	(void)nothing;
	MUST(o);
	put(&o->values, ACK_POOL_P_vswitch_ids, "vsw-2ze48rkq464rsdts1abcd");
	put(&o->values, ACK_POOL_P_instance_types, "ecs.g7.xlarge");
	put(&o->values, ACK_POOL_P_system_disk_category, "cloud_essd");
	put(&o->values, ACK_POOL_P_system_disk_size, "120");
	put(&o->values, ACK_POOL_P_key_pair, "my-key");
	put(&o->values, ACK_POOL_P_runtime_version, "1.6.38");
	if (commit_begin(o, &waiter, &e))
		fuzz_broken(__FILE__, __LINE__, e.message);
}

static void change(const struct fetch_source *nothing)
{
	struct ack_values *v = &ground.cluster->edits;
	struct ack_error e;

	(void)nothing;
	put(v, ACK_P_tags, "b=3\nc=4");
	put(v, ACK_P_deletion_protection, "true");
	put(v, ACK_P_num_of_nodes, "5");
	put(v, ACK_P_kubernetes_version, "1.31.1-aliyun.1");
	MUST(!change_begin(ground.cluster, ORDER_NAME, "", &waiter, &e));
}

static void scale(const struct fetch_source *nothing)
{
	struct ack_error e;

	(void)nothing;
	put(&ground.cluster->edits, ACK_P_num_of_nodes, "5");
	MUST(!change_begin(ground.cluster, ORDER_NAME, "", &waiter, &e));
}

static void upgrade_pool(const struct fetch_source *nothing)
{
	struct ack_error e;

	(void)nothing;
	put(&ground.pool->edits, ACK_POOL_P_image_id, "m-2zeabcdefghijklmnopq");
	put(&ground.pool->edits, ACK_POOL_P_remove_nodes, "one\ni-2");
	MUST(!change_begin(ground.pool, ORDER_NAME, "", &waiter, &e));
}

static void change_addons(const struct fetch_source *nothing)
{
	struct ack_error e;

	(void)nothing;
	put(&ground.cluster->edits, ACK_P_live_addons,
		"one\ntwo@2 {\"a\":1}\n-three\nfour {\"b\":2}");
	MUST(!change_begin(ground.cluster, ORDER_NAME, "", &waiter, &e));
}

static void order(const struct errand *what)
{
	struct ack_error e;

	strcpy(ground.cluster->word, "upgrading");
	story_begin(ground.cluster, "T-1");
	MUST(!change_errand(ground.cluster, what, &waiter, &e));
}

static void cancel(const struct fetch_source *nothing)
{
	(void)nothing;
	order(&errand_cancel);
}

static void pause_task(const struct fetch_source *nothing)
{
	(void)nothing;
	order(&errand_pause);
}

static void revoke_all(const struct fetch_source *nothing)
{
	(void)nothing;
	order(&errand_revoke);
}

static void delete (const struct fetch_source *nothing)
{
	struct ack_error e;

	(void)nothing;
	MUST(!change_errand(ground.cluster, &errand_delete, &waiter, &e));
}

/* A commit whose answer was lost, long ago. */
static void lose(bool tagged)
{
	struct object *o = ground.draft;

	o->intent = intent_new("new", tagged);
	MUST(o->intent);
	/* of all that is created here */
	o->intent->date = o->intent->signed_at = 1767225600;
	o->state = COURSE_UNKNOWN;
	resolve_look(o);
	MUST(o->resolve);
}

static void resolve(const struct fetch_source *nothing)
{
	(void)nothing;
	lose(false);
	ground.draft->resolve->began = 0;
	resolve_later(ground.draft->resolve, 0);
}

static void adopt(const struct fetch_source *nothing)
{
	static const char id[] = "c11111111111111111111111111111111\n";
	struct ack_error e;

	(void)nothing;
	lose(true);
	MUST(order_adopt(ground.draft, id, sizeof(id) - 1, &waiter, &e) ==
		NODE_LATER);
}

static const struct deed {
	const char *word;
	void (*begin)(const struct fetch_source *source);
	const struct fetch_source *source;
} deeds[] = {
	{"list", list, NULL},
	{"page", page, NULL},
	{"describe", describe, NULL},
	{"pools", pools, NULL},
	{"task", task, NULL},
	{"tasks", tasks, NULL},
	{"events", events, NULL},
	{"create", create, NULL},
	{"runtimes", runtimes, NULL},
	{"create-pool", create_pool, NULL},
	{"change", change, NULL},
	{"scale", scale, NULL},
	{"delete", delete, NULL},
	{"upgrade-pool", upgrade_pool, NULL},
	{"change-addons", change_addons, NULL},
	{"cancel", cancel, NULL},
	{"pause", pause_task, NULL},
	{"revoke", revoke_all, NULL},
	{"resolve", resolve, NULL},
	{"adopt", adopt, NULL},
	{"account", read_file, &fetch_account},
	{"versions", read_file, &fetch_versions},
	{"upgrades", read_file, &fetch_upgrades},
	{"kubeconfig", read_file, &fetch_kubeconfig},
	{"credential.json", read_file, &fetch_credential},
	{"kubeconfig.exec", read_file, &fetch_kubeconfig_exec},
	{"kubeconfigs", read_file, &fetch_kubeconfigs},
	{"task-file", read_file, &fetch_task},
	{"tasks-file", read_file, &fetch_tasks},
	{"addons", read_file, &fetch_addons},
	{"addons-offered", read_file, &fetch_addons_offered},
	{"detail.json", read_file, &fetch_detail},
	{"nodes.json", read_file, &fetch_nodes},
	{"nodes", read_file, &fetch_node_table},
	{"vulnerabilities", read_file, &fetch_vulnerabilities},
	{"precheck", read_file, &fetch_precheck},
	{"region-events", read_file, &fetch_region_events},
	{"nodepools.json", read_file, &fetch_nodepools},
	{"resources.json", read_file, &fetch_resources},
};

static const char *word(unsigned i)
{
	return deeds[i].word;
}

void fuzz_one(struct ack_span input)
{
	const bool whole = fuzz_due(input);
	const struct deed *d = &deeds[fuzz_choose(&input, word, LENGTH(deeds))];

	waiter = (struct waiter){.done = done};
	told = paged = false;
	ground_begin(&ground, false);
	wire_load(input);
	d->begin(d->source);
	ground_run(&ground);
	ground_look(&ground, whole);
	if (paged && whole)
		look_at_page();
	ground_end(&ground);
	MUST(!waiter.link);
}
