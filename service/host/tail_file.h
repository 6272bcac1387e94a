/* tail_file.h - one file that is read from near its end on, and followed over its rolls.  The
 * reading thread alone; each call may wait for a disk. */
#ifndef JW_HOST_TAIL_FILE_H
#define JW_HOST_TAIL_FILE_H

#include "common/buf.h"
#include "common/status.h"
#include "service/host/tail_rolled.h"

#include <stdbool.h>
#include <windows.h>

struct tail_at {
    wchar_t *path; /* as path_wide() makes it; the owner's */
    HANDLE file;   /* NULL: not open */
    uint64_t at;   /* the next byte to be read */
    uint64_t end;  /* where it ended when it was opened: who does not follow stops there */
    bool begun;    /* it was open once */
    bool left;     /* the name is another file's by now: nobody adds to this one */
    struct rolled rolled;
    bool missing; /* and that it is not there was told */
    bool failed;  /* it was closed for an error of its disk, to go on where it was */
};

/* Opens it where its last LINES lines begin; with LINES 0 at its end.  Of more than READ_MAX bytes
 * of lines the last ones.  What was begun before is begun at its first byte: it is a new one; what
 * has failed goes on. */
enum st tail_file_open(struct tail_at *t, uint64_t lines, uint64_t read_max, struct err *e);
/* Appends at most CAP bytes of what follows to OUT, and no part of a character but at the end of
 * the file, unless FOLLOW; nothing at its end. */
enum st tail_file_read(struct tail_at *t, size_t cap, bool follow, struct buf *out, struct err *e);
/* At its end, to be followed: true when there may be more to be read, as it was rolled away, or
 * emptied.  What was added before that comes first, then the file that was begun after it, from its
 * beginning, and so on to the newest.  *ret_lost: files between may have gone unread. */
bool tail_file_renewed(struct tail_at *t, bool *ret_lost);
void tail_file_close(struct tail_at *t);

#endif
