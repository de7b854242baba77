/* SPDX-License-Identifier: MIT */
/*
 * What kubectl needs to reach the API server of a cluster: a kubeconfig as the
 * service gives it, or, without a secret in it, one that names credential.json.
 * The answer of the service is kept until half of its lifetime is over, the
 * secret in the vault.
 */
#ifndef KUBECONFIG_H
#define KUBECONFIG_H

struct object;

/* Wipes and forgets what is kept of it. */
void kubeconfig_drop(struct object *o);

#endif
