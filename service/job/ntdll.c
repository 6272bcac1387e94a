/* ntdll.c - see ntdll.h. */
#include "service/job/ntdll.h"

#include "service/win32/oserr.h"

typedef LONG(WINAPI *query_system)(ULONG, void *, ULONG, ULONG *);
typedef LONG(WINAPI *query_process)(HANDLE, ULONG, void *, ULONG, ULONG *);
typedef ULONG(WINAPI *to_win32)(LONG);
typedef void (*function)(void);

static function find(const char *name)
{
    HMODULE ntdll = GetModuleHandleW(L"ntdll.dll");
    return ntdll ? (function)GetProcAddress(ntdll, name) : NULL;
}

uint32_t nt_query_system(ULONG what, void *buf, ULONG cap, ULONG *ret_n)
{
    query_system call = (query_system)find("NtQuerySystemInformation");
    return call ? (uint32_t)call(what, buf, cap, ret_n) : NT_NO_SUCH_CALL;
}

uint32_t nt_query_process(HANDLE process, ULONG what, void *buf, ULONG cap, ULONG *ret_n)
{
    query_process call = (query_process)find("NtQueryInformationProcess");
    return call ? (uint32_t)call(process, what, buf, cap, ret_n) : NT_NO_SUCH_CALL;
}

enum st err_nt(struct err *e, uint32_t status, const char *call)
{
    to_win32 translate = (to_win32)find("RtlNtStatusToDosError");
    uint32_t code = translate ? translate((LONG)status) : ERROR_MR_MID_NOT_FOUND;
    return err_os(e, code, "%s (0x%08lX)", call, (unsigned long)status);
}
