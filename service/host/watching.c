/* watching.c - see watching.h. */
#include "service/host/watching.h"

#include "service/win32/file.h"
#include "service/win32/glob.h"

#include <process.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

enum { STUCK_AGAIN_MS = 500 };

/* What is seen of a file, or of all names that fit a pattern; all zero before the first look, and
 * where there is nothing. */
struct stamp {
    uint64_t size, changed, names;
};

struct seen {
    char *name;
    bool pattern;
    bool looked; /* there was a first look */
    struct stamp stamp;
};

struct watching {
    SRWLOCK lock;
    CONDITION_VARIABLE wake;
    HANDLE thread; /* NULL: not started */
    bool stop;
    uint64_t version; /* of the list: counts its changes */
    struct seen *seen;
    size_t n;
    bool dirty; /* changed, and not told yet */
    uint64_t since;
    void (*f)(void *ctx);
    void *ctx;
};

/* --- stamps, without the lock ----------------------------------------------------------------- */
static struct stamp stamp_file(const char *name)
{
    WIN32_FILE_ATTRIBUTE_DATA d;
    wchar_t *path = path_wide(name);
    struct stamp s = {0, 0, 0};
    if (path && GetFileAttributesExW(path, GetFileExInfoStandard, &d))
        s = (struct stamp){
            (uint64_t)d.nFileSizeHigh << 32 | d.nFileSizeLow,
            (uint64_t)d.ftLastWriteTime.dwHighDateTime << 32 | d.ftLastWriteTime.dwLowDateTime, 1};
    free(path);
    return s;
}

/* FNV-1a, over names and what stands between them. */
static uint64_t hash(uint64_t h, const char *z)
{
    for (; *z; z++)
        h = (h ^ (unsigned char)*z) * UINT64_C(0x100000001b3);
    return (h ^ '\n') * UINT64_C(0x100000001b3);
}

static struct stamp stamp_pattern(const char *name)
{
    struct stamp s = {0, 0, UINT64_C(0xcbf29ce484222325)};
    struct texts found = {0};
    struct arena *a = arena_new();
    if (a && file_glob(NULL, name, a, &found, NULL) == ST_OK)
        for (uint32_t i = 0; i < found.n; i++)
            s.names = hash(s.names, found.text[i]);
    arena_free(a);
    return s;
}

static bool same(const struct stamp *a, const struct stamp *b)
{
    return a->size == b->size && a->changed == b->changed && a->names == b->names;
}

/* --- the thread ---------------------------------------------------------------------------------
 */
/* Under the lock, which it lets go for each look.  False: the list is another one by now. */
static bool look_at(struct watching *w, size_t i, bool *changed)
{
    uint64_t version = w->version;
    char *name = _strdup(w->seen[i].name);
    bool pattern = w->seen[i].pattern;
    ReleaseSRWLockExclusive(&w->lock);
    struct stamp now = {0, 0, 0};
    if (name)
        now = pattern ? stamp_pattern(name) : stamp_file(name);
    AcquireSRWLockExclusive(&w->lock);
    bool looked = name != NULL;
    free(name);
    if (w->version != version || w->stop)
        return false;
    struct seen *s = &w->seen[i];
    if (looked && s->looked && !same(&now, &s->stamp))
        *changed = true;
    if (looked) {
        s->stamp = now;
        s->looked = true;
    }
    return true;
}

/* Under the lock. */
static void look(struct watching *w)
{
    bool changed = false;
    size_t i = 0;
    while (i < w->n && look_at(w, i, &changed))
        i++;
    uint64_t now = GetTickCount64();
    if (changed) {
        w->dirty = true;
        w->since = now;
    }
    if (w->dirty && !changed && i == w->n && now - w->since >= WATCH_QUIET_MS && !w->stop) {
        w->dirty = false;
        w->f(w->ctx);
    }
}

static unsigned __stdcall run(void *ctx)
{
    struct watching *w = ctx;
    AcquireSRWLockExclusive(&w->lock);
    while (!w->stop) {
        look(w);
        if (!w->stop)
            SleepConditionVariableSRW(&w->wake, &w->lock, w->n ? WATCH_LOOK_MS : INFINITE, 0);
    }
    ReleaseSRWLockExclusive(&w->lock);
    return 0;
}

/* --- its life ------------------------------------------------------------------------------------
 */
static void free_seen(struct seen *s, size_t n)
{
    for (size_t i = 0; s && i < n; i++)
        free(s[i].name);
    free(s);
}

enum st watching_new(void (*f)(void *ctx), void *ctx, struct watching **ret, struct err *e)
{
    struct watching *w = calloc(1, sizeof *w);
    if (!w)
        return err_nomem(e);
    InitializeSRWLock(&w->lock);
    InitializeConditionVariable(&w->wake);
    w->f = f;
    w->ctx = ctx;
    *ret = w;
    return ST_OK;
}

void watching_free(struct watching *w)
{
    if (!w)
        return;
    AcquireSRWLockExclusive(&w->lock);
    w->stop = true;
    WakeConditionVariable(&w->wake);
    ReleaseSRWLockExclusive(&w->lock);
    while (w->thread && WaitForSingleObject(w->thread, STUCK_AGAIN_MS) == WAIT_TIMEOUT)
        CancelSynchronousIo(w->thread);
    if (w->thread)
        CloseHandle(w->thread);
    free_seen(w->seen, w->n);
    free(w);
}

/* --- what is watched
 * ------------------------------------------------------------------------------ */
struct list {
    struct seen *v;
    size_t n;
};

static bool has(const struct list *l, const char *name, bool pattern)
{
    for (size_t i = 0; i < l->n; i++)
        if (l->v[i].pattern == pattern && strcmp(l->v[i].name, name) == 0)
            return true;
    return false;
}

static bool add(struct list *l, const char *name, bool pattern)
{
    if (has(l, name, pattern))
        return true;
    char *copy = _strdup(name);
    if (copy)
        l->v[l->n++] = (struct seen){.name = copy, .pattern = pattern};
    return copy != NULL;
}

static bool add_all(struct list *l, const struct recording *read)
{
    bool ok = true;
    for (size_t i = 0; read && ok && i < recording_files(read); i++)
        ok = add(l, recording_file(read, i), false);
    for (size_t i = 0; read && ok && i < recording_patterns(read); i++)
        ok = add(l, recording_pattern(read, i), true);
    return ok;
}

static size_t names_in(const struct recording *read)
{
    return read ? recording_files(read) + recording_patterns(read) : 0;
}

static bool make_list(const struct recording *read, const struct recording *also, struct list *ret)
{
    struct list l = {calloc(names_in(read) + names_in(also) + 1, sizeof *l.v), 0};
    if (l.v && add_all(&l, read) && add_all(&l, also)) {
        *ret = l;
        return true;
    }
    free_seen(l.v, l.n);
    return false;
}

/* False: there is something that was not looked at before.  It may have changed between its being
 * read and the first look. */
static bool keep_stamps(const struct watching *w, struct seen *list, size_t n)
{
    bool all = true;
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < w->n && !list[i].looked; k++)
            if (w->seen[k].pattern == list[i].pattern &&
                strcmp(w->seen[k].name, list[i].name) == 0) {
                list[i].stamp = w->seen[k].stamp;
                list[i].looked = w->seen[k].looked;
            }
        all = all && list[i].looked;
    }
    return all;
}

enum st watching_set(struct watching *w, const struct recording *read, const struct recording *also,
                     struct err *e)
{
    struct list list = {NULL, 0};
    if (read && !make_list(read, also, &list))
        return err_nomem(e);
    if (read && !w->thread)
        w->thread = (HANDLE)_beginthreadex(NULL, 0, run, w, 0, NULL);
    if (read && !w->thread) {
        free_seen(list.v, list.n);
        return err_say(e, ST_OS, "the thread that watches the job file could not be started");
    }
    AcquireSRWLockExclusive(&w->lock);
    bool known = keep_stamps(w, list.v, list.n);
    const struct list old = {w->seen, w->n};
    w->seen = list.v;
    w->n = list.n;
    w->version++;
    if (!known && !w->dirty)
        w->since = GetTickCount64();
    w->dirty = (w->dirty || !known) && w->n > 0;
    WakeConditionVariable(&w->wake);
    ReleaseSRWLockExclusive(&w->lock);
    free_seen(old.v, old.n);
    return ST_OK;
}
