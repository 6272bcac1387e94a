/* accounts.c - the well-known ones by our own table, as Windows knows them only in its own
 * language; the others by asking. */
#include "service/pipe/accounts.h"

#include "common/str.h"
#include "service/win32/oserr.h"
#include "service/win32/sid.h"
#include "service/win32/wide.h"

#include <windows.h>

#include <sddl.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

enum { SID_BYTES = SECURITY_MAX_SID_SIZE, DOMAIN_UNITS = 256 };

static const struct known {
    const char *name, *sid;
} known[] = {
    {"System", "S-1-5-18"},
    {"LocalSystem", "S-1-5-18"},
    {"Administrators", "S-1-5-32-544"},
    {"Users", "S-1-5-32-545"},
    {"AuthenticatedUsers", "S-1-5-11"},
    {"Everyone", "S-1-1-0"},
    {"Interactive", "S-1-5-4"},
    {"Network", "S-1-5-2"},
    {"LocalService", "S-1-5-19"},
    {"NetworkService", "S-1-5-20"},
};

/* NAME is WORD, blanks and case aside. */
static bool alike(const char *name, const char *word)
{
    for (;; name++, word++) {
        while (*name == ' ')
            name++;
        if (ascii_lower(*name) != ascii_lower(*word))
            return false;
        if (*name == '\0')
            return true;
    }
}

static const char *past(const char *name, const char *authority)
{
    size_t n = strlen(authority);
    struct str start = {name, strlen(name) < n ? strlen(name) : n};
    return str_ieq(start, str_of(authority)) ? name + n : name;
}

static const char *well_known(const char *name)
{
    name = past(past(name, "NT AUTHORITY\\"), "BUILTIN\\");
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (alike(name, known[i].name))
            return known[i].sid;
    return NULL;
}

static enum st written(const char *name, char **ret, struct err *e)
{
    wchar_t *w = wide_z(name);
    PSID sid = NULL;
    if (!w)
        return err_nomem(e);
    bool ok = ConvertStringSidToSidW(w, &sid);
    free(w);
    if (!ok)
        return err_say(e, ST_SYNTAX, "'%s' is not a SID", name);
    enum st st = sid_text(sid, ret, e);
    LocalFree(sid);
    return st;
}

/* `.\name` is how people write an account of this machine; Windows wants the machine's name. */
static wchar_t *as_windows_wants(const char *name)
{
    wchar_t *w = wide_z(name), machine[MAX_COMPUTERNAME_LENGTH + 1];
    DWORD n = MAX_COMPUTERNAME_LENGTH + 1;
    if (!w || strncmp(name, ".\\", 2) != 0 || !GetComputerNameW(machine, &n))
        return w;
    size_t units = n + wcslen(w) + 1;
    wchar_t *full = malloc(units * sizeof *full);
    if (full) {
        wcscpy(full, machine);
        wcscat(full, w + 1);
    }
    free(w);
    return full;
}

static bool logs_on(SID_NAME_USE use)
{
    return use == SidTypeUser || use == SidTypeGroup || use == SidTypeAlias ||
           use == SidTypeWellKnownGroup;
}

static enum st asked(const char *name, char **ret, struct err *e)
{
    union {
        SID sid;
        char room[SID_BYTES];
    } found;
    wchar_t domain[DOMAIN_UNITS], *w = as_windows_wants(name);
    DWORD cb = SID_BYTES, units = DOMAIN_UNITS;
    SID_NAME_USE use = SidTypeUnknown;
    if (!w)
        return err_nomem(e);
    bool ok = LookupAccountNameW(NULL, w, &found.sid, &cb, domain, &units, &use);
    DWORD code = ok ? 0 : GetLastError();
    free(w);
    if (code == ERROR_NONE_MAPPED)
        return err_say(e, ST_NOTFOUND, "this machine knows no account or group named '%s'", name);
    if (!ok)
        return err_os(e, code, "looking up the account '%s'", name);
    if (!logs_on(use))
        return err_say(e, ST_NOTFOUND, "'%s' is neither a user nor a group", name);
    return sid_text(&found.sid, ret, e);
}

enum st account_sid(const char *name, char **ret, struct err *e)
{
    if (ascii_lower(name[0]) == 's' && strncmp(name + 1, "-1-", 3) == 0)
        return written(name, ret, e);
    const char *sid = well_known(name);
    if (!sid)
        return asked(name, ret, e);
    char *own = malloc(strlen(sid) + 1);
    if (!own)
        return err_nomem(e);
    *ret = strcpy(own, sid);
    return ST_OK;
}
