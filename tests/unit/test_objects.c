/* SPDX-License-Identifier: MIT */
#include "param_case.h"

#define X16 "xxxxxxxxxxxxxxxx"
#define X64 X16 X16 X16 X16

static const struct param_case cases[] = {
	/* tags */
	{ACK_P_tags, "team=search", "team=search", NULL},
	{ACK_P_tags, " a=b \n\nc=\nd=e=f\n", "a=b\nc=\nd=e=f", NULL},
	{ACK_P_tags, "a=two words, and more", "a=two words, and more", NULL},
	{ACK_P_tags, "团队=搜索", "团队=搜索", NULL},
	{ACK_P_tags, "[{\"key\":\"a\",\"value\":\"b\"},{\"key\":\"c\"}]",
		"a=b\nc=", NULL},
	{ACK_P_tags, "{\"value\":\"b\",\"key\":\"a\"}", "a=b", NULL},
	{ACK_P_tags, "[\"a=b\"]", "a=b", NULL},
	{ACK_P_tags, "a=b\n{\"key\":\"c\",\n\"value\":\"d\"}\ne=f",
		"a=b\nc=d\ne=f", NULL},
	{ACK_P_tags, "{\"key\":\"a\"}\n{\"key\":\"b\"}\n", "a=\nb=", NULL},
	/* what a line cannot hold stays JSON */
	{ACK_P_tags, "{\"key\":\"a=b\",\"value\":\"c\"}",
		"{\"key\":\"a=b\",\"value\":\"c\"}", NULL},
	{ACK_P_tags, "[{\"key\":\"[x\",\"value\":\"\"}]",
		"{\"key\":\"[x\",\"value\":\"\"}", NULL},
	{ACK_P_tags, "{\"key\":\"a\",\"value\":\"b \"}",
		"{\"key\":\"a\",\"value\":\"b \"}", NULL},
	{ACK_P_tags, X64 "=" X64 X64, X64 "=" X64 X64, NULL},
	{ACK_P_tags, X64 "x=", NULL, "1 to 64 characters"},
	{ACK_P_tags, "a=" X64 X64 "x", NULL, "more than 128 characters"},
	{ACK_P_tags, "a", NULL, "\"a\" has not the form key=value"},
	{ACK_P_tags, "=a", NULL, "has not the form key=value"},
	{ACK_P_tags, "a =b", NULL, "without blanks around"},
	{ACK_P_tags, "a=b\na=c", NULL, "\"a\" is there twice"},
	{ACK_P_tags, "aliyun-x=1", NULL, "begin with aliyun"},
	{ACK_P_tags, "x=acs:y", NULL, "begin with acs:"},
	{ACK_P_tags, "http://x=1", NULL, "begin with http://"},
	{ACK_P_tags, "x=https://x", NULL, "begin with https://"},
	{ACK_P_tags, "a=b\x01", NULL, "control character"},
	{ACK_P_tags, "{\"key\":\"a\\nb\"}", NULL, "control character"},
	{ACK_P_tags, "{\"key\":\"a\",\"x\":1}", NULL,
		"has the member \"x\"; known here is what a line has: "
		"key=value"},
	{ACK_P_tags, "{\"key\":\"a\",\"key\":\"b\"}", NULL,
		"the member \"key\" twice"},
	{ACK_P_tags, "{\"key\":1}", NULL, "\"key\" of the JSON object has"},
	{ACK_P_tags, "{\"value\":\"a\"}", NULL, "not the key of a tag"},
	{ACK_P_tags, "[1]", NULL, "neither an object nor a string"},
	{ACK_P_tags, "{\"key\":\"a\"", NULL, NULL},

	/* taints */
	{ACK_P_taints, "special=true:NoSchedule", "special=true:NoSchedule",
		NULL},
	{ACK_P_taints, "k:NoExecute", "k:NoExecute", NULL},
	{ACK_P_taints, "k=:NoExecute", "k:NoExecute", NULL},
	{ACK_P_taints, "example.com/a_b-c=1:PreferNoSchedule",
		"example.com/a_b-c=1:PreferNoSchedule", NULL},
	{ACK_P_taints, "a=1:NoSchedule\na=2:NoExecute",
		"a=1:NoSchedule\na=2:NoExecute", NULL},
	{ACK_P_taints,
		"[{\"key\":\"special\",\"value\":\"true\","
		"\"effect\":\"NoSchedule\"}]",
		"special=true:NoSchedule", NULL},
	{ACK_P_taints, "{\"key\":\"a\"}", "a:NoSchedule", NULL},
	{ACK_P_taints, "a=1:NoSchedule\na=2:NoSchedule", NULL,
		"\"a:NoSchedule\" is there twice"},
	{ACK_P_taints, "a=b", NULL, "has not the form key=value:Effect"},
	{ACK_P_taints, ":NoSchedule", NULL, "has not the form"},
	{ACK_P_taints, "=b:NoSchedule", NULL, "has not the form"},
	{ACK_P_taints, "a=b:", NULL, "has not the form"},
	{ACK_P_taints, "a=b:noschedule", NULL, "did you mean NoSchedule?"},
	{ACK_P_taints, "a=b:Never", NULL,
		"one of: NoSchedule, PreferNoSchedule, NoExecute"},
	{ACK_P_taints, "a b:NoSchedule", NULL, "not the key of a taint"},
	{ACK_P_taints, "-a:NoSchedule", NULL, "not the key of a taint"},
	{ACK_P_taints, "a=b-:NoSchedule", NULL, "not the value of a taint"},
	{ACK_P_taints, "a=" X64 ":NoSchedule", NULL, "at most 63"},

	/* disks */
	{ACK_P_worker_data_disks, "cloud_ssd 500", "cloud_ssd 500", NULL},
	{ACK_P_worker_data_disks, "cloud_ssd \t 500\ncloud_ssd 500",
		"cloud_ssd 500\ncloud_ssd 500", NULL},
	{ACK_P_worker_data_disks, "[{\"category\":\"cloud\",\"size\":40}]",
		"cloud 40", NULL},
	{ACK_P_worker_data_disks, "{\"category\":\"cloud\",\"size\":\"40\"}",
		"cloud 40", NULL},
	{ACK_P_worker_data_disks, "cloud_ssd 32768", "cloud_ssd 32768", NULL},
	{ACK_P_worker_data_disks,
		"cloud_essd 200 performance_level=PL1  encrypted=true",
		"cloud_essd 200 encrypted=true performance_level=PL1", NULL},
	{ACK_P_worker_data_disks,
		"{\"category\":\"cloud_auto\",\"size\":40,"
		"\"bursting_enabled\":false,\"provisioned_iops\":1000,"
		"\"disk_name\":\"two words\"}",
		"{\"category\":\"cloud_auto\",\"size\":40,"
		"\"disk_name\":\"two words\",\"bursting_enabled\":false,"
		"\"provisioned_iops\":1000}",
		NULL},
	{ACK_P_worker_data_disks, "cloud_auto 40 bursting_enabled=true",
		"cloud_auto 40 bursting_enabled=true", NULL},
	{ACK_P_worker_data_disks, "cloud_auto 40 bursting_enabled=yes", NULL,
		"bursting_enabled of a disk is true or false, not \"yes\""},
	{ACK_P_worker_data_disks, "cloud_auto 40 provisioned_iops=many", NULL,
		"\"many\" is not a whole number"},
	{ACK_P_worker_data_disks, "cloud_ssd 40 size=50", NULL,
		"has not the form category size[ key=value...]"},
	{ACK_P_worker_data_disks, "cloud_ssd 40 colour=red", NULL,
		"has not the form"},
	{ACK_P_worker_data_disks, "cloud_ssd 40 device=", NULL,
		"has not the form"},
	{ACK_P_worker_data_disks, "cloud_ssd 40 device=a device=a", NULL,
		"has not the form"},
	{ACK_P_worker_data_disks, "cloud_ssd 39", NULL,
		"\"39\" is not a whole number from 40 to 32768"},
	{ACK_P_worker_data_disks, "cloud_ssd 32769", NULL, "40 to 32768"},
	{ACK_P_worker_data_disks, "cloud_ssd 500GiB", NULL, "40 to 32768"},
	{ACK_P_worker_data_disks, "500 cloud_ssd", NULL,
		"is not one of: cloud,"},
	{ACK_P_worker_data_disks, "cloud_ssd", NULL, "form category size["},
	{ACK_P_worker_data_disks, "{\"category\":\"cloud\"}", NULL,
		"needs both a category and a size"},
	{ACK_P_worker_data_disks,
		"{\"category\":\"cloud\",\"size\":40,\"encrypted\":true}", NULL,
		"the member \"encrypted\""},
	{ACK_P_worker_data_disks, "{\"category\":\"cloud\",\"size\":40.5}",
		NULL, "40 to 32768"},

	/* addons */
	{ACK_P_addons, "flannel", "flannel", NULL},
	{ACK_P_addons, "flannel@v0.15.1-a+b", "flannel@v0.15.1-a+b", NULL},
	{ACK_P_addons, "-nginx-ingress-controller", "-nginx-ingress-controller",
		NULL},
	{ACK_P_addons, "a  { \"b\" : [ 1 , \"c d\" ] }",
		"a {\"b\":[1,\"c d\"]}", NULL},
	{ACK_P_addons, "a@1 {\"n\":12345678901234567890.10}",
		"a@1 {\"n\":12345678901234567890.10}", NULL},
	{ACK_P_addons,
		"[{\"name\":\"flannel\"},{\"name\":\"n\",\"config\":"
		"\"{\\\"IngressSlbNetworkType\\\":\\\"internet\\\"}\"}]",
		"flannel\nn {\"IngressSlbNetworkType\":\"internet\"}", NULL},
	{ACK_P_addons,
		"{\"name\":\"n\",\"version\":\"1\",\"config\":{\"a\":\"b\"},"
		"\"disabled\":true}",
		"-n@1 {\"a\":\"b\"}", NULL},
	{ACK_P_addons, "{\"name\":\"n\",\"config\":\"{\\n}\"}", "n {}", NULL},
	{ACK_P_addons,
		"{\"name\":\"n\",\"version\":\"\",\"config\":\"\","
		"\"disabled\":false}",
		"n", NULL},
	{ACK_P_addons, "{\"name\":\"n\",\"disabled\":\"true\"}", "-n", NULL},
	{ACK_P_addons, "{\"name\":\"n\",\"config\":null}", "n", NULL},
	{ACK_P_addons, "{\"name\":\"n\",\"disabled\":\"maybe\"}", NULL,
		"\"disabled\" of the JSON object has the wrong type"},
	{ACK_P_addons, "flannel {", NULL,
		"configuration of \"flannel\" is not a JSON object"},
	{ACK_P_addons, "flannel [1]", NULL, "is not a JSON object"},
	{ACK_P_addons, "flannel x", NULL, "is not a JSON object"},
	{ACK_P_addons, "{\"name\":\"n\",\"config\":\"[]\"}", NULL,
		"is not a JSON object"},
	{ACK_P_addons, "{\"name\":\"n\",\"config\":[]}", NULL,
		"\"config\" of the JSON object has the wrong type"},
	{ACK_P_addons, "flannel\nflannel@1", NULL,
		"\"flannel\" is there twice"},
	{ACK_P_addons, "flannel@", NULL, "has not the form"},
	{ACK_P_addons, "-", NULL, "has not the form"},
	{ACK_P_addons, "--a", NULL, "not the name of an addon"},
	{ACK_P_addons, "a/b", NULL, "not the name of an addon"},
	{ACK_P_addons, "a@b@c", NULL, "is not a version"},
	{ACK_P_addons, "{\"version\":\"1\"}", NULL, "not the name of an"},

	/* runtime */
	{ACK_P_runtime, "containerd", "containerd", NULL},
	{ACK_P_runtime, " containerd  1.6.38\n", "containerd 1.6.38", NULL},
	{ACK_P_runtime, "{\"name\":\"docker\",\"version\":\"19.03.5\"}",
		"docker 19.03.5", NULL},
	{ACK_P_runtime, "{\n\"name\":\"docker\"\n}\n", "docker", NULL},
	{ACK_P_runtime, "Docker", NULL, "did you mean docker?"},
	{ACK_P_runtime, "rkt", NULL, "one of: containerd, docker"},
	{ACK_P_runtime, "docker 1 2", NULL, "is not a version"},
	{ACK_P_runtime, "docker\ncontainerd", NULL, "more than one item"},
	{ACK_P_runtime, "{\"name\":", NULL, NULL},
};

static void test_cases(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++)
		check_case(&cases[i]);
}

static const struct {
	unsigned row;
	const char *canon, *json;
} wires[] = {
	{ACK_P_tags, "a=b\nc=",
		"[{\"key\":\"a\",\"value\":\"b\"},"
		"{\"key\":\"c\",\"value\":\"\"}]"},
	{ACK_P_taints, "a=b:NoExecute",
		"[{\"key\":\"a\",\"value\":\"b\",\"effect\":\"NoExecute\"}]"},
	{ACK_P_worker_data_disks, "cloud_ssd 500",
		"[{\"category\":\"cloud_ssd\",\"size\":500}]"},
	{ACK_P_worker_data_disks,
		"cloud_auto 500 encrypted=true bursting_enabled=true",
		"[{\"category\":\"cloud_auto\",\"size\":500,"
		"\"encrypted\":\"true\",\"bursting_enabled\":true}]"},
	{ACK_P_addons, "-n@1 {\"a\":\"b\"}\nflannel",
		"[{\"name\":\"n\",\"version\":\"1\",\"config\":"
		"\"{\\\"a\\\":\\\"b\\\"}\",\"disabled\":true},"
		"{\"name\":\"flannel\"}]"},
	{ACK_P_runtime, "docker 19.03.5",
		"{\"name\":\"docker\",\"version\":\"19.03.5\"}"},
	{ACK_P_runtime, "docker", "{\"name\":\"docker\"}"},
};

static void test_wire(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(wires); i++) {
		const struct ack_param *p =
			&ack_cluster_table.rows[wires[i].row];
		struct ack_buf out = ACK_BUF_INIT(4096);
		struct ack_json *n = p->type->wire(p, wires[i].canon);

		assert_non_null(n);
		ack_json_print(n, false, &out);
		assert_string_equal(ack_buf_text(&out), wires[i].json);
		ack_json_free(n);
		ack_buf_release(&out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_wire),
	};

	ack_json_setup();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
