/* access.c - two lists of accounts become two security descriptors. */
#include "service/pipe/access_private.h"

#include "common/buf.h"
#include "service/pipe/accounts.h"
#include "service/win32/oserr.h"
#include "service/win32/sid.h"
#include "service/win32/wide.h"

#include <sddl.h>
#include <stdlib.h>

enum { RIGHT_LOOK = 1, RIGHT_COMMAND = 2 };

/* FILE_GENERIC_READ, FILE_WRITE_DATA, FILE_WRITE_EA and FILE_WRITE_ATTRIBUTES.  FILE_GENERIC_WRITE
 * would hold FILE_CREATE_PIPE_INSTANCE, with which a client could pose as the service. */
#define RIGHTS_CLIENT 0x12019B

struct access {
    PSECURITY_DESCRIPTOR pipe, roles;
};

/* Both in SDDL. */
struct draft {
    struct buf pipe, roles;
};

static void begin(struct draft *d, const char *owner, const char *self, const char *master,
                  bool remote)
{
    /* Our own account stands before the denial: in an ssh session it has NETWORK too, and could not
     * make the pipe's second instance. */
    buf_f(&d->pipe, "O:%sG:SYD:P(A;;FA;;;SY)(A;;FA;;;%s)%s", owner, self,
          remote ? "" : "(D;;FA;;;NU)");
    buf_f(&d->roles, "O:SYG:SYD:P(A;;%d;;;SY)(A;;%d;;;%s)", RIGHT_LOOK | RIGHT_COMMAND,
          RIGHT_LOOK | RIGHT_COMMAND, master);
}

static enum st add(struct draft *d, const struct access_setup *setup, const char *account,
                   int rights, struct err *e)
{
    char *sid = NULL;
    struct err why;
    enum st st = account_sid(account, &sid, &why);
    if (st == ST_NOMEM)
        return err_nomem(e);
    if (st != ST_OK) {
        if (setup->unknown)
            setup->unknown(setup->ctx, account, &why);
        return ST_OK;
    }
    buf_f(&d->pipe, "(A;;0x%x;;;%s)", RIGHTS_CLIENT, sid);
    buf_f(&d->roles, "(A;;%d;;;%s)", rights, sid);
    free(sid);
    return ST_OK;
}

static enum st compile(const struct buf *sddl, PSECURITY_DESCRIPTOR *ret, struct err *e)
{
    wchar_t *w = buf_ok(sddl) ? wide_of(buf_view(sddl)) : NULL;
    if (!w)
        return err_nomem(e);
    BOOL ok = ConvertStringSecurityDescriptorToSecurityDescriptorW(w, SDDL_REVISION_1, ret, NULL);
    DWORD code = ok ? 0 : GetLastError();
    free(w);
    return ok ? ST_OK : err_os(e, code, "making the control pipe's security descriptor");
}

static enum st name_owner(struct draft *d, const char *master, bool remote, struct err *e)
{
    PSID user = NULL, owner = NULL;
    char *user_text = NULL, *owner_text = NULL;
    enum st st = sid_own_user(&user, e);
    if (st == ST_OK)
        st = sid_own_owner(&owner, e);
    if (st == ST_OK)
        st = sid_text(user, &user_text, e);
    /* What is made for an administrator is mostly Administrators', whom all others trust.  A token
     * may have any other owner by default; then it is the user, whom at least he himself trusts. */
    if (st == ST_OK)
        st = sid_text(owner_trusted(owner, user) ? owner : user, &owner_text, e);
    if (st == ST_OK)
        begin(d, owner_text, user_text, master ? master : user_text, remote);
    free(user);
    free(owner);
    free(user_text);
    free(owner_text);
    return st;
}

enum st access_new_for(const struct access_setup *setup, const char *master, struct access **ret,
                       struct err *e)
{
    struct draft d = {0};
    struct access *a = calloc(1, sizeof *a);
    enum st st = a ? name_owner(&d, master, setup->remote, e) : err_nomem(e);
    for (size_t i = 0; st == ST_OK && i < setup->commands; i++)
        st = add(&d, setup, setup->command[i], RIGHT_LOOK | RIGHT_COMMAND, e);
    for (size_t i = 0; st == ST_OK && i < setup->looks; i++)
        st = add(&d, setup, setup->look[i], RIGHT_LOOK, e);
    if (st == ST_OK)
        st = compile(&d.pipe, &a->pipe, e);
    if (st == ST_OK)
        st = compile(&d.roles, &a->roles, e);
    buf_free(&d.pipe);
    buf_free(&d.roles);
    if (st == ST_OK)
        *ret = a;
    else
        access_free(a);
    return st;
}

enum st access_new(const struct access_setup *setup, struct access **ret, struct err *e)
{
    return access_new_for(setup, NULL, ret, e);
}

void access_free(struct access *a)
{
    if (!a)
        return;
    LocalFree(a->pipe);
    LocalFree(a->roles);
    free(a);
}

enum role access_role(const struct access *a, HANDLE token)
{
    /* Commanding is the writing of this object: its label, medium by default, then keeps processes
     * of low integrity from it. */
    GENERIC_MAPPING mapping = {RIGHT_LOOK, RIGHT_COMMAND, RIGHT_LOOK, RIGHT_LOOK | RIGHT_COMMAND};
    union {
        PRIVILEGE_SET set;
        char room[256];
    } used;
    DWORD cb = sizeof used, granted = 0;
    BOOL allowed = FALSE;
    if (!AccessCheck(a->roles, token, MAXIMUM_ALLOWED, &mapping, &used.set, &cb, &granted,
                     &allowed) ||
        !allowed)
        return ROLE_NONE;
    return granted & RIGHT_COMMAND ? ROLE_COMMAND : granted & RIGHT_LOOK ? ROLE_LOOK : ROLE_NONE;
}

PSECURITY_DESCRIPTOR access_of_pipe(const struct access *a)
{
    return a->pipe;
}

PSECURITY_DESCRIPTOR access_of_roles(const struct access *a)
{
    return a->roles;
}

bool owner_trusted(PSID owner, PSID self)
{
    return IsWellKnownSid(owner, WinLocalSystemSid) ||
           IsWellKnownSid(owner, WinBuiltinAdministratorsSid) || EqualSid(owner, self);
}
