/* environ.c - see environ.h.  Any thread. */
#include "service/process/environ.h"

#include "service/win32/wide.h"

#include "common/buf.h"

#include <windows.h>

#include <stdlib.h>
#include <string.h>

struct var {
    wchar_t *text; /* NAME=VALUE */
    int name;      /* units of NAME */
    size_t rank;   /* later wins */
};

struct vars {
    struct var *v;
    size_t n, cap;
};

/* Without these the C runtime, sockets, cryptography or plain good manners fail. */
static const wchar_t *const essential[] = {
    L"ComSpec",    L"HOMEDRIVE",   L"HOMEPATH",    L"LOGONSERVER", L"PATH",
    L"PATHEXT",    L"SystemDrive", L"SystemRoot",  L"TEMP",        L"TMP",
    L"USERDOMAIN", L"USERNAME",    L"USERPROFILE", L"windir",
};

static void vars_free(struct vars *s)
{
    for (size_t i = 0; i < s->n; i++)
        free(s->v[i].text);
    free(s->v);
}

/* Units before the `=` that ends the name; `=C:=C:\dir` has a name that begins with one. */
static int name_of(const wchar_t *text)
{
    const wchar_t *at = *text ? wcschr(text + 1, L'=') : NULL;
    return at ? (int)(at - text) : 0;
}

static int compare(const wchar_t *a, int an, const wchar_t *b, int bn)
{
    return CompareStringOrdinal(a, an, b, bn, TRUE) - CSTR_EQUAL;
}

/* Takes TEXT, which is NULL when there was no memory for it. */
static enum st add(struct vars *s, wchar_t *text, struct err *e)
{
    if (text && s->n == s->cap) {
        size_t cap = s->cap ? s->cap * 2 : 64;
        struct var *v = realloc(s->v, cap * sizeof *v);
        if (v) {
            s->v = v;
            s->cap = cap;
        }
    }
    if (!text || s->n == s->cap) {
        free(text);
        return err_nomem(e);
    }
    s->v[s->n] = (struct var){text, name_of(text), s->n};
    s->n++;
    return ST_OK;
}

static bool is_essential(const wchar_t *text)
{
    for (size_t i = 0; i < sizeof essential / sizeof *essential; i++)
        if (compare(text, name_of(text), essential[i], -1) == 0)
            return true;
    return false;
}

static enum st add_own(struct vars *s, bool all, struct err *e)
{
    wchar_t *block = GetEnvironmentStringsW();
    if (!block)
        return err_nomem(e); /* the only reason there is */
    enum st st = ST_OK;
    for (const wchar_t *w = block; st == ST_OK && *w; w += wcslen(w) + 1)
        if (name_of(w) > 0 && (all || is_essential(w)))
            st = add(s, _wcsdup(w), e);
    FreeEnvironmentStringsW(block);
    return st;
}

static enum st add_layer(struct vars *s, const struct env_vars *layer, struct err *e)
{
    enum st st = ST_OK;
    for (uint32_t i = 0; st == ST_OK && i < layer->n; i++) {
        const struct env_var *v = &layer->var[i];
        if (!v->name[0] || strchr(v->name, '='))
            return err_say(e, ST_SYNTAX, "'%s' cannot name an environment variable", v->name);
        struct buf b = {0};
        buf_f(&b, "%s=%s", v->name, v->value);
        st = add(s, buf_ok(&b) ? wide_of(buf_view(&b)) : NULL, e);
        buf_free(&b);
    }
    return st;
}

static int by_name(const void *a, const void *b)
{
    const struct var *x = a, *y = b;
    int c = compare(x->text, x->name, y->text, y->name);
    return c ? c : x->rank < y->rank ? -1 : 1;
}

/* Sorted: of equal names the last is the strongest. */
static bool beaten(const struct vars *s, size_t i)
{
    const struct var *v = &s->v[i];
    return i + 1 < s->n && compare(v->text, v->name, v[1].text, v[1].name) == 0;
}

static wchar_t *block_of(const struct vars *s)
{
    size_t units = 2;
    for (size_t i = 0; i < s->n; i++)
        units += beaten(s, i) ? 0 : wcslen(s->v[i].text) + 1;
    wchar_t *block = calloc(units, sizeof *block), *at = block;
    for (size_t i = 0; block && i < s->n; i++) {
        if (beaten(s, i))
            continue;
        size_t n = wcslen(s->v[i].text) + 1;
        memcpy(at, s->v[i].text, n * sizeof *at);
        at += n;
    }
    return block;
}

enum st environ_make(bool inherit, const struct env_vars *const *layer, size_t layers,
                     wchar_t **ret, struct err *e)
{
    struct vars s = {0};
    enum st st = add_own(&s, inherit, e);
    for (size_t i = 0; st == ST_OK && i < layers; i++)
        if (layer[i])
            st = add_layer(&s, layer[i], e);
    if (st == ST_OK) {
        if (s.n > 0)
            qsort(s.v, s.n, sizeof *s.v, by_name);
        wchar_t *block = block_of(&s);
        if (block)
            *ret = block;
        else
            st = err_nomem(e);
    }
    vars_free(&s);
    return st;
}

const wchar_t *environ_get(const wchar_t *block, const wchar_t *name)
{
    for (const wchar_t *w = block; *w; w += wcslen(w) + 1)
        if (compare(w, name_of(w), name, -1) == 0)
            return w + name_of(w) + 1;
    return NULL;
}
