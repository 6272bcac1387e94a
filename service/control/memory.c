/* memory.c - see memory.h. */
#include "service/control/memory.h"

#include <stdlib.h>

static void *noted(bool *failed, void *p)
{
    *failed = *failed || !p;
    return p;
}

static void *take(void *ctx, size_t size)
{
    return noted(ctx, malloc(size));
}

static void *take_more(void *ctx, void *p, size_t old_size, size_t size)
{
    (void)old_size;
    return noted(ctx, realloc(p, size));
}

static void give_back(void *ctx, void *p)
{
    (void)ctx;
    free(p);
}

yyjson_mut_doc *memory_doc(bool *failed)
{
    const yyjson_alc alc = {take, take_more, give_back, failed};
    return yyjson_mut_doc_new(&alc);
}

void memory_lacks(yyjson_mut_doc *doc)
{
    if (doc)
        *(bool *)doc->alc.ctx = true;
}

char *memory_text(yyjson_mut_doc *doc, const bool *failed, unsigned flags, size_t *ret_n)
{
    char *text = doc && !*failed ? yyjson_mut_write(doc, flags, ret_n) : NULL;
    if (!*failed)
        return text;
    free(text);
    return NULL;
}
