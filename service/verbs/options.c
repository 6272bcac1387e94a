/* options.c - see options.h. */
#include "service/verbs/options.h"

#include "common/num.h"
#include "config/value.h"

#include <string.h>

enum { LINES_MAX = 10000 };
#define WEEK_MS (UINT64_C(7) * 24 * 3600 * 1000)
enum { INTERVAL_LEAST_MS = 100, INTERVAL_MOST_MS = 60000 };

const struct option_row options[] = {
    {"--config", NULL, OPT_CONFIG, "FILE", "the job file"},
    {"--service", NULL, OPT_SERVICE, "NAME",
     "the service of that name, whatever the job file says"},
    {"--host", NULL, OPT_HOST, "NAME", "the service on another machine"},
    {"--json", NULL, OPT_JSON, NULL, "for programs"},
    {"--wait", NULL, OPT_WAIT, NULL, "until it is done"},
    {"--timeout", NULL, OPT_TIMEOUT, "TIME", "wait for so long at most, such as 30s"},
    {"--follow", "-f", OPT_FOLLOW, NULL, "go on with what comes"},
    {"--lines", "-n", OPT_LINES, "NUMBER", "so many of what there is"},
    {"--stdout", NULL, OPT_STDOUT, NULL, "standard output only"},
    {"--stderr", NULL, OPT_STDERR, NULL, "standard error only"},
    {"--dry-run", NULL, OPT_DRY_RUN, NULL, "only say what would be done"},
    {"--reset", NULL, OPT_RESET, NULL, "as in the job file again"},
    {"--interval", NULL, OPT_INTERVAL, "TIME", "how often it is drawn anew; 1s"},
    {"--revoke", NULL, OPT_REVOKE, NULL, "take it back"},
    {NULL, NULL, 0, NULL, NULL},
};

static const struct option_row *find(const char *word)
{
    for (const struct option_row *o = options; o->name; o++)
        if (strcmp(word, o->name) == 0 || (o->other && strcmp(word, o->other) == 0))
            return o;
    return NULL;
}

static enum st take_time(const struct option_row *o, const char *value, uint64_t least,
                         uint64_t most, uint64_t *ret, struct err *e)
{
    uint64_t ms;
    if (duration_read(str_of(value), &ms) != ST_OK || ms < least || ms > most)
        return err_say(e, ST_SYNTAX, "'%s' is no time for %s; write one such as 30s or 2m", value,
                       o->name);
    *ret = ms;
    return ST_OK;
}

static enum st take_value(const struct option_row *o, const char *value, struct arguments *ret,
                          struct err *e)
{
    switch (o->bit) {
    case OPT_CONFIG:
        ret->config = value;
        return ST_OK;
    case OPT_SERVICE:
        ret->service = value;
        return ST_OK;
    case OPT_HOST:
        ret->host = value;
        return ST_OK;
    case OPT_TIMEOUT:
        return take_time(o, value, 1, WEEK_MS, &ret->timeout_ms, e);
    case OPT_INTERVAL:
        return take_time(o, value, INTERVAL_LEAST_MS, INTERVAL_MOST_MS, &ret->interval_ms, e);
    case OPT_LINES:
        if (num_u64(str_of(value), LINES_MAX, &ret->lines) != ST_OK)
            return err_say(e, ST_SYNTAX, "'%s' is no number of lines from 0 to %d", value,
                           (int)LINES_MAX);
        return ST_OK;
    default:
        return ST_OK;
    }
}

static enum st unknown(const char *word, const struct verb *v, struct err *e)
{
    const char *near = NULL;
    for (const struct option_row *o = options; o->name; o++)
        if (v->options & o->bit)
            near = nearer_word(str_of(word), near, o->name);
    if (near)
        return err_say(e, ST_SYNTAX, "there is no option '%s'; did you mean '%s'?", word, near);
    return err_say(e, ST_SYNTAX, "there is no option '%s'; see 'jobwarden.exe help %s'", word,
                   v->name);
}

enum st options_parse(const char **word, size_t n, const struct verb *v, struct arguments *ret,
                      struct err *e)
{
    struct arguments a = {.verb = v, .word = word};
    bool plain = v->usage == NULL; /* of --complete: everything behind `--` is a word */
    for (size_t i = 0; i < n; i++) {
        const struct option_row *o = plain ? NULL : find(word[i]);
        if (strcmp(word[i], "--") == 0 && a.words == 0) {
            plain = true;
            continue;
        }
        if (plain || word[i][0] != '-' || word[i][1] == '\0') {
            word[a.words++] = word[i];
            continue;
        }
        if (!o)
            return unknown(word[i], v, e);
        if (!(v->options & o->bit))
            return err_say(e, ST_SYNTAX, "%s does not go with '%s'", o->name, v->name);
        if (o->value && i + 1 == n)
            return err_say(e, ST_SYNTAX, "%s needs a value: %s %s", o->name, o->name, o->value);
        enum st st = o->value ? take_value(o, word[++i], &a, e) : ST_OK;
        if (st != ST_OK)
            return st;
        a.given |= o->bit;
    }
    *ret = a;
    return ST_OK;
}
