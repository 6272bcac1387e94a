/* namespace.c - one service a name. */
#include "service/host/namespace.h"

#include "service/win32/oserr.h"
#include "service/win32/wide.h"

#include <stdio.h>
#include <stdlib.h>

/* '!' stands in no NAME, so this is never the name of a job or group of ours.  From malloc. */
static wchar_t *name_of(const char *prefix, const char *service)
{
    char name[128];
    snprintf(name, sizeof name, "%s%s!running", prefix, service);
    return wide_z(name);
}

/* 5 is also said where this account may make no name at all. */
static bool held(const char *prefix, const char *service)
{
    wchar_t *name = name_of(prefix, service);
    HANDLE h = name ? OpenMutexW(SYNCHRONIZE, FALSE, name) : NULL;
    bool absent = !h && GetLastError() == ERROR_FILE_NOT_FOUND;
    if (h)
        CloseHandle(h);
    free(name);
    return !absent;
}

static enum st claim_in(const char *prefix, const char *service, SECURITY_ATTRIBUTES *sa,
                        struct claim *ret, struct err *e)
{
    wchar_t *wide = name_of(prefix, service);
    if (!wide)
        return err_nomem(e);
    SetLastError(ERROR_SUCCESS);
    HANDLE h = CreateMutexW(sa, FALSE, wide);
    DWORD code = GetLastError();
    free(wide);
    if (h && code != ERROR_ALREADY_EXISTS) {
        *ret = (struct claim){prefix, h};
        return ST_OK;
    }
    if (h)
        CloseHandle(h);
    if (h || (code == ERROR_ACCESS_DENIED && held(prefix, service)))
        return err_say(e, ST_EXISTS,
                       "a service named '%s' is already running on this machine; stop it, or set "
                       "another name under [service]",
                       service);
    return err_os(e, code, "claiming the name %s%s", prefix, service);
}

enum st claim_name(const struct service_spec *s, SECURITY_ATTRIBUTES *sa, struct claim *ret,
                   struct err *e)
{
    if (s->object_namespace == NAMESPACE_LOCAL)
        return claim_in("Local\\", s->name, sa, ret, e);
    enum st st = claim_in("Global\\", s->name, sa, ret, e);
    if (st == ST_OK || st == ST_EXISTS || s->object_namespace == NAMESPACE_GLOBAL)
        return st;
    return claim_in("Local\\", s->name, sa, ret, e);
}

void claim_release(struct claim *c)
{
    if (c->mutex)
        CloseHandle(c->mutex);
    c->mutex = NULL;
}
