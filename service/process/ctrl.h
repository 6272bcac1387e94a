/* ctrl.h - Ctrl+C and Ctrl+Break to one worker's console, by a short-lived helper.
 *
 * A process has one console and attaching is process-wide, and the event also hits the sender; so
 * the sender is this executable started once more with CTRL_VERB. */
#ifndef JW_PROCESS_CTRL_H
#define JW_PROCESS_CTRL_H

#include "service/process/spawn.h"

#define CTRL_VERB "--send-ctrl"

/* Starts the helper for the console of PID.  ENDED is called on a pool thread when it is done; its
 * exit code is 0 or the Windows error.  JOB holds it (kill-on-close).  The caller owns *ret.
 * ST_UNSUPPORTED: this system has no such event. */
enum st ctrl_send(DWORD pid, bool brk, HANDLE job, void (*ended)(void *), void *ctx,
                  struct child *ret, struct err *e);

/* The helper itself, with what wmain got: `PROGRAM --send-ctrl c|break PID`; returns the process'
 * exit code. */
int ctrl_helper_main(int argc, wchar_t **argv);

#endif
