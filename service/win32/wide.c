/* wide.c - copies between UTF-8 and UTF-16.  Any thread. */
#include "service/win32/wide.h"

#include "common/utf.h"

#include <assert.h>
#include <stdlib.h>

static_assert(sizeof(wchar_t) == sizeof(uint16_t), "UTF-16 is what Windows speaks");

wchar_t *wide_of(struct str s)
{
    size_t n = utf8_to_16(s, NULL);
    wchar_t *w = calloc(n + 1, sizeof *w);
    if (w)
        utf8_to_16(s, (uint16_t *)w);
    return w;
}

wchar_t *wide_z(const char *utf8)
{
    return wide_of(str_of(utf8));
}

char *utf8_of_n(const wchar_t *w, size_t n)
{
    size_t bytes = utf16_to_8((const uint16_t *)w, n, NULL);
    char *z = malloc(bytes + 1);
    if (!z)
        return NULL;
    utf16_to_8((const uint16_t *)w, n, z);
    z[bytes] = '\0';
    return z;
}

char *utf8_of(const wchar_t *w)
{
    return utf8_of_n(w, wcslen(w));
}
