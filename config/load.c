/* load.c - the steps of loading, in their order. */
#include "config/loader.h"

#include "config/path.h"

#include <stdlib.h>

static struct config *make_config(void)
{
    struct arena *a = arena_new();
    struct config *c = a ? arena_alloc(a, 1, sizeof *c) : NULL;
    if (!c) {
        arena_free(a);
        return NULL;
    }
    c->arena = a;
    return c;
}

void config_free(struct config *c)
{
    if (c)
        arena_free(c->arena); /* it holds *c too */
}

static void find_config_dir(struct loader *l)
{
    const char *full = l->src->full(l->src->ctx, l->path, l->scratch);
    l->config_dir = full ? take_str(l, l->keep, path_dir(str_of(full))) : NULL;
    l->nomem = l->nomem || !full;
}

static void open_tables(struct loader *l)
{
    struct names **const tables[] = {&l->job_names, &l->template_names, &l->group_names,
                                     &l->file_keys, &l->env_files,      &l->outputs,
                                     &l->env_names};
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        *tables[i] = names_new();
        l->nomem = l->nomem || !*tables[i];
    }
}

static void close_loader(struct loader *l)
{
    names_free(l->job_names);
    names_free(l->template_names);
    names_free(l->group_names);
    names_free(l->file_keys);
    names_free(l->env_files);
    names_free(l->outputs);
    names_free(l->env_names);
    buf_free(&l->text);
    arena_free(l->scratch);
}

/* Text to sections, sections to values, values to specs; each step goes on where the one before
 * found mistakes, so that all are reported. */
static void load(struct loader *l, struct config *c)
{
    gather_main(l);
    if (!l->nomem)
        overrides_apply(l, c);
    l->fleet = &c->service;
    if (!l->nomem)
        evaluate_service(l, &c->service);
    if (!l->nomem)
        evaluate_common(l);
    if (!l->nomem)
        templates_tie(l);
    if (!l->nomem)
        groups_check(l);
    if (!l->nomem)
        rules_output_service(l, &c->service);
    if (!l->nomem)
        origins_keep(l, c);
    if (!l->nomem)
        build_jobs(l, c);
    if (!l->nomem)
        evaluate_unused(l);
    if (!l->nomem)
        rules_fleet(l, c);
    if (!l->nomem)
        order_tie(l);
    if (!l->nomem)
        groups_unused(l);
}

enum st config_load(const char *path, const struct source *src, struct config **ret,
                    struct diags *d)
{
    return config_load_with(path, src, NULL, 0, ret, d);
}

enum st config_load_with(const char *path, const struct source *src,
                         const struct override *overrides, size_t n, struct config **ret,
                         struct diags *d)
{
    struct config *c = make_config();
    struct loader l = {.src = src, .diags = d, .scratch = arena_new()};
    l.override = overrides;
    l.overrides = n;
    l.keep = c ? c->arena : NULL;
    l.tail = &l.sects;
    l.nomem = !c || !l.scratch;
    if (!l.nomem)
        open_tables(&l);
    if (!l.nomem)
        l.path = take_str(&l, l.keep, str_of(path));
    if (!l.nomem)
        find_config_dir(&l);
    if (!l.nomem)
        load(&l, c);
    if (l.nomem)
        diag_add(d, SEV_ERROR, (struct place){path, 0}, diag_codes[CODE_OUT_OF_MEMORY].name,
                 "there is not enough memory to load it");
    diags_sort(d);
    enum st st = l.nomem ? ST_NOMEM : diag_errors(d) ? ST_SYNTAX : ST_OK;
    if (st == ST_OK) {
        c->path = l.path;
        c->config_dir = l.config_dir;
        *ret = c;
        c = NULL;
    }
    close_loader(&l);
    config_free(c);
    return st;
}
