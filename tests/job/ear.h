/* ear.h - what a test worker says, by a pipe. */
#ifndef JW_TESTS_JOB_EAR_H
#define JW_TESTS_JOB_EAR_H

#include <stddef.h>
#include <windows.h>

/* Only a broken machine gets there. */
enum { EAR_LIMIT_MS = 60000 };

struct ear {
    HANDLE out; /* the reading end; closed by whoever opened it */
    char said[4096];
    size_t n;
};

/* Makes the pipe: the worker's end is inheritable and the caller's to close. */
HANDLE ear_open(struct ear *e);
/* Waits until a line with TEXT was said; returns what follows it. */
const char *ear_wait(struct ear *e, const char *text);

#endif
