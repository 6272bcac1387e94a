/* commandline.c - see commandline.h. */
#include "service/job/commandline.h"

#include "service/job/ntdll.h"
#include "service/win32/wide.h"

#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <winternl.h>

enum { BASIC = 0, COMMAND_LINE = 60 }; /* ProcessBasicInformation, ProcessCommandLineInformation */

/* The longest text that a UNICODE_STRING can describe, behind one. */
enum { ANSWER_MAX = sizeof(UNICODE_STRING) + USHRT_MAX };

static bool read_at(HANDLE h, const void *at, void *ret, size_t n)
{
    SIZE_T got = 0;
    return ReadProcessMemory(h, at, ret, n, &got) && got == n;
}

/* Where its start-up parameters are: winternl.h shows just enough of the structs for it. */
static bool find_in_memory(HANDLE h, UNICODE_STRING *ret)
{
    PROCESS_BASIC_INFORMATION info = {0};
    PEB peb;
    RTL_USER_PROCESS_PARAMETERS params;
    if (nt_query_process(h, BASIC, &info, sizeof info, NULL) != NT_OK || !info.PebBaseAddress ||
        !read_at(h, info.PebBaseAddress, &peb, sizeof peb) || !peb.ProcessParameters ||
        !read_at(h, peb.ProcessParameters, &params, sizeof params))
        return false;
    *ret = params.CommandLine;
    return ret->Buffer != NULL;
}

static char *from_memory(HANDLE process)
{
    UNICODE_STRING s;
    char *text = NULL;
    wchar_t *w = NULL;
    HANDLE h = OpenProcess(PROCESS_QUERY_INFORMATION | PROCESS_VM_READ, FALSE,
                           GetProcessId(process)); /* the same one, while PROCESS is open */
    if (h && find_in_memory(h, &s) && (w = malloc(s.Length + sizeof *w)) != NULL &&
        read_at(h, s.Buffer, w, s.Length))
        text = utf8_of_n(w, s.Length / sizeof *w);
    free(w);
    if (h)
        CloseHandle(h);
    return text;
}

char *commandline_of(HANDLE process)
{
    union {
        UNICODE_STRING s;
        char bytes[ANSWER_MAX];
    } *answer = malloc(sizeof *answer);
    ULONG n = 0;
    char *text = NULL;
    if (!answer)
        return NULL;
    uint32_t status = nt_query_process(process, COMMAND_LINE, answer, sizeof *answer, &n);
    if (status == NT_OK)
        text = utf8_of_n(answer->s.Buffer, answer->s.Length / sizeof(wchar_t));
    else if (status == NT_UNKNOWN_CLASS) /* Wine 8; Windows knows it since 8.1 */
        text = from_memory(process);
    free(answer);
    return text;
}
