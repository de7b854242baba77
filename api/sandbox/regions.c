/* SPDX-License-Identifier: MIT */
/* DescribeRegions. */
#include "base/json.h"
#include "sandbox/answer.h"
#include "sandbox/exchange.h"
#include "sandbox/router.h"

/* clang-format off */
static const struct region {
	const char *id, *name;
} regions[] = {
	{ "cn-qingdao", "Qingdao" },
	{ "cn-beijing", "Beijing" },
	{ "cn-zhangjiakou", "Zhangjiakou" },
	{ "cn-huhehaote", "Hohhot" },
	{ "cn-wulanchabu", "Ulanqab" },
	{ "cn-hangzhou", "Hangzhou" },
	{ "cn-shanghai", "Shanghai" },
	{ "cn-nanjing", "Nanjing" },
	{ "cn-fuzhou", "Fuzhou" },
	{ "cn-shenzhen", "Shenzhen" },
	{ "cn-heyuan", "Heyuan" },
	{ "cn-guangzhou", "Guangzhou" },
	{ "cn-chengdu", "Chengdu" },
	{ "cn-wuhan-lr", "Wuhan" },
	{ "cn-zhengzhou-jva", "Zhengzhou" },
	{ "cn-hongkong", "Hong Kong" },
	{ "ap-southeast-1", "Singapore" },
	{ "ap-southeast-3", "Kuala Lumpur" },
	{ "ap-southeast-5", "Jakarta" },
	{ "ap-southeast-7", "Bangkok" },
	{ "ap-northeast-1", "Tokyo" },
	{ "ap-northeast-2", "Seoul" },
	{ "eu-central-1", "Frankfurt" },
	{ "eu-west-1", "London" },
	{ "us-west-1", "Silicon Valley" },
	{ "us-east-1", "Virginia" },
	{ "us-southeast-1", "Atlanta" },
	{ "na-south-1", "Mexico" },
	{ "me-east-1", "Dubai" },
	{ "me-central-1", "Riyadh" },
};
/* clang-format on */

void call_list_regions(struct sandbox *s, struct exchange *x)
{
	struct ack_json *root = ack_json_object(), *list = ack_json_array();
	int rc = 0;

	(void)s;
	for (size_t i = 0; list && i < sizeof(regions) / sizeof(*regions);
		i++) {
		struct ack_json *o = ack_json_object();

		if (o) {
			rc |= ack_json_add_string(o, "regionId", regions[i].id);
			rc |= ack_json_add_string(
				o, "localName", regions[i].name);
		}
		rc |= ack_json_add(list, NULL, o);
	}
	if (root) {
		rc |= ack_json_add(root, "regions", list);
		rc |= ack_json_add_string(root, "requestId", x->request_id);
	} else {
		ack_json_free(list);
	}
	answer_json(x, 200, root, rc);
}
