/* crew.c - see crew.h. */
#include "service/supervise/crew.h"

#include <stdlib.h>

struct crew *crew_new(uint32_t n, uint32_t needs, uint32_t users)
{
    struct crew *c = calloc(1, sizeof *c);
    if (!c)
        return NULL;
    c->unit = calloc((size_t)n + 1, sizeof *c->unit);
    c->need = calloc((size_t)needs + 1, sizeof *c->need);
    c->user = calloc((size_t)users + 1, sizeof *c->user);
    c->room = n;
    c->run_nominal = c->run_at = c->restart_nominal = c->restart_at = INT64_MAX;
    c->settled = true; /* nobody is on the way */
    c->lost = true;
    if (c->unit && c->need && c->user)
        return c;
    crew_free(c);
    return NULL;
}

void crew_free(struct crew *c)
{
    if (!c)
        return;
    free(c->unit);
    free(c->need);
    free(c->user);
    free(c);
}
