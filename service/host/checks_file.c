/* checks_file.c - is there a file?  The loop's part, but for look_work().
 *
 * A path can be on a share that does not answer for minutes, and nothing ends such a call.  So it
 * is made by a thread of the system's pool, which grows for long ones; libuv's has four threads,
 * and a loop cannot be closed while one of them works.  A look that hangs keeps its slot: at a dead
 * server only a few hang, nobody else waits for them, and no path is looked at twice at once. */
#include "service/host/checks_impl.h"

#include "service/win32/file.h"
#include "service/win32/oserr.h"

#include <stdlib.h>

struct file_look {
    struct wire wire;
    wchar_t *file;
    bool done;   /* under the lock */
    DWORD error; /* the same; 0: it is there */
};

static void look_drop(struct file_look *l)
{
    if (!wire_drop(&l->wire))
        return;
    free(l->file);
    free(l);
}

/* On a thread of the pool. */
static DWORD WINAPI look_work(void *ctx)
{
    struct file_look *l = ctx;
    DWORD error = GetFileAttributesW(l->file) == INVALID_FILE_ATTRIBUTES ? GetLastError() : 0;
    AcquireSRWLockExclusive(&l->wire.lock);
    l->error = error;
    l->done = true;
    wire_ring(&l->wire);
    ReleaseSRWLockExclusive(&l->wire.lock);
    look_drop(l);
    return 0;
}

/* --- who may look ------------------------------------------------------------------- */
/* The drive or server of an absolute PATH, and how long its name is. */
static const wchar_t *place_of(const wchar_t *path, int *ret_n)
{
    if (wcsncmp(path, L"\\\\?\\UNC\\", 8) == 0)
        path += 8;
    else if (wcsncmp(path, L"\\\\?\\", 4) == 0)
        path += 4;
    else
        path += wcsspn(path, L"\\");
    *ret_n = (int)wcscspn(path, L"\\");
    return path;
}

static bool same_place(const wchar_t *a, const wchar_t *b)
{
    int a_n, b_n;
    const wchar_t *a_place = place_of(a, &a_n), *b_place = place_of(b, &b_n);
    return CompareStringOrdinal(a_place, a_n, b_place, b_n, TRUE) == CSTR_EQUAL;
}

/* A free slot for FILE, or LOOKS_MAX. */
static uint32_t slot_for(const struct checks *c, const wchar_t *file)
{
    uint32_t slot = LOOKS_MAX, near_it = 0;
    for (uint32_t i = 0; i < LOOKS_MAX; i++) {
        const struct file_look *l = c->slot[i].look;
        if (!l)
            slot = i;
        else if (CompareStringOrdinal(l->file, -1, file, -1, TRUE) == CSTR_EQUAL)
            return LOOKS_MAX;
        else
            near_it += same_place(l->file, file);
    }
    return near_it < LOOKS_A_PLACE ? slot : LOOKS_MAX;
}

static bool look_begin(struct one *o, uint32_t slot)
{
    struct file_look *l = calloc(1, sizeof *l);
    if (!l)
        return false;
    wire_init(&l->wire, o->all->set.port, LOOK_NUMBER | slot);
    l->file = o->file;
    wire_share(&l->wire);
    if (!QueueUserWorkItem(look_work, l, WT_EXECUTELONGFUNCTION)) {
        free(l);
        return false;
    }
    o->file = NULL;
    o->all->slot[slot] = (struct look_slot){l, o};
    return true;
}

/* Whoever finds no slot goes on waiting, until there is room or the time is over. */
static void look_all(struct checks *c)
{
    for (struct one **at = &c->waiting; *at;) {
        struct one *o = *at;
        uint32_t slot = slot_for(c, o->file);
        if (slot < LOOKS_MAX && look_begin(o, slot))
            *at = o->next_waiting;
        else
            at = &o->next_waiting;
    }
}

/* --- the check ---------------------------------------------------------------------- */
static enum st file_begin(struct one *o, const struct job_spec *spec, const struct check *check,
                          struct err *e)
{
    (void)spec;
    struct one **at = &o->all->waiting;
    char *path = path_join(o->all->set.config_dir, check->text);
    o->file = path ? path_wide(path) : NULL;
    free(path);
    if (!o->file)
        return err_nomem(e);
    while (*at)
        at = &(*at)->next_waiting;
    o->next_waiting = NULL;
    *at = o;
    look_all(o->all);
    return ST_OK;
}

static void file_end(struct one *o)
{
    struct checks *c = o->all;
    for (struct one **at = &c->waiting; o->file && *at; at = &(*at)->next_waiting)
        if (*at == o) {
            *at = o->next_waiting;
            break;
        }
    free(o->file);
    o->file = NULL;
    for (size_t i = 0; i < LOOKS_MAX; i++)
        if (c->slot[i].one == o)
            c->slot[i].one = NULL;
}

static void tell_look(struct one *o, DWORD error)
{
    char words[ERR_TEXT / 2];
    if (error == 0) {
        check_good(o);
        return;
    }
    if (error == ERROR_FILE_NOT_FOUND || error == ERROR_PATH_NOT_FOUND) {
        check_bad(o, "it is not there (Windows error %lu)", error);
        return;
    }
    os_words(error, words, sizeof words);
    check_bad(o, "%s (Windows error %lu)", words, error);
}

void look_told(struct checks *c, uint32_t slot)
{
    struct file_look *l = slot < LOOKS_MAX ? c->slot[slot].look : NULL;
    if (!l)
        return;
    AcquireSRWLockExclusive(&l->wire.lock);
    bool done = l->done;
    DWORD error = l->error;
    ReleaseSRWLockExclusive(&l->wire.lock);
    if (!done)
        return;
    struct one *o = c->slot[slot].one;
    c->slot[slot] = (struct look_slot){0};
    look_drop(l);
    if (o)
        tell_look(o, error);
    look_all(c);
}

static void file_step(struct one *o)
{
    (void)o; /* looks have numbers of their own */
}

static void file_over(struct one *o)
{
    check_bad(o, "the file system has not answered in %llu ms", (unsigned long long)o->timeout_ms);
}

void looks_shut(struct checks *c)
{
    for (size_t i = 0; i < LOOKS_MAX; i++) {
        struct file_look *l = c->slot[i].look;
        c->slot[i] = (struct look_slot){0};
        if (!l)
            continue;
        wire_cut(&l->wire);
        look_drop(l);
    }
}

const struct check_way check_file = {file_begin, file_step, file_over, file_end};
