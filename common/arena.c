/* arena.c - blocks in a list; the newest is carved from the front. */
#include "common/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_BYTES = 16 << 10, ALIGNMENT = 16 };

struct block {
    struct block *next;
    size_t used, size; /* of data */
    unsigned char *data;
};

struct arena {
    struct block *first;
    size_t used;
};

struct arena *arena_new(void)
{
    return calloc(1, sizeof(struct arena));
}

void arena_free(struct arena *a)
{
    if (!a)
        return;
    for (struct block *b = a->first, *next; b; b = next) {
        next = b->next;
        free(b);
    }
    free(a);
}

static struct block *block_add(struct arena *a, size_t bytes)
{
    size_t size = bytes > BLOCK_BYTES / 4 ? bytes : (size_t)BLOCK_BYTES;
    size_t head = (sizeof(struct block) + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
    if (size > SIZE_MAX - head)
        return NULL;
    struct block *b = calloc(1, head + size);
    if (!b)
        return NULL;
    b->size = size;
    b->data = (unsigned char *)b + head;
    if (bytes > BLOCK_BYTES / 4 && a->first) { /* of its own; the present stays in use */
        b->next = a->first->next;
        a->first->next = b;
    } else {
        b->next = a->first;
        a->first = b;
    }
    return b;
}

void *arena_alloc(struct arena *a, size_t count, size_t size)
{
    if (size != 0 && count > (SIZE_MAX - ALIGNMENT) / size)
        return NULL;
    size_t bytes = (count * size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
    if (bytes == 0)
        bytes = ALIGNMENT;
    struct block *b = a->first;
    if (!b || b->size - b->used < bytes)
        b = block_add(a, bytes);
    if (!b)
        return NULL;
    void *p = b->data + b->used;
    b->used += bytes;
    a->used += bytes;
    return p;
}

char *arena_str(struct arena *a, struct str s)
{
    if (s.n == SIZE_MAX)
        return NULL;
    char *p = arena_alloc(a, s.n + 1, 1);
    if (p && s.n > 0)
        memcpy(p, s.p, s.n);
    return p;
}

size_t arena_used(const struct arena *a)
{
    return a->used;
}
