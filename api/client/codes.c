/* SPDX-License-Identifier: MIT */
/*
 * What the service's codes mean to a person and to a program
 * (SERVICE.md, Codes; Throttling). The first row that matches counts.
 */
#include "client/codes.h"

#include "base/error.h"
#include "base/length.h"
#include "base/text.h"
#include "params/params.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>

enum match { IS, BEGINS, ENDS, HAS };

struct code {
	enum match match;
	const char *text;
	int err;
	const char *hint;
	const char *param;
	const char *says; /* the message has to have it; NULL: any */
	bool permission;
	const char *role; /* of ack_meaning_hint() */
};

/* clang-format off */
static const char permission[] =
	"let an administrator grant this user the missing cs: action "
	"in RAM (https://ram.console.aliyun.com)";
static const char balance[] =
	"add money or a payment method to the account, then commit again";
static const char clock_off[] =
	"set this machine's clock (timedatectl); the service allows a "
	"difference of 15 minutes";
static const char key[] =
	"check the AccessKey ID, that it is enabled, and that it belongs "
	"to this cloud (https://ram.console.aliyun.com)";
static const char secret[] =
	"the AccessKey secret does not belong to the ID, or something "
	"between here and the service changes requests";
static const char endpoint[] =
	"check the endpoint and the region: what answered does not know "
	"this call";
static const char wait[] =
	"the service limits calls for the whole account; wait a minute "
	"and try again";
static const char expired[] =
	"get new temporary credentials";
static const char held[] =
	"the account is disabled, or held by the vendor's risk control: its "
	"owner has to ask the support of Alibaba Cloud (a ticket)";
static const char name_taken[] =
	"choose another name (mv the directory, or write `name`)";
static const char rests[] =
	"read state: wait until it has come to rest; a node pool that is "
	"delete_failed can be deleted again after some minutes";
static const char stock[] =
	"there are no such instances left: choose another instance type, or a "
	"vSwitch in another zone; after a create that failed, delete the "
	"cluster, then commit again";
static const char addresses[] =
	"choose vSwitches with more free addresses, or another instance type, "
	"of which a node takes fewer";
static const char not_open[] =
	"open the service, or this edition of it, for the account: enable it "
	"at https://cs.console.aliyun.com";
static const char inner_role[] =
	"let an administrator grant this user a role inside the cluster (RBAC)";
static const char versions[] =
	"read live/versions for those that the service offers, or the "
	"`upgrades` of the cluster";

static const struct code codes[] = {
	{ HAS, "Throttling", EAGAIN, wait },
	{ HAS, "", EAGAIN, wait, NULL, "QPS Limit Exceeded" },

	{ BEGINS, "InvalidAccessKeyId", EKEYREJECTED, key },
	{ IS, "SignatureDoesNotMatch", EKEYREJECTED, secret },
	{ IS, "IncompleteSignature", EKEYREJECTED, secret },
	{ IS, "SignatureNonceUsed", EKEYREJECTED,
		"a copy of this request was received before" },
	{ BEGINS, "InvalidTimeStamp", EKEYREJECTED, clock_off },
	{ HAS, "SecurityToken.Expired", EKEYEXPIRED, expired },
	{ HAS, "SecurityTokenExpired", EKEYEXPIRED, expired },
	{ BEGINS, "InvalidParameter", EKEYEXPIRED, expired, NULL,
		"SecurityToken.Expired" },
	{ BEGINS, "InvalidParameter", EKEYEXPIRED, expired, NULL,
		"SecurityTokenExpired" },
	{ BEGINS, "InvalidSecurityToken", EKEYREJECTED,
		"the security token does not belong to this key; get new "
		"temporary credentials" },

	{ IS, "ErrManagedKuberneteRoleNotAttach", EACCES,
		.role = "AliyunCSManagedKubernetesRole" },
	{ IS, "ErrManagedAddonRoleNotAttach", EACCES,
		.role = "of each managed addon (AliyunCSManagedNetworkRole, "
			"…CsiRole, …LogRole, …CmsRole)" },
	{ IS, "ErrKubernetesAuditRoleNotAttach", EACCES,
		.role = "AliyunCSKubernetesAuditRole" },
	{ IS, "ErrManagedSecurityRoleNotAttach", EACCES,
		.role = "AliyunCSManagedSecurityRole" },
	{ IS, "MissingAuth.AliyuncsManagedSecurityRole", EACCES,
		.role = "AliyunCSManagedSecurityRole" },
	{ IS, "ErrAutoScalerRoleNotAttach", EACCES,
		.role = "AliyunCSManagedAutoScalerRole" },
	{ IS, "ErrAcrHelperRoleNotAttach", EACCES,
		.role = "AliyunCSManagedAcrRole" },
	{ IS, "ErrCostExporterRoleNotAttach", EACCES,
		.role = "AliyunCSManagedCostRole" },
	{ IS, "ErrEdgeAddonRoleNotAttach", EACCES,
		.role = "AliyunCSManagedEdgeRole" },
	{ ENDS, "RoleNotAttach", EACCES, .role = "named in the code" },
	{ BEGINS, "MissingAuth", EACCES, .role = "named in the code" },
	{ BEGINS, "EntityNotExist.Role", EACCES, .role = "named in the message" },
	{ BEGINS, "ErrorNotEnabled", EACCES, not_open },
	{ HAS, "", EACCES, not_open, NULL, "service before you use it" },

	{ BEGINS, "RISK.", EACCES, held },
	{ HAS, "RISK_CONTROL", EACCES, held },
	{ BEGINS, "Forbidden.Risk", EACCES, held },
	{ BEGINS, "UserDisable", EACCES, held },
	{ BEGINS, "Forbidden.UserDisable", EACCES, held },
	{ IS, "ForbiddenQueryClusterNamespace", EACCES, inner_role },
	{ IS, "APISERVER_403", EACCES, inner_role },
	{ IS, "ErrorCheckAcl", EACCES,
		"the access control of the API server refuses this; see its "
		"list, and the roles of this user in the cluster" },
	{ IS, "StatusForbidden", EACCES, permission, .permission = true },
	{ BEGINS, "Forbidden", EACCES, permission, .permission = true },
	{ BEGINS, "NoPermission", EACCES, permission, .permission = true },
	{ IS, "ErrorRamPolicyConfig", EACCES, permission, .permission = true },

	{ BEGINS, "PAY.", EDQUOT, balance },
	{ BEGINS, "InsufficientBalance", EDQUOT, balance },
	{ BEGINS, "InvalidPayMethod", EDQUOT, balance },
	{ BEGINS, "QuotaExceeded", EDQUOT,
		"ask for a higher quota at https://quotas.console.aliyun.com, "
		"or delete what is not needed" },
	{ HAS, "IpNotEnough", ENOSPC,
		"choose a vSwitch with more free addresses" },
	{ BEGINS, "InsufficientInstanceIP", EINVAL, addresses, "vswitch_ids" },
	{ BEGINS, "RecommendEmpty", ENOSPC, stock },
	{ BEGINS, "OperationDenied.NoStock", ENOSPC, stock },
	{ HAS, "NoStock", ENOSPC, stock },

	{ HAS, "ClusterNameAlreadyExist", EEXIST, name_taken, "name" },
	{ IS, "ErrorNodePoolNameAlreadyExist", EEXIST, name_taken, "name" },
	{ IS, "InvalidParameter.Name", EEXIST, name_taken, "name",
		"already exist" },
	{ IS, "ORDER.OPEND", EEXIST, NULL },
	{ IS, "ErrorClusterNotFound", ENOENT,
		"there is no such cluster in this region" },
	{ IS, "ErrorQueryCluster", ENOENT,
		"there is no such cluster in this region" },
	{ IS, "ErrorNodePoolNotFound", ENOENT, NULL },
	{ HAS, "", ENOENT, "there is no such cluster in this region", NULL,
		"not found in our records" },
	{ IS, "AddonNotFound", ENOENT,
		"remove the addon from `addons`, or correct its name or version",
		"addons" },
	{ IS, "InvalidApi.NotFound", EPROTO, endpoint },
	{ BEGINS, "InvalidAction", EPROTO, endpoint },
	{ IS, "InvalidProduct.NotFound", EPROTO, endpoint },
	{ IS, "InvalidProtocol.NeedSsl", EPROTO,
		"give the endpoint as an https:// URL" },
	{ IS, "InvalidResource.NotFound", ENOENT, NULL },

	{ HAS, "DeletionProtection", EPERM,
		"turn deletion protection off first" },
	{ IS, "ErrorClusterState", EBUSY,
		"wait until the cluster has come to rest" },
	{ IS, "ErrorNodePoolState", EBUSY,
		"wait until the node pool has come to rest" },
	{ ENDS, "Status.Forbidden", EBUSY, rests },
	{ HAS, "", EBUSY, rests, NULL, "cannot operate" },
	{ IS, "ErrAuthorizationConflict", EBUSY, "try again in a moment" },
	{ BEGINS, "DependencyViolation", EBUSY,
		"something in the cloud still uses it; try again later, or "
		"remove that first" },

	{ IS, "EmptyCIDR", EINVAL,
		"set container_cidr for Flannel, or give Terway its pod "
		"vSwitches in its addon configuration" },
	{ IS, "InvalidPodVswitchIds", EINVAL,
		"give Terway its pod vSwitches in its addon configuration" },
	{ IS, "MissingPodVswitchIds", EINVAL,
		"Terway needs the vSwitches of the pods: write pod_vswitch_ids, "
		"or PodVswitchId in the configuration of the addon" },
	{ IS, "MissingRegion", EINVAL, "write region_id", "region_id" },
	{ IS, "InvalidCIDR", EINVAL,
		"container_cidr and service_cidr must be private ranges that "
		"overlap neither each other nor the VPC" },
	{ BEGINS, "InvalidDesiredSizeOrCount", EINVAL,
		"the node pool scales itself: take desired_size back with rm, "
		"or switch auto_scaling off first", "desired_size" },
	{ BEGINS, "InvalidKubernetesVersion", EINVAL, versions },
	{ BEGINS, "InvalidImageId", EINVAL,
		"choose another image_type (of a cluster: platform), or an "
		"image that the service still has", "image_type" },
	{ BEGINS, "InvalidParameter.Management", EINVAL,
		"install the addon that the message names (addons), or leave "
		"out what needs it" },
	{ BEGINS, "InvalidParameter", EINVAL,
		"cat request.json shows what is sent; the configuration of an "
		"addon is a part of it", NULL, "addon" },
	{ BEGINS, "InvalidParameter", EINVAL,
		"request.json of a draft, and plan, show what is sent" },

	{ IS, "ServiceUnavailable", EREMOTEIO,
		"the service is out of order for the moment" },
	{ BEGINS, "InternalError", EREMOTEIO,
		"a fault inside the service; its support wants the request "
		"ID" },
};
/* clang-format on */

static bool matches(
	const struct code *row, const char *code, const char *message)
{
	size_t n = strlen(row->text), len = strlen(code);

	if (row->says && !strcasestr(message, row->says))
		return false;
	switch (row->match) {
	case IS:
		return strcmp(code, row->text) == 0;
	case BEGINS:
		return strncmp(code, row->text, n) == 0;
	case ENDS:
		return len >= n && strcmp(code + len - n, row->text) == 0;
	case HAS:
		return strstr(code, row->text) != NULL;
	}
	return false;
}

static int status_errno(int http_status)
{
	switch (http_status) {
	case 0: /* reported by a task, which has failed */
		return EREMOTEIO;
	case 401:
	case 403:
		return EACCES;
	case 404:
		return ENOENT;
	case 408:
		return ETIMEDOUT;
	case 409:
		return EBUSY;
	case 429:
		return EAGAIN;
	default:
		if (http_status >= 500)
			return EREMOTEIO;
		return http_status >= 400 ? EINVAL : EPROTO;
	}
}

/* InvalidParameter.VpcId, InvalidVSwitchIds.NotFound: what they name. */
static bool is_named(const char *name, const char *word, size_t len)
{
	for (; *name && len; name++)
		if (*name != '_') {
			if (tolower((unsigned char)*word) != *name)
				return false;
			word++;
			len--;
		}
	return !*name && !len;
}

static const char *param_named(const char *code)
{
	static const char *const heads[] = {"Invalid", "Missing", "Parameter."};
	const struct ack_table *const tables[] = {
		&ack_cluster_table, &ack_pool_table};

	for (size_t i = 0; i < LENGTH(heads); i++)
		if (!strncmp(code, heads[i], strlen(heads[i])))
			code += strlen(heads[i]);
	for (size_t i = 0; i < LENGTH(tables); i++)
		for (unsigned row = 0; row < tables[i]->count; row++)
			if (is_named(tables[i]->rows[row].name, code,
				    strcspn(code, ".")))
				return tables[i]->rows[row].name;
	return NULL;
}

struct ack_meaning ack_error_meaning(
	const char *code, const char *message, int http_status)
{
	for (size_t i = 0; i < LENGTH(codes); i++) {
		const struct code *row = &codes[i];

		if (matches(row, code, message))
			return (struct ack_meaning){row->err,
				row->param ? row->param : param_named(code),
				row->hint, row->role, row->permission};
	}
	return (struct ack_meaning){
		.err = status_errno(http_status), .param = param_named(code)};
}

void ack_meaning_hint(const struct ack_meaning *m, struct ack_error *e)
{
	if (m->role)
		ack_error_hint(e,
			"grant the service role %s at "
			"https://cs.console.aliyun.com (Authorize), or at the "
			"address of the message, with the account's own user; "
			"the service also says this while the account is not "
			"verified, has less than 100 CNY, or has not opened "
			"the service",
			ack_text(m->role));
	else
		ack_error_hint(e, "%s", m->hint ? ack_text(m->hint) : "");
}
