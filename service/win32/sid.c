/* sid.c - the accounts of a token. */
#include "service/win32/sid.h"

#include "service/win32/oserr.h"
#include "service/win32/wide.h"

#include <sddl.h>
#include <stdlib.h>
#include <string.h>

/* What TOKEN says of WHAT; from malloc. */
static enum st ask(HANDLE token, TOKEN_INFORMATION_CLASS what, void **ret, struct err *e)
{
    DWORD cb = 0;
    GetTokenInformation(token, what, NULL, 0, &cb); /* fails with the size that it needs */
    void *info = malloc(cb ? cb : 1);
    if (!info)
        return err_nomem(e);
    if (!GetTokenInformation(token, what, info, cb, &cb)) {
        DWORD code = GetLastError();
        free(info);
        return err_os(e, code, "GetTokenInformation");
    }
    *ret = info;
    return ST_OK;
}

static enum st copy(PSID sid, PSID *ret, struct err *e)
{
    DWORD n = GetLengthSid(sid);
    PSID own = malloc(n);
    if (!own)
        return err_nomem(e);
    memcpy(own, sid, n);
    *ret = own;
    return ST_OK;
}

enum st sid_of_user(HANDLE token, PSID *ret, struct err *e)
{
    void *user = NULL;
    enum st st = ask(token, TokenUser, &user, e);
    if (st == ST_OK)
        st = copy(((TOKEN_USER *)user)->User.Sid, ret, e);
    free(user);
    return st;
}

enum st sid_of_owner(HANDLE token, PSID *ret, struct err *e)
{
    void *owner = NULL;
    enum st st = ask(token, TokenOwner, &owner, e);
    if (st == ST_OK)
        st = copy(((TOKEN_OWNER *)owner)->Owner, ret, e);
    free(owner);
    return st;
}

static enum st own(enum st (*of)(HANDLE, PSID *, struct err *), PSID *ret, struct err *e)
{
    HANDLE token = NULL;
    if (!OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token))
        return err_os(e, GetLastError(), "OpenProcessToken");
    enum st st = of(token, ret, e);
    CloseHandle(token);
    return st;
}

enum st sid_own_user(PSID *ret, struct err *e)
{
    return own(sid_of_user, ret, e);
}

enum st sid_own_owner(PSID *ret, struct err *e)
{
    return own(sid_of_owner, ret, e);
}

enum st sid_text(PSID sid, char **ret, struct err *e)
{
    wchar_t *text = NULL;
    if (!ConvertSidToStringSidW(sid, &text))
        return err_os(e, GetLastError(), "ConvertSidToStringSid");
    char *own_text = utf8_of(text);
    LocalFree(text);
    if (!own_text)
        return err_nomem(e);
    *ret = own_text;
    return ST_OK;
}
