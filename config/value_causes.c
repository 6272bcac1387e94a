/* value_causes.c - lists of causes: why a run ended, also by which limit. */
#include "config/value.h"

#include <string.h>

/* Why a cause cannot be chosen; NULL: it can. */
static const char *const refused[CAUSES] = {
    [CAUSE_NONE] = "for no cause at all leave the value empty",
    [CAUSE_SCHEDULE] = "what restart_schedule ends always comes up again",
    [CAUSE_OPERATOR] = "what was asked to stop stays stopped until it is asked to start",
    [CAUSE_CHANGE] = "what ends for its new definition always comes up again with it",
    [CAUSE_DEPENDENCY] = "it comes up again with the job that it requires",
    [CAUSE_SHUTDOWN] = "the whole service stops then",
};

static enum st unknown_cause(struct str word, struct err *e)
{
    char c[CLIP];
    const char *near = NULL;
    enum limit_id id = schema_limit_id(word);
    clip(word, c);
    if (id != LIMIT_NONE)
        return err_say(e, ST_SYNTAX, "%s just holds and never ends a run; leave it out", c);
    for (int i = 0; i < CAUSES; i++)
        if (!refused[i])
            near = nearer_word(word, near, cause_names[i]);
    if (!near)
        near = schema_nearest_limit(word);
    if (near)
        return err_say(e, ST_SYNTAX, "'%s' is not a cause; did you mean '%s'?", c, near);
    return err_say(e, ST_SYNTAX, "'%s' is not a cause; write %s", c, ty_causes.syntax);
}

static enum st read_cause(struct str word, struct causes *ret, struct err *e)
{
    if (word.n == 0)
        return err_say(e, ST_SYNTAX, "an entry is missing beside a comma");
    enum limit_id id = schema_limit_id(word);
    if (id < LIMIT_REACHABLE) {
        ret->limits |= UINT64_C(1) << id;
        return ST_OK;
    }
    for (int i = 0; i < CAUSES; i++) {
        if (!str_ieq(word, str_of(cause_names[i])))
            continue;
        if (refused[i])
            return err_say(e, ST_SYNTAX, "'%s' cannot stand here: %s", cause_names[i], refused[i]);
        ret->of |= UINT32_C(1) << i;
        return ST_OK;
    }
    return unknown_cause(word, e);
}

static enum st causes_parse(const struct field *f, struct str text, struct arena *a, void *dst,
                            struct err *e)
{
    (void)f;
    (void)a;
    struct causes got = {0, 0};
    for (struct str rest = text; rest.p && text.n > 0;) {
        enum st st = read_cause(list_next(&rest), &got, e);
        if (st != ST_OK)
            return st;
    }
    memcpy(dst, &got, sizeof got);
    return ST_OK;
}

static void causes_print(const struct field *f, const void *src, struct buf *out)
{
    (void)f;
    const struct causes *c = src;
    const char *gap = "";
    for (int i = 0; i < CAUSES; i++)
        if (c->of >> i & 1) {
            buf_f(out, "%s%s", gap, cause_names[i]);
            gap = ", ";
        }
    for (int i = 0; i < LIMIT_REACHABLE; i++)
        if (c->limits >> i & 1) {
            buf_f(out, "%s%s", gap, schema_limit((enum limit_id)i)->key);
            gap = ", ";
        }
}

static bool causes_equal(const void *pa, const void *pb)
{
    const struct causes *a = pa, *b = pb;
    return a->of == b->of && a->limits == b->limits;
}

const struct value_type ty_causes = {
    .name = "causes",
    .syntax = "causes separated by commas: exit, crash, not-started, hook, not-ready, limit, "
              "watchdog, health, max-runtime, or the key of one limit that can be reached",
    .parse = causes_parse,
    .print = causes_print,
    .equal = causes_equal,
};
