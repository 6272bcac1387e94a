/* input.c - see input.h. */
#include "service/process/input.h"

#include "service/win32/oserr.h"

enum st input_pipe(HANDLE *ret, HANDLE *ret_child, struct err *e)
{
    HANDLE child = NULL, ours = NULL;
    DWORD code = 0;
    if (!CreatePipe(&child, &ours, NULL, 0)) {
        code = GetLastError();
        return err_os(e, code, "a pipe for the worker's standard input");
    }
    if (!SetHandleInformation(child, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT)) {
        code = GetLastError();
        CloseHandle(child);
        CloseHandle(ours);
        return err_os(e, code, "a pipe for the worker's standard input");
    }
    *ret = ours;
    *ret_child = child;
    return ST_OK;
}
