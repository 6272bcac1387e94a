/* commandline.h - the command line of a running process.  Any thread. */
#ifndef JW_JOB_COMMANDLINE_H
#define JW_JOB_COMMANDLINE_H

#include <windows.h>

/* UTF-8, from malloc; NULL when it cannot be read: another account's process, one that has ended,
 * one that is not yet complete, out of memory.  PROCESS: with PROCESS_QUERY_LIMITED_INFORMATION. */
char *commandline_of(HANDLE process);

#endif
