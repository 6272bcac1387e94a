/* env.c - the environment of a job: env_file first, then the levels, the strongest last. */
#include "config/loader.h"

#include "config/lines.h"
#include "config/path.h"
#include "config/value.h"

#include <string.h>

/* --- files of NAME=VALUE ------------------------------------------------------------ */
struct env_file {
    struct env_var *var;
    uint32_t n;
    bool good; /* read, and without a mistake */
    enum diag_code code;
    const char *why; /* it could not be read; NULL: it could */
};

/* One line; false: it has a mistake, and is reported. */
static bool read_var(struct loader *l, struct env_file *f, struct names *seen, struct place at,
                     struct str line)
{
    char c[CLIP];
    struct str value = line, name = str_trim(str_cut(&value, '='));
    if (!value.p || name.n == 0) {
        report(l, CODE_SYNTAX, at, "'%s' is not NAME=VALUE; begin comments with '#'",
               clip(line, c));
        return false;
    }
    if (name.n >= 10 && str_ieq((struct str){name.p, 10}, STR("JOBWARDEN_"))) {
        report(l, CODE_RESERVED_NAME, at,
               "'%s': variables that begin with JOBWARDEN_ are set by Jobwarden itself",
               clip(name, c));
        return false;
    }
    const uint32_t *first = names_find(seen, name);
    if (first) {
        report(l, CODE_REPEATED_KEY, at, "'%s' is there already, at line %u; remove one",
               clip(name, c), (unsigned)*first);
        return false;
    }
    uint32_t *here = take(l, l->scratch, 1, sizeof *here);
    const char *own = take_str(l, l->keep, name), *text = take_str(l, l->keep, str_trim(value));
    if (!here || !own || !text || !noted(l, names_add(seen, str_of(own), here)))
        return false;
    *here = at.line;
    f->var[f->n++] = (struct env_var){own, text};
    return true;
}

static void read_vars(struct loader *l, struct env_file *f, const char *shown, struct str bytes)
{
    struct names *seen = names_new();
    struct lines lines = text_lines_of(bytes);
    struct str line;
    size_t most = 1;
    for (size_t i = 0; i < bytes.n; i++)
        most += bytes.p[i] == '\n';
    f->var = take(l, l->scratch, most, sizeof *f->var);
    l->nomem = l->nomem || !seen;
    f->good = true;
    while (!l->nomem && text_lines_next(&lines, &line)) {
        enum diag_code code = CODE_SYNTAX;
        struct err e = {0};
        struct place at = {shown, lines.line};
        bool ok = line_ok(line, &code, &e);
        if (!ok)
            report(l, code, at, "%s", e.text);
        line = str_trim(line);
        if (ok && line.n > 0 && line.p[0] != '#' && line.p[0] != ';')
            ok = read_var(l, f, seen, at, line);
        f->good = f->good && ok;
    }
    names_free(seen);
}

static void read_env_file(struct loader *l, const char *path, const char *shown, struct env_file *f)
{
    struct err err = {0};
    struct str bytes = {0};
    enum diag_code code = CODE_UNREADABLE_FILE;
    enum st st = l->src->read(l->src->ctx, path, l->scratch, &bytes, &err);
    f->code = st == ST_RANGE ? CODE_FILE_TOO_LARGE : CODE_UNREADABLE_FILE;
    if (st == ST_NOMEM)
        l->nomem = true;
    else if (st != ST_OK)
        f->why = take_str(l, l->scratch, str_of(err.text));
    else if (!text_lines_readable(bytes, &code, &err))
        report(l, code, (struct place){shown, 0}, "%s", err.text);
    else
        read_vars(l, f, shown, bytes);
}

/* The file that E names, read once however many jobs name it; NULL: out of memory or no file. */
static struct env_file *find_env_file(struct loader *l, struct entry *e, const struct subst *s)
{
    const char *path = NULL;
    if (!evaluate(l, e, s, &path) || !*path)
        return NULL;
    const char *full = source_path_join(l->scratch, str_of(l->config_dir), str_of(path));
    /* Shown as the user would name it from where he named the first file. */
    const char *shown = source_path_join(l->scratch, path_dir(str_of(l->path)), str_of(path));
    const char *key = full && shown ? path_key(l->src, full, l->scratch) : NULL;
    l->nomem = l->nomem || !key;
    struct env_file *f = key ? names_find(l->env_files, str_of(key)) : NULL;
    if (!key)
        return NULL;
    if (!f) {
        f = take(l, l->scratch, 1, sizeof *f);
        if (!f || !noted(l, names_add(l->env_files, str_of(key), f)))
            return NULL;
        read_env_file(l, full, shown, f);
    }
    if (f->why)
        report_entry(l, f->code, e, "env_file: '%s': %s", shown, f->why);
    return f;
}

/* --- merging ------------------------------------------------------------------------ */
struct merge {
    struct loader *l;
    struct env_var *var; /* from the end towards the beginning: the strongest is met first */
    size_t at;
    bool good;
};

static void put(struct merge *m, const char *name, const char *value)
{
    m->var[--m->at] = (struct env_var){name, value};
    m->good = noted(m->l, names_add(m->l->env_names, str_of(name), m->var)) && m->good;
}

static bool is_env(const struct entry *e)
{
    return *e->name && e->limit == LIMIT_NONE;
}

static bool entry_varies(const struct view *v, const struct entry *e)
{
    return e->needs & NEEDS_INSTANCE || (e->needs & NEEDS_LIMIT && v->limits_vary);
}

/* From the order in which they were put, back to that of the file. */
static void turn(struct env_var *first, size_t n)
{
    for (size_t i = 0; i < n / 2; i++) {
        struct env_var v = first[i];
        first[i] = first[n - 1 - i];
        first[n - 1 - i] = v;
    }
}

static void merge_level(struct merge *m, const struct view *v, struct sect *level,
                        const struct subst *s, bool *varies)
{
    size_t end = m->at;
    for (struct entry *e = level->entry; e && !m->l->nomem; e = e->next) {
        const char *value = NULL;
        if (!is_env(e) || names_find(m->l->env_names, str_of(e->name)))
            continue;
        *varies = *varies || entry_varies(v, e);
        if (evaluate(m->l, e, s, &value))
            put(m, e->name, value);
        else
            m->good = false;
    }
    turn(m->var + m->at, end - m->at);
}

static void merge_file(struct merge *m, const struct env_file *f)
{
    for (uint32_t i = f->n; i-- > 0 && !m->l->nomem;)
        if (!names_find(m->l->env_names, str_of(f->var[i].name)))
            put(m, f->var[i].name, f->var[i].value);
    m->good = m->good && f->good;
}

bool env_build(struct loader *l, const struct view *v, const struct subst *s, struct env_vars *ret,
               bool *varies)
{
    struct entry *named = view_known(v, ROW_ENV_FILE);
    const struct env_file *f = named ? find_env_file(l, named, s) : NULL;
    size_t most = f ? f->n : 0;
    *varies = named && entry_varies(v, named);
    for (size_t i = 0; i < v->levels; i++)
        for (const struct entry *e = v->level[i]->entry; e; e = e->next)
            most += is_env(e);
    struct merge m = {l, most ? take(l, l->keep, most, sizeof *m.var) : NULL, most, true};
    names_clear(l->env_names);
    for (size_t i = 0; i < v->levels && m.var && !l->nomem; i++)
        merge_level(&m, v, v->level[i], s, varies);
    if (f && !l->nomem)
        merge_file(&m, f);
    if (l->nomem)
        return false;
    *ret = (struct env_vars){(uint32_t)(most - m.at), most ? m.var + m.at : NULL};
    return m.good;
}
