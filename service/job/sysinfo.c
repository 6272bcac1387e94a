/* sysinfo.c - see sysinfo.h. */
#include "service/job/sysinfo.h"

#include <string.h>
#include <wchar.h>

struct walk {
    const unsigned char *p;
    size_t n, at; /* at: of the entry to come */
    bool last;
};

/* Copied out: Windows aligns the entries, Wine does not.  False when there is no whole entry. */
static bool walk_next(struct walk *w, struct sysinfo *ret)
{
    if (w->n < sizeof *ret || w->at > w->n - sizeof *ret)
        return false;
    memcpy(ret, w->p + w->at, sizeof *ret);
    w->last = ret->next == 0;
    if (!w->last && (ret->next < sizeof *ret || ret->next > w->n - w->at))
        return false;
    w->at += ret->next;
    return true;
}

/* Whether the name, wherever it is said to be, is conhost.exe: compared without regard to case, and
 * with a folder before it or none. */
static bool is_console_host(const struct walk *w, const struct sysinfo *s)
{
    static const wchar_t host[] = L"\\conhost.exe";
    enum { WITH_SLASH = sizeof host / sizeof *host - 1, BYTES = WITH_SLASH * sizeof *host };
    wchar_t tail[WITH_SLASH] = L"\\";
    uintptr_t at = (uintptr_t)s->image.text - (uintptr_t)w->p; /* huge when it is before the list */
    size_t n = s->image.bytes;
    if (!s->image.text || at > w->n || n > w->n - at)
        return false;
    const unsigned char *end = w->p + at + n;
    if (n == BYTES - sizeof *host)
        memcpy(tail + 1, end - n, n);
    else if (n >= BYTES)
        memcpy(tail, end - BYTES, BYTES);
    else
        return false;
    return _wcsnicmp(tail, host, WITH_SLASH) == 0;
}

static struct proc proc_of(const struct walk *w, const struct sysinfo *s, enum commit_in in)
{
    return (struct proc){
        .pid = (uint32_t)s->pid,
        .parent = (uint32_t)s->parent,
        .created = (uint64_t)s->created.QuadPart,
        .user = (uint64_t)s->user.QuadPart,
        .kernel = (uint64_t)s->kernel.QuadPart,
        .commit = in == COMMIT_IN_PRIVATE_PAGES ? s->private_pages : s->pagefile,
        .peak_commit = s->peak_pagefile,
        .page_faults = s->page_faults,
        .threads = s->threads,
        .handles = s->handles,
        .io = {s->read_ops, s->write_ops, s->other_ops, s->read_bytes, s->write_bytes,
               s->other_bytes},
        .attendant = is_console_host(w, s),
    };
}

bool sysinfo_read(const void *p, size_t n, enum commit_in in, struct proc *out, size_t cap,
                  size_t *ret_n)
{
    struct walk w = {.p = p, .n = n};
    struct sysinfo s;
    size_t count = 0;
    while (!w.last) {
        if (!walk_next(&w, &s))
            return false;
        if (count < cap)
            out[count] = proc_of(&w, &s, in);
        count++;
    }
    *ret_n = count;
    return true;
}

enum commit_in sysinfo_commit_in(const void *p, size_t n, uint32_t pid)
{
    struct walk w = {.p = p, .n = n};
    struct sysinfo s;
    while (!w.last && walk_next(&w, &s))
        if (s.pid == pid)
            return s.private_pages ? COMMIT_IN_PRIVATE_PAGES : COMMIT_IN_PAGEFILE;
    return COMMIT_IN_PAGEFILE;
}
