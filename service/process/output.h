/* output.h - what workers write, and the service's own log: one thread that blocks on disks so that
 * the loop never does.
 *
 * The thread owns its pipes and files.  A file that cannot be opened or written, and a full disk,
 * cost log lines and never a worker: what cannot be written is read and dropped, with one
 * `output.lost`, and one `output.resumed` when it works again, which is tried every two seconds
 * while data comes.  A disk that is merely slow makes those wait who write to it. */
#ifndef JW_PROCESS_OUTPUT_H
#define JW_PROCESS_OUTPUT_H

#include "common/log.h"
#include "common/status.h"
#include "config/spec.h"

#include <windows.h>

struct output;

struct output_file {
    const char *path; /* absolute; its folder is made */
    /* Bytes; 0: never rolls by size.  Rolls are between lines: a line may take the file over its
     * size, by a mebibyte at the most. */
    uint64_t max_size;
    uint64_t keep; /* old files kept, as path.1 (youngest) to path.N; 0: the file is emptied */
    enum roll_kind roll; /* ROLL_DAILY: at the first line after local midnight too */
    bool timestamps; /* before each line: local time as 2026-11-22T15:42:01.123+01:00 and a blank */
};

/* Starts the thread.  Its warnings go to LOG, from that thread; LOG may be NULL and must outlive
 * it. */
enum st output_start(const struct log *log, struct output **ret, struct err *e);

/* A pipe whose bytes are appended to FILE until every holder of the other end is gone.  *ret is the
 * inheritable end for the child; the caller closes it after the spawn.  Two pipes to the same path
 * (letter case aside) share the file, of which the younger's settings hold, and their lines stay
 * whole up to 64 KiB.  Only the pipe can fail here; a file that cannot be opened is told as a
 * warning.  A file that another program keeps from being renamed grows on, with one
 * `output.roll_failed`.  Loop thread. */
enum st output_pipe(struct output *o, const struct output_file *file, HANDLE *ret, struct err *e);

/* The service's own log.  A file that cannot be opened now costs lines, not the service: then
 * *ret_lost, with the reason in *e and one `output.lost`, and it is tried again as workers' files
 * are.  Loop thread. */
enum st output_open_log(struct output *o, const struct output_file *file, bool *ret_lost,
                        struct err *e);
/* Other settings for the log, of the same path; from the next line on.  Loop thread. */
enum st output_adjust_log(struct output *o, const struct output_file *file, struct err *e);
/* Appends LINE and a line end to the log.  Any thread; never blocks on the disk.  When more than a
 * mebibyte waits, lines are counted and dropped, and LOG gets one `output.log_dropped` later
 * (without a LOG, the file).  Before output_open_log() lines are let go. */
void output_log_line(struct output *o, struct str line);

/* Reads what is left in the pipes (for at most GRACE_MS when somebody still holds one), writes it
 * and the log, ends the thread and frees everything.  NULL is allowed. */
void output_stop(struct output *o, uint32_t grace_ms);

#endif
