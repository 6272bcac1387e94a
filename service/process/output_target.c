/* output_target.c - appending, and what happens when that fails.  Output thread. */
#include "service/process/output_target.h"

#include "service/win32/file.h"
#include "service/win32/oserr.h"

#include <stdlib.h>
#include <string.h>

/* Letters outside ASCII have no part in it, so that names which differ in case alone are equal. */
static uint32_t hash_of(const wchar_t *w)
{
    uint32_t h = UINT32_C(2166136261);
    for (; *w; w++)
        if (*w < 0x80)
            h = (h ^ (unsigned char)ascii_lower((char)*w)) * UINT32_C(16777619);
    return h;
}

enum st target_new(const struct output_file *f, struct target **ret, struct err *e)
{
    struct target *t = calloc(1, sizeof *t);
    size_t n = strlen(f->path) + 1;
    char *path = malloc(n);
    wchar_t *wide = path_wide(f->path);
    if (!t || !path || !wide) {
        free(t);
        free(path);
        free(wide);
        return err_nomem(e);
    }
    memcpy(path, f->path, n);
    t->path = path;
    t->wide = wide;
    t->hash = hash_of(wide);
    t->keep = f->keep;
    t->lines = (struct lines){
        .max_size = f->max_size, .daily = f->roll == ROLL_DAILY, .stamped = f->timestamps};
    *ret = t;
    return ST_OK;
}

void target_free(struct target *t)
{
    if (!t)
        return;
    if (t->file)
        CloseHandle(t->file);
    free(t->path);
    free(t->wide);
    free(t);
}

bool target_same(const struct target *a, const struct target *b)
{
    return a->hash == b->hash && CompareStringOrdinal(a->wide, -1, b->wide, -1, TRUE) == CSTR_EQUAL;
}

void target_adjust(struct target *t, const struct target *from)
{
    t->keep = from->keep;
    t->lines.max_size = from->lines.max_size;
    t->lines.daily = from->lines.daily;
    t->lines.stamped = from->lines.stamped;
}

void target_lose(struct target *t, const struct scribe *s, const struct err *why)
{
    if (t->file)
        CloseHandle(t->file);
    t->file = NULL;
    t->retry = GetTickCount64() + TARGET_RETRY_MS;
    if (t->lost)
        return;
    t->lost = true;
    log_event(s->log, LOG_WARNING, "output.lost", LOG_TEXT("file", t->path),
              LOG_TEXT("error", why->text),
              LOG_TEXT("hint", "what is written is dropped until the file can be written again"));
}

static void found(struct target *t, const struct scribe *s)
{
    if (!t->lost)
        return;
    t->lost = false;
    log_event(s->log, LOG_WARNING, "output.resumed", LOG_TEXT("file", t->path),
              LOG_NUM("dropped_bytes", t->dropped));
    t->dropped = 0;
}

/* False: N bytes at P, or some of them, could not be written; the file is lost then. */
static bool to_disk(struct target *t, const struct scribe *s, const char *p, size_t n)
{
    while (n > 0) {
        DWORD done = 0, want = n > OUTBOX_BYTES ? OUTBOX_BYTES : (DWORD)n;
        DWORD code = WriteFile(t->file, p, want, &done, NULL) ? 0 : GetLastError();
        if (code || done == 0) {
            struct err e; /* success without progress has no code; a full disk is what does it */
            err_os(&e, code ? code : ERROR_DISK_FULL, "writing");
            t->dropped += n;
            target_lose(t, s, &e);
            return false;
        }
        found(t, s);
        p += done;
        n -= done;
    }
    return true;
}

static bool flush(struct target *t, struct scribe *s)
{
    size_t n = s->boxed;
    s->boxed = 0;
    return to_disk(t, s, s->box, n);
}

static bool put(struct target *t, struct scribe *s, struct str bytes, uint32_t today)
{
    lines_added(&t->lines, bytes, today);
    if (bytes.n > OUTBOX_BYTES - s->boxed && !flush(t, s)) {
        t->dropped += bytes.n;
        return false;
    }
    if (bytes.n >= OUTBOX_BYTES)
        return to_disk(t, s, bytes.p, bytes.n);
    memcpy(s->box + s->boxed, bytes.p, bytes.n);
    s->boxed += bytes.n;
    return true;
}

/* Nobody but us may have closed it, yet anybody may have deleted it: what is written then goes
 * nowhere and no call fails. */
static bool deleted(struct target *t)
{
    uint64_t now = GetTickCount64();
    if (now < t->look)
        return false;
    t->look = now + TARGET_LOOK_MS;
    FILE_STANDARD_INFO info;
    return GetFileInformationByHandleEx(t->file, FileStandardInfo, &info, sizeof info) &&
           (info.DeletePending || info.NumberOfLinks == 0);
}

static bool ready(struct target *t, const struct scribe *s)
{
    if (t->lost && GetTickCount64() < t->retry)
        return false;
    if (t->file && deleted(t)) {
        CloseHandle(t->file);
        t->file = NULL;
    }
    struct err e;
    if (target_open(t, s, &e) == ST_OK)
        return true;
    target_lose(t, s, &e);
    return false;
}

/* False: it stays as it is for a while, with one warning. */
static bool roll(struct target *t, struct scribe *s, uint32_t today)
{
    if (!flush(t, s))
        return false;
    struct err e;
    if (target_roll(t, s, &e) == ST_OK) {
        t->roll_failed = false;
        lines_rolled(&t->lines, today);
        return true;
    }
    t->roll_retry = GetTickCount64() + TARGET_RETRY_MS;
    if (!t->roll_failed)
        log_event(s->log, LOG_WARNING, "output.roll_failed", LOG_TEXT("file", t->path),
                  LOG_TEXT("error", e.text),
                  LOG_TEXT("hint", "it grows on and is tried again; does a program hold it open?"));
    t->roll_failed = true;
    return false;
}

/* Puts the first piece of *rest into the box, or makes room for it; false: the file is lost. */
static bool step(struct target *t, struct scribe *s, struct str *rest, const struct moment *now)
{
    uint32_t today = moment_day(now);
    bool may_roll = !t->roll_failed || GetTickCount64() >= t->roll_retry;
    struct lines_step next = lines_next(&t->lines, *rest, today, may_roll);
    if (next.roll)
        return roll(t, s, today) || t->file;
    if (next.stamp) {
        char stamp[STAMP_BYTES];
        moment_stamp(now, stamp);
        if (!put(t, s, (struct str){stamp, sizeof stamp}, today))
            return false;
    }
    struct str piece = {rest->p, next.n};
    *rest = (struct str){rest->p + next.n, rest->n - next.n};
    return put(t, s, piece, today);
}

void target_write(struct target *t, struct scribe *s, uint64_t writer, struct str bytes)
{
    if (bytes.n == 0)
        return;
    if (!ready(t, s)) {
        t->dropped += bytes.n;
        return;
    }
    bool needs_time = t->lines.daily || t->lines.stamped;
    struct moment now = {0};
    if (needs_time)
        now = moment_local(s->utc(s->ctx));
    bool ok = true;
    if (t->lines.mid_line && t->writer != writer) /* whoever began that line will not end it */
        ok = put(t, s, STR("\n"), moment_day(&now));
    t->writer = writer;
    while (ok && bytes.n > 0)
        ok = step(t, s, &bytes, &now);
    if (ok)
        flush(t, s);
    else
        t->dropped += bytes.n;
}
