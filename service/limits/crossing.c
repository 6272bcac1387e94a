/* crossing.c - the say-again rules. */
#include "service/limits/crossing.h"

#include "common/num.h"

static bool long_ago(uint64_t then, uint64_t now)
{
    return now > then && now - then >= SAY_AGAIN_MS;
}

static void count(struct crossing *c)
{
    if (c->unsaid < UINT32_MAX)
        c->unsaid++;
}

static bool say(struct crossing *c, uint64_t now, uint32_t *repeats)
{
    c->said = true;
    c->said_at = now;
    *repeats = c->unsaid;
    c->unsaid = 0;
    return true;
}

bool crossing_event(struct crossing *c, bool fresh, uint64_t now, uint32_t *repeats)
{
    if (!c->said || long_ago(c->said_at, now))
        return say(c, now, repeats);
    if (fresh)
        count(c);
    return false;
}

bool crossing_quiet(struct crossing *c, uint64_t now, uint32_t *repeats)
{
    bool again = !c->said || !c->heard || long_ago(c->heard_at, now);
    c->heard = true;
    c->heard_at = now;
    if (again)
        return say(c, now, repeats);
    count(c);
    return false;
}

bool crossing_once(struct crossing *c)
{
    bool first = !c->said;
    c->said = true;
    return first;
}

void crossing_rearm(struct crossing *c)
{
    c->said = false;
}

bool crossing_edge(struct crossing *c, bool beyond)
{
    if (beyond)
        return crossing_once(c);
    crossing_rearm(c);
    return false;
}

bool crossing_span(struct crossing *c, bool beyond, uint64_t now, uint64_t for_ms)
{
    if (!beyond) {
        c->beyond = false;
        crossing_rearm(c);
        return false;
    }
    if (!c->beyond)
        c->since = now;
    c->beyond = true;
    return now >= c->since && now - c->since >= for_ms && crossing_once(c);
}

uint64_t crossing_next(const struct crossing *c, uint64_t step)
{
    return c->next ? c->next : step;
}

bool crossing_total(struct crossing *c, uint64_t total, uint64_t step)
{
    if (total < crossing_next(c, step))
        return false;
    if (!num_mul(total / step + 1, step, &c->next))
        c->next = UINT64_MAX;
    return true;
}

bool crossing_pid(struct crossing_pids *c, uint32_t pid, uint64_t now)
{
    if (pid == 0)
        return true;
    for (uint32_t i = 0; i < CROSSING_PIDS; i++)
        if (c->of[i].pid == pid && !long_ago(c->of[i].at, now))
            return false;
    c->of[c->turn].pid = pid;
    c->of[c->turn].at = now;
    c->turn = (c->turn + 1) % CROSSING_PIDS;
    return true;
}
