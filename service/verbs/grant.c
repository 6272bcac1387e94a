/* grant.c - lets a job with ui_restrictions = handles use a window or menu of somebody else. */
#include "service/host/loading.h"
#include "service/host/logger.h"
#include "service/verbs/verbs.h"
#include "service/win32/oserr.h"
#include "service/win32/wide.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

enum { OBJECT_NAME = 256 };
typedef BOOL(WINAPI *grant_access)(HANDLE user_handle, HANDLE job, BOOL grant);

/* user32 is loaded for this one command only: a service has no use for it. */
static grant_access load_grant(void)
{
    HMODULE user32 = LoadLibraryExW(L"user32.dll", NULL, LOAD_LIBRARY_SEARCH_SYSTEM32);
    FARPROC f = user32 ? GetProcAddress(user32, "UserHandleGrantAccess") : NULL;
    grant_access grant = NULL;
    memcpy(&grant, &f, sizeof grant); /* a function of another type, as C wants it */
    return grant;
}

/* A handle as Spy++ or a program shows it: 0x2042C or 132140.  Handles of USER fit 32 bits. */
static bool parse_handle(const char *text, HANDLE *ret)
{
    char *end = NULL;
    errno = 0;
    unsigned long long v = *text == '-' ? 0 : strtoull(text, &end, 0);
    if (!end || *end || errno != 0 || v == 0 || v > UINT32_MAX)
        return false;
    *ret = (HANDLE)(uintptr_t)v;
    return true;
}

/* The caller closes *ret. */
static enum st open_in(const char *prefix, const struct config *c, const char *unit, HANDLE *ret,
                       struct err *e)
{
    char name[OBJECT_NAME];
    snprintf(name, sizeof name, "%s%s.%s", prefix, c->service.name, unit);
    wchar_t *wide = wide_z(name);
    if (!wide)
        return err_nomem(e);
    /* Which rights it takes is not documented; to change what a job may do is this one. */
    *ret = OpenJobObjectW(JOB_OBJECT_QUERY | JOB_OBJECT_SET_ATTRIBUTES, FALSE, wide);
    DWORD code = GetLastError();
    free(wide);
    return *ret ? ST_OK : err_os(e, code, "opening the Job Object of %s", unit);
}

static enum st open_job(const struct config *c, const char *unit, HANDLE *ret, struct err *e)
{
    enum st st = open_in("Global\\", c, unit, ret, e);
    if (st == ST_NOTFOUND)
        st = open_in("Local\\", c, unit, ret, e);
    if (st == ST_OK || st == ST_NOMEM)
        return st;
    const struct err was = *e;
    return err_say(e, st, "%s; %s", was.text,
                   st == ST_DENIED ? "use the account that the service runs under"
                                   : "it exists while the instance runs, and in this session only "
                                     "where object_namespace is local");
}

static enum st grant_one(const struct config *c, const struct job_spec *s, HANDLE user, bool revoke,
                         struct err *e)
{
    grant_access grant = load_grant();
    HANDLE job = NULL;
    if (!(s->limits.ui_restrictions & UI_HANDLES))
        return err_say(e, ST_RANGE,
                       "job '%s' has no ui_restrictions = handles, so it may use every handle",
                       s->job);
    if (!grant)
        return err_say(e, ST_UNSUPPORTED, "this system has no UserHandleGrantAccess");
    enum st st = open_job(c, s->unit, &job, e);
    if (st != ST_OK)
        return st;
    if (!grant(user, job, !revoke)) {
        struct err was = {0};
        st = err_os(&was, GetLastError(), "UserHandleGrantAccess for %s", s->unit);
        err_say(e, st, "%s; the handle must be of this session and of no process of the job",
                was.text);
    }
    CloseHandle(job);
    return st;
}

static int grant_all(const struct config *c, const char *name, HANDLE user, bool revoke)
{
    struct err e = {0};
    size_t found = 0;
    int worst = EXIT_FINE;
    for (size_t i = 0; i < c->n; i++) {
        const struct job_spec *s = &c->job[i];
        if (_stricmp(name, s->unit) != 0 && _stricmp(name, s->job) != 0)
            continue;
        found++;
        if (grant_one(c, s, user, revoke, &e) != ST_OK)
            worst = complain(e.text); /* the others may still do */
    }
    if (found == 0) {
        err_say(&e, ST_NOTFOUND, "there is no job '%s' that runs in %s", name, c->path);
        worst = complain(e.text);
    }
    return worst;
}

int verb_grant(const struct arguments *a)
{
    struct config *config = NULL;
    struct buf mistakes = {0};
    struct err e = {0};
    HANDLE user = NULL;
    if (!parse_handle(a->word[1], &user)) {
        err_say(&e, ST_SYNTAX, "'%s' is not a handle; write its number, such as 0x2042C",
                a->word[1]);
        complain(e.text);
        return EXIT_USAGE;
    }
    char *path = config_path(a);
    if (!path)
        return complain("out of memory");
    int code = EXIT_FAILED;
    if (load_config(path, &config, NULL, &mistakes) == ST_OK)
        code = grant_all(config, a->word[0], user, a->given & OPT_REVOKE);
    else
        print_err(buf_view(&mistakes));
    config_free(config);
    buf_free(&mistakes);
    free(path);
    return code;
}
