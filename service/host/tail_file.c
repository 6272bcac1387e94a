/* tail_file.c - see tail_file.h. */
#include "service/host/tail_file.h"

#include "service/win32/oserr.h"

#include <stdlib.h>
#include <string.h>

enum { BLOCK = 64 << 10, CHARACTER_MAX = 4 };

static enum st read_at(HANDLE h, uint64_t at, char *p, DWORD n, DWORD *got, struct err *e)
{
    OVERLAPPED where = {.Offset = (DWORD)at, .OffsetHigh = (DWORD)(at >> 32)};
    *got = 0;
    if (ReadFile(h, p, n, got, &where))
        return ST_OK;
    DWORD code = GetLastError();
    return code == ERROR_HANDLE_EOF ? ST_OK : err_os(e, code, "it cannot be read");
}

/* --- where the last lines begin ------------------------------------------------------------- */
struct back {
    uint64_t lines; /* still to be found */
    uint64_t at;    /* everything from here on was looked at */
    bool any;       /* the last byte of the file was */
};

/* Looks at the N bytes of P, which end at back->at; true when the beginning was found in them. */
static bool look_back(struct back *b, const char *p, size_t n, uint64_t *ret)
{
    while (n > 0) {
        bool line_end = p[n - 1] == '\n' && b->any; /* that of the last line is none */
        b->any = true;
        if (line_end && --b->lines == 0) {
            *ret = b->at;
            return true;
        }
        n--;
        b->at--;
    }
    return false;
}

static enum st find_start(HANDLE h, uint64_t size, uint64_t lines, uint64_t read_max, uint64_t *ret,
                          struct err *e)
{
    struct back b = {.lines = lines, .at = size};
    uint64_t least = size > read_max ? size - read_max : 0;
    char *block = malloc(BLOCK);
    enum st st = block ? ST_OK : err_nomem(e);
    bool found = lines == 0;
    *ret = lines == 0 ? size : least;
    while (st == ST_OK && !found && b.at > least) {
        uint64_t from = b.at > least + BLOCK ? b.at - BLOCK : least;
        DWORD want = (DWORD)(b.at - from), got = 0;
        st = read_at(h, from, block, want, &got, e);
        if (st != ST_OK || got != want)
            break; /* it was emptied meanwhile */
        found = look_back(&b, block, got, ret);
    }
    free(block);
    return st;
}

/* --- contract --------------------------------------------------------------------------- */
void tail_file_close(struct tail_at *t)
{
    if (t->file)
        CloseHandle(t->file);
    t->file = NULL;
}

static void begin(struct tail_at *t, HANDLE h, bool left)
{
    tail_file_close(t);
    t->file = h;
    t->at = 0;
    t->left = left;
}

enum st tail_file_open(struct tail_at *t, uint64_t lines, uint64_t read_max, struct err *e)
{
    LARGE_INTEGER size;
    HANDLE h = rolled_open(t->path, 0);
    DWORD code = GetLastError();
    if (!h)
        return err_os(e, code, "it cannot be opened");
    uint64_t at = 0;
    enum st st = ST_OK;
    if (!GetFileSizeEx(h, &size)) {
        code = GetLastError();
        st = err_os(e, code, "its size cannot be read");
    } else if (!t->begun) {
        st = find_start(h, (uint64_t)size.QuadPart, lines, read_max, &at, e);
    } else if (t->failed && t->at <= (uint64_t)size.QuadPart) {
        at = t->at;
    }
    if (st != ST_OK) {
        CloseHandle(h);
        return st;
    }
    begin(t, h, false);
    t->at = at;
    t->end = (uint64_t)size.QuadPart;
    t->failed = false;
    t->rolled = (struct rolled){0, false};
    t->begun = true;
    t->missing = false;
    return ST_OK;
}

/* How many bytes at the end of P[0..n) are the beginning of a character. */
static size_t cut_character(const char *p, size_t n)
{
    for (size_t i = 1; i < CHARACTER_MAX && i <= n; i++) {
        unsigned char c = (unsigned char)p[n - i];
        size_t whole = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : c >= 0xC0 ? 2 : 1;
        if ((c & 0xC0) != 0x80)
            return whole > i ? i : 0;
    }
    return 0;
}

enum st tail_file_read(struct tail_at *t, size_t cap, bool follow, struct buf *out, struct err *e)
{
    DWORD got = 0;
    uint64_t left = follow ? cap : t->end > t->at ? t->end - t->at : 0;
    if (left == 0)
        return ST_OK;
    cap = left < cap ? (size_t)left : cap;
    char *p = malloc(cap);
    enum st st = p ? read_at(t->file, t->at, p, (DWORD)cap, &got, e) : err_nomem(e);
    if (st == ST_OK) {
        size_t n = got;
        if (follow || t->at + n < t->end) /* what follows comes with the next read */
            n -= cut_character(p, n);
        buf_add(out, p, n);
        t->at += n;
        st = buf_ok(out) ? ST_OK : err_nomem(e);
    }
    free(p);
    return st;
}

static bool go_on(struct tail_at *t, bool *ret_lost)
{
    HANDLE h = rolled_next(t->path, t->file, &t->rolled, ret_lost);
    if (h)
        begin(t, h, t->rolled.at > 0);
    return h != NULL;
}

bool tail_file_renewed(struct tail_at *t, bool *ret_lost)
{
    LARGE_INTEGER size;
    *ret_lost = false;
    if (t->left)
        return go_on(t, ret_lost);
    HANDLE h = rolled_open(t->path, 0);
    if (!h)
        return false; /* it is just being rolled, or was deleted */
    t->left = !rolled_same(h, t->file);
    CloseHandle(h);
    if (t->left)
        return true; /* by now it is whole, and perhaps more than it was at the last look */
    if (!GetFileSizeEx(t->file, &size) || (uint64_t)size.QuadPart >= t->at)
        return false;
    t->at = 0;
    return true;
}
