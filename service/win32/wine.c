/* wine.c - Wine's ntdll says so itself. */
#include "service/win32/wine.h"

#include <windows.h>

bool on_wine(void)
{
    HMODULE ntdll = GetModuleHandleW(L"ntdll.dll");
    return ntdll && GetProcAddress(ntdll, "wine_get_version");
}
