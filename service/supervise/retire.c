/* retire.c - units and crews that no definition has any more, once they are down. */
#include "service/supervise/fleet.h"

static bool is_down(const struct unit *u)
{
    return !u->spawned && (u->at == S_STOPPED || u->at == S_FAILED || u->at == S_EXITED);
}

static void free_unit(struct sup *s, struct unit *u)
{
    fleet_move(s, u, S_STOPPED, fleet_now(s));
    u->want_up = false;
    order_count(s, u);
    watch_arm(s, u);
    fleet_say(s, u, H_REMOVED, 0, NULL);
    u->spec = u->next = NULL;
    u->crew = NULL;
    s->free++;
    s->hands.adopt(s->hands.ctx, (uint32_t)u->id, NULL);
}

void take_free_retired(struct sup *s, struct crew *c)
{
    uint32_t kept = 0;
    if (!c->retiring)
        return;
    c->retiring = false;
    for (uint32_t i = 0; i < c->n; i++) {
        struct unit *u = c->unit[i];
        if (u->retired && is_down(u)) {
            free_unit(s, u);
            continue;
        }
        c->retiring = c->retiring || u->retired;
        c->unit[kept++] = u;
    }
    c->n = kept;
    c->roll.next = 0; /* places have moved */
}

void take_free_crews(struct sup *s)
{
    for (struct crew **at = &s->gone; *at;) {
        struct crew *c = *at;
        if (c->n > 0 || c->touched) {
            at = &c->gone_link;
            continue;
        }
        *at = c->gone_link;
        crew_free(c);
    }
}
