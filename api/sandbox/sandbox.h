/* SPDX-License-Identifier: MIT */
/* What one ack-sandbox is. */
#ifndef SANDBOX_SANDBOX_H
#define SANDBOX_SANDBOX_H

#include "sandbox/clusters.h"
#include "sandbox/exchange.h"
#include "sandbox/faults.h"
#include "sandbox/requests.h"
#include "sandbox/verify.h"

struct sandbox {
	double speed;           /* tasks run so many times faster */
	const char *kubeconfig; /* a file that is given out; NULL: none */
	bool locked; /* its own user does not steer it without the key */
	struct verifier verifier;
	struct clusters clusters;
	struct faults faults;
	struct requests requests;
};

/*
 * Leads an exchange on from where it stands, and says what the server has to
 * do next. Called again after each wait.
 */
enum verdict sandbox_conduct(struct sandbox *s, struct exchange *x);

#endif
