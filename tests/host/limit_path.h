/* limit_path.h - the whole way of a limit, from a packet of the kernel's to the event in the log
 * and what follows: the real program with its port, queue and loop, real workers, and packets as
 * Windows posts them.  Only the violation records come through a seam. */
#ifndef JW_TESTS_HOST_LIMIT_PATH_H
#define JW_TESTS_HOST_LIMIT_PATH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "service/host/app_impl.h"
#include "service/host/runs_impl.h"
#include "service/win32/wine.h"
#include "tests/e2e/harness_log.h"
#include "tests/win32/scratch.h"

enum { GENEROUS_MS = 60000, GIB = 1 << 30 };

struct way {
    char *folder;
    struct app *app;
    struct buf log; /* of the service, with level, without time */
    unsigned marks;
};

/* What the program is told when it asks for a violation record. */
struct fake_kernel {
    struct violation record; /* once; then nothing is violated */
    enum st st;
    unsigned calls;
    HANDLE last; /* the job of the last call */
};
extern struct fake_kernel fake_kernel;

#define ALL_LIMITS                                                                                 \
    "process_memory_limit = 1G\njob_memory_limit = 2G\nprocess_time_limit = 1h\n"                  \
    "job_time_limit = 2h\nactive_process_limit = 50\n"
#define NOTIFICATIONS                                                                              \
    "notify_job_memory_high = 1G\nnotify_job_memory_low = 4M\nnotify_job_time = 1h\n"              \
    "notify_io_read_bytes = 1G\nnotify_io_write_bytes = 2G\ncpu_rate_cap = 90%\n"                  \
    "notify_cpu_rate = low short\nnet_max_bandwidth = 1G/s\nnotify_net_rate = medium long\n"
#define QUIET "console = none\nstdout = null\n"

int way_open(void **state);
int way_close(void **state);
#define WAY(f) cmocka_unit_test_setup_teardown(f, way_open, way_close)

/* TEXT continues [service]; `@worker` is the test worker.  Nothing is started yet. */
void way_load(struct way *p, const char *text);
void way_unload(struct way *p);
/* Loads it and starts all workers. */
void way_start(struct way *p, const char *text);
/* One turn of the loop, and a moment. */
void way_turn(struct way *p);
/* Turns until N lines of the log match. */
void way_await(struct way *p, const char *pattern, size_t n);
/* Whether the file NAME below the folder holds TEXT by now. */
bool way_wrote(const struct way *p, const char *name, const char *text);
void way_expect(struct way *p, const char *pattern, size_t n);
void way_forget_lines(struct way *p);

const struct unit *way_unit(const struct way *p, size_t slot);
ULONG_PTR way_key(const struct way *p, size_t slot); /* of packets about its run */
#define UPPER_KEY(i) ((ULONG_PTR)PORT_KEY_LEVEL | (i))
void way_post(const struct way *p, ULONG_PTR key, DWORD message, uint32_t pid);
/* Until all that was posted before has been dealt with. */
void way_drain(struct way *p);

int test_limit_messages(void);
int test_limit_records(void);
int test_limit_reactions(void);
int test_limit_whose(void);

#endif
