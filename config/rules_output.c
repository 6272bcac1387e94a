/* rules_output.c - no two writers on one file. */
#include "config/loader.h"

#include "config/path.h"

#include <string.h>

struct writer {
    const struct job_spec *spec; /* NULL: the service itself */
    const char *key;             /* "stdout" */
};

/* The one that writes to PATH already, or NULL, and then W writes to it. */
static const struct writer *claim(struct loader *l, const char *path, struct writer w)
{
    const char *full = source_path_join(l->scratch, str_of(l->config_dir), str_of(path));
    const char *key = full ? path_key(l->src, full, l->scratch) : NULL;
    l->nomem = l->nomem || !key;
    if (!key)
        return NULL;
    void *first = NULL;
    struct writer *mine = take(l, l->scratch, 1, sizeof *mine);
    if (!mine)
        return NULL;
    *mine = w;
    noted(l, names_claim(l->outputs, str_of(key), mine, &first));
    return first;
}

static void report_shared(struct loader *l, const struct view *v, const struct writer *first,
                          const struct job_spec *s, const char *key, const char *path)
{
    struct entry *e = view_entry(v, key);
    struct entry at_job = {.at = v->job->at};
    struct entry *where = e ? e : &at_job;
    if (!first->spec)
        report_entry(l, CODE_SAME_OUTPUT, where, "%s: '%s' is the service's own log_file; %s", key,
                     path, "choose another file");
    else if (first->spec == s)
        report_entry(l, CODE_SAME_OUTPUT, where, "%s: '%s' is also its %s; write 'stderr = stdout'",
                     key, path, first->key);
    else if (strcmp(first->spec->job, s->job) == 0)
        report_entry(l, CODE_SAME_OUTPUT, where,
                     "%s: %s and %s would both write to '%s'; put ${instance} into the path", key,
                     first->spec->unit, s->unit, path);
    else
        report_entry(l, CODE_SAME_OUTPUT, where,
                     "%s: %s and %s would both write to '%s'; put ${job}.${instance} into the path",
                     key, first->spec->unit, s->unit, path);
}

static void rule_stream(struct loader *l, const struct view *v, const struct job_spec *s,
                        const char *key, const char *path)
{
    if (strcmp(path, "null") == 0 || strcmp(path, "stdout") == 0 || !view_good(v, key))
        return;
    const struct writer *first = claim(l, path, (struct writer){s, key});
    if (first && !l->nomem)
        report_shared(l, v, first, s, key, path);
}

void rules_output(struct loader *l, const struct view *v, const struct job_spec *s)
{
    rule_stream(l, v, s, "stdout", s->out);
    if (!l->nomem)
        rule_stream(l, v, s, "stderr", s->err);
}

void rules_output_service(struct loader *l, const struct service_spec *s)
{
    if (*s->log_file)
        claim(l, s->log_file, (struct writer){NULL, "log_file"});
}
