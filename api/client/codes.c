/* SPDX-License-Identifier: MIT */
/*
 * What the service's codes mean to a person and to a program
 * (ack-api.md 6.2 to 6.4). The first row that matches counts.
 */
#include "base/error.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

enum match { IS, BEGINS, ENDS, HAS };

struct code {
	enum match match;
	const char *text;
	int err;
	const char *hint;
};

#define ROLE(name)                                                           \
	"grant the service role " name                                       \
	" at https://cs.console.aliyun.com (Authorize), with the account's " \
	"own user; the service also says this while the account is not "     \
	"verified, has less than 100 CNY, or has not opened the service"

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

static const struct code codes[] = {
	{ HAS, "Throttling", EAGAIN, wait },

	{ BEGINS, "InvalidAccessKeyId", EKEYREJECTED, key },
	{ IS, "SignatureDoesNotMatch", EKEYREJECTED, secret },
	{ IS, "IncompleteSignature", EKEYREJECTED, secret },
	{ IS, "SignatureNonceUsed", EKEYREJECTED,
		"a copy of this request was received before" },
	{ BEGINS, "InvalidTimeStamp", EKEYREJECTED, clock_off },
	{ IS, "InvalidSecurityToken.Expired", EKEYEXPIRED,
		"get new temporary credentials" },
	{ BEGINS, "InvalidSecurityToken", EKEYREJECTED,
		"the security token does not belong to this key; get new "
		"temporary credentials" },

	{ IS, "ErrManagedKuberneteRoleNotAttach", EACCES,
		ROLE("AliyunCSManagedKubernetesRole") },
	{ IS, "ErrManagedAddonRoleNotAttach", EACCES,
		ROLE("of each managed addon (AliyunCSManagedNetworkRole, "
			"…CsiRole, …LogRole, …CmsRole)") },
	{ IS, "ErrKubernetesAuditRoleNotAttach", EACCES,
		ROLE("AliyunCSKubernetesAuditRole") },
	{ IS, "ErrManagedSecurityRoleNotAttach", EACCES,
		ROLE("AliyunCSManagedSecurityRole") },
	{ IS, "MissingAuth.AliyuncsManagedSecurityRole", EACCES,
		ROLE("AliyunCSManagedSecurityRole") },
	{ IS, "ErrAutoScalerRoleNotAttach", EACCES,
		ROLE("AliyunCSManagedAutoScalerRole") },
	{ IS, "ErrAcrHelperRoleNotAttach", EACCES,
		ROLE("AliyunCSManagedAcrRole") },
	{ IS, "ErrCostExporterRoleNotAttach", EACCES,
		ROLE("AliyunCSManagedCostRole") },
	{ IS, "ErrEdgeAddonRoleNotAttach", EACCES,
		ROLE("AliyunCSManagedEdgeRole") },
	{ ENDS, "RoleNotAttach", EACCES, ROLE("named in the code") },
	{ BEGINS, "MissingAuth", EACCES, ROLE("named in the code") },
	{ IS, "EntityNotExist.Role", EACCES, ROLE("named in the message") },

	{ IS, "ForbiddenQueryClusterNamespace", EACCES,
		"let an administrator grant this user a role inside the "
		"cluster (RBAC)" },
	{ IS, "APISERVER_403", EACCES,
		"let an administrator grant this user a role inside the "
		"cluster (RBAC)" },
	{ IS, "StatusForbidden", EACCES, permission },
	{ BEGINS, "Forbidden", EACCES, permission },
	{ BEGINS, "NoPermission", EACCES, permission },
	{ IS, "ErrorRamPolicyConfig", EACCES, permission },

	{ BEGINS, "PAY.", EDQUOT, balance },
	{ BEGINS, "InsufficientBalance", EDQUOT, balance },
	{ BEGINS, "InvalidPayMethod", EDQUOT, balance },
	{ BEGINS, "QuotaExceeded", EDQUOT,
		"ask for a higher quota at https://quotas.console.aliyun.com, "
		"or delete what is not needed" },
	{ HAS, "IpNotEnough", ENOSPC,
		"choose a vSwitch with more free addresses" },

	{ IS, "ErrorClusterNameAlreadyExist", EEXIST,
		"choose another name (mv the directory, or write `name`)" },
	{ IS, "ErrorNodePoolNameAlreadyExist", EEXIST,
		"choose another name (mv the directory, or write `name`)" },
	{ IS, "ORDER.OPEND", EEXIST, NULL },
	{ IS, "ErrorClusterNotFound", ENOENT,
		"there is no such cluster in this region" },
	{ IS, "ErrorNodePoolNotFound", ENOENT, NULL },
	{ IS, "AddonNotFound", ENOENT,
		"remove the addon from `addons`, or mend its name or version" },
	{ IS, "InvalidApi.NotFound", EPROTO, endpoint },
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
	{ IS, "ErrAuthorizationConflict", EBUSY, "try again in a moment" },
	{ BEGINS, "DependencyViolation", EBUSY,
		"something in the cloud still uses it; try again, or remove "
		"that first" },

	{ IS, "EmptyCIDR", EINVAL,
		"set container_cidr for Flannel, or give Terway its pod "
		"vSwitches in its addon configuration" },
	{ IS, "InvalidPodVswitchIds", EINVAL,
		"give Terway its pod vSwitches in its addon configuration" },
	{ IS, "InvalidCIDR", EINVAL,
		"container_cidr and service_cidr must be private ranges that "
		"overlap neither each other nor the VPC" },
	{ BEGINS, "InvalidParameter", EINVAL,
		"cat request.json shows what is sent; often it is the "
		"configuration of an addon" },

	{ IS, "ServiceUnavailable", EREMOTEIO,
		"the service is out of order for the moment" },
	{ BEGINS, "InternalError", EREMOTEIO,
		"a fault inside the service; its support wants the request "
		"ID" },
};
/* clang-format on */

static bool matches(const struct code *row, const char *code)
{
	size_t n = strlen(row->text), len = strlen(code);

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
	case 0: /* told by a task, which has failed */
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

int ack_error_errno(const char *code, int http_status, const char **hint)
{
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		if (!matches(&codes[i], code))
			continue;
		if (hint)
			*hint = codes[i].hint;
		return codes[i].err;
	}
	if (hint)
		*hint = NULL;
	return status_errno(http_status);
}
