/* oserr.c - a Windows error as a kind, a sentence and a piece of advice.  Any thread. */
#include "service/win32/oserr.h"

#include "common/str.h"
#include "common/utf.h"

#include <windows.h>

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>

static_assert(sizeof(wchar_t) == sizeof(uint16_t), "UTF-16 is what Windows speaks");

enum { WORDS_MAX = 256, CALL_MAX = ERR_TEXT - WORDS_MAX - 120 };

/* WORDS stand in where the system has none, or only some with a gap ("%1 is not..."). */
static const struct row {
    uint32_t code;
    enum st st;
    const char *words, *advice;
} rows[] = {
    {ERROR_FILE_NOT_FOUND, ST_NOTFOUND, "the file does not exist", NULL},
    {ERROR_PATH_NOT_FOUND, ST_NOTFOUND, "the folder does not exist", NULL},
    {ERROR_TOO_MANY_OPEN_FILES, ST_OS, "too many open files", NULL},
    {ERROR_ACCESS_DENIED, ST_DENIED, "access is denied", NULL},
    {ERROR_INVALID_HANDLE, ST_OS, "the handle is not valid", NULL},
    {ERROR_NOT_ENOUGH_MEMORY, ST_NOMEM, "not enough memory", NULL},
    {ERROR_OUTOFMEMORY, ST_NOMEM, "not enough memory", NULL},
    {ERROR_INVALID_DRIVE, ST_NOTFOUND, "there is no such drive",
     "a service does not see drives that users have mapped; use a \\\\server\\share path"},
    {ERROR_SHARING_VIOLATION, ST_BUSY, "another program uses the file", NULL},
    {ERROR_LOCK_VIOLATION, ST_BUSY, "another program has locked a part of the file", NULL},
    {ERROR_NOT_SUPPORTED, ST_UNSUPPORTED, "not supported", NULL},
    {ERROR_BAD_NETPATH, ST_NOTFOUND, "the network path was not found", NULL},
    {ERROR_BAD_NET_NAME, ST_NOTFOUND, "there is no such share", NULL},
    {ERROR_FILE_EXISTS, ST_EXISTS, "the file exists already", NULL},
    {ERROR_INVALID_PARAMETER, ST_OS, "a parameter is wrong", NULL},
    {ERROR_BROKEN_PIPE, ST_OS, "the other end of the pipe is closed", NULL},
    {ERROR_DISK_FULL, ST_OS, "the disk is full", NULL},
    {ERROR_CALL_NOT_IMPLEMENTED, ST_UNSUPPORTED, "not supported by this system", NULL},
    {ERROR_INVALID_NAME, ST_SYNTAX, "the name of the file or folder is not allowed",
     "names may not hold < > : \" | ? *"},
    {ERROR_PROC_NOT_FOUND, ST_UNSUPPORTED, "this system has no such function", NULL},
    {ERROR_BUSY, ST_BUSY, "it is in use", NULL},
    {ERROR_ALREADY_EXISTS, ST_EXISTS, "it exists already", NULL},
    {ERROR_BAD_EXE_FORMAT, ST_SYNTAX, "it is not a program that Windows can run",
     "the file is damaged, not a program, or made for another kind of processor"},
    {ERROR_FILENAME_EXCED_RANGE, ST_RANGE, "the name is too long", NULL},
    {ERROR_EXE_MACHINE_TYPE_MISMATCH, ST_UNSUPPORTED, "the program does not run on this machine",
     "it was made for another kind of processor"},
    {225, /* ERROR_VIRUS_INFECTED, which older headers lack */
     ST_DENIED, "the virus scanner took it for malware", "look at the scanner's log"},
    {226, /* ERROR_VIRUS_DELETED */
     ST_DENIED, "the virus scanner took it for malware and removed it",
     "look at the scanner's log"},
    {ERROR_PIPE_BUSY, ST_BUSY, "all instances of the pipe are in use", NULL},
    {ERROR_DIRECTORY, ST_NOTFOUND, "the folder does not exist or is not a folder", NULL},
    {740, /* ERROR_ELEVATION_REQUIRED */
     ST_DENIED, "the program wants an administrator's rights",
     "run Jobwarden as a service or from an elevated prompt"},
    {ERROR_NO_SYSTEM_RESOURCES, ST_OS, "the system is out of resources", NULL},
    {ERROR_SERVICE_ALREADY_RUNNING, ST_EXISTS, "the service runs already", NULL},
    {ERROR_SERVICE_DISABLED, ST_DENIED, "the service is disabled", NULL},
    {ERROR_SERVICE_DOES_NOT_EXIST, ST_NOTFOUND, "there is no such service", NULL},
    {ERROR_FAILED_SERVICE_CONTROLLER_CONNECT, ST_OS,
     "the program was not started by the service control manager",
     "a service is started by `sc start`; in a console use `run`"},
    {ERROR_SERVICE_EXISTS, ST_EXISTS, "a service of that name exists already", NULL},
    {ERROR_ACCESS_DISABLED_BY_POLICY, ST_DENIED, "a policy of this machine forbids the program",
     "ask whoever manages AppLocker or the software restriction policies here"},
    {ERROR_PRIVILEGE_NOT_HELD, ST_DENIED, "this account lacks a privilege",
     "a service under LocalSystem has it"},
    {ERROR_LOGON_FAILURE, ST_DENIED, "the user name or the password is wrong", NULL},
    {ERROR_COMMITMENT_LIMIT, ST_NOMEM, "the page file is too small", NULL},
    {ERROR_NOT_ENOUGH_QUOTA, ST_OS, "a quota or a limit of the job is used up", NULL},
    {ERROR_ACCESS_DISABLED_WEBBLADE, ST_DENIED, "a policy of this machine forbids the program",
     NULL},
};

static const struct row *find(uint32_t code)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].code == code)
            return &rows[i];
    return NULL;
}

/* Cuts Z to fewer than CAP bytes, between characters, and shows that it did. */
static void cut(char *z, size_t cap)
{
    if (strlen(z) < cap)
        return;
    size_t n = cap - 4;
    while (n > 0 && ((unsigned char)z[n] & 0xC0) == 0x80)
        n--;
    memcpy(z + n, "...", 4);
}

static bool ask(uint32_t code, DWORD language, char out[WORDS_MAX * 3 + 1])
{
    wchar_t w[WORDS_MAX];
    DWORD n = FormatMessageW(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS, NULL, code,
                             language, w, WORDS_MAX, NULL);
    for (DWORD i = 0; i < n; i++)
        if (w[i] < L' ')
            w[i] = L' ';
    while (n > 0 && (w[n - 1] == L' ' || w[n - 1] == L'.'))
        n--;
    w[n] = L'\0';
    if (n == 0 || wcschr(w, L'%'))
        return false;
    out[utf16_to_8(w, n, out)] = '\0';
    return true;
}

void os_words(uint32_t code, char *buf, size_t cap)
{
    if (cap < 8)
        return;
    char words[WORDS_MAX * 3 + 1];
    const struct row *r = find(code);
    DWORD was = GetLastError(); /* callers may still want it */
    if (ask(code, MAKELANGID(LANG_ENGLISH, SUBLANG_ENGLISH_US), words) ||
        (!r && ask(code, 0, words)))
        cut(words, cap < sizeof words ? cap : sizeof words);
    else
        snprintf(words, sizeof words, "%s", r ? r->words : "Windows has no words for this error");
    SetLastError(was);
    cut(words, cap);
    memcpy(buf, words, strlen(words) + 1);
}

enum st err_os(struct err *e, uint32_t code, const char *call, ...)
{
    const struct row *r = find(code);
    enum st st = r ? r->st : ST_OS;
    if (!e)
        return st;
    char words[WORDS_MAX], said[ERR_TEXT];
    va_list args;
    va_start(args, call);
    int n = vsnprintf(said, sizeof said, call, args);
    va_end(args);
    if (n < 0)
        said[0] = '\0';
    cut(said, CALL_MAX); /* a long path must not push out the reason */
    os_words(code, words, sizeof words);
    err_say(e, st, code < 0x10000 ? "%s: %s (Windows error %u)%s%s" : "%s: %s (0x%08X)%s%s", said,
            words, (unsigned)code, r && r->advice ? "; " : "", r && r->advice ? r->advice : "");
    e->os = code;
    return st;
}
