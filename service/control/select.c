/* select.c - see select.h. */
#include "service/control/select.h"

#include "common/wild.h"
#include "config/schema.h"

#include <stdlib.h>
#include <string.h>

static bool fits(struct str pattern, const char *name)
{
    return wild_match(pattern, str_of(name));
}

bool select_matches(const char *name, const struct job_spec *spec)
{
    struct str s = str_of(name);
    return str_ieq(s, STR("all")) || fits(s, spec->job) || fits(s, spec->unit) ||
           (spec->group && fits(s, spec->group->name));
}

/* --- names that mean nobody ------------------------------------------------------------ */
bool select_unknown(const struct sup *s, const char *name, struct no *no)
{
    const struct config *c = sup_config(s);
    struct str job = str_of(name), number = job; /* "wbe.3" */
    job = str_cut(&number, '.');
    for (size_t i = 0; number.p && i < c->jobs; i++)
        if (str_ieq(job, str_of(c->definition[i].name)))
            return say_no(no, REFUSAL_NO_SUCH_NAME, "job '%s' has no instance %.*s",
                          c->definition[i].name, (int)number.n, number.p);
    const char *near = nearer_word(str_of(name), NULL, "all");
    for (size_t i = 0; i < c->jobs; i++)
        near = nearer_word(str_of(name), near, c->definition[i].name);
    for (size_t i = 0; i < c->groups; i++)
        near = nearer_word(str_of(name), near, c->group[i].name);
    const char *near_job = NULL;
    for (size_t i = 0; number.p && !near && i < c->jobs; i++)
        near_job = nearer_word(job, near_job, c->definition[i].name);
    if (near_job)
        return say_no(no, REFUSAL_NO_SUCH_NAME,
                      "there is no job, instance or group '%s'; did you mean '%s.%.*s'?", name,
                      near_job, (int)number.n, number.p);
    if (near)
        return say_no(no, REFUSAL_NO_SUCH_NAME,
                      "there is no job, instance or group '%s'; did you mean '%s'?", name, near);
    return say_no(no, REFUSAL_NO_SUCH_NAME,
                  "there is no job, instance or group '%s'; 'status' lists them", name);
}

/* A definition without instances (disabled, or instances = 0), or a group of such. */
static bool is_defined(const struct sup *s, const char *name)
{
    const struct config *c = sup_config(s);
    if (str_ieq(str_of(name), STR("all")))
        return true;
    for (size_t i = 0; i < c->jobs; i++)
        if (c->definition[i].n == 0 && fits(str_of(name), c->definition[i].name))
            return true;
    for (size_t i = 0; i < c->groups; i++)
        if (fits(str_of(name), c->group[i].name))
            return true;
    return false;
}

/* --- those that they mean -------------------------------------------------------------- */
static bool mark(const struct sup *s, const char *const *name, size_t n, bool *marked,
                 struct no *no)
{
    for (size_t k = 0; k < n; k++) {
        bool any = false;
        for (size_t i = 0; i < sup_count(s); i++) {
            const struct unit *u = sup_unit(s, i);
            if (!u->spec || !select_matches(name[k], u->spec))
                continue;
            marked[i] = any = true;
        }
        if (!any && !is_defined(s, name[k]))
            return select_unknown(s, name[k], no);
    }
    for (size_t i = 0; n == 0 && i < sup_count(s); i++)
        marked[i] = sup_unit(s, i)->spec != NULL;
    return true;
}

struct place_of {
    size_t order; /* of its newest definition in the file */
    size_t slot;
    uintptr_t job; /* which it is of; all instances of one have the same */
};

static size_t order_of(const struct config *c, const struct unit *u)
{
    const struct job_spec *spec = u->next ? u->next : u->spec;
    bool newest = spec >= c->job && spec < c->job + c->n;
    return newest ? (size_t)(spec - c->job) : c->n;
}

static int by_order(const void *a, const void *b)
{
    const struct place_of *x = a, *y = b;
    if (x->order != y->order)
        return x->order < y->order ? -1 : 1;
    return x->slot < y->slot ? -1 : x->slot > y->slot;
}

static int by_job(const void *a, const void *b)
{
    const struct place_of *x = a, *y = b;
    return x->job < y->job ? -1 : x->job > y->job;
}

/* Leaves ALL in another order. */
static size_t count_jobs(const struct sup *s, struct place_of *all, size_t n)
{
    size_t jobs = 0;
    for (size_t i = 0; i < n; i++)
        all[i].job = (uintptr_t)sup_unit(s, all[i].slot)->crew;
    qsort(all, n, sizeof *all, by_job);
    for (size_t i = 0; i < n; i++)
        jobs += i == 0 || all[i].job != all[i - 1].job;
    return jobs;
}

static bool collect(const struct sup *s, const bool *marked, struct selection *ret)
{
    size_t n = 0, count = sup_count(s);
    struct place_of *all = calloc(count + 1, sizeof *all);
    size_t *slot = calloc(count + 1, sizeof *slot);
    if (!all || !slot) {
        free(all);
        free(slot);
        return false;
    }
    for (size_t i = 0; i < count; i++)
        if (marked[i])
            all[n++] = (struct place_of){order_of(sup_config(s), sup_unit(s, i)), i, 0};
    qsort(all, n, sizeof *all, by_order);
    *ret = (struct selection){.n = n, .slot = slot};
    for (size_t i = 0; i < n; i++)
        slot[i] = all[i].slot;
    ret->jobs = count_jobs(s, all, n);
    free(all);
    return true;
}

bool select_units(const struct sup *s, const char *const *name, size_t n, struct selection *ret,
                  struct no *no)
{
    bool *marked = calloc(sup_count(s) + 1, sizeof *marked);
    if (!marked)
        return say_no(no, REFUSAL_FAILED, "out of memory");
    bool ok = mark(s, name, n, marked, no);
    if (ok && !collect(s, marked, ret))
        ok = say_no(no, REFUSAL_FAILED, "out of memory");
    free(marked);
    return ok;
}

void selection_free(struct selection *x)
{
    free(x->slot);
    *x = (struct selection){0};
}
