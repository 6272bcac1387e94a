/* look.c - status, limits, ps: one question about instances. */
#include "service/verbs/talk.h"
#include "service/view/member.h"
#include "service/view/view.h"

static int status_code(yyjson_val *reply)
{
    yyjson_val *sum = member_object(reply, "summary");
    uint64_t running = member_count(sum, "running");
    bool all = running > 0 && running == member_count(sum, "instances");
    return all ? EXIT_FINE : EXIT_SOME_NOT;
}

int verb_status(const struct arguments *a)
{
    struct question q = question_new("status", a);
    return talk_once(a, &q, view_status, status_code);
}

int verb_limits(const struct arguments *a)
{
    struct question q = question_new("limits", a);
    return talk_once(a, &q, view_limits, NULL);
}

int verb_ps(const struct arguments *a)
{
    struct question q = question_new("ps", a);
    return talk_once(a, &q, view_ps, NULL);
}
