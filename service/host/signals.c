/* signals.c - see signals.h. */
#include "service/host/signals.h"

#include "service/win32/oserr.h"
#include "service/win32/wide.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RESET_BY_HAND = TRUE, RESET_BY_WAIT = FALSE };

/* The longest prefix, three names of at most 63 bytes, a number and "watchdog" fit. */
static void name_of(const struct signals_place *at, const struct job_spec *spec, const char *what,
                    char name[SIGNAL_NAME_SIZE])
{
    snprintf(name, SIGNAL_NAME_SIZE, "%s%s.%s.%s", at->prefix, at->service, spec->unit, what);
}

static enum st taken(const char *name, struct err *e)
{
    return err_say(e, ST_EXISTS,
                   "the name %s is already taken by another program's object, and whoever made "
                   "it could speak for the worker: end that program, or give this service another "
                   "name",
                   name);
}

/* AT's descriptor gives this account all rights, and the worker runs under it, so it can set and
 * wait for the events.  A worker of lower integrity could not, as Windows keeps it from writing to
 * objects without a label of its level: their descriptor would then need one (S:(ML;;NW;;;LW)),
 * and one of another account an entry for that. */
static enum st create(const struct signals_place *at, const char *name, BOOL reset, HANDLE *ret,
                      struct err *e)
{
    wchar_t *wide = wide_z(name);
    if (!wide)
        return err_nomem(e);
    SetLastError(ERROR_SUCCESS);
    HANDLE h = CreateEventW((SECURITY_ATTRIBUTES *)at->security, reset, FALSE, wide);
    DWORD code = GetLastError(); /* set even on success: new, or already there */
    free(wide);
    if (!h && (code == ERROR_INVALID_HANDLE || code == ERROR_ACCESS_DENIED))
        return taken(name, e); /* another kind of object, or another account's */
    if (!h)
        return err_os(e, code, "CreateEvent %s", name);
    if (code == ERROR_ALREADY_EXISTS) {
        CloseHandle(h);
        return taken(name, e);
    }
    *ret = h;
    return ST_OK;
}

static void shut(HANDLE *h)
{
    if (*h)
        CloseHandle(*h);
    *h = NULL;
}

/* *H becomes an event that is not set, or NULL where it is not WANTED. */
static enum st provide(const struct signals_place *at, const struct job_spec *spec,
                       const char *what, bool wanted, BOOL reset, HANDLE *h, struct err *e)
{
    char name[SIGNAL_NAME_SIZE];
    if (!wanted)
        shut(h);
    if (*h)
        ResetEvent(*h); /* a handle of ours: cannot fail */
    if (!wanted || *h)
        return ST_OK;
    name_of(at, spec, what, name);
    return create(at, name, reset, h, e);
}

static bool has_event_rung(const struct ladder *l)
{
    for (uint32_t i = 0; i < l->n; i++)
        if (l->rung[i].kind == RUNG_EVENT)
            return true;
    return false;
}

enum st signals_open(const struct signals_place *at, const struct job_spec *spec, struct signals *s,
                     struct err *e)
{
    if (strcmp(s->unit, spec->unit) != 0) /* "web" may have become "Web" */
        signals_close(s);
    memcpy(s->unit, spec->unit, sizeof s->unit);
    enum st st =
        provide(at, spec, "ready", spec->ready.kind == READY_EVENT, RESET_BY_HAND, &s->ready, e);
    if (st == ST_OK)
        st = provide(at, spec, "watchdog", spec->watchdog > 0, RESET_BY_WAIT, &s->watchdog, e);
    if (st == ST_OK)
        st = provide(at, spec, "stop", has_event_rung(&spec->stop), RESET_BY_HAND, &s->stop, e);
    return st;
}

void signals_close(struct signals *s)
{
    shut(&s->ready);
    shut(&s->watchdog);
    shut(&s->stop);
}

static void add(struct signals_env *env, const char *name, const char *value)
{
    env->var[env->vars.n++] = (struct env_var){name, value};
}

void signals_env(const struct signals_place *at, const struct job_spec *spec,
                 const struct signals *s, struct signals_env *ret)
{
    ret->vars = (struct env_vars){0, ret->var};
    if (s->ready) {
        name_of(at, spec, "ready", ret->ready);
        add(ret, "JOBWARDEN_READY_EVENT", ret->ready);
    }
    if (s->watchdog) {
        name_of(at, spec, "watchdog", ret->watchdog);
        snprintf(ret->watchdog_ms, sizeof ret->watchdog_ms, "%llu",
                 (unsigned long long)spec->watchdog);
        add(ret, "JOBWARDEN_WATCHDOG_EVENT", ret->watchdog);
        add(ret, "JOBWARDEN_WATCHDOG_MS", ret->watchdog_ms);
    }
    if (s->stop) {
        name_of(at, spec, "stop", ret->stop);
        add(ret, "JOBWARDEN_STOP_EVENT", ret->stop);
    }
}

bool signals_asked(const struct signals *s, enum signal what)
{
    HANDLE h = what == SIGNAL_READY ? s->ready : s->watchdog;
    if (!h || WaitForSingleObject(h, 0) != WAIT_OBJECT_0)
        return false;
    if (what == SIGNAL_READY) /* the wait itself resets the watchdog's, so that no beat is lost */
        ResetEvent(h);
    return true;
}

enum st signals_stop(const struct signals *s, struct err *e)
{
    if (!s->stop)
        return err_say(e, ST_UNSUPPORTED,
                       "this run has no stop event: it was started before its ladder had the rung");
    if (SetEvent(s->stop))
        return ST_OK;
    DWORD code = GetLastError();
    return err_os(e, code, "setting the stop event");
}
