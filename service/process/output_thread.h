/* output_thread.h - what the output thread has, and how others reach it.  output*.c only. */
#ifndef JW_PROCESS_OUTPUT_THREAD_H
#define JW_PROCESS_OUTPUT_THREAD_H

#include "service/process/output_backlog.h"
#include "service/win32/security.h"
#include "service/process/output_pipe.h"

/* Completion keys. */
enum packet {
    PACKET_READ = 1, /* a pipe's read has ended */
    PACKET_PIPE,     /* a new pipe, with a target; the thread owns them from here on */
    PACKET_LOG,      /* the log's target; likewise */
    PACKET_LINES,    /* the backlog is no longer empty */
    PACKET_STOP      /* the last one */
};

struct output {
    HANDLE port, thread;
    SECURITY_ATTRIBUTES owner;
    uint64_t pipes_made; /* loop thread */
    uint32_t grace_ms;   /* set before PACKET_STOP is posted */
    struct backlog backlog;

    struct scribe scribe; /* from here on the output thread's */
    struct reader reader;
    struct pipe *pipes;
    struct target *targets, *log_target;
    struct buf lines; /* being written */
    uint32_t lingering;
    uint64_t sweep_at; /* tick at which the first of them may be due */
    bool stopping;     /* until every pipe has ended, or the deadline */
    bool ending;       /* no further read */
    uint64_t deadline;
};

/* For _beginthreadex(); ARG is the struct output. */
unsigned __stdcall output_thread(void *arg);

#endif
