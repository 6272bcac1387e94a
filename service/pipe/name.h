/* name.h - the control pipe's name.  Any thread. */
#ifndef JW_PIPE_NAME_H
#define JW_PIPE_NAME_H

#include <wchar.h>

/* `\\.\pipe\SERVICE.control`, or `\\HOST\pipe\SERVICE.control`; HOST may be NULL.  From malloc;
 * NULL when out of memory. */
wchar_t *pipe_name(const char *host, const char *service);

#endif
