/* journal.c - see journal.h: a ring of lines, each allocated alone. */
#include "service/control/journal.h"

#include <stdlib.h>
#include <string.h>

struct entry {
    int64_t time;
    enum log_level level;
    char *line; /* NULL: there was no memory for it */
    size_t n;
};

struct journal {
    struct entry entry[JOURNAL_LINES]; /* that of SEQ is at SEQ % JOURNAL_LINES */
    uint64_t first, next;
    size_t bytes;
};

struct journal *journal_new(void)
{
    struct journal *j = calloc(1, sizeof *j);
    if (j)
        j->first = j->next = 1;
    return j;
}

static struct entry *entry_of(struct journal *j, uint64_t seq)
{
    return &j->entry[seq % JOURNAL_LINES];
}

static void forget_first(struct journal *j)
{
    struct entry *e = entry_of(j, j->first++);
    j->bytes -= e->n;
    free(e->line);
    *e = (struct entry){0};
}

void journal_free(struct journal *j)
{
    while (j && j->first < j->next)
        forget_first(j);
    free(j);
}

void journal_add(struct journal *j, int64_t time, enum log_level level, struct str line)
{
    while (j->first < j->next &&
           (j->next - j->first == JOURNAL_LINES || j->bytes + line.n > JOURNAL_BYTES))
        forget_first(j);
    struct entry *e = entry_of(j, j->next++);
    *e = (struct entry){.time = time, .level = level, .line = malloc(line.n + 1)};
    if (!e->line)
        return;
    if (line.n > 0)
        memcpy(e->line, line.p, line.n);
    e->n = line.n;
    j->bytes += line.n;
}

uint64_t journal_first(const struct journal *j)
{
    return j->first;
}

uint64_t journal_next(const struct journal *j)
{
    return j->next;
}

bool journal_at(const struct journal *j, uint64_t seq, struct happened *ret)
{
    const struct entry *e = &j->entry[seq % JOURNAL_LINES];
    if (seq < j->first || seq >= j->next || !e->line)
        return false;
    *ret = (struct happened){seq, e->time, e->level, {e->line, e->n}};
    return true;
}
