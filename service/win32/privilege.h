/* privilege.h - privileges of this process' own token.  Any thread. */
#ifndef JW_WIN32_PRIVILEGE_H
#define JW_WIN32_PRIVILEGE_H

#include <stdbool.h>
#include <windows.h>

/* Enables NAME (SE_INC_BASE_PRIORITY_NAME ...) where the token holds it; false where it does not.
 */
bool privilege_enable(const wchar_t *name);

#endif
