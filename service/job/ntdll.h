/* ntdll.h - the calls of ntdll.dll that the Win32 API has no equal for.  Any thread.
 *
 * Microsoft documents them in winternl.h and asks programs to look them up at run time; a system
 * without one gives NT_NO_SUCH_CALL. */
#ifndef JW_JOB_NTDLL_H
#define JW_JOB_NTDLL_H

#include "common/status.h"

#include <windows.h>

/* An NTSTATUS, without a sign. */
#define NT_OK 0u
#define NT_UNKNOWN_CLASS 0xC0000003u
#define NT_LENGTH_MISMATCH 0xC0000004u
#define NT_NO_SUCH_CALL 0xC000007Au

uint32_t nt_query_system(ULONG what, void *buf, ULONG cap, ULONG *ret_n);
uint32_t nt_query_process(HANDLE process, ULONG what, void *buf, ULONG cap, ULONG *ret_n);

/* err_os() for what those returned. */
enum st err_nt(struct err *e, uint32_t status, const char *call);

#endif
