/* namespace.c - one service a name. */
#include "service/host/namespace.h"

#include "service/win32/oserr.h"
#include "service/win32/wide.h"

#include <stdio.h>
#include <stdlib.h>

/* '!' stands in no NAME, so this is never the name of a job or group of ours. */
static enum st claim_in(const char *prefix, const char *service, SECURITY_ATTRIBUTES *sa,
                        struct claim *ret, struct err *e)
{
    char name[128];
    snprintf(name, sizeof name, "%s%s!running", prefix, service);
    wchar_t *wide = wide_z(name);
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
    /* 5: the object is there and belongs to another account; Windows has no right for making one. */
    if (h || code == ERROR_ACCESS_DENIED)
        return err_say(e, ST_EXISTS,
                       "a service named '%s' is already running on this machine; stop it, or set "
                       "another name under [service]",
                       service);
    return err_os(e, code, "CreateMutex %s", name);
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
