/* reload_event.c - see reload_event.h. */
#include "service/host/reload_event.h"

#include "service/win32/oserr.h"
#include "service/win32/security.h"
#include "service/win32/watch.h"
#include "service/win32/wide.h"

#include <stdio.h>
#include <stdlib.h>

/* '!' stands in no NAME, so this is never the name of a job or group of ours.  From malloc. */
static wchar_t *name_of(const char *prefix, const char *service)
{
    char name[128];
    snprintf(name, sizeof name, "%s%s!reload", prefix, service);
    return wide_z(name);
}

static enum st make(const char *prefix, const char *service, HANDLE *ret, struct err *e)
{
    SECURITY_ATTRIBUTES sa = {0};
    enum st st = security_for_bell(&sa, e);
    wchar_t *name = st == ST_OK ? name_of(prefix, service) : NULL;
    if (st == ST_OK && !name)
        st = err_nomem(e);
    if (st == ST_OK) {
        SetLastError(ERROR_SUCCESS);
        HANDLE h = CreateEventW(&sa, FALSE, FALSE, name);
        DWORD code = GetLastError(); /* set even on success: new, or already there */
        if (!h) {
            st = err_os(e, code, "making the event %s%s!reload", prefix, service);
        } else if (code == ERROR_ALREADY_EXISTS) {
            CloseHandle(h);
            st = err_say(e, ST_EXISTS, "the event %s%s!reload is somebody else's", prefix, service);
        } else {
            *ret = h;
        }
    }
    free(name);
    security_free(&sa);
    return st;
}

enum st reload_event_open(const char *prefix, const char *service, void (*f)(void *ctx), void *ctx,
                          struct reload_event *ret, struct err *e)
{
    struct reload_event x = {0};
    enum st st = make(prefix, service, &x.event, e);
    if (st == ST_OK)
        st = watch_begin(x.event, WATCH_ALWAYS, f, ctx, &x.watch, e);
    if (st == ST_OK)
        *ret = x;
    else
        reload_event_close(&x);
    return st;
}

void reload_event_close(struct reload_event *x)
{
    watch_end(x->watch);
    if (x->event)
        CloseHandle(x->event);
    *x = (struct reload_event){0};
}

static enum st set_in(const char *prefix, const char *service, struct err *e)
{
    wchar_t *name = name_of(prefix, service);
    if (!name)
        return err_nomem(e);
    HANDLE h = OpenEventW(EVENT_MODIFY_STATE, FALSE, name);
    DWORD code = GetLastError();
    free(name);
    if (!h)
        return err_os(e, code, "opening the event %s%s!reload", prefix, service);
    enum st st = SetEvent(h) ? ST_OK : err_os(e, GetLastError(), "SetEvent");
    CloseHandle(h);
    return st;
}

/* In the order in which a service claims its name. */
enum st reload_event_set(const struct service_spec *s, struct err *e)
{
    enum st st = ST_NOTFOUND;
    if (s->object_namespace != NAMESPACE_LOCAL)
        st = set_in("Global\\", s->name, e);
    if (st == ST_NOTFOUND && s->object_namespace != NAMESPACE_GLOBAL)
        st = set_in("Local\\", s->name, e);
    if (st == ST_NOTFOUND)
        return err_say(e, st, "no service named '%s' runs on this machine", s->name);
    if (st != ST_DENIED)
        return st;
    const struct err was = *e;
    return err_say(e, st, "%s; use an elevated prompt, or the account that the service runs under",
                   was.text);
}
