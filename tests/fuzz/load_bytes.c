/* load_bytes.c - files, folder and environment made of the bytes themselves. */
#include "tests/fuzz/load_bytes.h"

#include "config/diff.h"
#include "config/load.h"
#include "config/plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PARTS = 8 };

struct world {
    struct str part[PARTS];
    uint32_t n;
};

static void expect(bool what, const char *text)
{
    if (what)
        return;
    fprintf(stderr, "not so: %s\n", text);
    abort();
}

static void split(struct world *w, struct str all)
{
    static const char mark[] = "\n%%\n";
    size_t from = 0;
    for (size_t i = 0; i + 4 <= all.n && w->n + 1 < PARTS; i++)
        if (memcmp(all.p + i, mark, 4) == 0) {
            w->part[w->n++] = (struct str){all.p + from, i + 1 - from};
            from = i + 4;
        }
    w->part[w->n++] = (struct str){all.p + from, all.n - from};
}

static const char *base(const char *path)
{
    const char *last = path;
    for (; *path; path++)
        if (*path == '/' || *path == '\\')
            last = path + 1;
    return last;
}

static enum st read_part(void *ctx, const char *path, struct arena *a, struct str *ret,
                         struct err *e)
{
    const struct world *w = ctx;
    (void)a;
    unsigned i = (unsigned)(unsigned char)*base(path) - '0';
    if (i == 9)
        return err_say(e, ST_DENIED, "access is denied");
    if (i >= w->n)
        return err_say(e, ST_NOTFOUND, "there is no such file");
    *ret = w->part[i];
    return ST_OK;
}

static enum st find_parts(void *ctx, const char *pattern, struct arena *a, struct texts *ret,
                          struct err *e)
{
    const struct world *w = ctx;
    const char **found = arena_alloc(a, PARTS, sizeof *found);
    uint32_t n = 0;
    if (!found)
        return err_nomem(e);
    if (!strpbrk(pattern, "*?"))
        found[n++] = pattern;
    for (uint32_t i = 1; i < w->n && strpbrk(pattern, "*?"); i++) {
        char name[] = "/x/0.ini";
        name[3] = (char)('0' + i);
        found[n] = arena_str(a, str_of(name));
        if (!found[n++])
            return err_nomem(e);
    }
    *ret = (struct texts){n, found};
    return ST_OK;
}

static const char *find_env(void *ctx, const char *name)
{
    (void)ctx;
    return *name == 'A' ? "x" : *name == 'B' ? "\xFF\n" : *name == 'C' ? "" : NULL;
}

static const char *make_full(void *ctx, const char *path, struct arena *a)
{
    (void)ctx;
    struct buf b = {0};
    buf_f(&b, "/x/%s", base(path));
    const char *full = buf_ok(&b) ? arena_str(a, buf_view(&b)) : NULL;
    buf_free(&b);
    return full;
}

static void check_limits(const struct limits *l)
{
    expect(l->on_limit != REACTION_UNSAID && l->on_limit < REACTIONS, "something follows a limit");
    expect(l->hook_limit && l->hook_timeout > 0, "a hook has its texts and its time");
    expect(l->affinity.n <= CPU_GROUPS_MAX, "the processors are of a machine");
    for (int i = 0; i < LIMITS; i++)
        expect(limits_reaction(l, (enum limit_id)i) != REACTION_UNSAID, "and of each limit too");
}

static void check_groups(const struct config *c)
{
    for (size_t i = 0; i < c->groups; i++) {
        size_t members = 0;
        check_limits(&c->group[i].limits);
        for (size_t k = 0; k < c->n; k++)
            members += c->job[k].group == &c->group[i];
        expect(members > 0, "a group has members");
    }
}

/* Some job waits for none but those of before, then another one, until all are through. */
static void check_no_circle(const struct config *c)
{
    bool *through = calloc(c->jobs + 1, sizeof *through), again = through != NULL;
    size_t left = c->jobs;
    while (again && left > 0) {
        again = false;
        for (size_t i = 0; i < c->jobs; i++) {
            const struct deps *deps = &c->definition[i].deps;
            bool waits = through[i];
            for (uint32_t k = 0; k < deps->n; k++)
                waits = waits || !through[deps->dep[k].job];
            if (waits)
                continue;
            through[i] = again = true;
            left--;
        }
    }
    expect(!through || left == 0, "no jobs wait for one another");
    free(through);
}

static void check_order(const struct config *c)
{
    size_t n = 0;
    for (size_t i = 0; i < c->jobs; i++) {
        const struct definition *d = &c->definition[i];
        expect(d->name && *d->name && d->first == n, "definitions follow one another");
        for (uint32_t k = 0; k < d->n; k++)
            expect(c->job[n++].job == d->name, "an instance is of its definition");
        for (uint32_t k = 0; k < d->deps.n; k++) {
            expect(d->deps.dep[k].job < c->jobs, "a job waits for one that there is");
            expect(d->deps.dep[k].job != i, "and not for itself");
            expect(k == 0 || d->deps.dep[k - 1].job < d->deps.dep[k].job, "each once, in order");
        }
    }
    expect(n == c->n, "each instance has a definition");
    check_no_circle(c);
}

/* A difference is one from either side. */
static void check_diffs(const struct config *c)
{
    enum apply cost = APPLY_COUNT, back = APPLY_COUNT;
    for (size_t i = 0; i < c->n && i < 64; i++) { /* of a large fleet the first will do */
        const struct job_spec *a = &c->job[i], *b = &c->job[i ? i - 1 : 0];
        expect(!diff_jobs(a, a, &cost, NULL, NULL), "a spec is the same as itself");
        expect(diff_jobs(a, b, &cost, NULL, NULL) == diff_jobs(b, a, &back, NULL, NULL),
               "specs differ both ways");
    }
    expect(!diff_services(&c->service, &c->service, &cost, NULL, NULL), "and so is a service");
}

static void check_plan(const struct config *c)
{
    struct plan p = {0};
    if (plan_make(c, c, &p, NULL) != ST_OK)
        return;
    expect(p.n == 0 && p.same == c->n, "a configuration is as it was");
    plan_free(&p);
}

/* What every part of the program relies on. */
static void check_config(const struct config *c)
{
    size_t n = 0;
    check_groups(c);
    check_order(c);
    check_diffs(c);
    check_plan(c);
    check_limits(&c->service.limits);
    expect(c->service.sample_interval > 0, "samples are apart");
    for (size_t i = 0; i < c->n; i++) {
        const struct job_spec *s = &c->job[i];
        expect(s->command && *s->command, "an instance has a command");
        expect(s->directory && s->out && s->err && s->stop_command, "its texts are there");
        expect(*s->out && *s->err && strcmp(s->out, "stdout") != 0, "its output goes somewhere");
        expect(s->stop.n <= LADDER_MAX && s->restart <= RESTART_NEVER, "its values are in range");
        expect(s->restart_delay <= s->restart_delay_max, "its delays are in order");
        expect(s->instance >= s->first_instance && s->instance - s->first_instance < s->instances,
               "it is one of its job's");
        expect(!s->group || (s->group >= c->group && s->group < c->group + c->groups),
               "its group is one of those that run");
        check_limits(&s->limits);
        n += s->instance == s->first_instance;
    }
    expect(c->n <= INSTANCES_MAX && n + c->disabled <= c->jobs, "the counts agree");
    expect(c->service.name && *c->service.name && c->service.log_file, "the service has its texts");
}

/* The lines of the last part are values that are set, `[@]NAME KEY VALUE`, @ for a group: into the
 * caller's arena. */
static size_t read_overrides(const struct world *w, struct arena *a, struct override ret[PARTS])
{
    struct str rest = w->part[w->n - 1];
    size_t n = 0;
    if (w->n < 2 || !str_starts(rest, "set\n"))
        return 0;
    str_cut(&rest, '\n');
    while (rest.p && n < PARTS) {
        struct str value = str_cut(&rest, '\n'), name = str_cut(&value, ' ');
        struct str key = str_cut(&value, ' ');
        bool group = str_starts(name, "@");
        ret[n].section_name = arena_str(a, group ? (struct str){name.p + 1, name.n - 1} : name);
        ret[n].group = group;
        ret[n].key = arena_str(a, key);
        ret[n].value = arena_str(a, value);
        if (!ret[n].section_name || !ret[n].key || !ret[n].value)
            return 0;
        n++;
    }
    return n;
}

void load_bytes(const uint8_t *bytes, size_t n)
{
    struct world w = {.n = 0};
    static const struct machine machine = {
        .cpus = 68, .groups = 2, .group = {{0, UINT64_MAX}, {1, 0xF}}, .fair_share = true};
    const struct source source = {&w, read_part, find_parts, find_env, make_full, &machine, NULL};
    struct config *c = NULL;
    struct buf out = {0};
    struct override set[PARTS];
    struct arena *a = arena_new();
    struct diags *d = a ? diags_new() : NULL;
    if (!d) {
        arena_free(a);
        return;
    }
    split(&w, (struct str){(const char *)bytes, n});
    size_t sets = read_overrides(&w, a, set);
    enum st st = config_load_with("0.ini", &source, set, sets, &c, d);
    expect((st == ST_OK) == (diag_errors(d) == 0), "no verdict without a diagnostic");
    expect((st == ST_OK) == (c != NULL), "a configuration is there when the verdict says so");
    diags_print(d, &out);
    if (c) {
        check_config(c);
        config_print(c, &out);
    }
    expect(buf_ok(&out) && out.n > 0, "there is something to print");
    buf_free(&out);
    config_free(c);
    diags_free(d);
    arena_free(a);
}
