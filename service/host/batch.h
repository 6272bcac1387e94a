/* batch.h - ends batch files that were interrupted and wait for an answer.  Loop thread only.
 *
 * After Ctrl+C or Ctrl+Break cmd.exe asks "Terminate batch job (Y/N)?", in the language of the
 * system, once the program that the batch file was running has ended.  Nobody is there to answer:
 * with NUL as its input cmd.exe reads the end and is reported to give up, mostly, but with a pipe
 * (a ladder with stdin-eof) or input of its own it waits until the rung's time is over.  The same
 * holds for batch files that other programs of the worker run, npm.cmd for one.
 *
 * So, once nothing but cmd.exe is left in the job, and all of that does nothing at all for
 * BATCH_QUIET_MS, it is ended with the code that it would have ended with itself.  One that still
 * runs a program, or works through its lines (which it reads from the file one by one), goes on. */
#ifndef JW_HOST_BATCH_H
#define JW_HOST_BATCH_H

#include <stdbool.h>
#include <stdint.h>

struct run;
struct runs;

enum { BATCH_TICK_MS = 100, BATCH_QUIET_MS = 500 };

/* Of one run. */
struct batch {
    bool watched;
    uint64_t quiet_since; /* of uv_now(); 0: not quiet */
    uint64_t activity;    /* differs when it has done something */
};

/* Before and after everything else here; the second closes a handle of the loop. */
void batch_init(struct runs *r);
void batch_shut(struct runs *r);

/* Ctrl+C or Ctrl+Break was delivered to the console of RUN. */
void batch_interrupted(struct runs *r, struct run *run);

#endif
