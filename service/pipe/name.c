/* name.c - one name for both ends. */
#include "service/pipe/name.h"

#include "common/buf.h"
#include "service/win32/wide.h"

wchar_t *pipe_name(const char *host, const char *service)
{
    struct buf b = {0};
    buf_f(&b, "\\\\%s\\pipe\\%s.control", host ? host : ".", service);
    wchar_t *w = buf_ok(&b) ? wide_of(buf_view(&b)) : NULL;
    buf_free(&b);
    return w;
}
