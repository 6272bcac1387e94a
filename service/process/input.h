/* input.h - a worker's standard input that can be ended.  Any thread. */
#ifndef JW_PROCESS_INPUT_H
#define JW_PROCESS_INPUT_H

#include "common/status.h"

#include <windows.h>

/* A pipe: *RET is the end whose closing the worker reads as the end of its input; no child ever
 * inherits it.  *RET_CHILD is the worker's, inheritable; the caller closes it after the spawn, and
 * owns both. */
enum st input_pipe(HANDLE *ret, HANDLE *ret_child, struct err *e);

#endif
