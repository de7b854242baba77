/* SPDX-License-Identifier: MIT */
#include "keys/profile.h"

#include <string.h>
#include <strings.h>
#include <time.h>

#include "base/json.h"
#include "base/length.h"
#include "base/text.h"
#include "base/variable.h"
#include "keys/inquiry.h"
#include "keys/source.h"
#include "keys/sts.h"

static const char *get(const struct ack_json *p, const char *key)
{
	const char *text = ack_json_get_string(p, key);

	return text && *text ? text : NULL;
}

/* NULL: memory ran out. */
static void refuse(struct ack_inquiry *q, const char *why)
{
	if (why)
		ack_buf_puts(&q->why, ack_text(why));
	else
		q->why.failed = true;
	ack_inquiry_failed(q);
}

/* A row of modes[]: how the keys of such a profile are come by. */
typedef void (*ask_fn)(struct ack_inquiry *q, const struct ack_json *p);

static bool take(
	struct ack_inquiry *q, const struct ack_json *p, const char *token)
{
	if (ack_credentials_take(&q->keys, get(p, "access_key_id"),
		    get(p, "access_key_secret"), token, &q->why) == 0)
		return true;
	ack_inquiry_failed(q);
	return false;
}

static void ask_key(struct ack_inquiry *q, const struct ack_json *p)
{
	if (take(q, p, NULL))
		ack_inquiry_found(q);
}

static void ask_token(struct ack_inquiry *q, const struct ack_json *p)
{
	if (!get(p, "sts_token"))
		refuse(q, "sts_token is not set");
	else if (take(q, p, get(p, "sts_token")))
		ack_inquiry_found(q);
}

/* The CLI logs in and writes the keys down; a new login changes the file. */
static void ask_cache(struct ack_inquiry *q, const struct ack_json *p)
{
	int64_t expires = 0;

	ack_json_integer(ack_json_get(p, "sts_expiration"), &expires);
	if (!get(p, "access_key_id") || !get(p, "sts_token"))
		refuse(q, "no keys are cached; log in with `aliyun configure`");
	else if (expires > 0 && expires <= time(NULL))
		refuse(q, "the cached keys have expired; use the aliyun CLI "
			  "once, or log in again with `aliyun configure`");
	else if (take(q, p, get(p, "sts_token"))) {
		q->keys.expires = expires;
		ack_inquiry_found(q);
	}
}

static bool fill_role(struct ack_role *role, const struct ack_json *p)
{
	const char *arn = get(p, "ram_role_arn");

	if (!arn)
		arn = ACK_VARIABLE("ALIBABA_CLOUD_ROLE_ARN");
	ack_json_integer(ack_json_get(p, "expired_seconds"), &role->seconds);
	ack_json_boolean(ack_json_get(p, "enable_vpc"), &role->vpc);
	return ack_role_set(&role->arn, arn) == 0 &&
	       ack_role_set(&role->session, get(p, "ram_session_name")) == 0 &&
	       ack_role_set(&role->external_id, get(p, "external_id")) == 0 &&
	       ack_role_set(&role->policy, get(p, "policy")) == 0 &&
	       ack_role_set(&role->sts_endpoint, get(p, "sts_endpoint")) == 0 &&
	       ack_role_set(&role->sts_region, get(p, "sts_region")) == 0;
}

/* True when there is one more role to assume in the end. */
static bool push_role(struct ack_inquiry *q, const struct ack_json *p)
{
	struct ack_role *role = ack_inquiry_role(q);

	if (!role)
		refuse(q, "too many profiles lead to one another");
	else if (!fill_role(role, p))
		refuse(q, NULL);
	else if (!ack_role_check(role, &q->why))
		ack_inquiry_failed(q);
	else
		return true;
	return false;
}

static void ask_role(struct ack_inquiry *q, const struct ack_json *p)
{
	if (push_role(q, p) && take(q, p, get(p, "sts_token")))
		ack_inquiry_found(q);
}

static void ask_instance(struct ack_inquiry *q, const struct ack_json *p)
{
	ack_metadata_ask(q, get(p, "ram_role_name"));
}

static void ask_oidc(struct ack_inquiry *q, const struct ack_json *p)
{
	const char *provider = get(p, "oidc_provider_arn");
	const char *file = get(p, "oidc_token_file");
	struct ack_role role = {.arn = NULL};

	if (!provider)
		provider = ACK_VARIABLE("ALIBABA_CLOUD_OIDC_PROVIDER_ARN");
	if (!file)
		file = ACK_VARIABLE("ALIBABA_CLOUD_OIDC_TOKEN_FILE");
	if (!provider || !file)
		refuse(q, provider ? "oidc_token_file is not set"
				   : "oidc_provider_arn is not set");
	else if (!fill_role(&role, p))
		refuse(q, NULL);
	else
		ack_sts_assume_with_oidc(q, &role, provider, file);
	ack_role_release(&role);
}

static void ask_external(struct ack_inquiry *q, const struct ack_json *p)
{
	if (get(p, "process_command"))
		ack_external_ask(q, get(p, "process_command"));
	else
		refuse(q, "process_command is not set");
}

static void ask_uri(struct ack_inquiry *q, const struct ack_json *p)
{
	const char *uri = get(p, "credentials_uri");

	if (!uri)
		uri = ACK_VARIABLE("ALIBABA_CLOUD_CREDENTIALS_URI");
	if (uri)
		ack_uri_ask(q, uri);
	else
		refuse(q, "credentials_uri is not set");
}

static void unsupported(struct ack_inquiry *q, const struct ack_json *p)
{
	(void)p;
	refuse(q, "ackfs does not know its mode");
}

static void deprecated(struct ack_inquiry *q, const struct ack_json *p)
{
	(void)p;
	refuse(q, "this mode is deprecated; use ChainableRamRoleArn with a "
		  "source_profile of mode EcsRamRole, or AK");
}

static void bearer(struct ack_inquiry *q, const struct ack_json *p)
{
	(void)p;
	refuse(q, "this mode has no AccessKey to sign requests with");
}

#define CHAINABLE "ChainableRamRoleArn"

static const struct {
	const char *mode;
	ask_fn ask;
} modes[] = {
	{"AK", ask_key},
	{"StsToken", ask_token},
	{"RamRoleArn", ask_role},
	{CHAINABLE, NULL}, /* by ack_profile_ask() */
	{"EcsRamRole", ask_instance},
	{"OIDC", ask_oidc},
	{"External", ask_external},
	{"CredentialsURI", ask_uri},
	{"CloudSSO", ask_cache},
	{"OAuth", ask_cache},
	{"RamRoleArnWithRoleName", deprecated},
	{"RsaKeyPair", deprecated},
	{"BearerToken", bearer},
	{"Anonymous", bearer},
};

static const size_t nmodes = LENGTH(modes);

/* The row of a profile's mode, or nmodes. */
static size_t find_mode(const struct ack_json *p)
{
	const char *mode = get(p, "mode");
	size_t i = 0;

	if (!mode)
		return 0;
	while (i < nmodes && strcasecmp(mode, modes[i].mode) != 0)
		i++;
	return i;
}

const char *ack_profile_mode(const struct ack_json *profile)
{
	size_t i = find_mode(profile);

	/* What else stands there may have slipped in from another line. */
	return i < nmodes ? modes[i].mode : ack_text("unknown mode");
}

const struct ack_json *ack_profile_find(
	const struct ack_json *root, const char *name)
{
	const struct ack_json *p = ack_json_first(
		ack_json_get(root, "profiles"));

	for (; p; p = ack_json_next(p)) {
		const char *is = ack_json_get_string(p, "name");

		if (is && strcmp(is, name) == 0)
			return p;
	}
	return NULL;
}

void ack_profile_ask(struct ack_inquiry *q, const struct ack_json *root,
	const struct ack_json *profile)
{
	const struct ack_json *p = profile;
	size_t mode;

	/* A circle ends when there is no room for one more role. */
	while ((mode = find_mode(p)) < nmodes &&
		strcmp(modes[mode].mode, CHAINABLE) == 0) {
		const char *next = get(p, "source_profile");

		if (!push_role(q, p))
			return;
		p = next ? ack_profile_find(root, next) : NULL;
		if (!p) {
			ack_buf_printf(&q->why,
				next ? "there is no profile %.60s, its source"
				     : "source_profile is not set",
				next);
			ack_inquiry_failed(q);
			return;
		}
	}
	if (p != profile)
		ack_buf_printf(&q->why,
			"source profile of mode %.24s: ", ack_profile_mode(p));
	if (mode == nmodes)
		unsupported(q, p);
	else
		modes[mode].ask(q, p);
}
