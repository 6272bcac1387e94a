/* fake.h - a world with a clock that stands still until it is moved: hands for the supervisor, and
 * what a test does to processes.  What is told or given back is one line of a log:
 * "1000 a.0 started". */
#ifndef JW_TEST_FAKE_H
#define JW_TEST_FAKE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/buf.h"
#include "common/random.h"
#include "service/supervise/sup.h"
#include "tests/supervise/definitions.h"

/* The kernel's side of one slot: at most one job at a time. */
struct fake_job {
    uint64_t id;
    bool open, main_alive, killed;
    uint32_t code, members, attendants;
    uint64_t dies_at; /* once killed */
    uint64_t alarm_at;
    const struct job_spec *spec; /* adopted */
    bool preparing, ready_set, watchdog_set;
    uint64_t preparing_id;
    struct check check; /* under way where its serial is not 0 */
    uint32_t checks, adoptions;
    uint32_t spawns, kills, asks, releases;
};

enum { FAKE_EPOCH = 1000, FAKE_SLOTS = 256, FAKE_RECORDS = 16 };

struct fake {
    uint64_t now;
    struct job_spec *spec;
    struct definition *definition;
    struct dep *dep;
    struct config config;
    uint64_t fleet_alarm;
    int64_t wall; /* added to `now` */
    size_t slots; /* for which room was made */
    bool no_room;
    uint32_t prepare_fails, check_fails;
    struct sup *sup;
    struct fake_job *job;
    struct buf log;
    char name[26][2];
    bool quiet;              /* no log */
    bool loud;               /* and what is true of every run */
    uint32_t random;         /* what the hands return: the middle unless set */
    uint64_t kill_ms;        /* how long a terminated job takes to be empty */
    uint32_t kills_ignored;  /* terminations that have no effect */
    unsigned obeys;          /* 1u << rung_kind: the main process ends with code 0 when asked so */
    unsigned tree_obeys;     /* the same for the other members */
    unsigned cannot_ask;     /* the same: ask fails */
    uint32_t spawn_fails, look_fails;
    size_t no_program;       /* slot whose spawn fails always; SIZE_MAX: none */
    struct random *chance;   /* with it, hands fail by chance */
    struct random *dice;     /* for random alone */
    uint32_t looks;
    uint32_t tales[HAPPENINGS];
    struct record record[FAKE_RECORDS]; /* the first of H_RUN */
    uint32_t records;
};

/* N units "a.0", "b.0", ... each a job by itself, with definitions_defaults(). */
void fake_open(struct fake *f, size_t n);
/* The same for the jobs D, which must outlive F. */
void fake_open_jobs(struct fake *f, const struct definitions *d);
/* Unit SLOT, a job by itself, comes after NEEDED, or requires it. */
void fake_needs(struct fake *f, size_t slot, size_t needed, bool required);
/* Makes the supervisor, after the test has changed specs. */
void fake_supervise(struct fake *f);
/* N units with the ladder ctrl-c:10s, command:3s, ctrl-break:2s, all running, and an empty log. */
void fake_open_running(struct fake *f, size_t n);
void fake_close(struct fake *f);

/* fake_supervise(), and all of them started. */
void fake_run(struct fake *f);

const struct unit *fake_unit(const struct fake *f, size_t slot);
void fake_is(const struct fake *f, size_t slot, enum state at);
/* The kernel tells about the present run of SLOT. */
void fake_note(struct fake *f, size_t slot);
/* The main process ends by itself, nobody is told. */
void fake_end(struct fake *f, size_t slot, uint32_t code);
/* fake_end() and fake_note(). */
void fake_exit(struct fake *f, size_t slot, uint32_t code);
/* The check under way at SLOT has its answer; one must be. */
void fake_answer(struct fake *f, size_t slot, bool good);
/* hook_pre_start of SLOT, which must be running, has ended. */
void fake_prepared(struct fake *f, size_t slot, bool ok);
/* The worker of SLOT sets its event. */
void fake_signal(struct fake *f, size_t slot, enum signal what);
/* Moves the clock to AT and rings every alarm on the way, each at its time. */
void fake_until(struct fake *f, uint64_t at);
/* Rings what is due at this moment, and what that sets for this moment. */
void fake_settle(struct fake *f);

/* The log since the last call is exactly these lines. */
void fake_log_is(struct fake *f, const char *want);
void fake_log_clear(struct fake *f);

/* fake_tell.c: the hand, and one line of the log about the slot of ID. */
void fake_tell(void *ctx, const struct tale *t);
void fake_line(struct fake *f, uint64_t id, const char *what);

#endif
