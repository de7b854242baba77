/* SPDX-License-Identifier: MIT */
/* The command line of ack-sandbox. */
#ifndef SANDBOX_ARGUMENTS_H
#define SANDBOX_ARGUMENTS_H

#include <stdbool.h>

struct arguments {
	int port;               /* 0: any */
	const char *state;      /* NULL: nothing is kept */
	const char *kubeconfig; /* of every cluster; NULL: one is made up */
	double speed;
	const char *key; /* ID:SECRET; NULL: one is made up */
	bool locked;     /* it came from the environment */
};

/* 0: go on; 1: all is done; negative: an error. Says itself what there is. */
int arguments_parse(struct arguments *o, int argc, char **argv);

#endif
