/* security.c - who may touch our named objects.
 *
 * Any logged-on user can make Global\ names, and whoever may set a job's limits or assign to it can
 * undo supervision; so nobody gets more than a look. */
#include "service/win32/security.h"

#include "service/win32/oserr.h"
#include "service/win32/sid.h"

#include <sddl.h>
#include <stdlib.h>
#include <wchar.h>

static enum st make(const wchar_t *format, SECURITY_ATTRIBUTES *ret, struct err *e)
{
    PSID user = NULL;
    char *sid = NULL;
    wchar_t sddl[512];
    PSECURITY_DESCRIPTOR sd = NULL;
    enum st st = sid_own_user(&user, e);
    if (st == ST_OK)
        st = sid_text(user, &sid, e);
    free(user);
    if (st != ST_OK)
        return st;
    int n = swprintf(sddl, sizeof sddl / sizeof *sddl, format, sid);
    free(sid);
    if (n < 0)
        return err_say(e, ST_RANGE, "this account's SID is too long");
    if (!ConvertStringSecurityDescriptorToSecurityDescriptorW(sddl, SDDL_REVISION_1, &sd, NULL))
        return err_os(e, GetLastError(), "making a security descriptor");
    *ret = (SECURITY_ATTRIBUTES){sizeof *ret, sd, FALSE};
    return ST_OK;
}

enum st security_for_objects(SECURITY_ATTRIBUTES *ret, struct err *e)
{
    /* All for us (which bits that is for a job grew from 0x1F001F to 0x1F003F); 0x20004 is
     * READ_CONTROL and JOB_OBJECT_QUERY. */
    return make(L"D:P(A;;GA;;;SY)(A;;GA;;;%hs)(A;;0x20004;;;BA)", ret, e);
}

enum st security_for_bell(SECURITY_ATTRIBUTES *ret, struct err *e)
{
    /* 0x20002 is READ_CONTROL and EVENT_MODIFY_STATE. */
    return make(L"D:P(A;;GA;;;SY)(A;;GA;;;%hs)(A;;0x20002;;;BA)", ret, e);
}

enum st security_for_owner(SECURITY_ATTRIBUTES *ret, struct err *e)
{
    return make(L"D:P(A;;GA;;;%hs)", ret, e);
}

void security_free(SECURITY_ATTRIBUTES *sa)
{
    LocalFree(sa->lpSecurityDescriptor);
    sa->lpSecurityDescriptor = NULL;
}
