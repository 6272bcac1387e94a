/* version.c - see version.h. */
#include "service/win32/version.h"

#include <stdio.h>
#include <string.h>
#include <windows.h>

typedef LONG(WINAPI *get_version)(OSVERSIONINFOW *v);
typedef const char *(*get_wine)(void);

/* GetProcAddress gives a function of another type; through memory, as C wants it. */
static void load(const char *name, void *ret, size_t size)
{
    HMODULE ntdll = GetModuleHandleW(L"ntdll.dll");
    FARPROC f = ntdll ? GetProcAddress(ntdll, name) : NULL;
    memcpy(ret, &f, size);
}

void system_version(char *out, size_t cap)
{
    get_version version = NULL; /* GetVersionEx answers by the manifest, this one does not */
    get_wine wine = NULL;
    OSVERSIONINFOW v = {.dwOSVersionInfoSize = sizeof v};
    char windows[64] = "Windows";
    load("RtlGetVersion", &version, sizeof version);
    load("wine_get_version", &wine, sizeof wine);
    if (version && version(&v) == 0)
        snprintf(windows, sizeof windows, "Windows %lu.%lu.%lu", v.dwMajorVersion,
                 v.dwMinorVersion, v.dwBuildNumber);
    if (wine)
        snprintf(out, cap, "Wine %s (as %s)", wine(), windows);
    else
        snprintf(out, cap, "%s", windows);
}
