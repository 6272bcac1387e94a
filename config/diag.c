/* diag.c - the list of diagnostics, and the table of codes that keeps repeated ones out. */
#include "config/diag.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LISTED_MAX = 10000, SLOTS = 32768 }; /* a power of two, well above LISTED_MAX */

struct node {
    struct diag d;
    uint32_t file, order; /* for sorting: which file was named first, which diagnostic came first */
};

struct diags {
    struct node *node;
    size_t n, cap;
    size_t errors, warnings, left_out;
    char **file; /* every file named so far; 0 is the one without a name */
    size_t files, files_cap;
    uint32_t slot[SLOTS]; /* index + 1 of a node, 0: free */
};

struct diags *diags_new(void)
{
    return calloc(1, sizeof(struct diags));
}

void diags_free(struct diags *d)
{
    if (!d)
        return;
    for (size_t i = 0; i < d->n; i++)
        free(d->node[i].d.text);
    for (size_t i = 0; i < d->files; i++)
        free(d->file[i]);
    free(d->node);
    free(d->file);
    free(d);
}

/* Room for one more element of SIZE bytes in *list; false when out of memory. */
static bool grow(void **list, size_t n, size_t *cap, size_t size)
{
    if (n < *cap)
        return true;
    size_t more = *cap ? *cap * 2 : 16;
    void *p = realloc(*list, more * size);
    if (!p)
        return false;
    *list = p;
    *cap = more;
    return true;
}

static char *copy(const char *text)
{
    size_t n = strlen(text) + 1;
    char *p = malloc(n);
    if (p)
        memcpy(p, text, n);
    return p;
}

static bool same_file(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

/* The number of a file name; false when out of memory.  Most diagnostics are about the file that
 * the last one was about, so the search starts at the end. */
static bool file_number(struct diags *d, const char *name, uint32_t *ret)
{
    for (size_t i = d->files; i-- > 0;)
        if (same_file(d->file[i], name)) {
            *ret = (uint32_t)i;
            return true;
        }
    void *list = d->file;
    bool room = grow(&list, d->files, &d->files_cap, sizeof *d->file);
    d->file = list;
    if (!room)
        return false;
    char *mine = name ? copy(name) : NULL;
    if (name && !mine)
        return false;
    d->file[d->files] = mine;
    *ret = (uint32_t)d->files++;
    return true;
}

static uint32_t hash_text(uint32_t h, const char *text)
{
    for (; text && *text; text++)
        h = (h ^ (unsigned char)*text) * UINT32_C(16777619);
    return h * UINT32_C(16777619);
}

static uint32_t hash_node(const struct node *n)
{
    uint32_t h = hash_text(UINT32_C(2166136261), n->d.code);
    h = hash_text((h ^ n->file) * UINT32_C(16777619), n->d.text);
    return (h ^ n->d.at.line) * UINT32_C(16777619);
}

/* Where the like of N is, or would be put. */
static uint32_t *find_slot(struct diags *d, const struct node *n)
{
    uint32_t h = hash_node(n);
    uint32_t i = (h ^ h >> 15) & (SLOTS - 1);
    for (; d->slot[i]; i = (i + 1) & (SLOTS - 1)) {
        const struct node *other = &d->node[d->slot[i] - 1];
        if (other->file == n->file && other->d.at.line == n->d.at.line &&
            strcmp(other->d.code, n->d.code) == 0 && strcmp(other->d.text, n->d.text) == 0)
            break;
    }
    return &d->slot[i];
}

static char *format(const char *fmt, va_list args)
{
    va_list again;
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, fmt, args);
    char *text = n < 0 ? NULL : malloc((size_t)n + 1);
    if (text)
        vsnprintf(text, (size_t)n + 1, fmt, again);
    va_end(again);
    return text;
}

enum taken { TAKEN, REPEATED, NO_ROOM };

/* Takes NODE's text on TAKEN only. */
static enum taken take(struct diags *d, struct node *node)
{
    if (!file_number(d, node->d.at.file, &node->file))
        return NO_ROOM;
    node->d.at.file = d->file[node->file];
    uint32_t *slot = find_slot(d, node);
    if (*slot)
        return REPEATED;
    if (d->n == LISTED_MAX)
        return NO_ROOM;
    void *list = d->node;
    bool room = grow(&list, d->n, &d->cap, sizeof *d->node);
    d->node = list;
    if (!room)
        return NO_ROOM;
    node->order = (uint32_t)d->n;
    d->node[d->n++] = *node;
    *slot = (uint32_t)d->n;
    return TAKEN;
}

void diag_add(struct diags *d, enum severity sev, struct place at, const char *code,
              const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    struct node node = {.d = {.severity = sev, .code = code, .at = at, .text = format(fmt, args)}};
    va_end(args);
    enum taken how = node.d.text ? take(d, &node) : NO_ROOM;
    if (how != TAKEN)
        free(node.d.text);
    d->left_out += how == NO_ROOM;
    d->errors += how != REPEATED && sev == SEV_ERROR;
    d->warnings += how != REPEATED && sev == SEV_WARNING;
}

size_t diag_errors(const struct diags *d)
{
    return d->errors;
}

size_t diag_warnings(const struct diags *d)
{
    return d->warnings;
}

size_t diag_count(const struct diags *d)
{
    return d->n;
}

const struct diag *diag_at(const struct diags *d, size_t i)
{
    return &d->node[i].d;
}

static int compare(const void *pa, const void *pb)
{
    const struct node *a = pa, *b = pb;
    if (a->file != b->file)
        return a->file < b->file ? -1 : 1;
    if (a->d.at.line != b->d.at.line)
        return a->d.at.line < b->d.at.line ? -1 : 1;
    return a->order < b->order ? -1 : a->order > b->order;
}

void diags_sort(struct diags *d)
{
    if (d->n == 0)
        return;
    qsort(d->node, d->n, sizeof *d->node, compare);
    memset(d->slot, 0, sizeof d->slot);
    for (size_t i = 0; i < d->n; i++)
        *find_slot(d, &d->node[i]) = (uint32_t)i + 1;
}

void diag_print(const struct diag *d, struct buf *out)
{
    if (d->at.file && d->at.line)
        buf_f(out, "%s:%" PRIu32 ": ", d->at.file, d->at.line);
    else if (d->at.file)
        buf_f(out, "%s: ", d->at.file);
    buf_f(out, "%s[%s]: %s", d->severity == SEV_ERROR ? "error" : "warning", d->code, d->text);
}

void diags_print(const struct diags *d, struct buf *out)
{
    for (size_t i = 0; i < d->n; i++) {
        diag_print(&d->node[i].d, out);
        buf_char(out, '\n');
    }
    if (d->left_out)
        buf_f(out, "%zu more were left out\n", d->left_out);
}
