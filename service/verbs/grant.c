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

static int explain(const char *fmt, const char *a, const char *b)
{
    struct buf text = {0};
    buf_f(&text, fmt, a, b);
    complain(buf_text(&text));
    buf_free(&text);
    return EXIT_FAILED;
}

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

static HANDLE open_job(const struct config *c, const char *unit)
{
    static const char *const prefixes[] = {"Global\\", "Local\\"};
    HANDLE h = NULL;
    for (size_t i = 0; !h && i < 2; i++) {
        char name[OBJECT_NAME];
        snprintf(name, sizeof name, "%s%s.%s", prefixes[i], c->service.name, unit);
        wchar_t *wide = wide_z(name);
        /* Which rights it takes is not documented; to change what a job may do is this one. */
        h = wide ? OpenJobObjectW(JOB_OBJECT_QUERY | JOB_OBJECT_SET_ATTRIBUTES, FALSE, wide) : NULL;
        DWORD code = GetLastError();
        free(wide);
        SetLastError(code);
        if (!h && code != ERROR_FILE_NOT_FOUND)
            break;
    }
    return h;
}

static int grant_one(const struct config *c, const struct job_spec *s, HANDLE user, bool revoke)
{
    grant_access grant = load_grant();
    struct err e = {0};
    int code = EXIT_FINE;
    if (!(s->limits.ui_restrictions & UI_HANDLES))
        return explain("job '%s' has no ui_restrictions = handles, so it may use every handle%s",
                       s->job, "");
    if (!grant)
        return complain("this system has no UserHandleGrantAccess");
    HANDLE job = open_job(c, s->unit);
    if (!job) {
        err_os(&e, GetLastError(), "opening the Job Object of %s", s->unit);
        return explain("%s; %s", e.text,
                       e.os == ERROR_ACCESS_DENIED
                           ? "use the account that the service runs under"
                           : "it exists while the instance runs, and in this session only where "
                             "object_namespace is local");
    }
    if (!grant(user, job, !revoke)) {
        err_os(&e, GetLastError(), "UserHandleGrantAccess for %s", s->unit);
        code = explain("%s; the handle must be of this session and of no process of the job%s",
                       e.text, "");
    }
    CloseHandle(job);
    return code;
}

static int grant_all(const struct config *c, const char *name, HANDLE user, bool revoke)
{
    size_t found = 0;
    int worst = EXIT_FINE;
    for (size_t i = 0; i < c->n; i++) {
        const struct job_spec *s = &c->job[i];
        if (_stricmp(name, s->unit) != 0 && _stricmp(name, s->job) != 0)
            continue;
        found++;
        int code = grant_one(c, s, user, revoke);
        if (code != EXIT_FINE)
            worst = code;
    }
    if (found == 0)
        return explain("there is no job '%s' in %s", name, c->path);
    return worst;
}

int verb_grant(const struct arguments *a)
{
    struct config *config = NULL;
    struct buf mistakes = {0};
    HANDLE user = NULL;
    if (a->words < 2) {
        complain("grant needs a job and a handle, such as 'grant web.1 0x2042C'");
        return EXIT_USAGE;
    }
    if (!parse_handle(a->word[1], &user)) {
        explain("'%s' is not a handle; write its number, such as 0x2042C%s", a->word[1], "");
        return EXIT_USAGE;
    }
    char *path = config_path(a);
    if (!path)
        return complain("out of memory");
    int code = EXIT_FAILED;
    if (load_config(path, &config, &mistakes) == ST_OK)
        code = grant_all(config, a->word[0], user, a->revoke);
    else
        print_err(buf_view(&mistakes));
    config_free(config);
    buf_free(&mistakes);
    free(path);
    return code;
}
