/* version.h - what system this is, for people; nothing may be decided by it.  Any thread. */
#ifndef JW_WIN32_VERSION_H
#define JW_WIN32_VERSION_H

#include <stddef.h>

/* "Windows 10.0.20348", or "Wine 8.0 (as Windows 6.1.7601)". */
void system_version(char *out, size_t cap);

#endif
