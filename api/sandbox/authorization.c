/* SPDX-License-Identifier: MIT */
#include "sandbox/authorization.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

#define SCHEME "ACS3-HMAC-SHA256"

/* Copies the value of `key=` up to the next comma; false: not so. */
static bool take(const char **text, const char *key, char *out, size_t size)
{
	size_t klen = strlen(key);

	*text += strspn(*text, " ,");
	if (strncmp(*text, key, klen) != 0 || (*text)[klen] != '=')
		return false;
	*text += klen + 1;
	size_t len = strcspn(*text, ", ");
	if (len == 0 || len >= size)
		return false;
	memcpy(out, *text, len);
	out[len] = '\0';
	*text += len;
	return true;
}

const char *authorization_parse(struct authorization *a, const char *text)
{
	size_t len = strlen(SCHEME);

	if (strncmp(text, SCHEME, len) != 0 || text[len] != ' ')
		return "it must begin with " SCHEME " and a blank";
	text += len;
	if (!take(&text, "Credential", a->key_id, sizeof(a->key_id)))
		return "Credential=<AccessKeyId> must come first";
	if (!take(&text, "SignedHeaders", a->names, sizeof(a->names)))
		return "SignedHeaders=<names joined by ;> must come second";
	if (!take(&text, "Signature", a->signature, sizeof(a->signature)) ||
		text[strspn(text, " ")] != '\0')
		return "Signature=<64 hexadecimal digits> must come last";
	return NULL;
}

bool authorization_lists(const struct authorization *a, const char *name)
{
	size_t len = strlen(name);

	for (const char *p = a->names; *p;) {
		size_t n = strcspn(p, ";");

		if (n == len && strncasecmp(p, name, n) == 0)
			return true;
		p += n;
		p += *p == ';';
	}
	return false;
}
