/* output.h - what workers write, and the service's own log: one thread that blocks on disks so that
 * the loop never does.
 *
 * The thread owns its pipes and files.  A disk that is full, slow or gone costs log lines, with one
 * warning, and never a worker: what cannot be written is read and dropped. */
#ifndef JW_PROCESS_OUTPUT_H
#define JW_PROCESS_OUTPUT_H

#include "common/log.h"
#include "common/status.h"
#include "config/spec.h"

#include <windows.h>

struct output;

struct output_file {
    const char *path; /* absolute; its folder is made */
    uint64_t max_size; /* bytes; 0: never rolls by size */
    uint64_t keep;     /* old files kept, as path.1 (youngest) to path.N */
    enum roll_kind roll;
    bool timestamps; /* before each line: local time as 2026-11-22T15:42:01.123+01:00 and a blank */
};

/* Starts the thread.  Its warnings go to LOG, from that thread; LOG may be NULL and must outlive it. */
enum st output_start(const struct log *log, struct output **ret, struct err *e);

/* A pipe whose bytes are appended to FILE until every holder of the other end is gone.  *ret is the
 * inheritable end for the child; the caller closes it after the spawn.  Two pipes to the same path share
 * the file.  Only the pipe can fail here; a file that cannot be opened is told as a warning. */
enum st output_pipe(struct output *o, const struct output_file *file, HANDLE *ret, struct err *e);

/* The service's own log: opened at once, so that a wrong path is an error at start-up. */
enum st output_open_log(struct output *o, const struct output_file *file, struct err *e);
/* Appends LINE and a line end to the log.  Any thread; never blocks on the disk.  When more than a
 * mebibyte waits, lines are counted and dropped, and that is written later. */
void output_log_line(struct output *o, struct str line);

/* Reads what is left in the pipes (for at most GRACE_MS when somebody still holds one), writes it and the
 * log, ends the thread and frees everything.  NULL is allowed. */
void output_stop(struct output *o, uint32_t grace_ms);

#endif
