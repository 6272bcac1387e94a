/* tail.c - see tail.h.  One step reads a piece of one file, without the lock. */
#include "service/host/tail.h"

#include "service/host/tail_file.h"
#include "service/win32/file.h"

#include <process.h>
#include <stdlib.h>
#include <string.h>

enum { READERS_MAX = 64, STUCK_AGAIN_MS = 500 };

#define LOST                                                                                       \
    "it was rolled faster than it could be read, and some of it may be missing here; a larger "    \
    "log_max_size or log_keep helps"

struct reader {
    struct reader *next;
    uint64_t client, lines;
    bool follow;
    bool ready; /* may be told something */
    bool gone;  /* to be freed by the thread */
    bool over;  /* its end was told */
    size_t n, turn;
    struct tail_at *file;
    bool *done; /* of those that are not followed */
};

struct tail {
    SRWLOCK lock;
    CONDITION_VARIABLE wake;
    HANDLE thread; /* NULL: not started */
    bool stop;
    struct reader *reader;
    size_t readers;
    struct tail_piece *first, **end;
    void (*ring)(void *ctx);
    void *ctx;
};

/* --- pieces --------------------------------------------------------------------------------------
 */
void tail_piece_free(struct tail_piece *p)
{
    if (!p)
        return;
    buf_free(&p->text);
    free(p->why);
    free(p);
}

/* Under the lock.  The reader is told no more before its client has read this. */
static void post(struct tail *t, struct reader *r, struct tail_piece *p)
{
    bool first = !t->first;
    r->ready = false;
    r->over = r->over || p->last;
    *t->end = p;
    t->end = &p->next;
    if (first)
        t->ring(t->ctx);
}

struct tail_piece *tail_take(struct tail *t)
{
    AcquireSRWLockExclusive(&t->lock);
    struct tail_piece *all = t->first;
    t->first = NULL;
    t->end = &t->first;
    ReleaseSRWLockExclusive(&t->lock);
    return all;
}

/* --- one step, on the thread, without the lock
 * ------------------------------------------------------ */
static char *words(const struct err *e)
{
    return _strdup(e->text);
}

/* Opens file number I, or says once why not; false: there is nothing to be read from. */
static bool open_one(struct reader *r, size_t i, struct tail_piece *out)
{
    struct tail_at *f = &r->file[i];
    struct err e = {0};
    if (f->file || tail_file_open(f, r->lines, TAIL_READ_MAX, &e) == ST_OK)
        return true;
    if (!f->missing)
        out->why = words(&e);
    f->missing = true;
    f->begun = true; /* once it is there, all of it is new */
    r->done[i] = !r->follow;
    return false;
}

/* True: OUT has something to say about file number I. */
static bool read_one(struct reader *r, size_t i, struct tail_piece *out)
{
    struct tail_at *f = &r->file[i];
    struct err e = {0};
    out->file = i;
    if (!open_one(r, i, out))
        return out->why != NULL;
    bool lost = false;
    enum st st = tail_file_read(f, TAIL_CHUNK, r->follow, &out->text, &e);
    while (st == ST_OK && out->text.n == 0 && r->follow && !lost && tail_file_renewed(f, &lost))
        st = tail_file_read(f, TAIL_CHUNK, true, &out->text, &e);
    if (st != ST_OK) { /* a share may come back */
        out->why = f->missing ? NULL : words(&e);
        f->missing = f->failed = true;
        r->done[i] = !r->follow;
        tail_file_close(f);
    } else if (lost) {
        out->why = _strdup(LOST);
    }
    r->done[i] = r->done[i] || (!r->follow && out->text.n == 0);
    return out->text.n > 0 || out->why;
}

/* True: OUT has something to say. */
static bool step(struct reader *r, struct tail_piece *out)
{
    for (size_t k = 0; k < r->n; k++) {
        /* Followed files in turns, else one after the other. */
        size_t i = r->follow ? (r->turn + k) % r->n : k;
        if (r->done[i] || !read_one(r, i, out))
            continue;
        r->turn = i + 1;
        return true;
    }
    out->file = SIZE_MAX;
    for (size_t i = 0; i < r->n; i++)
        if (!r->done[i])
            return false;
    out->last = true;
    return true;
}

/* --- the thread ----------------------------------------------------------------------------------
 */
static void reader_free(struct reader *r)
{
    for (size_t i = 0; r->file && i < r->n; i++) {
        tail_file_close(&r->file[i]);
        free(r->file[i].path);
    }
    free(r->file);
    free(r->done);
    free(r);
}

/* Under the lock. */
static void reap(struct tail *t)
{
    struct reader **at = &t->reader;
    while (*at) {
        struct reader *r = *at;
        if (!r->gone) {
            at = &r->next;
            continue;
        }
        *at = r->next;
        t->readers--;
        ReleaseSRWLockExclusive(&t->lock); /* nobody else takes readers out */
        reader_free(r);
        AcquireSRWLockExclusive(&t->lock);
        at = &t->reader;
    }
}

/* Under the lock, which it lets go for a while.  True: something was said. */
static bool serve(struct tail *t, struct reader *r)
{
    struct tail_piece *p = calloc(1, sizeof *p);
    if (!p)
        return false;
    p->client = r->client;
    ReleaseSRWLockExclusive(&t->lock);
    bool said = step(r, p);
    AcquireSRWLockExclusive(&t->lock);
    if (said && !r->gone && !t->stop)
        post(t, r, p);
    else
        tail_piece_free(p);
    return said;
}

static unsigned __stdcall run(void *ctx)
{
    struct tail *t = ctx;
    AcquireSRWLockExclusive(&t->lock);
    while (!t->stop) {
        bool said = false;
        reap(t);
        for (struct reader *r = t->reader; r && !t->stop; r = r->next)
            if (r->ready && !r->gone && !r->over)
                said = serve(t, r) || said;
        if (!said && !t->stop)
            SleepConditionVariableSRW(&t->wake, &t->lock, t->reader ? TAIL_LOOK_MS : INFINITE, 0);
    }
    ReleaseSRWLockExclusive(&t->lock);
    return 0;
}

/* --- its life ------------------------------------------------------------------------------------
 */
enum st tail_new(void (*ring)(void *ctx), void *ctx, struct tail **ret, struct err *e)
{
    struct tail *t = calloc(1, sizeof *t);
    if (!t)
        return err_nomem(e);
    InitializeSRWLock(&t->lock);
    InitializeConditionVariable(&t->wake);
    t->end = &t->first;
    t->ring = ring;
    t->ctx = ctx;
    *ret = t;
    return ST_OK;
}

void tail_free(struct tail *t)
{
    if (!t)
        return;
    AcquireSRWLockExclusive(&t->lock);
    t->stop = true;
    WakeConditionVariable(&t->wake);
    ReleaseSRWLockExclusive(&t->lock);
    while (t->thread && WaitForSingleObject(t->thread, STUCK_AGAIN_MS) == WAIT_TIMEOUT)
        CancelSynchronousIo(t->thread);
    if (t->thread)
        CloseHandle(t->thread);
    for (struct reader *r = t->reader, *next; r; r = next) {
        next = r->next;
        reader_free(r);
    }
    for (struct tail_piece *p = t->first, *next; p; p = next) {
        next = p->next;
        tail_piece_free(p);
    }
    free(t);
}

/* --- the loop's side
 * ------------------------------------------------------------------------------ */
static struct reader *reader_new(uint64_t client, const char *const *path, size_t n)
{
    struct reader *r = calloc(1, sizeof *r);
    if (!r)
        return NULL;
    r->client = client;
    r->ready = true;
    r->n = n;
    r->file = calloc(n + 1, sizeof *r->file);
    r->done = calloc(n + 1, sizeof *r->done);
    bool ok = r->file && r->done;
    for (size_t i = 0; ok && i < n; i++) {
        r->file[i].path = path_wide(path[i]);
        ok = r->file[i].path != NULL;
    }
    if (ok)
        return r;
    reader_free(r);
    return NULL;
}

static enum st start_thread(struct tail *t, struct err *e)
{
    if (!t->thread)
        t->thread = (HANDLE)_beginthreadex(NULL, 0, run, t, 0, NULL);
    return t->thread ? ST_OK
                     : err_say(e, ST_OS, "the thread that reads log files could not be started");
}

enum st tail_begin(struct tail *t, uint64_t client, const char *const *path, size_t n,
                   uint64_t lines, bool follow, struct err *e)
{
    struct reader *r = reader_new(client, path, n);
    if (!r)
        return err_nomem(e);
    r->lines = lines;
    r->follow = follow;
    enum st st = start_thread(t, e);
    AcquireSRWLockExclusive(&t->lock);
    if (st == ST_OK && t->readers >= READERS_MAX)
        st = err_say(e, ST_BUSY, "too many clients read log files; try again");
    if (st == ST_OK) {
        r->next = t->reader;
        t->reader = r;
        t->readers++;
        WakeConditionVariable(&t->wake);
    }
    ReleaseSRWLockExclusive(&t->lock);
    if (st != ST_OK)
        reader_free(r);
    return st;
}

/* Under the lock. */
static struct reader *find(struct tail *t, uint64_t client)
{
    for (struct reader *r = t->reader; r; r = r->next)
        if (r->client == client && !r->gone)
            return r;
    return NULL;
}

void tail_end(struct tail *t, uint64_t client)
{
    AcquireSRWLockExclusive(&t->lock);
    struct reader *r = find(t, client);
    if (r) {
        r->gone = true;
        WakeConditionVariable(&t->wake);
    }
    ReleaseSRWLockExclusive(&t->lock);
}

void tail_more(struct tail *t, uint64_t client)
{
    AcquireSRWLockExclusive(&t->lock);
    struct reader *r = find(t, client);
    if (r) {
        r->ready = true;
        WakeConditionVariable(&t->wake);
    }
    ReleaseSRWLockExclusive(&t->lock);
}
