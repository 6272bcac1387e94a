/* output_owner.c - from the token's user to a list of one entry. */
#include "service/process/output_owner.h"

#include "service/win32/oserr.h"

#include <stdlib.h>

/* From malloc; NULL with *ret_code on failure. */
static TOKEN_USER *own_user(DWORD *ret_code)
{
    HANDLE token = NULL;
    DWORD n = 0;
    TOKEN_USER *user = NULL;
    if (!OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token)) {
        *ret_code = GetLastError();
        return NULL;
    }
    GetTokenInformation(token, TokenUser, NULL, 0, &n);
    *ret_code = ERROR_OUTOFMEMORY;
    user = malloc(n);
    if (user && !GetTokenInformation(token, TokenUser, user, n, &n)) {
        *ret_code = GetLastError();
        free(user);
        user = NULL;
    }
    CloseHandle(token);
    return user;
}

enum st owner_only_make(struct owner_only *o, struct err *e)
{
    DWORD code = 0;
    TOKEN_USER *user = own_user(&code);
    if (!user)
        return err_os(e, code, "asking for the service's own account");
    DWORD n = (DWORD)(sizeof(ACL) + sizeof(ACCESS_ALLOWED_ACE)) + GetLengthSid(user->User.Sid);
    ACL *list = malloc(n);
    enum st st = ST_OK;
    if (!list)
        st = err_nomem(e);
    else if (!InitializeAcl(list, n, ACL_REVISION) ||
             !AddAccessAllowedAce(list, ACL_REVISION, GENERIC_ALL, user->User.Sid) ||
             !InitializeSecurityDescriptor(&o->sd, SECURITY_DESCRIPTOR_REVISION) ||
             !SetSecurityDescriptorDacl(&o->sd, TRUE, list, FALSE))
        st = err_os(e, GetLastError(), "making a security descriptor");
    free(user);
    if (st == ST_OK)
        o->list = list;
    else
        free(list);
    return st;
}

void owner_only_free(struct owner_only *o)
{
    free(o->list);
    o->list = NULL;
}

PSECURITY_DESCRIPTOR owner_only_sd(struct owner_only *o)
{
    return &o->sd;
}
