/* SPDX-License-Identifier: MIT */
#include "sandbox/arguments.h"

#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sandbox/verify.h"

#define SPEED_MOST 1e6

static const char usage[] =
	"usage: ack-sandbox [--port N] [--state FILE] [--speed X] "
	"[--key ID:SECRET] [--kubeconfig FILE]\n";

static const char help[] =
	"A local endpoint of Alibaba Cloud's ACK, on 127.0.0.1.\n"
	"\n"
	"  --port N         listen there; 0, the default, takes any free port\n"
	"  --state FILE     keep the clusters in FILE\n"
	"  --speed X        run tasks X times as fast (1: 12 s for a cluster)\n"
	"  --key ID:SECRET  accept this made-up key; otherwise one is made\n"
	"                   ACK_SANDBOX_KEY says it, too, and is not public\n"
	"  --kubeconfig FILE  give out that one, of a cluster of your own\n"
	"  --help           print this\n"
	"  --version        print the version\n"
	"\n"
	"The first line printed is JSON: url, access_key_id, "
	"access_key_secret.\n";

static int bad_option(const char *name, const char *wants)
{
	fprintf(stderr, "ack-sandbox: %s must be %s.\n%s", name, wants, usage);
	return -EINVAL;
}

static int parse_port(struct arguments *o, const char *text)
{
	char *end;
	long port = strtol(text, &end, 10);

	if (!*text || *end || port < 0 || port > 65535)
		return bad_option("--port", "a number from 0 to 65535");
	o->port = (int)port;
	return 0;
}

static int parse_speed(struct arguments *o, const char *text)
{
	char *end;

	o->speed = strtod(text, &end);
	if (!*text || *end || !isfinite(o->speed) || o->speed <= 0 ||
		o->speed > SPEED_MOST)
		return bad_option(
			"--speed", "a number above 0, at most 1000000");
	return 0;
}

static int parse_key(struct arguments *o, const char *name, const char *text)
{
	const char *colon = strchr(text, ':');

	if (!colon || colon == text || !colon[1] || colon - text >= KEY_MAX ||
		strlen(colon + 1) >= KEY_MAX || strpbrk(text, ", \t\"\\"))
		return bad_option(name,
			"ID:SECRET, both without blanks, commas and quotes");
	o->key = text;
	return 0;
}

int arguments_parse(struct arguments *o, int argc, char **argv)
{
	static const struct option longs[] = {
		{"port", required_argument, NULL, 'p'},
		{"state", required_argument, NULL, 's'},
		{"speed", required_argument, NULL, 'x'},
		{"key", required_argument, NULL, 'k'},
		{"kubeconfig", required_argument, NULL, 'c'},
		{"help", no_argument, NULL, 'h'},
		{"version", no_argument, NULL, 'V'},
		{NULL},
	};
	const char *key = getenv("ACK_SANDBOX_KEY");
	int c, rc = 0;

	*o = (struct arguments){.speed = 1, .locked = key};
	if (key && *key)
		rc = parse_key(o, "ACK_SANDBOX_KEY", key);
	while (rc == 0 && (c = getopt_long(argc, argv, "", longs, NULL)) >= 0)
		switch (c) {
		case 'p':
			rc = parse_port(o, optarg);
			break;
		case 's':
			o->state = optarg;
			break;
		case 'x':
			rc = parse_speed(o, optarg);
			break;
		case 'k':
			rc = parse_key(o, "--key", optarg);
			break;
		case 'c':
			o->kubeconfig = optarg;
			break;
		case 'h':
			printf("%s\n%s", usage, help);
			return 1;
		case 'V':
			printf("ack-sandbox %s\n", ACK_VERSION);
			return 1;
		default:
			fputs(usage, stderr);
			return -EINVAL;
		}
	if (rc == 0 && optind < argc) {
		fprintf(stderr, "ack-sandbox: there is no argument \"%s\".\n%s",
			argv[optind], usage);
		rc = -EINVAL;
	}
	return rc;
}
