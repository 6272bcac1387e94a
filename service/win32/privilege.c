/* privilege.c - a privilege is held or it is not; what is held may still be switched off. */
#include "service/win32/privilege.h"

bool privilege_enable(const wchar_t *name)
{
    HANDLE token = NULL;
    TOKEN_PRIVILEGES p = {.PrivilegeCount = 1};
    p.Privileges[0].Attributes = SE_PRIVILEGE_ENABLED;
    if (!LookupPrivilegeValueW(NULL, name, &p.Privileges[0].Luid) ||
        !OpenProcessToken(GetCurrentProcess(), TOKEN_ADJUST_PRIVILEGES | TOKEN_QUERY, &token))
        return false;
    /* It succeeds even where nothing was enabled; only the last error tells (1300). */
    bool enabled =
        AdjustTokenPrivileges(token, FALSE, &p, 0, NULL, NULL) && GetLastError() == ERROR_SUCCESS;
    CloseHandle(token);
    return enabled;
}
