/* SPDX-License-Identifier: MIT */
#include "actions/errand.h"

#include <errno.h>
#include <string.h>

#include "actions/change.h"
#include "actions/order.h"
#include "actions/removal.h"
#include "actions/steps.h"
#include "base/error.h"
#include "base/event.h"
#include "base/text.h"
#include "client/client.h"
#include "cloud/live.h"
#include "cloud/story.h"
#include "model/kind.h"
#include "model/object.h"
#include "model/regions.h"
#include "model/waiter.h"
#include "model/word.h"

static const char *own_id(const struct object *o)
{
	return o->id;
}

bool errand_has_task(const struct object *o)
{
	const char *task = story_followed(o);

	return task && *task;
}

static const char *task_id(const struct object *o)
{
	return errand_has_task(o) ? story_followed(o) : NULL;
}

static int compose_task(
	const struct object *o, struct step_request *s, enum ack_action action)
{
	s->r = (struct ack_request){.action = action,
		.ids = {task_id(o)},
		.endpoint = regions_of(o)};
	return 0;
}

static int compose_cancel(const struct object *o, struct step_request *s)
{
	return compose_task(o, s, ACK_CALL_CancelTask);
}

static int compose_pause(const struct object *o, struct step_request *s)
{
	return compose_task(o, s, ACK_CALL_PauseTask);
}

static int compose_resume(const struct object *o, struct step_request *s)
{
	return compose_task(o, s, ACK_CALL_ResumeTask);
}

static int compose_revoke(const struct object *o, struct step_request *s)
{
	s->r = kind_request(o, ACK_CALL_RevokeK8sClusterKubeConfig);
	return 0;
}

static void canceled(struct object *o, const struct ack_json *answer)
{
	(void)answer;
	story_cancel(o);
}

static void paused(struct object *o, const struct ack_json *answer)
{
	(void)answer;
	story_pause(o, true);
}

static void resumed(struct object *o, const struct ack_json *answer)
{
	(void)answer;
	story_pause(o, false);
}

static void deleted(struct object *o, const struct ack_json *answer)
{
	story_unwanted(o);
	object_enter(o, COURSE_EXISTS, "deleting");
	live_own_change(o->parent);
	story_begin(o, "");
	change_take_task(o, answer);
}

static int check_delete(const struct object *o, struct ack_error *e)
{
	int ret = removal_check(o, e);

	if (!ret && word_is(o->word, "deleting"))
		ret = ack_error_set(
			e, EBUSY, "delete", "it is being deleted already");
	return ret;
}

const struct errand errand_delete = {.name = "delete",
	.to = "delete it",
	.check = check_delete,
	.id = own_id,
	.compose = removal_compose,
	.done = deleted,
	.may_lack = true};
const struct errand errand_cancel = {.name = "cancel",
	.to = "cancel it",
	.of = "task under way",
	.id = task_id,
	.yes = true,
	.compose = compose_cancel,
	.done = canceled};
const struct errand errand_pause = {.name = "pause",
	.to = "pause it",
	.of = "task under way",
	.id = task_id,
	.yes = true,
	.compose = compose_pause,
	.done = paused};
const struct errand errand_resume = {.name = "resume",
	.to = "resume it",
	.of = "task under way",
	.id = task_id,
	.yes = true,
	.compose = compose_resume,
	.done = resumed};
/* That it changed makes what is kept of its kubeconfig old. */
const struct errand errand_revoke = {.name = "revoke",
	.to = "revoke its kubeconfigs",
	.id = own_id,
	.compose = compose_revoke};

static int check_word(const struct object *o, const struct errand *what,
	const char *text, size_t len, struct ack_error *e)
{
	const char *id = what->id(o);

	if (!id)
		return ack_error_set(e, EPERM, what->name,
			"no task of the %s is under way, so there is nothing "
			"to %s",
			kind_noun(o->kind), what->name);
	if ((len == strlen(id) && !memcmp(text, id, len)) ||
		(what->yes && order_is_yes(text, len)))
		return 0;
	return ack_error_set(e, EINVAL, what->name,
		"write the ID of the %s, %s,%s to %s; no other text is "
		"accepted",
		what->of ? ack_text(what->of) : kind_noun(o->kind), id,
		what->yes ? ack_text(" or 1,") : "", ack_text(what->to));
}

int errand_order(struct object *o, const struct errand *what, const char *text,
	size_t len, struct waiter *w, struct ack_error *e)
{
	int ret = what->check ? what->check(o, e) : 0;

	order_trim(&text, &len);
	if (!ret)
		ret = check_word(o, what, text, len, e);
	if (!ret)
		ret = order_open(o, e);
	if (!ret)
		ret = change_errand(o, what, w, e);
	return ret ? ret : NODE_LATER;
}
