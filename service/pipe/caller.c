/* caller.c - a look at the client's token, and back at once. */
#include "service/pipe/caller.h"

#include "common/buf.h"
#include "service/win32/sid.h"
#include "service/win32/wide.h"

#include <stdlib.h>

enum { NAME_UNITS = 512 };

HANDLE caller_token(HANDLE pipe)
{
    HANDLE token = NULL;
    if (!ImpersonateNamedPipeClient(pipe))
        return NULL;
    /* As ourselves: the client's token need not let itself be opened. */
    if (!OpenThreadToken(GetCurrentThread(), TOKEN_QUERY, TRUE, &token))
        token = NULL;
    if (!RevertToSelf()) /* nothing may go on in somebody else's name */
        TerminateProcess(GetCurrentProcess(), ERROR_CANNOT_IMPERSONATE);
    return token;
}

static char *name_of(PSID sid)
{
    wchar_t name[NAME_UNITS], domain[NAME_UNITS];
    DWORD n = NAME_UNITS, m = NAME_UNITS;
    SID_NAME_USE use;
    if (!LookupAccountSidW(NULL, sid, name, &n, domain, &m, &use))
        return NULL;
    char *user = utf8_of(name), *group = utf8_of(domain);
    struct buf b = {0};
    if (user && group)
        buf_f(&b, "%s%s%s", group, group[0] ? "\\" : "", user);
    free(user);
    free(group);
    if (buf_ok(&b) && b.n > 0)
        return b.p;
    buf_free(&b);
    return NULL;
}

void caller_learn(struct caller *c, HANDLE pipe, HANDLE token, bool by_name)
{
    PSID sid = NULL;
    ULONG pid = 0;
    if (sid_of_user(token, &sid, NULL) != ST_OK)
        return;
    if (c->account && EqualSid(c->sid, sid) && c->named >= by_name) {
        free(sid);
        return;
    }
    caller_free(c);
    c->sid = sid;
    c->named = by_name;
    c->pid = GetNamedPipeClientProcessId(pipe, &pid) ? pid : 0;
    if (by_name)
        c->account = name_of(sid);
    if (!c->account)
        sid_text(sid, &c->account, NULL);
}

void caller_free(struct caller *c)
{
    free(c->sid);
    free(c->account);
    *c = (struct caller){0};
}
