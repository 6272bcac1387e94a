/* tail_rolled.h - files that are rolled while they are read: NAME becomes NAME.1, that NAME.2, and
 * so on, the highest number first.  The reading thread alone; each call may wait for a disk. */
#ifndef JW_HOST_TAIL_ROLLED_H
#define JW_HOST_TAIL_ROLLED_H

#include <stdbool.h>
#include <windows.h>

struct rolled {
    unsigned at; /* the number that the file had when it was last found; 0: it was NAME itself */
    bool gap;    /* what follows it was not there at the last try */
};

/* NAME, or NAME.NUMBER, for reading; NULL, and GetLastError(). */
HANDLE rolled_open(const wchar_t *name, unsigned number);
bool rolled_same(HANDLE a, HANDLE b);

/* The file that was begun when FILE, which is NAME no more, was full.  NULL: it cannot be told yet,
 * as they are just being rolled; try again.  *ret_lost: FILE is none of those that are kept, and
 * what is returned is the oldest that is newer; files between the two may have been lost. */
HANDLE rolled_next(const wchar_t *name, HANDLE file, struct rolled *r, bool *ret_lost);

#endif
