/* harness_process.h - one program with its output in files, on a hidden console of its own. */
#ifndef JW_TESTS_E2E_HARNESS_PROCESS_H
#define JW_TESTS_E2E_HARNESS_PROCESS_H

#include "common/buf.h"
#include "service/win32/wine.h"

#include <windows.h>

/* Every wait of these tests: long enough for a machine that does much else. */
enum { GENEROUS_MS = 60000, POLL_MS = 20 };

struct program {
    HANDLE process;
    DWORD pid;
    char *out, *err; /* paths */
};

/* A job that ends its members when its last handle is closed. */
HANDLE killing_job(void);
/* COMMAND (UTF-8) in FOLDER, inside JOB unless that is NULL; OUT and ERR are made anew.  The
 * console is its own, so that what is sent to it reaches nobody else.  The paths are copied. */
void program_start(const char *command, const char *folder, HANDLE job, const char *out,
                   const char *err, struct program *ret);
bool program_alive(const struct program *p);
/* Its exit code; the test fails if it does not end. */
DWORD program_wait(const struct program *p);
/* Ends it if it is alive, waits, and frees what it holds.  An empty one is allowed. */
void program_close(struct program *p);

/* Runs COMMAND to its end and appends what it wrote. */
DWORD program_run(const char *command, const char *folder, struct buf *out, struct buf *err);

bool process_gone(HANDLE process);
/* The test fails if it does not end. */
DWORD process_wait(HANDLE process);
/* Wine's IsProcessInJob() wants the whole QUERY_INFORMATION. */
#define PROCESS_ASKED                                                                              \
    (SYNCHRONIZE | PROCESS_QUERY_INFORMATION | PROCESS_VM_READ | PROCESS_TERMINATE)
/* To wait for, ask and end PID; the test fails when there is no such process. */
HANDLE process_open(DWORD pid);
/* 100 ns since 1601. */
uint64_t process_created(HANDLE process);
uint64_t process_ended(HANDLE process);

#endif
