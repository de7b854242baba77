/* SPDX-License-Identifier: MIT */
/*
 * What a cluster that exists is, as one request: with its node pools, and
 * without what the service made along with it, so that what is made of it is
 * the same.
 */
#ifndef WHOLE_H
#define WHOLE_H

struct ack_values;
struct object;

/* Makes of the values of a cluster, or of a draft of one, the request. */
int whole_cluster(const struct object *o, struct ack_values *v);

/* A draft with these values is about to be sent: notes in its own what the
 * service will make, which they leave open. 0 or -ENOMEM. */
int whole_note(struct object *o, const struct ack_values *v);

#endif
