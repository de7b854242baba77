/* SPDX-License-Identifier: MIT */
/*
 * What the endpoint answers: clusters that run and rest, so that nothing is
 * polled while something else is measured.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "endpoint.h"

#define PAGE_MAX 100

/* About as long as the service's own: 2 KB. */
static void put_cluster(struct ack_buf *out, size_t i, const char *name)
{
	char planted[32];

	if (!name) {
		snprintf(planted, sizeof(planted), "cluster-%05zu", i + 1);
		name = planted;
	}
	ack_buf_printf(out,
		"{\"cluster_id\":\"c%032zx\",\"name\":\"%s\","
		"\"state\":\"running\",\"region_id\":\"cn-beijing\","
		"\"cluster_type\":\"ManagedKubernetes\","
		"\"cluster_spec\":\"ack.pro.small\",\"profile\":\"Default\","
		"\"current_version\":\"1.33.3-aliyun.1\","
		"\"init_version\":\"1.33.3-aliyun.1\",\"next_version\":\"\","
		"\"size\":%zu,\"node_cidr_mask\":\"25\","
		"\"proxy_mode\":\"ipvs\",\"ip_stack\":\"ipv4\","
		"\"timezone\":\"Asia/Shanghai\","
		"\"cluster_domain\":\"cluster.local\","
		"\"container_cidr\":\"172.20.0.0/16\","
		"\"service_cidr\":\"172.21.0.0/20\","
		"\"subnet_cidr\":\"172.20.0.0/16\","
		"\"created\":\"2026-01-15T09:51:06+08:00\","
		"\"updated\":\"2026-01-15T10:04:41+08:00\","
		"\"deletion_protection\":false,\"private_zone\":false,"
		"\"resource_group_id\":\"rg-acfm3mkrure4abc\","
		"\"security_group_id\":\"sg-2ze%017zx\","
		"\"external_loadbalancer_id\":\"lb-2ze%017zx\","
		"\"vpc_id\":\"vpc-2zegvl5etah5requ09nec\","
		"\"vswitch_id\":\"vsw-2ze48rkq464rsdts1abcd\","
		"\"vswitch_ids\":[\"vsw-2ze48rkq464rsdts1abcd\"],"
		"\"worker_ram_role_name\":\"KubernetesWorkerRole-%zx\","
		"\"network_mode\":\"vpc\",\"docker_version\":\"\","
		"\"data_disk_size\":0,\"data_disk_category\":\"cloud_ssd\","
		"\"instance_type\":\"\",\"zone_id\":\"cn-beijing-h\","
		"\"tags\":[{\"key\":\"ack.aliyun.com\",\"value\":\"c%032zx\"},"
		"{\"key\":\"env\",\"value\":\"prod\"},"
		"{\"key\":\"team\",\"value\":\"payments\"}],"
		"\"maintenance_window\":{\"enable\":true,"
		"\"maintenance_time\":\"03:00:00Z\",\"duration\":\"3h\","
		"\"weekly_period\":\"Thursday\"},"
		"\"operation_policy\":{\"cluster_auto_upgrade\":{"
		"\"enabled\":false}},"
		"\"master_url\":\"{\\\"intranet_api_server_endpoint\\\":"
		"\\\"https://192.168.7.14:6443\\\"}\","
		"\"meta_data\":\"{\\\"Addons\\\":[{\\\"config\\\":\\\"\\\","
		"\\\"name\\\":\\\"flannel\\\"},{\\\"name\\\":"
		"\\\"csi-plugin\\\"},{\\\"name\\\":\\\"csi-provisioner\\\"}],"
		"\\\"Capabilities\\\":{\\\"AnyAZ\\\":true,\\\"CSI\\\":true,"
		"\\\"CpuPolicy\\\":true,\\\"DeploymentSet\\\":true,"
		"\\\"DisableEncryption\\\":true,\\\"EnterpriseSecurityGroup"
		"\\\":true,\\\"IntelSGX\\\":false,\\\"Knative\\\":true,"
		"\\\"NgwPayByLcu\\\":true,\\\"PublicSLB\\\":false},"
		"\\\"CloudMonitorVersion\\\":\\\"\\\",\\\"ClusterDomain\\\":"
		"\\\"cluster.local\\\",\\\"ControlPlaneLogConfig\\\":{},"
		"\\\"KubernetesVersion\\\":\\\"1.33.3-aliyun.1\\\","
		"\\\"Runtime\\\":\\\"containerd\\\"}\"}",
		i, name, i % 10, i, i, i, i);
}

static void put_list(
	struct service *s, const struct target *t, struct ack_buf *out)
{
	const char *text = target_query(t, "page_number");
	size_t number = text ? strtoul(text, NULL, 10) : 1, size;
	size_t total = s->planted + s->created;

	text = target_query(t, "page_size");
	size = text ? strtoul(text, NULL, 10) : 10;
	size = size > PAGE_MAX ? PAGE_MAX : size;
	number += !number;
	ack_buf_puts(out, "{\"clusters\":[");
	for (size_t i = (number - 1) * size; i < number * size && i < total;
		i++) {
		if (i % size)
			ack_buf_putc(out, ',');
		put_cluster(out, i,
			i < s->planted ? NULL : s->names[i - s->planted]);
	}
	ack_buf_printf(out,
		"],\"page_info\":{\"page_number\":%zu,\"page_size\":%zu,"
		"\"total_count\":%zu}}",
		number, size, total);
}

static void put_named(struct service *s, const char *name, struct ack_buf *out)
{
	size_t i = 0;

	while (i < s->created && strcmp(s->names[i], name))
		i++;
	ack_buf_puts(out, "{\"clusters\":[");
	if (i < s->created)
		put_cluster(out, s->planted + i, name);
	ack_buf_printf(out,
		"],\"page_info\":{\"page_number\":1,\"page_size\":50,"
		"\"total_count\":%d}}",
		i < s->created);
}

/* The name is where "name" first stands; nothing else of it matters here. */
static char *name_in(const char *body)
{
	const char *at = strstr(body, "\"name\""), *end;

	at = at ? strchr(at + 6, '"') : NULL;
	end = at ? strchr(at + 1, '"') : NULL;
	return end ? strndup(at + 1, (size_t)(end - at - 1)) : NULL;
}

static void create(struct service *s, struct exchange *x)
{
	char *name = name_in(ack_buf_text(&x->body));

	if (s->created == s->room) {
		s->room = s->room ? s->room * 2 : 1024;
		s->names = realloc(s->names, s->room * sizeof(*s->names));
	}
	if (!s->names || !name) {
		x->status = 400;
		ack_buf_puts(&x->answer, "{\"code\":\"MissingName\","
					 "\"message\":\"There is no name.\"}");
		return;
	}
	s->names[s->created] = name;
	x->status = 202;
	ack_buf_printf(&x->answer,
		"{\"cluster_id\":\"c%032zx\",\"request_id\":"
		"\"7F2E1D06-3A54-4C1B-9B0E-%012zX\",\"task_id\":\"T-%024zx\"}",
		s->planted + s->created, s->created, s->created);
	s->created++;
	s->counts->creations++;
}

void service_answer(struct service *s, struct exchange *x)
{
	const char *path = ack_buf_text(&x->target.path);
	const char *name = target_query(&x->target, "name");

	x->status = 200;
	if (!strcmp(x->method, "POST") && !strcmp(path, "/clusters")) {
		create(s, x);
	} else if (!strncmp(path, "/regions/", 9) && name) {
		s->counts->names++;
		put_named(s, name, &x->answer);
	} else if (!strncmp(path, "/regions/", 9)) {
		s->counts->lists++;
		put_list(s, &x->target, &x->answer);
	} else if (!strncmp(path, "/clusters/c", 11) &&
		   strspn(path + 11, "0123456789abcdef") == 32 && !path[43]) {
		size_t i = strtoul(path + 11, NULL, 16) - s->planted;

		put_cluster(&x->answer, s->planted + i,
			i < s->created ? s->names[i] : NULL);
	} else {
		ack_buf_puts(&x->answer,
			"{\"tasks\":[],\"events\":[],\"nodepools\":[]}");
	}
}
