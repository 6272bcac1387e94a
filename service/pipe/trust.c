/* trust.c - the pipe's owner, and the process behind it. */
#include "service/pipe/trust.h"

#include "service/pipe/access.h"
#include "service/win32/oserr.h"
#include "service/win32/sid.h"
#include "service/win32/wide.h"

#include <aclapi.h>
#include <stdlib.h>

/* The SCM's process for SERVICE; 0: none, or it does not tell. */
static DWORD scm_pid(const char *service)
{
    SERVICE_STATUS_PROCESS status = {0};
    DWORD cb = 0;
    wchar_t *name = wide_z(service);
    SC_HANDLE scm = name ? OpenSCManagerW(NULL, NULL, SC_MANAGER_CONNECT) : NULL;
    SC_HANDLE h = scm ? OpenServiceW(scm, name, SERVICE_QUERY_STATUS) : NULL;
    if (h && !QueryServiceStatusEx(h, SC_STATUS_PROCESS_INFO, (BYTE *)&status, sizeof status, &cb))
        status.dwProcessId = 0;
    if (h)
        CloseServiceHandle(h);
    if (scm)
        CloseServiceHandle(scm);
    free(name);
    return status.dwProcessId;
}

static bool served_by_service(HANDLE pipe, const char *service, ULONG *ret_pid)
{
    *ret_pid = 0;
    if (!GetNamedPipeServerProcessId(pipe, ret_pid) || *ret_pid == 0)
        return false;
    return scm_pid(service) == *ret_pid;
}

static enum st refuse(PSID owner, const char *service, bool local, ULONG pid, struct err *e)
{
    char *account = NULL;
    sid_text(owner, &account, NULL);
    const char *who = account ? account : "somebody else";
    if (!local)
        err_say(e, ST_DENIED,
                "the control pipe of '%s' belongs to %s; of another machine only a pipe of SYSTEM, "
                "of Administrators or of your own account is believed; nothing was sent to it",
                service, who);
    else
        err_say(e, ST_DENIED,
                "the control pipe of '%s' is not the service's: it belongs to %s and is served by "
                "process %lu, which is neither SYSTEM's, an administrator's or your own, nor what "
                "Windows runs as that service; nothing was sent to it",
                service, who, pid);
    free(account);
    return ST_DENIED;
}

enum st pipe_trust(HANDLE pipe, const char *service, bool local, struct err *e)
{
    PSID owner = NULL, self = NULL;
    PSECURITY_DESCRIPTOR sd = NULL;
    ULONG pid = 0;
    DWORD code = GetSecurityInfo(pipe, SE_KERNEL_OBJECT, OWNER_SECURITY_INFORMATION, &owner, NULL,
                                 NULL, NULL, &sd);
    if (code)
        return err_os(e, code, "asking whose the control pipe of '%s' is", service);
    enum st st = sid_own_user(&self, e);
    if (st == ST_OK && !(owner && owner_trusted(owner, self)) &&
        !(local && served_by_service(pipe, service, &pid)))
        st = refuse(owner, service, local, pid, e);
    free(self);
    LocalFree(sd);
    return st;
}
